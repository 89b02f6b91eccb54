"""Each people page for each role: who gets in, who is told it is not there."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, User
from tests.conftest import Cast

Browser = Callable[[User | None], Client]

ROLES = ["patient_user", "caregiver", "therapist", "colleague", "admin", "other_therapist"]
NOWHERE = uuid.UUID("0198c9a0-7a4e-7000-8000-00000000dead")

#: Who gets which answer; a role that is not named gets the ``else`` one.
PAGES: dict[str, dict[str, int]] = {
    "/dashboard/": {"patient_user": 403, "caregiver": 403, "else": 200},
    "/dashboard/patients/new/": {"patient_user": 403, "caregiver": 403, "else": 200},
    "/patients/{patient}/edit/": {"therapist": 200, "patient_user": 403, "caregiver": 403, "else": 404},
    "/patients/{patient}/care-team/": {"colleague": 404, "other_therapist": 404, "else": 200},
    "/patients/{patient}/care-team/add/": {
        "therapist": 200, "admin": 200, "patient_user": 403, "caregiver": 403, "else": 404,
    },
    "/patients/{patient}/care-team/invite-patient/": {
        "therapist": 200, "admin": 403, "patient_user": 403, "caregiver": 403, "else": 404,
    },
    "/patients/{patient}/care-team/invite-caregiver/": {
        "patient_user": 200, "therapist": 403, "admin": 403, "caregiver": 403, "else": 404,
    },
    "/patients/{patient}/care-team/{carer}/end/": {
        "patient_user": 200, "therapist": 403, "admin": 403, "caregiver": 200, "else": 404,
    },
    "/clinic/": {"admin": 200, "other_therapist": 200, "else": 403},
    "/clinic/?clinic={clinic}": {"admin": 200, "other_therapist": 404, "else": 403},
    "/clinic/{clinic}/edit/": {"admin": 200, "else": 404},
    "/clinic/{clinic}/invite/": {"admin": 200, "else": 404},
    "/clinic/{clinic}/staff/{membership}/end/": {"admin": 200, "else": 404},
    "/clinics/new/": {"else": 200},
    "/preferences/": {"else": 200},
}  # fmt: skip


def address(page: str, cast: Cast) -> str:
    membership = Membership.objects.get(user=cast.colleague)
    return page.format(
        patient=cast.patient.pk, carer=cast.caregiver.pk, clinic=cast.clinic.pk, membership=membership.pk
    )


@pytest.mark.parametrize("page", PAGES)
def test_each_role_gets_its_answer(cast: Cast, browser_of: Browser, page: str) -> None:
    url = address(page, cast)
    answers = {role: browser_of(cast.user(role)).get(url).status_code for role in ROLES}
    assert answers == {role: PAGES[page].get(role, PAGES[page]["else"]) for role in ROLES}


@pytest.mark.parametrize("page", [page for page in PAGES if page != "/clinics/new/"])
def test_nobody_is_asked_to_sign_in(cast: Cast, browser_of: Browser, page: str) -> None:
    answer = browser_of(None).get(address(page, cast))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("role", ROLES)
def test_ids_that_do_not_exist_look_like_ids_of_others(cast: Cast, browser_of: Browser, role: str) -> None:
    browser = browser_of(cast.user(role))
    for end in ("edit/", "care-team/", "care-team/add/", f"care-team/{cast.caregiver.pk}/end/"):
        assert browser.get(f"/patients/{NOWHERE}/{end}").status_code == 404
        if role != "other_therapist":
            assert browser.get(f"/patients/{cast.other_patient.pk}/{end}").status_code == 404


@pytest.mark.parametrize("given", ["", "x", "1", str(NOWHERE)])
def test_a_clinic_that_is_not_there_is_not_found(cast: Cast, browser_of: Browser, given: str) -> None:
    assert browser_of(cast.admin).get("/clinic/", {"clinic": given}).status_code == 404


def test_the_clinics_page_tells_people_and_nothing_clinical(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    edit = f"/patients/{cast.patient.pk}/edit/"
    browser.post(edit, {**shown(browser, edit), "conditions": ["stroke"]})
    for page in ("/clinic/", f"/patients/{cast.patient.pk}/care-team/"):
        text = browser_of(cast.admin).get(page).content.decode()
        assert "Pat Ient" in text
        assert "Therapist" in text
        for clinical in ("Stroke", "stroke", "1970", f'href="/patients/{cast.patient.pk}/"'):
            assert clinical not in text


def shown(browser: Client, page: str) -> dict[str, object]:
    """Return what a form shows, as a browser would send it."""
    form = browser.get(page).context["form"]
    return {field.name: field.value() for field in form if field.value() not in (None, "", [])}
