"""The red-flag part of the forms, and the emergency text before everything else whatever happens."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from rehab.models import AlertMessage, CheckIn
from rehab.reference.red_flags import QUESTIONS
from rehab.services import clinics, patients, people
from tests.conftest import Cast
from tests.web.check_in_pages import CALL, NEW, UNCHANGED, check_in, filled, url_of
from tests.web.pages import inputs_of, problems_of

Browser = Callable[[User | None], Client]


def know(cast: Cast, now: datetime, **changes: Any) -> None:
    patients.amend(cast.patient.pk, changes, expected_version=1, by=cast.therapist, now=now)


# --- What is asked of whom


def test_the_text_and_the_number_are_in_the_page_before_anything_is_ticked(cast: Cast, browser_of: Browser) -> None:
    html = browser_of(cast.patient_user).get(url_of(cast)).content.decode()
    assert html.count(CALL) == sum(
        question.level == "emergency" for question in QUESTIONS.values() if question.flag not in (None, "AD")
    )
    assert 'href="tel:120"' in html
    assert html.index("In an emergency call 120.") < html.index('<form method="post" class="form"')


def test_the_myasthenia_items_are_asked_only_where_the_condition_applies(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    browser = browser_of(cast.patient_user)
    assert "Drooping eyelids" not in browser.get(url_of(cast)).content.decode()
    know(cast, now, conditions=["myasthenia_gravis"])
    assert "Drooping eyelids" in browser.get(url_of(cast)).content.decode()
    values = {"myasthenia-ptosis": "2", "myasthenia-hours_since_pyridostigmine": "3,5"}
    assert browser.post(url_of(cast), filled(browser, url_of(cast), **values)).status_code == 302
    assert CheckIn.objects.get().details["myasthenia"]["ptosis"] == 2
    assert CheckIn.objects.get().details["myasthenia"]["hours_since_pyridostigmine"] == 3.5


def test_dysreflexia_is_asked_of_injuries_at_or_above_t6_with_its_own_steps(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    browser = browser_of(cast.patient_user)
    know(cast, now, conditions=["complete_spinal_cord_injury"], injury_at_or_above_t6=True)
    html = browser.get(url_of(cast)).content.decode()
    steps = re.search(r"Do these steps now.*?</ol>", html, re.DOTALL)
    assert steps
    order = ["Sit up.", "Loosen tight clothing.", "Check the catheter", "Stop the electrical stimulation", "Call 120"]
    places = [steps[0].index(step) for step in order]
    assert places == sorted(places)


def test_as_before_is_offered_only_for_what_is_on_record(cast: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(cast.patient_user)
    assert f'name="{UNCHANGED}"' not in browser.get(url_of(cast)).content.decode()
    know(cast, now, baseline_deficits=["bladder", "sensation"])
    html = browser.get(url_of(cast)).content.decode()
    assert re.findall(rf'name="{UNCHANGED}" value="(\w+)"', html) == ["ces_bladder"]
    session = browser.get(url_of(cast, "sessions/aerobic")).content.decode()
    assert re.findall(rf'name="{UNCHANGED}" value="(\w+)"', session) == ["stop_numbness"]


def test_nothing_is_remembered_from_the_last_check_in(cast: Cast, browser_of: Browser) -> None:
    check_in(cast, "stroke_face")
    shown = inputs_of(browser_of(cast.patient_user).get(url_of(cast)).content.decode())
    assert NEW not in shown
    assert {shown[name] for name in ("fatigue", "pain-0-nrs", "pain-0-site", "mood")} == {""}


# --- What is told after sending


def test_what_was_ticked_is_saved_and_the_text_comes_first_on_the_next_page(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    values = {NEW: ["stroke", "stroke_speech"], "fatigue": "3"}
    answer = browser.post(url_of(cast), filled(browser, url_of(cast), **values))
    assert answer.status_code == 302, problems_of(answer.content.decode())
    assert CheckIn.objects.get().details["red_flags"]["new_or_worse"] == ["stroke", "stroke_speech"]
    html = browser.get(answer["Location"]).content.decode()
    assert html.index("You reported sudden trouble speaking.") < html.index(CALL) < html.index("<h1>")


def test_nobody_says_the_therapist_was_told_before_it_is_so(cast: Cast, browser_of: Browser, now: datetime) -> None:
    row = check_in(cast, "stroke_face", now=now)
    page = f"/records/check-ins/{row.pk}/"
    browser = browser_of(cast.patient_user)
    assert "Your therapist has been told." not in browser.get(page).content.decode()
    assert AlertMessage.objects.filter(recipient=cast.therapist).update(sent_at=now) == 1
    assert "Your therapist has been told." in browser.get(page).content.decode()


def test_none_of_these_is_no_reason_to_say_anything(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    answer = browser.post(url_of(cast), filled(browser, url_of(cast), **{"red_flags-none_of_these": "on"}))
    assert answer.status_code == 302, problems_of(answer.content.decode())
    html = browser.get(answer["Location"]).content.decode()
    assert "notice--emergency" not in html
    assert "notice--warning" not in html


def test_a_therapist_reads_what_was_reported_and_is_not_told_to_call(cast: Cast, browser_of: Browser) -> None:
    row = check_in(cast, "stroke_face", "skin_burn")
    html = browser_of(cast.therapist).get(f"/records/check-ins/{row.pk}/").content.decode()
    assert "Stroke warning signs" in html
    assert "Skin injury" in html
    assert "You reported" not in html
    carer = browser_of(cast.caregiver).get(f"/records/check-ins/{row.pk}/").content.decode()
    assert CALL in carer


def test_an_old_record_keeps_its_signs_without_calling_for_help(cast: Cast, browser_of: Browser) -> None:
    row = check_in(cast, "stroke_face")
    CheckIn.objects.filter(pk=row.pk).update(updated_at=timezone.now() - timedelta(days=2))
    html = browser_of(cast.patient_user).get(f"/records/check-ins/{row.pk}/").content.decode()
    assert "Stroke warning signs" in html
    assert CALL not in html


def test_the_timeline_says_that_signs_were_reported(cast: Cast, browser_of: Browser) -> None:
    check_in(cast, "stroke_face")
    html = browser_of(cast.therapist).get(f"/patients/{cast.patient.pk}/").content.decode()
    assert "pain 4/10 · fatigue 5/10 · mood 6/10 · warning signs reported" in html


def test_what_is_wrong_elsewhere_comes_after_the_text(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    answer = browser.post(url_of(cast), filled(browser, url_of(cast), **{NEW: ["stroke_arm"], "fatigue": "11"}))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.index("You reported sudden weakness in an arm.") < html.index("There is a problem")
    assert re.search(r'value="stroke_arm" id="[^"]*" class="sign-now" checked', html)


def test_an_amendment_shows_what_was_ticked_and_can_take_it_back(cast: Cast, browser_of: Browser) -> None:
    row = check_in(cast, "stroke_face")
    browser, page = browser_of(cast.patient_user), f"/records/check-ins/{row.pk}/amend/"
    html = browser.get(page).content.decode()
    assert re.search(r'value="stroke_face" id="[^"]*" class="sign-now" checked', html)
    shown = inputs_of(html)
    del shown[NEW]
    answer = browser.post(page, {**shown, "change_reason": "ticked the wrong line"})
    assert answer.status_code == 302, problems_of(answer.content.decode())
    row.refresh_from_db()
    assert row.details["red_flags"] is None
    assert row.derived == {}


# --- What is known beforehand, and new sites


def test_baseline_deficits_are_asked_at_enrolment_and_shown(cast: Cast, browser_of: Browser, now: datetime) -> None:
    browser, page = browser_of(cast.therapist), f"/patients/{cast.patient.pk}/edit/"
    shown = {name: values for name, values in _form(browser, page).items() if name != "baseline_deficits"}
    answer = browser.post(page, {**shown, "baseline_deficits": ["bladder"], "injury_at_or_above_t6": "no"})
    assert answer.status_code == 302
    cast.patient.refresh_from_db()
    assert (cast.patient.baseline_deficits, cast.patient.injury_at_or_above_t6) == (["bladder"], False)
    assert "Trouble with bladder control" in browser.get(f"/patients/{cast.patient.pk}/").content.decode()
    both = browser.post(page, {**shown, "version": "2", "baseline_deficits": ["bladder", "none"]})
    assert both.status_code == 422
    browser.post(page, {**shown, "version": "2", "baseline_deficits": ["none"]})
    cast.patient.refresh_from_db()
    assert (cast.patient.baseline_deficits, cast.patient.injury_at_or_above_t6) == ([], None)
    browser.post(page, {**shown, "version": "3"})
    cast.patient.refresh_from_db()
    assert cast.patient.baseline_deficits is None


def _form(browser: Client, page: str) -> dict[str, Any]:
    form = browser.get(page).context["form"]
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def test_new_sites_are_on_the_clinicians_list_and_nobody_elses(cast: Cast, browser_of: Browser) -> None:
    cramps = {"symptom": "cramps", "severity": "mild"}
    for hours, site in ((30, "foot"), (2, "hand")):
        at = (timezone.now() - timedelta(hours=hours)).isoformat()
        check_in(cast, performed_at=at, symptoms=[{**cramps, "site": site, "side": "left"}])
    page = f"/patients/{cast.patient.pk}/"
    assert "Cramps, Hand, Left" in browser_of(cast.therapist).get(page).content.decode()
    for who in (cast.patient_user, cast.caregiver):
        assert "New sites of symptoms" not in browser_of(who).get(page).content.decode()


def test_the_number_is_that_of_the_patients_clinic_not_of_the_readers_own(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    """A caregiver who is a patient of another clinic themselves reads the number of the patient they log for."""
    clinics.change(
        clinic_id=cast.other_clinic.pk, name="South", time_zone="UTC", emergency_number="999",
        by=cast.other_therapist, now=now,
    )  # fmt: skip
    invitation = people.invite_caregiver(
        patient_id=cast.patient.pk, email=cast.other_patient_user.email, permissions=["log_records"], language="en",
        by=cast.patient_user, now=now,
    )  # fmt: skip
    people.accept(invitation, by=cast.other_patient_user, now=now)
    html = browser_of(cast.other_patient_user).get(url_of(cast)).content.decode()
    form = html[html.index("<main") : html.index("</main>")]
    assert "120" in form
    assert "999" not in form
