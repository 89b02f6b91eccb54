"""Whatever goes wrong with a form that reports an emergency, the text comes first; and its public page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert, CheckIn
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.web.check_in_pages import CALL, NEW, check_in, filled, url_of
from tests.web.pages import problems_of

Browser = Callable[[User | None], Client]


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


def test_what_was_entered_in_error_meanwhile_shows_the_text_too(cast: Cast, browser_of: Browser, now: datetime) -> None:
    row = check_in(cast, "skin_burn")
    browser, page = browser_of(cast.patient_user), f"/records/check-ins/{row.pk}/amend/"
    sent = filled(browser, page, **{"change_reason": "worse now"})
    records.enter_in_error(
        KINDS["check-ins"], row.pk, reason="wrong day", expected_version=1, by=cast.patient_user, now=now
    )
    answer = browser.post(page, {**sent, NEW: ["stroke_face"]})
    assert answer.status_code == 422
    assert answer.content.decode().index(CALL) < answer.content.decode().index("stays as it is")
    del sent[NEW]
    assert browser.post(page, sent).status_code == 302


def test_an_emergency_is_saved_without_asking_what_is_unusual(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    long_ago = timezone.now() - timedelta(days=6 * 366)
    unusual = {"performed_date": long_ago.date().isoformat(), "fatigue": "3"}
    calm = browser.post(url_of(cast), filled(browser, url_of(cast), **unusual))
    assert (calm.status_code, "Please confirm" in calm.content.decode()) == (422, True)
    answer = browser.post(url_of(cast), filled(browser, url_of(cast), **unusual, **{NEW: ["stroke_face"]}))
    assert answer.status_code == 302, problems_of(answer.content.decode())
    assert Alert.objects.get().level == "emergency"
    html = browser.get(answer["Location"]).content.decode()
    assert html.index(CALL) < html.index("Unusual, and saved at once without asking")
    assert "Unusual, and confirmed as right" not in html


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
