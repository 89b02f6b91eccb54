"""The therapist's list of patients."""

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rehab.services import patients, records
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
