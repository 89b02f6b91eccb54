"""What the services of people refuse, and how an address becomes verified."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from django.core import mail
from django.core.exceptions import ValidationError

from accounts import invitations
from accounts.models import Invitation, Membership, User
from accounts.roles import CareRole
from rehab.errors import Invalid, NotFound, NotPermitted
from rehab.models import CareTeamMember
from rehab.selectors import people as selected_people
from rehab.services import clinics, mailings, people, registration
from tests.conftest import PASSWORD, Cast, make_user


def refused(act: Callable[..., Any], **arguments: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        act(**arguments)
    return [(problem.pointer, problem.code) for problem in raised.value.problems]


def staff_invitation(cast: Cast, address: str, *, now: datetime) -> Invitation:
    return people.invite_staff(
        clinic_id=cast.clinic.pk, email=address, role="therapist", language="en", by=cast.admin, now=now
    )


# --- Whose address it is
def test_an_account_starts_with_its_address_unverified_and_so_without_totp(db: None) -> None:
    user = make_user("Ann.Lee@X.example", "Ann")
    [address] = EmailAddress.objects.filter(user=user)
    assert (address.email, address.primary, address.verified) == ("ann.lee@x.example", True, False)
    with pytest.raises(ValidationError):
        validate_can_add_authenticator(user)


@pytest.mark.parametrize("invited", ["ann@x.example", "ANN@X.example"])
def test_who_comes_by_a_link_to_their_own_address_may_activate_totp(cast: Cast, now: datetime, invited: str) -> None:
    user = make_user("Ann@x.example", "Ann")
    people.accept(staff_invitation(cast, invited, now=now), by=user, now=now)
    [address] = EmailAddress.objects.filter(user=user)
    assert (address.primary, address.verified) == (True, True)
    validate_can_add_authenticator(user)


def test_who_makes_an_account_for_the_invited_address_may_activate_totp(cast: Cast, now: datetime) -> None:
    invitation = staff_invitation(cast, "New@x.example", now=now)
    user = registration.join(invitation, name="New", password=PASSWORD, language="en", now=now)
    validate_can_add_authenticator(user)


def test_a_link_to_another_address_verifies_nothing(cast: Cast, now: datetime) -> None:
    user = make_user("ann@x.example", "Ann")
    people.accept(staff_invitation(cast, "somebody@x.example", now=now), by=user, now=now)
    assert not EmailAddress.objects.get(user=user).verified


def test_an_older_account_without_an_address_row_gets_one(cast: Cast, now: datetime) -> None:
    user = make_user("ann@x.example", "Ann")
    EmailAddress.objects.filter(user=user).delete()
    people.accept(staff_invitation(cast, "ann@x.example", now=now), by=user, now=now)
    assert EmailAddress.objects.get(user=user).verified


# --- What is refused
@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_name_is_1_to_120_characters(db: None, name: str) -> None:
    found = refused(people.sign_up, email="a@x.example", name=name, password=PASSWORD, language="en")
    assert found == [("/name", "out_of_range")]


def test_an_address_has_one_account_in_whatever_letters(db: None) -> None:
    make_user("ann@x.example", "Ann")
    found = refused(people.sign_up, email="ANN@x.example", name="Ann", password=PASSWORD, language="en")
    assert found == [("/email", "in_use")]
    assert EmailAddress.objects.count() == 1


def test_everything_that_is_wrong_with_a_clinic_is_named(cast: Cast, now: datetime) -> None:
    found = refused(clinics.found, name=" ", time_zone="x", emergency_number="1", by=cast.admin, now=now)
    assert [pointer for pointer, _code in found] == ["/clinic_name", "/time_zone", "/emergency_number"]


def test_staff_are_therapists_or_administrators(cast: Cast, now: datetime) -> None:
    invited: dict[str, Any] = {"email": "a@x.example", "language": "en", "by": cast.admin, "now": now}
    assert refused(people.invite_staff, clinic_id=cast.clinic.pk, role="patient", **invited) == [
        ("/role", "unknown_code")
    ]
    with pytest.raises(NotFound):
        people.invite_staff(clinic_id=cast.other_clinic.pk, role="therapist", **invited)


def test_a_patient_who_has_an_account_is_not_invited_again(cast: Cast, now: datetime) -> None:
    found = refused(
        people.invite_patient, patient_id=cast.patient.pk, email="a@x.example", language="en", by=cast.therapist,
        now=now,
    )  # fmt: skip
    assert found == [("/email", "has_account")]


def test_a_caregiver_gets_no_more_than_caregivers_may_have(cast: Cast, now: datetime) -> None:
    invited: dict[str, Any] = {"patient_id": cast.patient.pk, "email": "a@x.example", "language": "en", "now": now}
    found = refused(people.invite_caregiver, permissions=["edit_patient"], by=cast.patient_user, **invited)
    assert found == [("/permissions", "unknown_code")]
    with pytest.raises(NotPermitted):
        people.invite_caregiver(permissions=[], by=cast.therapist, **invited)


def test_nobody_is_on_a_team_twice(cast: Cast, now: datetime) -> None:
    place: dict[str, Any] = {"patient_id": cast.patient.pk, "therapist_id": cast.therapist.pk, "now": now}
    assert refused(people.add_therapist, by=cast.admin, **place) == [("/therapist", "on_team_already")]
    with pytest.raises(NotFound):
        people.add_therapist(by=cast.other_therapist, **place)


def test_a_caregiver_leaves_when_they_want_to(cast: Cast, now: datetime) -> None:
    view = selected_people.care_team_view(viewer=cast.caregiver, patient_id=cast.patient.pk, now=now)
    assert view.ends == {cast.caregiver.pk}
    people.end_care_role(patient_id=cast.patient.pk, user_id=cast.caregiver.pk, by=cast.caregiver, now=now)
    with pytest.raises(NotFound):
        selected_people.care_team_view(viewer=cast.caregiver, patient_id=cast.patient.pk, now=now)


def test_who_ends_whose_place(cast: Cast, now: datetime) -> None:
    """The patient ends a caregiver's place, the team a therapist's; the patient's own place is not ended."""

    def end(user: User, by: User) -> None:
        people.end_care_role(patient_id=cast.patient.pk, user_id=user.pk, by=by, now=now)

    for user, by in (
        (cast.therapist, cast.patient_user),
        (cast.patient_user, cast.patient_user),
        (cast.patient_user, cast.therapist),
        (cast.caregiver, cast.therapist),
        (cast.therapist, cast.caregiver),
    ):
        with pytest.raises(NotPermitted):
            end(user, by)
    with pytest.raises(NotFound):
        end(cast.colleague, cast.therapist)
    end(cast.caregiver, cast.patient_user)
    ended = CareTeamMember.objects.get(patient=cast.patient, user=cast.caregiver)
    assert (ended.ended_at, ended.ended_by, ended.role) == (now, cast.patient_user, CareRole.CAREGIVER)


def test_only_an_administrator_of_the_clinic_ends_a_membership(cast: Cast, now: datetime) -> None:
    membership = Membership.objects.get(user=cast.colleague)
    with pytest.raises(NotFound):
        people.end_membership(clinic_id=cast.clinic.pk, membership_id=membership.pk, by=cast.therapist, now=now)
    with pytest.raises(NotFound):
        people.end_membership(clinic_id=cast.clinic.pk, membership_id=uuid.uuid4(), by=cast.admin, now=now)
    second = clinics.found(name="B", time_zone="UTC", emergency_number="112", by=cast.admin, now=now)
    with pytest.raises(NotFound):
        people.end_membership(clinic_id=second.pk, membership_id=membership.pk, by=cast.admin, now=now)
    membership.refresh_from_db()
    assert membership.ended_at is None


def test_an_invitation_is_withdrawn_by_whoever_manages_it(cast: Cast, now: datetime) -> None:
    invitation = staff_invitation(cast, "a@x.example", now=now)
    with pytest.raises(NotFound):
        people.withdraw_invitation(invitation_id=invitation.pk, by=cast.therapist, now=now)
    people.withdraw_invitation(invitation_id=invitation.pk, by=cast.admin, now=now)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at == now


# --- Registration and e-mail
def test_enrolling_without_an_address_invites_nobody(cast: Cast, now: datetime) -> None:
    before = Invitation.objects.count()
    enrolled = registration.enrol({"name": "Li"}, invite="", language="en", by=cast.therapist, now=now)
    assert enrolled.created
    assert Invitation.objects.count() == before


def test_an_invitation_that_another_worker_sends_is_left_to_it(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both workers have read the same row; the first one claims it."""
    invitation = staff_invitation(cast, "a@x.example", now=now)
    monkeypatch.setattr(invitations, "due_for_sending", lambda *, now: [invitation])
    assert invitations.claim_sending(invitation, now=now)
    assert mailings.send_due_invitations(now=now) == 0
    assert mail.outbox == []
