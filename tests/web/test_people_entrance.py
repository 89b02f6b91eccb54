"""Coming in: the link of an invitation, founding a clinic, preferences, keys, language."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from accounts import invitations
from accounts.models import Clinic, Invitation, User
from rehab.selectors import people as people_selectors
from rehab.services import people
from tests.conftest import PASSWORD, Cast

Browser = Callable[[User | None], Client]


@pytest.fixture
def link(cast: Cast, now: datetime) -> str:
    invitation = people.invite_caregiver(
        patient_id=cast.patient.pk,
        email="aunt@x.example",
        permissions=["log_records"],
        language="en",
        by=cast.patient_user,
        now=now,
    )
    return f"/invitations/{invitations.token_of(invitation)}/"


def test_the_page_says_who_invites_into_what(link: str, browser_of: Browser) -> None:
    answer = browser_of(None).get(link)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Pat Ient" in text
    assert "North Clinic" in text
    assert "You may add records." in text
    assert "You may correct records." not in text
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_a_new_account_has_the_address_that_was_invited(cast: Cast, link: str, browser_of: Browser) -> None:
    browser = browser_of(None)
    answer = browser.post(link, {"name": "Aunt", "password": PASSWORD, "email": "other@x.example"})
    assert answer["Location"] == "/"
    user = User.objects.get(name="Aunt")
    assert user.email == "aunt@x.example"
    assert browser.get(f"/patients/{cast.patient.pk}/care-team/").status_code == 200


def test_a_weak_password_is_refused_and_the_name_kept(link: str, browser_of: Browser) -> None:
    answer = browser_of(None).post(link, {"name": "Aunt", "password": "password"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Aunt"' in text
    assert 'value="password"' not in text
    assert not User.objects.filter(name="Aunt").exists()


def test_an_address_that_has_an_account_is_told_to_sign_in(cast: Cast, browser_of: Browser, now: datetime) -> None:
    invitation = people.invite_staff(
        clinic_id=cast.clinic.pk,
        email=cast.other_therapist.email.upper(),
        role="therapist",
        language="en",
        by=cast.admin,
        now=now,
    )
    page = f"/invitations/{invitations.token_of(invitation)}/"
    answer = browser_of(None).post(page, {"name": "X", "password": PASSWORD})
    assert answer.status_code == 422
    assert "There is an account with it already" in answer.content.decode()
    assert "next=/invitations/" in answer.content.decode().replace("%2F", "/")
    assert browser_of(cast.other_therapist).post(page)["Location"] == "/"


def test_another_account_than_the_one_invited_is_asked_first(cast: Cast, link: str, browser_of: Browser) -> None:
    browser = browser_of(cast.colleague)
    assert cast.colleague.email in browser.get(link).content.decode()
    assert browser.post(link).status_code == 422
    assert browser.post(link, {"confirm": "on"})["Location"] == "/"
    assert browser.get(f"/patients/{cast.patient.pk}/care-team/").status_code == 200


def test_a_link_works_once(link: str, browser_of: Browser) -> None:
    browser_of(None).post(link, {"name": "Aunt", "password": PASSWORD})
    answer = browser_of(None).post(link, {"name": "Uncle", "password": PASSWORD})
    assert answer.status_code == 410
    assert "used already" in answer.content.decode()


def test_an_expired_link_says_so(link: str, browser_of: Browser, now: datetime) -> None:
    with time_machine.travel(now + timedelta(days=14, minutes=1), tick=False):
        answer = browser_of(None).get(link)
    assert answer.status_code == 410
    assert "expired" in answer.content.decode()


def test_a_withdrawn_link_says_so(cast: Cast, link: str, browser_of: Browser, now: datetime) -> None:
    invitation = Invitation.objects.get(email="aunt@x.example")
    people.withdraw_invitation(invitation_id=invitation.pk, by=cast.patient_user, now=now)
    answer = browser_of(None).get(link)
    assert answer.status_code == 410
    assert "withdrawn" in answer.content.decode()


def test_an_unknown_link_is_not_found(db: None, browser_of: Browser) -> None:
    assert browser_of(None).get("/invitations/nonsense/").status_code == 404


def test_somebody_on_the_team_is_told_so(cast: Cast, link: str, browser_of: Browser) -> None:
    answer = browser_of(cast.therapist).post(link, {"confirm": "on"})
    assert answer.status_code == 409
    assert "on this care team already" in answer.content.decode()


# --- Founding a clinic ---
FOUND = {
    "name": "Founder",
    "email": "founder@x.example",
    "password": PASSWORD,
    "clinic_name": "West Clinic",
    "time_zone": "Europe/Berlin",
    "emergency_number": "112",
}


def test_anybody_founds_a_clinic_and_is_signed_in(db: None, browser_of: Browser) -> None:
    browser = browser_of(None)
    assert browser.post("/clinics/new/", FOUND)["Location"] == "/clinic/"
    assert "West Clinic" in browser.get("/clinic/").content.decode()


def test_a_clinic_that_cannot_be_keeps_what_was_typed_and_makes_no_account(db: None, browser_of: Browser) -> None:
    answer = browser_of(None).post("/clinics/new/", {**FOUND, "emergency_number": "1"})
    assert answer.status_code == 422
    assert 'value="West Clinic"' in answer.content.decode()
    assert not User.objects.exists()


def test_somebody_signed_in_founds_only_the_clinic(cast: Cast, browser_of: Browser) -> None:
    typed = {name: FOUND[name] for name in ("clinic_name", "time_zone", "emergency_number")}
    browser = browser_of(cast.colleague)
    assert browser.post("/clinics/new/", typed)["Location"] == "/clinic/"
    assert browser.get("/clinic/").status_code == 200


def test_registration_can_be_closed(db: None, browser_of: Browser, settings: Settings) -> None:
    settings.CLINIC_REGISTRATION_OPEN = False
    assert browser_of(None).post("/clinics/new/", FOUND).status_code == 404
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("is_open", [True, False])
def test_the_sign_in_page_leads_to_registration_while_it_is_open(
    db: None, browser_of: Browser, settings: Settings, is_open: bool
) -> None:
    settings.CLINIC_REGISTRATION_OPEN = is_open
    text = browser_of(None).get("/accounts/login/").content.decode()
    assert ('href="/clinics/new/"' in text) is is_open
    assert "– Rehab log</title>" in text


def test_a_page_of_allauth_has_the_navigation_and_the_emergency_number(cast: Cast, browser_of: Browser) -> None:
    text = browser_of(cast.therapist).get("/accounts/logout/").content.decode()
    assert 'href="/dashboard/"' in text
    assert "In an emergency call 120." in text


# --- Preferences ---
def test_preferences_are_kept_and_the_page_speaks_the_new_language(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    typed = {
        "name": "Pat",
        "language": "zh-hans",
        "force_unit": "kgf",
        "length_unit": "in",
        "mass_unit": "lb",
        "time_zone": "Asia/Shanghai",
    }
    assert browser.post("/preferences/", typed)["Location"] == "/preferences/"
    cast.patient_user.refresh_from_db()
    assert {name: getattr(cast.patient_user, name) for name in typed} == typed
    assert 'lang="zh-hans"' in browser.get("/preferences/").content.decode()


@pytest.mark.parametrize(("field", "value"), [("language", "xx"), ("time_zone", "Mars/Olympus"), ("name", " ")])
def test_preferences_that_cannot_be_are_refused(cast: Cast, browser_of: Browser, field: str, value: str) -> None:
    typed = {
        "name": "Pat",
        "language": "en",
        "force_unit": "N",
        "length_unit": "cm",
        "mass_unit": "kg",
        "time_zone": "UTC",
    }
    answer = browser_of(cast.patient_user).post("/preferences/", {**typed, field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_key_is_shown_once_works_and_is_revoked(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.patient_user)
    made = browser.post("/preferences/tokens/")
    token = made.context["token"]
    assert made.status_code == 201
    assert "no-store" in made["Cache-Control"]
    assert token not in browser.get("/preferences/").content.decode()
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code == 200
    key = people_selectors.tokens_of(cast.patient_user).get().token_key
    page = f"/preferences/tokens/{key}/revoke/"
    for stranger in (cast.therapist, cast.caregiver):
        assert browser_of(stranger).get(page).status_code == 404
        assert browser_of(stranger).post(page).status_code == 404
    assert browser.post(page)["Location"] == "/preferences/"
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code == 401


def test_the_language_is_kept_with_the_account(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(cast.therapist).post("/language/", {"language": "zh-hans", "next": "/dashboard/?q=a"})
    assert answer["Location"] == "/dashboard/?q=a"
    cast.therapist.refresh_from_db()
    assert cast.therapist.language == "zh-hans"


def test_the_language_is_kept_in_a_cookie_for_others(db: None, browser_of: Browser) -> None:
    browser = browser_of(None)
    browser.post("/language/", {"language": "zh-hans", "next": "/clinics/new/"})
    assert browser.get("/clinics/new/")["Content-Language"] == "zh-hans"


def test_a_language_that_is_not_offered_is_refused(db: None, browser_of: Browser) -> None:
    assert browser_of(None).post("/language/", {"language": "xx"}).status_code == 400
