"""The therapist's list of patients."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rehab.models import Patient
from rehab.services import alerts, decline_alerts, patients, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

Browser = Callable[[User | None], Client]


def test_a_therapist_sees_names_and_conditions(cast: Cast, browser_of: Browser, now: datetime) -> None:
    patients.enrol({"name": "Li Na", "conditions": ["stroke"]}, by=cast.therapist, now=now)
    text = browser_of(cast.therapist).get("/dashboard/").content.decode()
    assert "Li Na" in text
    assert "Stroke" in text
    assert "Nothing recorded yet" in text
    assert cast.other_patient.name not in text


def test_conditions_are_named_in_the_readers_language(cast: Cast, browser_of: Browser, now: datetime) -> None:
    patients.enrol({"name": "Li Na", "conditions": ["stroke"]}, by=cast.therapist, now=now)
    browser = browser_of(cast.therapist)
    browser.post("/language/", {"language": "zh-hans", "next": "/dashboard/"})
    assert "脑卒中" in browser.get("/dashboard/").content.decode()


@pytest.mark.parametrize("role", ["patient_user", "caregiver"])
def test_people_who_are_no_therapist_may_not_open_it(cast: Cast, browser_of: Browser, role: str) -> None:
    assert browser_of(cast.user(role)).get("/dashboard/").status_code == 403


def test_nobody_is_sent_to_the_sign_in(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(None).get("/dashboard/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/dashboard/")


def test_a_therapist_without_patients_is_told_what_to_do(cast: Cast, browser_of: Browser) -> None:
    assert "You have no patients yet." in browser_of(cast.colleague).get("/dashboard/").content.decode()


def test_search_finds_part_of_a_name_and_says_when_there_is_none(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    assert "Pat Ient" in browser.get("/dashboard/?q=ient").content.decode()
    assert "No patient of yours has" in browser.get("/dashboard/?q=zzz%00").content.decode()


def test_the_day_of_the_last_activity_is_the_patients_own(cast: Cast, browser_of: Browser) -> None:
    """20:00 UTC on 1 March is 04:00 on 2 March in Shanghai, where the patient is."""
    with time_machine.travel("2026-03-01T20:30:00Z", tick=False):
        recorded = document("rom", "rom", cast.patient.pk, performed_at="2026-03-01T20:00:00Z", confirm=True)
        moment = datetime.fromisoformat("2026-03-01T20:30:00+00:00")
        records.create(KINDS["rom"], recorded, by=cast.therapist, source="portal", now=moment)
        text = browser_of(cast.therapist).get("/dashboard/").content.decode()
    assert "March 2, 2026" in text
    assert "Today" in text


def statements(browser: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get("/dashboard/").status_code == 200
    return len(captured)


def test_two_hundred_patients_cost_as_many_statements_as_five(cast: Cast, browser_of: Browser, now: datetime) -> None:
    def enrol(count: int) -> None:
        for number in range(count):
            patients.enrol({"name": f"Patient {number}", "conditions": ["stroke"]}, by=cast.therapist, now=now)

    browser = browser_of(cast.therapist)
    enrol(4)
    few = statements(browser)
    enrol(195)
    assert statements(browser) == few
    assert few < 16


DECLINE = {0: 100.0, 7: 100.0, 90: 80.0, 97: 81.0}


def declined(patient: Patient, by: User, *, today: datetime) -> None:
    for day, angle in DECLINE.items():
        at = (today - timedelta(days=100 - day)).isoformat()
        sent = document("rom", "rom", patient.pk, performed_at=at, value_deg=angle, confirm=True)
        records.create(KINDS["rom"], sent, by=by, source="api", now=today)


def test_a_girth_is_larger_beside_the_name_and_not_improved(cast: Cast, browser_of: Browser, now: datetime) -> None:
    declined(cast.patient, cast.therapist, today=now)
    for days, girth in ((100, 40.0), (93, 40.0), (10, 36.0), (3, 36.0)):
        sent = document(
            "girth", "girth", cast.patient.pk, performed_at=(now - timedelta(days=days)).isoformat(), site="CALF_MAX",
            readings=[{"value": girth, "unit": "cm"}], confirm=True,
        )  # fmt: skip
        records.create(KINDS["girth"], sent, by=cast.therapist, source="api", now=now)
    html = browser_of(cast.therapist).get("/dashboard/").content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Smaller (beyond measurement error) Calf, largest, left" in text
    assert "Declined Knee flexion, left" in text


def test_what_changed_and_what_is_open_stand_beside_the_name(cast: Cast, browser_of: Browser, now: datetime) -> None:
    declined(cast.patient, cast.therapist, today=now)
    alerts.raise_all(decline_alerts.causes([cast.patient.pk], now=now), now=now)
    html = browser_of(cast.therapist).get("/dashboard/").content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Review 1 open alert Declined Knee flexion, left Nothing due 3 days ago" in text
    [address] = re.findall(r'href="(/patients/[^"]+/series/[^"]+)"', html)
    assert browser_of(cast.therapist).get(address).status_code == 200


def test_many_changes_are_counted(cast: Cast, browser_of: Browser, now: datetime) -> None:
    for motion in ("KNE_FLEX", "HIP_FLEX", "SHO_FLEX", "ELB_FLEX", "SHO_ABD"):
        for day, angle in DECLINE.items():
            at = (now - timedelta(days=100 - day)).isoformat()
            sent = document("rom", "rom", cast.patient.pk, motion=motion, performed_at=at, value_deg=angle,
                            confirm=True)  # fmt: skip
            records.create(KINDS["rom"], sent, by=cast.therapist, source="api", now=now)
    assert "and 2 more" in browser_of(cast.therapist).get("/dashboard/").content.decode()


def test_filters_narrow_and_mangled_ones_do_not(cast: Cast, browser_of: Browser, now: datetime) -> None:
    declined(cast.patient, cast.therapist, today=now)
    patients.enrol({"name": "Li Na"}, by=cast.therapist, now=now)
    browser = browser_of(cast.therapist)

    def shown(query: str) -> set[str]:
        html = browser.get(f"/dashboard/?{query}").content.decode()
        return {name for name in ("Pat Ient", "Li Na") if f">{name}</a>" in html}

    assert shown("declined=true") == {"Pat Ient"}
    assert shown("declined=false") == {"Li Na"}
    assert shown("inactive=14") == {"Li Na"}
    assert shown("level=emergency") == set()
    assert "No patient of yours fits this selection." in browser.get("/dashboard/?level=review").content.decode()
    for query in ("declined=x", "level=%00", "inactive=-1", "sort=age", "page=x", "page=0", "page=99999999999"):
        assert shown(query) == {"Pat Ient", "Li Na"}


def test_pages_keep_the_selection(cast: Cast, browser_of: Browser, now: datetime) -> None:
    for number in range(50):
        patients.enrol({"name": f"Patient {number:02}"}, by=cast.therapist, now=now)
    browser = browser_of(cast.therapist)
    html = browser.get("/dashboard/?sort=name").content.decode()
    assert "Patient 48" in html
    assert "Patient 49" not in html
    assert "sort=name&amp;page=2" in html
    second = browser.get("/dashboard/?sort=name&page=2").content.decode()
    assert "Patient 49" in second
    assert "Patient 48" not in second
    assert "sort=name&amp;page=1" in second
