"""Questionnaires on pages: answering without scripts, the crisis message, and what each reader finds."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import Clinic, User
from rehab.models import Alert, QuestionnaireResponse
from rehab.reference.questionnaires import QUESTIONNAIRES
from rehab.reference.wording import forbidden_in
from rehab.services import people, questionnaires, responders
from tests.conftest import Cast
from tests.questionnaires import ITEM_9, answer, answers, switch_on

Browser = Callable[[User | None], Client]
CRISIS = "You told us about thoughts of being better off dead"
VALUES = (3, 3, 1, 1, 1, 1, 1, 1, 2)


@pytest.fixture
def on(cast: Cast, now: datetime) -> Cast:
    switch_on(cast.clinic, admin=cast.admin, responder=cast.colleague, now=now)
    return cast


def address(cast: Cast, instrument: str = "") -> str:
    return f"/patients/{cast.patient.pk}/questionnaires/" + (f"{instrument}/" if instrument else "")


def main_of(reply: Any) -> str:
    """Return what stands in the page's main part, in words."""
    text = reply.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def shown(reply: Any) -> dict[str, str]:
    """Return the hidden fields of a form."""
    names = "id|follows|version|emergency_number|crisis_line|page_language"
    return dict(re.findall(rf'<input type="hidden" name="({names})" value="([^"]*)"', reply.content.decode()))


def typed(instrument: str, *values: int | None) -> dict[str, str]:
    return {code: str(value) for code, value in answers(instrument, *values).items() if value is not None}


def crisis_is_shown(reply: Any) -> bool:
    """Whether the message stands outside of what the style sheet hides."""
    html = re.sub(r'<div class="crisis".*?</div>\s*</div>', "", reply.content.decode(), flags=re.DOTALL)
    return CRISIS in html


# --- Answering


def test_two_steps_without_scripts(on: Cast, browser_of: Browser) -> None:
    browser = browser_of(on.patient_user)
    form = browser.get(address(on, "phq2"))
    assert "checked" not in form.content.decode().partition("<main")[2]
    assert QUESTIONNAIRES["phq2"].prompt_en in main_of(form)
    first = browser.post(address(on, "phq2"), {**shown(form), **typed("phq2", 2, 1)})
    assert first.status_code == 302
    assert first["Location"].startswith(address(on, "phq9") + "?after=")
    second = browser.get(first["Location"])
    words = main_of(second)
    assert "More than half the days" in words
    assert 'name="44250-9"' not in second.content.decode()
    assert "not watched around the clock. If you need help now, call 120" in words
    assert "see your answer to the ninth question: Colleague." in words
    rest = {
        code: value
        for code, value in typed("phq9", 2, 1, *VALUES[2:8], 0).items()
        if code not in ("44250-9", "44255-8")
    }
    done = browser.post(first["Location"], {**shown(second), **rest, "44256-6": "1"})
    stored = QuestionnaireResponse.objects.get(instrument="phq9")
    assert done["Location"] == f"/questionnaires/{stored.pk}/"
    assert stored.details["answers"] == answers("phq8", 2, 1, *VALUES[2:8])
    assert (stored.self_harm_answer, stored.details["difficulty"], stored.source) == (0, 1, "portal")
    page = browser.get(done["Location"])
    assert "Your score is 9 of 27." in main_of(page)
    assert not crisis_is_shown(page)


def test_below_three_points_nothing_more_is_asked(on: Cast, browser_of: Browser) -> None:
    browser = browser_of(on.patient_user)
    form = browser.get(address(on, "gad2"))
    reply = browser.post(address(on, "gad2"), {**shown(form), **typed("gad2", 1, 1)}, follow=True)
    assert "Your score is 2 of 6." in main_of(reply)
    assert "more question" not in main_of(reply)


def test_whoever_stopped_can_go_on_for_a_day(on: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(on.patient_user)
    made = answer(on.patient, "gad2", 2, 2, by=on.patient_user, now=now)
    assert "There are 5 more questions." in main_of(browser.get(f"/questionnaires/{made}/"))
    QuestionnaireResponse.objects.filter(pk=made).update(performed_at=now - timedelta(days=2))
    assert "more question" not in main_of(browser.get(f"/questionnaires/{made}/"))
    closed = browser.get(address(on, "gad7"), {"after": str(made)})
    assert "open after the two short ones" in main_of(closed)
    assert "<fieldset" not in closed.content.decode()


@pytest.mark.parametrize("after", ["", "nonsense", "0193d51a-0000-7000-8000-000000000000"])
def test_a_long_form_alone_stays_closed(on: Cast, browser_of: Browser, after: str) -> None:
    reply = browser_of(on.patient_user).get(address(on, "phq9"), {"after": after})
    assert "open after the two short ones" in main_of(reply)


def test_an_unknown_questionnaire_is_not_there(on: Cast, browser_of: Browser) -> None:
    assert browser_of(on.patient_user).get(address(on, "bdi")).status_code == 404


def test_what_was_chosen_is_kept_and_open_questions_may_stay_open(on: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(on.patient_user)
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    page = f"{address(on, 'phq9')}?after={short}"
    sent = {**shown(browser.get(page)), "44259-0": "3", ITEM_9: "0"}
    reply = browser.post(page, sent)
    html = reply.content.decode()
    assert reply.status_code == 422
    assert "Choose one of the answers." in html
    assert re.search(r'name="44259-0" value="3"[^>]* checked', html)
    assert 'name="leave_open"' in html
    assert not QuestionnaireResponse.objects.filter(instrument="phq9").exists()
    done = browser.post(page, {**sent, "leave_open": "on"}, follow=True)
    assert "There is no score, because some questions are open." in main_of(done)
    assert QuestionnaireResponse.objects.get(instrument="phq9").details["answers"].keys() == {
        "44250-9", "44255-8", "44259-0",
    }  # fmt: skip


def test_nothing_answered_is_nothing_to_send(on: Cast, browser_of: Browser) -> None:
    browser = browser_of(on.patient_user)
    reply = browser.post(address(on, "phq2"), {**shown(browser.get(address(on, "phq2"))), "leave_open": "on"})
    assert reply.status_code == 422
    assert "at least one is needed" in main_of(reply)


def test_an_answer_that_is_none_of_the_four_is_refused(on: Cast, browser_of: Browser) -> None:
    browser = browser_of(on.patient_user)
    sent = {**shown(browser.get(address(on, "phq2"))), "44250-9": "7", "44255-8": "1"}
    assert browser.post(address(on, "phq2"), sent).status_code == 422


def test_sent_twice_is_stored_once_and_other_answers_ask(on: Cast, browser_of: Browser) -> None:
    browser = browser_of(on.patient_user)
    sent = {**shown(browser.get(address(on, "gad2"))), **typed("gad2", 1, 0)}
    first, again = (browser.post(address(on, "gad2"), sent) for _each in range(2))
    assert first["Location"] == again["Location"]
    changed = browser.post(address(on, "gad2"), {**sent, **typed("gad2", 1, 1)})
    assert changed.status_code == 409
    assert "You sent other answers with this form before" in main_of(changed)
    assert QuestionnaireResponse.objects.count() == 1
    assert browser.post(address(on, "gad2"), {**shown(changed), **typed("gad2", 1, 1)}).status_code == 302
    assert QuestionnaireResponse.objects.count() == 2


# --- The crisis message


def test_the_message_comes_first_and_at_once(on: Cast, browser_of: Browser, now: datetime) -> None:
    on.clinic.crisis_line = "Lifeline 0800 1111"
    on.clinic.save()
    browser = browser_of(on.patient_user)
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    page = f"{address(on, 'phq9')}?after={short}"
    form = browser.get(page)
    assert not crisis_is_shown(form)
    html = form.content.decode()
    question = html.index(f'name="{ITEM_9}"')
    assert question < html.index('class="crisis"') < html.index('name="44256-6"')  # the style sheet shows it there
    sent = {**shown(form), **typed("phq9", 2, 2, *[0] * 6, 1)}
    reply = browser.post(page, sent, follow=True)
    words = main_of(reply)
    assert words.index(CRISIS) < words.index("PHQ-9")
    assert "call 120 or go to an emergency department now" in words
    assert "Lifeline 0800 1111" in words
    assert forbidden_in(reply.content.decode()) == []


def test_the_answer_to_item_9_does_not_wait_for_the_others(on: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(on.patient_user)
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    page = f"{address(on, 'phq9')}?after={short}"
    reply = browser.post(page, {**shown(browser.get(page)), ITEM_9: "3"}, follow=True)
    assert crisis_is_shown(reply)
    assert main_of(reply).index(CRISIS) < main_of(reply).index("PHQ-9")
    assert QuestionnaireResponse.objects.get(instrument="phq9").self_harm_answer == 3
    assert Alert.objects.count() == 1


def test_the_message_comes_before_what_is_wrong_with_the_form(on: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(on.patient_user)
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    page = f"{address(on, 'phq9')}?after={short}"
    reply = browser.post(page, {**shown(browser.get(page)), ITEM_9: "3", "44259-0": "9"})
    assert reply.status_code == 422
    assert crisis_is_shown(reply)
    assert main_of(reply).index(CRISIS) < main_of(reply).index("There is a problem")
    html = reply.content.decode()
    assert html.index("autofocus") < html.index("error-summary")  # the first of two takes the focus


@pytest.mark.parametrize("wrong", ["signed out", "too long open", "no database"])
def test_the_message_comes_whatever_goes_wrong(
    on: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch, now: datetime, wrong: str
) -> None:
    Clinic.objects.filter(pk=on.clinic.pk).update(crisis_line="116 123")
    short = answer(on.patient, "phq2", 3, 3, by=on.patient_user, now=now)
    page = f"{address(on, 'phq9')}?after={short}"
    form = shown(browser_of(on.patient_user).get(page))
    assert (form["emergency_number"], form["crisis_line"]) == ("120", "116 123")
    browser = Client(enforce_csrf_checks=wrong == "too long open", raise_request_exception=False)
    if wrong != "signed out":
        browser.force_login(on.patient_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if wrong == "no database":
        monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    reply = browser.post(address(on, "phq9"), {**form, ITEM_9: "1"})
    html = reply.content.decode()
    assert reply.status_code == (500 if wrong == "no database" else 403)
    assert "You told us about thoughts of being better off dead or of hurting yourself." in html
    assert "call 120" in html
    assert "116 123" in html
    assert "may not have been saved" in html
    assert forbidden_in(html) == []


def gone(*_args: Any, **_options: Any) -> Any:
    raise OperationalError("the database is gone")


def test_the_message_comes_even_if_item_9_is_not_asked_any_more(on: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(on.patient_user)
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    page = f"{address(on, 'phq9')}?after={short}"
    sent = {**shown(browser.get(page)), **typed("phq9", 2, 2, *[0] * 6, 1)}
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    reply = browser.post(page, sent)
    assert reply.status_code == 422
    assert crisis_is_shown(reply)
    assert "does not offer PHQ-9" in main_of(reply)


# --- What each reader finds


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


def test_marking_in_error_asks_why(on: Cast, browser_of: Browser, now: datetime) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    browser = browser_of(on.patient_user)
    page = f"/questionnaires/{made}/in-error/"
    hidden = shown(browser.get(page))
    assert browser.post(page, {**hidden, "reason": ""}).status_code == 422
    assert browser.post(page, {**hidden, "reason": "ab"}).status_code == 422
    done = browser.post(page, {**hidden, "reason": "my son answered"}, follow=True)
    assert "my son answered" in main_of(done)
    assert "Entered in error." in main_of(done)
    assert browser.get(page)["Location"] == f"/questionnaires/{made}/"
    assert str(made) not in browser.get(address(on)).content.decode()


# --- Off, on, and in Chinese


def test_switched_off_there_is_no_invitation(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    assert "Questionnaires" not in main_of(browser.get("/portal/"))
    assert "does not offer questionnaires at present" in main_of(browser.get(address(cast)))
    assert "does not offer this questionnaire" in main_of(browser.get(address(cast, "phq2")))


def test_what_was_answered_stays_readable_when_switched_off(on: Cast, browser_of: Browser, now: datetime) -> None:
    made = answer(on.patient, "phq2", 1, 1, by=on.patient_user, now=now)
    responders.offer(clinic_id=on.clinic.pk, mode="off", by=on.admin, now=now)
    browser = browser_of(on.patient_user)
    assert str(made) in browser.get(address(on)).content.decode()
    assert "2 of 6" in main_of(browser.get(f"/questionnaires/{made}/"))


def test_without_item_9_the_eight_follow(cast: Cast, browser_of: Browser, now: datetime) -> None:
    switch_on(cast.clinic, admin=cast.admin, responder=None, now=now)
    browser = browser_of(cast.patient_user)
    form = browser.get(address(cast, "phq2"))
    reply = browser.post(address(cast, "phq2"), {**shown(form), **typed("phq2", 3, 3)}, follow=True)
    assert ITEM_9 not in reply.content.decode()
    assert "Moving or speaking so slowly" in main_of(reply)
    assert CRISIS not in reply.content.decode()


def test_in_chinese_the_page_says_why_not(on: Cast, browser_of: Browser) -> None:
    User.objects.filter(pk=on.patient_user.pk).update(language="zh-hans")
    on.patient_user.refresh_from_db()
    browser = browser_of(on.patient_user)
    for page in (address(on), address(on, "phq2")):
        reply = browser.get(page)
        assert "本问卷目前仅提供英文版" in main_of(reply)
        assert "<fieldset" not in reply.content.decode()


# --- The clinic's page


def test_an_administrator_names_and_ends_who_answers(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.admin)
    page = f"/clinic/{cast.clinic.pk}/questionnaires/"
    early = browser.post(page, {"mode": "with_item_9"})
    assert early.status_code == 422
    assert "name at least one therapist who answers item 9 first" in main_of(early).lower()
    add = f"/clinic/{cast.clinic.pk}/responders/add/"
    assert browser.post(add, {"user": str(cast.other_therapist.pk)}).status_code == 422
    assert browser.post(add, {"user": str(cast.colleague.pk)})["Location"] == page
    assert browser.post(page, {"mode": "with_item_9"}).status_code == 302
    assert "On, with item 9 (PHQ-9): Colleague" in main_of(browser.get(f"/clinic/?clinic={cast.clinic.pk}"))
    end = f"/clinic/{cast.clinic.pk}/responders/{cast.colleague.pk}/end/"
    assert "Nobody else answers item 9" in main_of(browser.get(end))
    assert browser.post(end)["Location"] == page
    assert browser.get(end).status_code == 404
    assert "On, without item 9 (PHQ-8)" in main_of(browser.get(f"/clinic/?clinic={cast.clinic.pk}"))


def test_an_administrator_sets_the_crisis_line(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.admin)
    page = f"/clinic/{cast.clinic.pk}/edit/"
    typed_ = {"clinic_name": "North Clinic", "time_zone": "Asia/Shanghai", "emergency_number": "120"}
    assert browser.post(page, {**typed_, "crisis_line": " Lifeline 0800 1111 "}).status_code == 302
    cast.clinic.refresh_from_db()
    assert cast.clinic.crisis_line == "Lifeline 0800 1111"
    assert 'value="Lifeline 0800 1111"' in browser.get(page).content.decode()
    assert browser.post(page, {**typed_, "crisis_line": "x" * 121}).status_code == 422
    assert browser.post(page, typed_).status_code == 302
    cast.clinic.refresh_from_db()
    assert cast.clinic.crisis_line is None


def test_no_page_says_what_may_not_be_said(on: Cast, browser_of: Browser, now: datetime) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    questionnaires.enter_in_error(
        answer(on.patient, "gad7", *VALUES[:7], by=on.patient_user, now=now),
        reason="not me", expected_version=1, by=on.patient_user, now=now,
    )  # fmt: skip
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    pages = [
        address(on), address(on, "phq2"), f"{address(on, 'phq9')}?after={short}", f"/questionnaires/{made}/",
        f"/questionnaires/{made}/in-error/", "/portal/",
    ]  # fmt: skip
    for language in ("en", "zh-hans"):
        User.objects.update(language=language)
        for role in ("patient_user", "therapist", "colleague"):
            on.user(role).refresh_from_db()
            browser = browser_of(on.user(role))
            assert [forbidden_in(browser.get(page).content.decode()) for page in pages] == [[]] * len(pages)


# --- The alert on pages


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
