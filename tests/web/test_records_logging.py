"""Logging through the pages: every variant, what is impossible, what is odd, what is sent twice."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import Cast
from tests.documents import DOCUMENTS, recorder_of
from tests.web.pages import inputs_of, names_of, problems_of, typed

Api = Callable[[User | None], APIClient]
Browser = Callable[[User | None], Client]


def log_url(cast: Cast, kind: str, variant: str) -> str:
    return f"/patients/{cast.patient.pk}/log/{kind}/{variant}/"


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_every_variant_logged_on_its_page_stands_in_api_and_timeline(
    cast: Cast, api: Api, browser_of: Browser, kind: str, variant: str
) -> None:
    document = DOCUMENTS[kind, variant]
    browser, url = browser_of(cast.user(recorder_of(kind))), log_url(cast, kind, variant)
    page = browser.get(url)
    assert page.status_code == 200
    shown = inputs_of(page.content.decode())
    values = typed(
        {name: value for name, value in document.items() if name not in ("method", "modality", "assessment")}
    )
    assert set(values) <= names_of(page.content.decode())
    answer = browser.post(url, {**shown, **values, "note": "左膝 – after the pool"})
    assert answer.status_code == 302, problems_of(answer.content.decode())
    record = api(cast.patient_user).get(f"/api/v1{answer['Location'].removeprefix('/records')}").json()
    assert record["source"] == "portal"
    assert record["note"] == "左膝 – after the pool"
    for name, value in document.items():
        assert _covers(record[name], value), name
    timeline = browser.get(f"/patients/{cast.patient.pk}/").content.decode()
    assert answer["Location"] in timeline
    assert browser.get(answer["Location"]).status_code == 200


def _covers(answer: object, sent: object) -> bool:
    if isinstance(sent, dict) and isinstance(answer, dict):
        return all(_covers(answer.get(key), value) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(answer, list):
        return len(sent) == len(answer) and all(map(_covers, answer, sent))
    return answer == sent


def test_an_impossible_value_is_named_and_everything_typed_is_kept(cast: Cast, browser_of: Browser) -> None:
    browser, url = browser_of(cast.patient_user), log_url(cast, "strength", "hhd")
    shown = inputs_of(browser.get(url).content.decode())
    wrong = {**shown, "muscle": "KNE_EXT", "side": "left", "test_type": "make", "note": "sore", "device": "microFET"}
    wrong |= {"trials-0": "", "trials-1": "9000", "trials-unit": "kgf"}
    answer = browser.post(url, wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Trial 2: Force: 88259.85 N is not possible. Allowed: more than 0 and up to 1500 N." in html
    assert '<a href="#id_trials-1">' in html
    kept = inputs_of(html)
    del kept["csrfmiddlewaretoken"], wrong["csrfmiddlewaretoken"]
    assert {name: kept[name] for name in wrong} == wrong
    assert browser.post(url, {**wrong, "trials-1": "strong"}).status_code == 422


def test_an_odd_value_asks_and_only_that_value_is_confirmed(cast: Cast, api: Api, browser_of: Browser) -> None:
    browser, url = browser_of(cast.patient_user), log_url(cast, "strength", "hhd")
    shown = inputs_of(browser.get(url).content.decode())
    odd = {**shown, "muscle": "KNE_EXT", "side": "left", "test_type": "make", "trials-0": "800", "trials-unit": "N"}
    asked = browser.post(url, odd).content.decode()
    assert "800 N is unusual" in asked
    token = asked.split('name="confirm" value="')[1].split('"')[0]
    changed = browser.post(url, {**odd, "trials-0": "900", "confirm": token})
    assert changed.status_code == 422
    assert "900 N is unusual" in changed.content.decode()
    saved = browser.post(url, {**odd, "confirm": token})
    assert saved.status_code == 302
    assert "Trials" in browser.get(saved["Location"]).content.decode()
    assert len(_all(api, cast)) == 1


def test_the_same_form_twice_is_one_record_and_other_values_ask(cast: Cast, api: Api, browser_of: Browser) -> None:
    browser, url = browser_of(cast.patient_user), log_url(cast, "rom", "rom")
    shown = inputs_of(browser.get(url).content.decode())
    values = {**shown, "motion": "KNE_FLEX", "side": "left", "rom_type": "AROM", "value_deg": "110,5"}
    first, second = browser.post(url, values), browser.post(url, values)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert [row["value_deg"] for row in _all(api, cast)] == [110.5]
    other = browser.post(url, {**values, "value_deg": "95"})
    assert "This form was saved already" in other.content.decode()
    assert browser.post(url, inputs_of(other.content.decode())).status_code == 302
    assert len(_all(api, cast)) == 2


def test_the_next_form_starts_with_what_and_how_but_no_values(cast: Cast, browser_of: Browser) -> None:
    browser, url = browser_of(cast.patient_user), log_url(cast, "strength", "hhd")
    shown = inputs_of(browser.get(url).content.decode())
    values = {"muscle": "ELB_FLEX", "side": "right", "test_type": "break", "trials-0": "80", "trials-unit": "N"}
    assert browser.post(url, {**shown, **values}).status_code == 302
    again = inputs_of(browser.get(url).content.decode())
    assert (again["muscle"], again["side"], again["test_type"]) == ("ELB_FLEX", "right", "break")
    assert (again["trials-0"], again["id"] != shown["id"]) == ("", True)


def test_another_row_keeps_what_was_typed_and_a_skipped_session_needs_no_details(
    cast: Cast, api: Api, browser_of: Browser
) -> None:
    browser, url = browser_of(cast.patient_user), log_url(cast, "sessions", "weights")
    shown = inputs_of(browser.get(url).content.decode())
    more = browser.post(url, {**shown, "details-exercises-0-reps-1": "8", "add": "details-exercises"})
    assert more.status_code == 200
    html = more.content.decode()
    assert "error-summary" not in html
    rows = inputs_of(html)
    assert rows["details-exercises-0-reps-1"] == "8"
    assert rows["details-exercises-rows"] == "2"
    assert "details-exercises-1-reps-0" in rows
    row = {"details-exercises-0-reps-1": "8", "details-exercises-0-equipment": "cuff", "status": "partial"}
    assert "Say why the session was not completed." in browser.post(url, {**shown, **row}).content.decode()
    assert browser.post(url, {**shown, "status": "skipped", "reason": "fatigue"}).status_code == 302
    assert _all(api, cast)[0]["details"] is None


def test_time_is_the_patients_own_and_pages_speak_chinese(cast: Cast, api: Api, browser_of: Browser) -> None:
    cast.patient_user.language = "zh-hans"
    cast.patient_user.save()
    browser, url = browser_of(cast.patient_user), log_url(cast, "strength", "mrc")
    html = browser.get(url).content.decode()
    assert '<html lang="zh-hans">' in html
    assert "踝背屈肌（胫骨前肌）" in html
    values = {"muscle": "ANK_DF", "side": "left", "scale": "MRC6", "grade": "3"}
    when = {"performed_date": "2026-02-01", "performed_time": "00:30"}
    assert browser.post(url, {**inputs_of(html), **values, **when}).status_code == 302
    row = _all(api, cast)[0]
    assert datetime.fromisoformat(row["performed_at"]) == datetime(2026, 1, 31, 16, 30, tzinfo=UTC)
    assert row["performed_on"] == "2026-02-01"


def _all(api: Api, cast: Cast) -> list[dict]:
    rows: list[dict] = (
        api(cast.patient_user).get("/api/v1/timeline/", {"patient": str(cast.patient.pk)}).json()["results"]
    )
    return rows
