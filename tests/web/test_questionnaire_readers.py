"""What each reader finds of answered questionnaires and of their alert, on every page."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from rehab.models import Alert
from rehab.services import people
from tests.conftest import Cast
from tests.questionnaires import VALUES, answer
from tests.web.questionnaire_pages import address, crisis_is_shown, main_of

Browser = Callable[[User | None], Client]


def test_the_patient_reads_no_band(on: Cast, browser_of: Browser, now: datetime) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    browser = browser_of(on.patient_user)
    for page in (address(on), f"/questionnaires/{made}/"):
        words = main_of(browser.get(page))
        for word in ("moderate", "severe", "mild", "positive", "clinically", "diagnosis"):
            assert word not in words
        assert "14 of 27" in words


@pytest.mark.parametrize("value", [0, 1, 3])
def test_another_therapist_reads_eight_items(on: Cast, browser_of: Browser, now: datetime, value: int) -> None:
    made = answer(on.patient, "phq9", *VALUES[:8], value, by=on.patient_user, now=now)
    browser = browser_of(on.therapist)
    for page in (address(on), f"/questionnaires/{made}/"):
        words = main_of(browser.get(page))
        assert "12 of 24" in words
        assert "of 27" not in words
        assert "visible to the patient and to Colleague only" in words
        assert "Contact the patient today" not in words


def test_who_answers_reads_item_9_and_the_course(on: Cast, browser_of: Browser, now: datetime) -> None:
    people.add_therapist(patient_id=on.patient.pk, therapist_id=on.colleague.pk, by=on.therapist, now=now)
    answer(on.patient, "phq9", 3, 3, *[1] * 6, 0, by=on.patient_user, now=now - timedelta(days=30))
    answer(on.patient, "phq9", 2, 1, 0, 0, 0, 1, 0, 0, 0, by=on.patient_user, now=now - timedelta(days=14))
    made = answer(on.patient, "phq9", 2, 1, 0, 0, 0, 1, 0, 0, 1, by=on.patient_user, now=now)
    answer(on.patient, "gad7", 2, 1, 0, 0, 0, 1, 0, by=on.patient_user, now=now)
    browser = browser_of(on.colleague)
    words = main_of(browser.get(address(on)))
    assert "5 of 27 mild" in words
    assert "−8 – clinically relevant (5 or more; Löwe 2004)" in words
    assert "+1" in words
    assert "Sleep, tiredness, appetite and slowing can come from the neurological disease" in words
    assert "Items of GAD-7" in words
    page = browser.get(f"/questionnaires/{made}/")
    assert "Contact the patient today" in main_of(page)
    assert "Thoughts that you would be better off dead or of hurting yourself in some way Several days" in main_of(page)
    assert not crisis_is_shown(page)


def test_who_answers_reads_of_a_stranger_only_what_fired(on: Cast, browser_of: Browser, now: datetime) -> None:
    calm = answer(on.patient, "phq9", 3, 3, *[0] * 7, by=on.patient_user, now=now)
    browser = browser_of(on.colleague)
    assert browser.get(address(on)).status_code == 404
    fired = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    html = browser.get(address(on)).content.decode()
    assert f"/questionnaires/{fired}/" in html
    assert f"/questionnaires/{calm}/" not in html
    assert f'href="/patients/{on.patient.pk}/"' not in html
    assert f'href="/patients/{on.patient.pk}/"' not in browser.get(f"/questionnaires/{fired}/").content.decode()


@pytest.mark.parametrize("role", ["patient_user", "caregiver", "therapist", "colleague"])
def test_the_other_pages_of_a_patient_tell_nothing(on: Cast, browser_of: Browser, now: datetime, role: str) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    browser = browser_of(on.user(role))
    for page in (f"/patients/{on.patient.pk}/", "/portal/", "/dashboard/", f"/patients/{on.patient.pk}/care-team/"):
        html = browser.get(page).content.decode()
        assert str(made) not in html
        assert "PHQ" not in html


def test_the_link_is_for_who_may_see(on: Cast, browser_of: Browser) -> None:
    page = f"/patients/{on.patient.pk}/"
    assert address(on) in browser_of(on.therapist).get(page).content.decode()
    assert address(on) not in browser_of(on.caregiver).get(page).content.decode()
    assert address(on) in browser_of(on.patient_user).get("/portal/").content.decode()


def test_who_answers_handles_the_alert_without_being_on_the_team(on: Cast, browser_of: Browser, now: datetime) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    alert = Alert.objects.get()
    browser = browser_of(on.colleague)
    assert f"/dashboard/alerts/{alert.pk}/" in browser.get("/dashboard/alerts/").content.decode()
    html = browser.get(f"/dashboard/alerts/{alert.pk}/").content.decode()
    assert f"/questionnaires/{made}/" in html
    for path in (f"/patients/{on.patient.pk}/", f"/dashboard/alerts/{alert.pk}/mute/"):
        assert f'href="{path}"' not in html
        assert browser.get(path).status_code in (403, 404)
    assert "item_9" not in html
    assign = browser.get(f"/dashboard/alerts/{alert.pk}/assign/")
    assert on.colleague.name in main_of(assign)
    assert on.therapist.email not in main_of(assign)
    version = {"version": str(alert.version)}
    assert browser.post(f"/dashboard/alerts/{alert.pk}/acknowledge/", version).status_code == 302
    alert.refresh_from_db()
    assert alert.acknowledged_by == on.colleague


@pytest.mark.parametrize("role", ["patient_user", "caregiver", "therapist", "admin"])
def test_no_page_of_alerts_tells_anybody_else(on: Cast, browser_of: Browser, now: datetime, role: str) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    alert = Alert.objects.get()
    browser = browser_of(on.user(role))
    for step in ("", "assign/", "close/", "mute/"):
        assert browser.get(f"/dashboard/alerts/{alert.pk}/{step}").status_code == 404
    for page in ("/dashboard/alerts/", "/dashboard/", f"/patients/{on.patient.pk}/", "/portal/"):
        html = browser.get(page).content.decode()
        assert str(alert.pk) not in html
        assert "Alerts (1)" not in html
