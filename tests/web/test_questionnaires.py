"""Questionnaires on pages: answering without scripts, what a clinic offers, and its own page."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from rehab.models import QuestionnaireResponse
from rehab.reference.questionnaires import QUESTIONNAIRES
from rehab.services import responders
from tests.conftest import Cast
from tests.questionnaires import ITEM_9, VALUES, answer, answers, switch_on
from tests.web.questionnaire_pages import CRISIS, address, crisis_is_shown, main_of, shown, typed

Browser = Callable[[User | None], Client]


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
