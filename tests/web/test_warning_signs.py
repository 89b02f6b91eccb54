"""The red-flag part of the forms, and the emergency text before everything else whatever happens."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.ids import new_id
from accounts.models import User
from rehab.models import AlertMessage, CheckIn, Record
from rehab.reference.red_flags import QUESTIONS
from rehab.services import patients, people, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document
from tests.web.pages import inputs_of, problems_of

Browser = Callable[[User | None], Client]
CALL = "Call 120 or go to an emergency department now."
NEW, UNCHANGED = "red_flags-new_or_worse", "red_flags-unchanged"


def url_of(cast: Cast, path: str = "check-ins/check-ins") -> str:
    return f"/patients/{cast.patient.pk}/log/{path}/"


def filled(browser: Client, url: str, **values: Any) -> dict[str, Any]:
    return {**inputs_of(browser.get(url).content.decode()), **values}


def know(cast: Cast, now: datetime, **changes: Any) -> None:
    patients.amend(cast.patient.pk, changes, expected_version=1, by=cast.therapist, now=now)


def check_in(cast: Cast, *new: str, by: User | None = None, now: datetime | None = None, **changes: Any) -> Record:
    sent = document("check-ins", "check-ins", cast.patient.pk, red_flags={"new_or_worse": list(new)}, **changes)
    return records.create(
        KINDS["check-ins"], sent, by=by or cast.patient_user, source="portal", now=now or timezone.now()
    ).record


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


# --- Whatever goes wrong


def gone(*_args: Any, **_options: Any) -> Any:
    raise OperationalError("the database is gone")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_with_the_database_gone_the_answer_is_the_text_with_the_number_of_the_form(
    cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    User.objects.filter(pk=cast.patient_user.pk).update(language=language)
    browser = browser_of(User.objects.get(pk=cast.patient_user.pk))
    browser.raise_request_exception = False
    sent = filled(browser, url_of(cast), **{NEW: ["stroke", "cardiac_chest_pain"]})
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    answer = browser.post(url_of(cast), sent)
    html = answer.content.decode()
    assert answer.status_code == 500
    assert html.count('class="notice notice--emergency"') == 1  # the same words once
    assert (CALL if language == "en" else "请立即拨打 120，或马上前往医院急诊。") in html
    assert f'<html lang="{language}">' in html
    assert not CheckIn.objects.exists()


def test_with_the_database_gone_a_form_without_an_emergency_gets_the_usual_page(
    cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(cast.patient_user)
    browser.raise_request_exception = False
    sent = filled(browser, url_of(cast), **{NEW: ["skin", "ces", "ces_pain"]})
    monkeypatch.setattr("rehab.services.records.create", gone)
    answer = browser.post(url_of(cast), sent)
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()


def test_signed_out_meanwhile_the_text_comes_before_the_sign_in(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    sent = filled(browser, url_of(cast), **{NEW: ["ces_saddle"]})
    browser.logout()
    answer = browser.post(url_of(cast), sent)
    assert answer.status_code == 403
    assert CALL in answer.content.decode()
    assert "may not have been saved" in answer.content.decode()
    assert browser.post(url_of(cast), {**sent, NEW: ["skin"]}).status_code == 302


def test_a_form_that_was_open_too_long_shows_the_text_too(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.patient_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.post(url_of(cast), {NEW: "stroke_face", "emergency_number": "120", "page_language": "en"})
    assert answer.status_code == 403
    assert CALL in answer.content.decode()


@pytest.mark.parametrize("number", ["", "   ", "<b>1</b>" * 9])
def test_a_number_that_was_tampered_with_does_no_harm(cast: Cast, number: str) -> None:
    answer = Client().post(url_of(cast), {NEW: "stroke_face", "emergency_number": number, "page_language": "xx"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "<b>1" not in html
    assert number.strip() or "Call your local emergency number or go" in html


def test_an_address_that_is_not_there_is_still_not_found(cast: Cast, browser_of: Browser) -> None:
    page = f"/patients/{new_id()}/log/check-ins/check-ins/"
    assert browser_of(cast.patient_user).post(page, {"fatigue": "3"}).status_code == 404
    shown = browser_of(cast.patient_user).post(page, {NEW: "stroke_face", "emergency_number": "120"})
    assert shown.status_code == 404
    assert CALL in shown.content.decode()


# --- The public page


def test_the_texts_need_no_sign_in_and_name_the_clinics_number_to_its_people(cast: Cast, browser_of: Browser) -> None:
    html = browser_of(None).get("/emergency/").content.decode()
    assert html.count("Call your local emergency number or go to an emergency department now.") == 8
    assert "tel:" not in html
    own = browser_of(cast.patient_user).get("/emergency/").content.decode()
    assert own.count(CALL) == 8
    chinese = Client(headers={"Accept-Language": "zh-hans"}).get("/emergency/").content.decode()
    assert "请立即拨打当地急救电话，或马上前往医院急诊。" in chinese


def test_the_texts_cost_no_statement_and_stay_up_without_a_database(
    cast: Cast, browser_of: Browser, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/emergency/").status_code == 200
    browser = browser_of(cast.patient_user)
    browser.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    answer = browser.get("/emergency/")
    assert answer.status_code == 200
    assert "Call your local emergency number" in answer.content.decode()


@pytest.mark.parametrize("address", ["/accounts/login/", "/portal/", "/preferences/", "/nothing/"])
def test_every_page_leads_there(cast: Cast, browser_of: Browser, address: str) -> None:
    who = None if "login" in address else cast.patient_user
    assert 'href="/emergency/"' in browser_of(who).get(address).content.decode()


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
    people.change_clinic(
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
