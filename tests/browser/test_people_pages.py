"""The people pages in a browser: accessible on phone and desktop in both languages, usable without JavaScript."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from accounts import invitations
from accounts.models import Membership, User
from rehab.selectors import people as people_selectors
from rehab.services import clinics, patients, people, tokens
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Featherstonehaugh-Wolfeschlegelsteinhausen Maria del Carmen Concepción de los Ángeles"


def _link(cast: Cast, now: datetime, *, address: str = "aunt.with.a.long.name@subdomain.example.org") -> str:
    invitation = people.invite_caregiver(
        patient_id=cast.patient.pk,
        email=address,
        permissions=["log_records", "amend_records"],
        language="en",
        by=cast.patient_user,
        now=now,
    )
    return f"/invitations/{invitations.token_of(invitation)}/"


def _pages(cast: Cast, now: datetime) -> list[tuple[str, User | None, str]]:
    """Return every page as (name, who, address), with people in every state."""
    link = _link(cast, now)
    patients.enrol({"name": LONG, "conditions": ["stroke", "diabetic_neuropathy"]}, by=cast.therapist, now=now)
    people.invite_staff(
        clinic_id=cast.clinic.pk, email="n@x.example", role="therapist", language="en", by=cast.admin, now=now
    )
    tokens.create(by=cast.patient_user, now=now)
    second = clinics.found(name=LONG, time_zone="UTC", emergency_number="112", by=cast.admin, now=now)
    team = f"/patients/{cast.patient.pk}/care-team/"
    staff = Membership.objects.get(user=cast.colleague)
    key = people_selectors.tokens_of(cast.patient_user).get().token_key
    return [
        ("caseload", cast.therapist, "/dashboard/"),
        ("caseload-empty", cast.colleague, "/dashboard/"),
        ("caseload-none", cast.therapist, "/dashboard/?q=zzz"),
        ("enrol", cast.therapist, "/dashboard/patients/new/"),
        ("enrol-two-clinics", cast.admin, "/dashboard/patients/new/"),
        ("edit", cast.therapist, f"/patients/{cast.patient.pk}/edit/"),
        ("team-patient", cast.patient_user, team),
        ("team-therapist", cast.therapist, team),
        ("team-admin", cast.admin, team),
        ("team-caregiver", cast.caregiver, team),
        ("add", cast.therapist, f"{team}add/"),
        ("invite-patient", cast.therapist, f"{team}invite-patient/"),
        ("invite-caregiver", cast.patient_user, f"{team}invite-caregiver/"),
        ("end-care", cast.patient_user, f"{team}{cast.caregiver.pk}/end/"),
        ("clinic", cast.admin, f"/clinic/?clinic={cast.clinic.pk}"),
        ("clinic-empty", cast.admin, f"/clinic/?clinic={second.pk}"),
        ("clinic-edit", cast.admin, f"/clinic/{cast.clinic.pk}/edit/"),
        ("staff-invite", cast.admin, f"/clinic/{cast.clinic.pk}/invite/"),
        ("membership-end", cast.admin, f"/clinic/{cast.clinic.pk}/staff/{staff.pk}/end/"),
        ("clinic-new", None, "/clinics/new/"),
        ("clinic-new-signed-in", cast.colleague, "/clinics/new/"),
        ("invitation", None, link),
        ("invitation-other", cast.colleague, link),
        ("invitation-unknown", None, "/invitations/nonsense/"),
        ("preferences", cast.patient_user, "/preferences/"),
        ("token-revoke", cast.patient_user, f"/preferences/tokens/{key}/revoke/"),
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    wrong: list[str] = []
    opened: dict[User | None, Page] = {}
    for name, who, address in _pages(cast, now):
        if who not in opened:
            opened[who] = page_as(who, language=language, width=width)
        page = opened[who]
        page.goto(address)
        shoot(page, f"{name}-{width}-{language}")
        wrong += axe_violations(page)
    page = opened[cast.therapist]
    page.goto("/dashboard/patients/new/")
    page.locator("main form button.button").click()
    shoot(page, f"enrol-error-{width}-{language}")
    wrong += axe_violations(page)
    page = opened[cast.patient_user]
    page.goto("/preferences/")
    page.locator("main form").last.locator("button").click()
    shoot(page, f"token-{width}-{language}")
    wrong += axe_violations(page)
    assert wrong == []


def test_an_invitation_is_accepted_without_javascript(cast: Cast, now: datetime, page_as: PageAs) -> None:
    """The form is sent from a page that hides its address; the check against forgery must still let it through."""
    page = page_as(None, javascript=False)
    page.goto(_link(cast, now, address="aunt@x.example"))
    page.get_by_label("Your name").fill("Aunt May")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account and accept").click()
    expect(page.get_by_text("Welcome. The invitation is accepted.")).to_be_visible()


def test_a_lost_race_is_told_without_losing_what_was_typed(cast: Cast, now: datetime, page_as: PageAs) -> None:
    page = page_as(cast.therapist, javascript=False)
    page.goto(f"/patients/{cast.patient.pk}/edit/")
    page.get_by_label("Name", exact=True).fill("Typed by me")
    patients.amend(cast.patient.pk, {"name": "Somebody else's"}, expected_version=1, by=cast.therapist, now=now)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing was saved")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed by me")
    shoot(page, "edit-conflict-360-en")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The changes are saved.")).to_be_visible()
