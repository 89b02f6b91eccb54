"""Amending, losing a race, marking entered in error, versions; and who may do it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from rehab.models import Record
from rehab.services import records, rows
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import DOCUMENTS, document, recorder_of
from tests.web.pages import inputs_of, problems_of

Browser = Callable[[User | None], Client]


def made(cast: Cast, now: datetime, kind: str = "strength", variant: str = "hhd", **changes: Any) -> Record:
    sent = document(kind, variant, cast.patient.pk, **changes)
    return records.create(KINDS[kind], sent, by=cast.therapist, source="portal", now=now).record


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_only_what_was_changed_is_amended(
    cast: Cast, now: datetime, browser_of: Browser, kind: str, variant: str
) -> None:
    record = made(cast, now, kind, variant)
    before = rows.document_of(record)
    browser, url = browser_of(cast.user(recorder_of(kind))), f"/records/{kind}/{record.pk}/amend/"
    shown = inputs_of(browser.get(url).content.decode())
    nothing = browser.post(url, {**shown, "change_reason": "no reason at all"})
    assert (nothing.status_code, "Nothing was changed yet." in nothing.content.decode()) == (422, True)
    answer = browser.post(url, {**shown, "note": "new note", "change_reason": "forgot the note"})
    assert answer.status_code == 302, problems_of(answer.content.decode())
    record.refresh_from_db()
    assert rows.document_of(record) == {**before, "note": "new note"}
    versions = browser.get(f"/records/{kind}/{record.pk}/versions/").content.decode()
    for text in (
        "Version 2",
        "Version 1",
        "forgot the note",
        "new note",
        cast.user(recorder_of(kind)).name,
        "Therapist",
    ):
        assert text in versions


def test_what_is_emptied_is_emptied_and_a_reason_is_needed(cast: Cast, now: datetime, browser_of: Browser) -> None:
    record = made(cast, now)
    browser, url = browser_of(cast.patient_user), f"/records/strength/{record.pk}/amend/"
    shown = inputs_of(browser.get(url).content.decode())
    without = browser.post(url, {**shown, "lever_arm": ""})
    assert without.status_code == 422
    assert "3 to 500 characters" in without.content.decode()
    assert browser.post(url, {**shown, "lever_arm": "", "change_reason": "was not measured"}).status_code == 302
    record.refresh_from_db()
    assert record.details["lever_arm"] is None
    assert record.details["trials"] == DOCUMENTS["strength", "hhd"]["trials"]


def test_who_loses_a_race_keeps_what_they_typed_and_sees_the_other(
    cast: Cast, now: datetime, browser_of: Browser
) -> None:
    record = made(cast, now)
    browser, url = browser_of(cast.patient_user), f"/records/strength/{record.pk}/amend/"
    shown = inputs_of(browser.get(url).content.decode())
    records.amend(
        KINDS["strength"], record.pk, {"side": "right"}, reason="it was the right one",
        expected_version=1, confirm=True, by=cast.therapist, now=now,
    )  # fmt: skip
    lost = browser.post(url, {**shown, "trials-0": "30", "change_reason": "misread the display"})
    html = lost.content.decode()
    assert lost.status_code == 422
    for text in ("Somebody changed this record", "it was the right one", "In the record now", "Right"):
        assert text in html
    again = inputs_of(html)
    assert (again["trials-0"], again["change_reason"], again["version"]) == ("30", "misread the display", "2")
    assert browser.post(url, {**again, "side": "right"}).status_code == 302
    record.refresh_from_db()
    assert (record.version, record.details["side"], record.details["trials"][0]["value"]) == (3, "right", 30)


def test_a_record_marked_in_error_is_struck_through_and_stays(cast: Cast, now: datetime, browser_of: Browser) -> None:
    record = made(cast, now)
    browser, url = browser_of(cast.caregiver), f"/records/strength/{record.pk}/"
    assert browser.get(f"{url}in-error/").status_code == 403  # may log, not amend
    browser = browser_of(cast.therapist)
    assert browser.get(f"{url}in-error/").status_code == 200
    assert browser.post(f"{url}in-error/", {"version": 1, "change_reason": ""}).status_code == 422
    assert browser.post(f"{url}in-error/", {"version": 1, "change_reason": "the other leg"}).status_code == 302
    for page in (url, f"/patients/{cast.patient.pk}/"):
        html = browser.get(page).content.decode()
        assert "<s>Knee extensors" in html
        assert "the other leg" in html
    for action in ("amend", "in-error"):
        assert browser.get(f"{url}{action}/").status_code == 302


@pytest.mark.parametrize("role", ["colleague", "admin", "other_therapist", "other_patient_user"])
def test_strangers_find_nothing(cast: Cast, now: datetime, browser_of: Browser, role: str) -> None:
    record = made(cast, now)
    browser = browser_of(cast.user(role))
    at, patient = f"/records/strength/{record.pk}/", f"/patients/{cast.patient.pk}/"
    for url in (
        at,
        f"{at}amend/",
        f"{at}in-error/",
        f"{at}versions/",
        patient,
        f"{patient}log/",
        f"{patient}log/rom/rom/",
    ):
        assert browser.get(url).status_code == 404, url
    assert browser.get(f"/records/nonsense/{record.pk}/").status_code == 404
    assert browser_of(None).get(at)["Location"].startswith("/accounts/login/")
