"""Choosing what comes by e-mail, and turning it off by the link in an e-mail."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from rehab.models import SummaryDelivery, SummaryPreference
from rehab.services import summary_preferences
from tests.conftest import Cast, make_user
from tests.summaries import of_patient

Browser = Callable[[User | None], Client]
PAGE, CHOOSE = "/preferences/", "/preferences/summaries/"


def fields_of(client: Client) -> dict[str, object]:
    form = client.get(PAGE).context["summaries"].form
    return {name: form[name].value() for name in form.fields}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("patient_user", {"daily": False, "weekly": False, "four_weekly": False}),
        ("caregiver", {"daily": False, "weekly": False, "four_weekly": False}),
        ("therapist", {"caseload_daily": True, "caseload_weekly": True, "monthly": False}),
        ("admin", {"caseload_daily": True, "caseload_weekly": True, "monthly": True}),
    ],
)
def test_everybody_is_offered_what_is_theirs(
    cast: Cast, browser_of: Browser, role: str, expected: dict[str, bool]
) -> None:
    quiet = {"quiet_from": "21:00", "quiet_until": "07:00"}
    assert fields_of(browser_of(cast.user(role))) == {**expected, **quiet}


def test_whoever_belongs_nowhere_is_offered_nothing(db: None, browser_of: Browser) -> None:
    client = browser_of(make_user("nobody@x.example", "Nobody"))
    assert client.get(PAGE).context["summaries"] is None
    assert client.post(CHOOSE, {}).status_code == 404


def test_what_is_ticked_is_kept(cast: Cast, browser_of: Browser) -> None:
    client = browser_of(cast.patient_user)
    typed = {"summaries-weekly": "on", "summaries-quiet_from": "20:00", "summaries-quiet_until": "09:30"}
    assert client.post(CHOOSE, typed, follow=True).redirect_chain == [(PAGE, 302)]
    assert fields_of(client) == {
        "daily": False, "weekly": True, "four_weekly": False, "quiet_from": "20:00", "quiet_until": "09:30",
    }  # fmt: skip
    client.post(CHOOSE, {})
    assert fields_of(client)["weekly"] is False
    assert fields_of(client)["quiet_from"] == "21:00"


def test_what_cannot_be_is_said_and_kept(cast: Cast, browser_of: Browser) -> None:
    client = browser_of(cast.patient_user)
    answer = client.post(CHOOSE, {"summaries-weekly": "on", "summaries-quiet_from": "25:00"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Error: Preferences" in text
    assert "25:00 is not a time of day" in text
    assert 'value="25:00"' in text
    assert not SummaryPreference.objects.filter(weekly=True).exists()


def test_who_has_not_verified_their_address_is_told(cast: Cast, browser_of: Browser) -> None:
    client = browser_of(cast.patient_user)
    assert "not verified" not in client.get(PAGE).content.decode()
    EmailAddress.objects.filter(user=cast.patient_user).update(verified=False)
    text = client.get(PAGE).content.decode()
    assert "not verified" in text
    assert reverse("account_email") in text


def test_where_nothing_can_be_sent_it_is_said(cast: Cast, browser_of: Browser) -> None:
    client = browser_of(cast.patient_user)
    assert "No mail server" not in client.get(PAGE).content.decode()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
        assert "No mail server" in client.get(PAGE).content.decode()


# --- Sending one on purpose


@pytest.mark.parametrize(
    ("role", "text", "said"),
    [
        ("patient_user", "Send it to me by e-mail", "It is sent to you"),
        ("caregiver", "Send it to me by e-mail", "It is sent to you"),
        ("therapist", "Send it to the patient by e-mail", "Nobody wants this summary by e-mail"),
    ],
)
def test_a_button_sends_it(cast: Cast, browser_of: Browser, now: datetime, role: str, text: str, said: str) -> None:
    summary = of_patient(cast.patient, now=now, version=2)
    client, address = browser_of(cast.user(role)), f"/summaries/{summary.pk}/"
    assert text in client.get(address).content.decode()
    assert text not in client.get(f"{address}versions/1/").content.decode()
    answer = client.post(f"{address}send/", follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert said in answer.content.decode()
    assert SummaryDelivery.objects.count() == (role != "therapist")


def test_where_nothing_can_be_sent_there_is_no_button(cast: Cast, browser_of: Browser, now: datetime) -> None:
    address = f"/summaries/{of_patient(cast.patient, now=now).pk}/"
    client = browser_of(cast.patient_user)
    assert f'action="{address}send/"' in client.get(address).content.decode()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
        assert f'action="{address}send/"' not in client.get(address).content.decode()


def test_a_therapist_sends_it_to_who_wants_it(cast: Cast, browser_of: Browser, now: datetime) -> None:
    summary_preferences.change({"weekly": True}, by=cast.caregiver, now=now)
    summary = of_patient(cast.patient, now=now)
    answer = browser_of(cast.therapist).post(f"/summaries/{summary.pk}/send/", follow=True)
    assert "outside of their quiet hours" in answer.content.decode()
    assert SummaryDelivery.objects.get().recipient == cast.caregiver


# --- The link in an e-mail


def link(user: User, now: datetime, choice: str = "weekly") -> str:
    key = summary_preferences.change({"weekly": True, "daily": True}, by=user, now=now).unsubscribe_key
    return f"/unsubscribe/{key}/{choice}/"


def on(user: User) -> tuple[bool | None, bool | None]:
    found = SummaryPreference.objects.get(user=user)
    return found.daily, found.weekly


def test_opening_the_link_turns_nothing_off(cast: Cast, browser_of: Browser, now: datetime) -> None:
    client, address = browser_of(None), link(cast.patient_user, now)
    for method in (client.get, client.head):
        assert method(address).status_code == 200
    assert on(cast.patient_user) == (True, True)
    assert cast.patient_user.name not in client.get(address).content.decode()


def test_a_button_turns_this_or_everything_off(cast: Cast, browser_of: Browser, now: datetime) -> None:
    client, address = browser_of(None), link(cast.patient_user, now)
    assert "any more" in client.post(address).content.decode()
    assert on(cast.patient_user) == (True, False)
    assert client.post(address, {"everything": "1"}).status_code == 200
    assert on(cast.patient_user) == (False, False)


def test_a_mail_program_does_it_with_one_click(cast: Cast, now: datetime) -> None:
    """RFC 8058: posted without cookies or token, answered without a redirect."""
    client = Client(enforce_csrf_checks=True)
    address = link(cast.patient_user, now)
    answer = client.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert on(cast.patient_user) == (True, False)
    boundary = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    answer = client.post(link(cast.caregiver, now), boundary, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 200
    assert on(cast.caregiver) == (True, False)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_link_is_not_found(cast: Cast, browser_of: Browser, now: datetime, method: str) -> None:
    client, address = browser_of(None), link(cast.patient_user, now)
    wrong = [f"/unsubscribe/{uuid.uuid4()}/weekly/", address.replace("weekly", "hourly"), "/unsubscribe/1/weekly/"]
    assert [getattr(client, method)(path).status_code for path in wrong] == [404, 404, 404]
    assert on(cast.patient_user) == (True, True)
