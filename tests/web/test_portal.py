"""Where people arrive, and a patient's page with its timeline."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from rehab.services import patients, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document, recorder_of

Browser = Callable[[User | None], Client]


@pytest.mark.parametrize(
    ("role", "place"),
    [("patient_user", "/portal/"), ("caregiver", "/portal/"), ("therapist", "/dashboard/"), ("admin", "/dashboard/")],
)
def test_everybody_arrives_where_they_belong(cast: Cast, browser_of: Browser, role: str, place: str) -> None:
    assert browser_of(cast.user(role)).get("/")["Location"] == place
    assert browser_of(None).get("/")["Location"] == "/accounts/login/"


def test_home_offers_everything_to_log_and_a_caregiver_picks_a_person(cast: Cast, browser_of: Browser) -> None:
    html = browser_of(cast.patient_user).get("/portal/").content.decode()
    for kind in KINDS.values():
        for variant in kind.variants:
            link = f"/patients/{cast.patient.pk}/log/{kind.name}/{variant}/"
            assert (link in html) is (recorder_of(kind.name) == "patient_user")
    picked = browser_of(cast.caregiver).get("/portal/").content.decode()
    assert f'href="/patients/{cast.patient.pk}/"' in picked
    assert "care team" in browser_of(cast.colleague).get("/portal/").content.decode()


def test_the_timeline_is_paged_and_narrowed_and_speaks_the_readers_units(cast: Cast, browser_of: Browser) -> None:
    now = datetime.now(UTC)
    for i in range(28):
        sent = document("girth", "girth", cast.patient.pk, performed_at=(now - timedelta(hours=i + 1)).isoformat())
        records.create(KINDS["girth"], sent, by=cast.therapist, source="portal", now=now)
    sent = document("strength", "hhd", cast.patient.pk, note="<b>bold</b>")
    records.create(KINDS["strength"], sent, by=cast.therapist, source="portal", now=now)
    cast.caregiver.force_unit = "lbf"
    cast.caregiver.save()
    browser, url = browser_of(cast.caregiver), f"/patients/{cast.patient.pk}/"
    first = browser.get(url)
    html = first.content.decode()
    assert html.count('class="timeline-item"') == 25
    assert "57.5 lbf (typed: 25.3 kgf, 26.1 kgf)" in html
    assert "&lt;b&gt;bold" in html
    second = browser.get(url, {"after": first.context["next"]}).content.decode()
    assert second.count('class="timeline-item"') == 4
    assert browser.get(url, {"kind": "strength"}).content.decode().count('class="timeline-item"') == 1
    assert browser.get(url, {"kind": "nonsense", "after": "nonsense"}).status_code == 200


def test_the_timeline_costs_the_same_however_many_rows(
    cast: Cast, browser_of: Browser, django_assert_num_queries: Callable[..., object]
) -> None:
    now = datetime.now(UTC)
    browser, url = browser_of(cast.patient_user), f"/patients/{cast.patient.pk}/"
    counts = []
    for _round in range(2):
        for _i in range(5):
            sent = document("rom", "rom", cast.patient.pk)
            records.create(KINDS["rom"], sent, by=cast.therapist, source="portal", now=now)
        with django_assert_num_queries(100, exact=False) as counted:  # type: ignore[attr-defined]
            browser.get(url)
        counts.append(len(counted))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("therapist", "/patients/{}/"),
        ("therapist", "/dashboard/"),
        ("patient_user", "/portal/"),
        ("caregiver", "/patients/{}/"),
    ],
)
def test_the_last_day_of_care_is_said_once_it_is_known(
    cast: Cast, browser_of: Browser, role: str, address: str, now: datetime
) -> None:
    browser, address = browser_of(cast.user(role)), address.format(cast.patient.pk)
    assert "Last day of care" not in browser.get(address).content.decode()
    patients.amend(cast.patient.pk, {"discharged_on": "2026-06-12"}, expected_version=1, by=cast.therapist, now=now)
    assert "Last day of care: June 12, 2026" in browser.get(address).content.decode()


@pytest.mark.parametrize(("role", "may"), [("therapist", True), ("patient_user", False), ("caregiver", False)])
def test_who_may_edit_a_patient_finds_the_way_from_the_patients_page(
    cast: Cast, browser_of: Browser, role: str, may: bool
) -> None:
    page = f"/patients/{cast.patient.pk}/"
    assert (f'href="{page}edit/"' in browser_of(cast.user(role)).get(page).content.decode()) is may
