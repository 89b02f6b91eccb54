"""The crisis message comes first and at once, whatever goes wrong with the form."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import Clinic, User
from rehab.models import Alert, AlertMessage, QuestionnaireResponse
from rehab.reference.wording import forbidden_in
from rehab.services import alert_messages, questionnaires, responders
from tests.conftest import Cast
from tests.questionnaires import ITEM_9, VALUES, answer
from tests.web.questionnaire_pages import CRISIS, address, crisis_is_shown, main_of, shown, typed

Browser = Callable[[User | None], Client]
UNTOLD = "It may be that nobody at your clinic has seen this yet."


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


def open_form(cast: Cast, browser: Client, now: datetime, **chosen: str) -> tuple[str, dict[str, str]]:
    """Return the address of the long form, and what its reader would send with some answers chosen."""
    short = answer(cast.patient, "phq2", 2, 2, by=cast.patient_user, now=now)
    page = f"{address(cast, 'phq9')}?after={short}"
    return page, {**shown(browser.get(page)), **chosen}


def test_the_answer_is_kept_even_if_item_9_is_not_asked_any_more(on: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(on.patient_user)
    page, sent = open_form(on, browser, now, **{ITEM_9: "1"})
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    assert crisis_is_shown(browser.post(page, sent, follow=True))
    assert QuestionnaireResponse.objects.get(instrument="phq9").self_harm_answer == 1
    assert {message.recipient for message in AlertMessage.objects.all()} == {on.admin}


def test_a_form_that_was_open_for_more_than_a_day_is_kept_with_item_9(
    on: Cast, browser_of: Browser, now: datetime
) -> None:
    browser = browser_of(on.patient_user)
    page, sent = open_form(on, browser, now, **{ITEM_9: "2", "44259-0": "1"})
    QuestionnaireResponse.objects.update(performed_at=now - timedelta(days=2))
    assert crisis_is_shown(browser.post(page, sent, follow=True))
    stored = QuestionnaireResponse.objects.get(instrument="phq9")
    assert (stored.self_harm_answer, stored.details["answers"]) == (2, {"44259-0": 1})
    assert Alert.objects.count() == 1


def test_a_form_that_was_open_for_more_than_a_day_asks_the_first_two_again(
    on: Cast, browser_of: Browser, now: datetime
) -> None:
    browser = browser_of(on.patient_user)
    page, sent = open_form(on, browser, now, **dict(list(typed("phq9", 2, 2, *[1] * 6, 0).items())[2:]))
    QuestionnaireResponse.objects.update(performed_at=now - timedelta(days=2))
    again = browser.post(page, sent)
    assert again.status_code == 422
    assert re.search(r'name="44259-0" value="1"[^>]* checked', again.content.decode())
    done = browser.post(page, {**sent, **typed("phq9", 3, 3, *[1] * 6, 0)}, follow=True)
    assert "Your score is 12 of 27." in main_of(done)


def test_other_answers_sent_with_one_form_do_not_wait_if_item_9_is_among_them(
    on: Cast, browser_of: Browser, now: datetime
) -> None:
    """Back, another answer, and sent again: the second is stored at once, beside the first."""
    browser = browser_of(on.patient_user)
    page, sent = open_form(on, browser, now, **dict(list(typed("phq9", 2, 2, *[1] * 6, 0).items())[2:]))
    assert browser.post(page, sent).status_code == 302
    assert crisis_is_shown(browser.post(page, {**sent, ITEM_9: "3"}, follow=True))
    stored = QuestionnaireResponse.objects.filter(instrument="phq9").order_by("created_at", "id")
    assert {row.self_harm_answer for row in stored} == {0, 3}
    assert Alert.objects.count() == 1


def test_without_any_number_the_message_comes_all_the_same(on: Cast, browser_of: Browser) -> None:
    reply = Client().post(address(on, "phq9"), {ITEM_9: "1", "emergency_number": " ", "page_language": "en"})
    assert (reply.status_code, CRISIS in reply.content.decode()) == (403, True)
    assert "call your local emergency number" in reply.content.decode()


def test_nobody_says_that_somebody_was_told_before_it_is_so(on: Cast, browser_of: Browser, now: datetime) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    browser, page = browser_of(on.patient_user), f"/questionnaires/{made}/"
    words = main_of(browser.get(page))
    assert "Your therapist has been told." not in words
    assert (
        words.index(CRISIS)
        < words.index("It may be that nobody at your clinic has seen this yet.")
        < words.index("PHQ-9")
    )
    alert_messages.send_due(now=now + timedelta(minutes=1))
    words = main_of(browser.get(page))
    assert words.index(CRISIS) < words.index("Your therapist has been told.") < words.index("PHQ-9")
    assert UNTOLD not in words


def test_a_message_to_an_administrator_tells_no_therapist(on: Cast, browser_of: Browser, now: datetime) -> None:
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    made = answer(on.patient, "phq9", 2, 2, *VALUES[2:], by=on.patient_user, now=now, follows=str(short))
    assert alert_messages.send_due(now=now + timedelta(minutes=1)) == 1
    words = main_of(browser_of(on.patient_user).get(f"/questionnaires/{made}/"))
    assert "Your therapist has been told." not in words
    assert UNTOLD in words


def test_nobody_else_reads_who_was_told(on: Cast, browser_of: Browser, now: datetime) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    alert_messages.send_due(now=now + timedelta(minutes=1))
    for role in ("colleague", "therapist"):
        assert "has been told" not in main_of(browser_of(on.user(role)).get(f"/questionnaires/{made}/"))


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
