"""Coming in and leaving: invitations, care teams, memberships."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts import invitations
from accounts.errors import InvitationUnusable
from accounts.models import Invitation, Membership
from rehab.errors import Invalid, NotFound, NotPermitted
from rehab.selectors import caseload
from rehab.selectors import patients as patient_selectors
from rehab.services import patients, people
from tests.conftest import PASSWORD, Cast, make_user


def reason_of(token: str, *, now: datetime) -> str:
    with pytest.raises(InvitationUnusable) as raised:
        invitations.find(token, now=now)
    return raised.value.reason


def test_of_two_people_who_follow_one_link_at_once_one_gets_in(invitation: Invitation, now: datetime) -> None:
    token = invitations.token_of(invitation)
    first, second = make_user("a@x.example", "A"), make_user("b@x.example", "B")
    seen_by_first, seen_by_second = invitations.find(token, now=now), invitations.find(token, now=now)
    people.accept(seen_by_first, by=first, now=now)
    with pytest.raises(InvitationUnusable):
        people.accept(seen_by_second, by=second, now=now)
    assert not Membership.objects.filter(user=second).exists()
    assert reason_of(token, now=now) == "used"


def test_an_invitation_lives_for_fourteen_days(invitation: Invitation, now: datetime) -> None:
    token = invitations.token_of(invitation)
    assert invitations.find(token, now=now + timedelta(days=13, hours=23))
    assert reason_of(token, now=now + timedelta(days=14)) == "expired"


def test_a_link_that_was_altered_is_unknown(invitation: Invitation, now: datetime) -> None:
    token = invitations.token_of(invitation)
    assert reason_of(f"{uuid.uuid4()}:{token.partition(':')[2]}", now=now) == "unknown"
    assert reason_of("nonsense", now=now) == "unknown"


def test_an_accept_that_comes_to_nothing_does_not_use_the_invitation_up(cast: Cast, now: datetime) -> None:
    """The therapist who opens the patient's link by mistake must not spoil it for the patient."""
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    invited = people.invite_patient(
        patient_id=patient.pk, email="new@x.example", language="en", by=cast.therapist, now=now
    )
    with pytest.raises(InvitationUnusable, match="already_on_team"):
        people.accept(invited, by=cast.therapist, now=now)
    with pytest.raises(InvitationUnusable, match="already_a_patient"):
        people.accept(invited, by=cast.patient_user, now=now)
    assert invitations.find(invitations.token_of(invited), now=now)


def test_of_two_invitations_to_one_record_the_second_finds_the_place_taken(cast: Cast, now: datetime) -> None:
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    both = [
        people.invite_patient(patient_id=patient.pk, email=address, language="en", by=cast.therapist, now=now)
        for address in ("one@x.example", "two@x.example")
    ]
    people.accept(both[0], by=make_user("one@x.example", "One"), now=now)
    with pytest.raises(InvitationUnusable, match="place_taken"):
        people.accept(both[1], by=make_user("two@x.example", "Two"), now=now)


def test_who_leaves_cannot_come_back_through_an_invitation_of_their_own(cast: Cast, now: datetime) -> None:
    """A therapist or administrator who leaves may hold links that they made for themselves."""
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    to_record = people.invite_patient(
        patient_id=patient.pk, email="me@x.example", language="en", by=cast.therapist, now=now
    )
    membership = Membership.objects.get(user=cast.therapist, clinic=cast.clinic)
    people.end_membership(clinic_id=cast.clinic.pk, membership_id=membership.pk, by=cast.admin, now=now)
    assert reason_of(invitations.token_of(to_record), now=now) == "withdrawn"


def test_who_leaves_a_care_team_leaves_no_open_door_to_the_record(cast: Cast, now: datetime) -> None:
    patient = patients.enrol({"name": "New"}, by=cast.therapist, now=now).patient
    other = patients.enrol({"name": "Other"}, by=cast.therapist, now=now).patient
    people.add_therapist(patient_id=patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    door, elsewhere = (
        people.invite_patient(patient_id=row.pk, email="me@x.example", language="en", by=cast.therapist, now=now)
        for row in (patient, other)
    )
    people.end_care_role(patient_id=patient.pk, user_id=cast.therapist.pk, by=cast.colleague, now=now)
    assert reason_of(invitations.token_of(door), now=now) == "withdrawn"
    assert invitations.find(invitations.token_of(elsewhere), now=now)


def test_an_administrator_who_leaves_leaves_no_open_invitation(cast: Cast, now: datetime) -> None:
    second = make_user("second@clinic.example", "Second")
    people.accept(
        people.invite_staff(
            clinic_id=cast.clinic.pk, email=second.email, role="clinic_admin", language="en", by=cast.admin, now=now
        ),
        by=second,
        now=now,
    )
    mine = people.invite_staff(
        clinic_id=cast.clinic.pk, email="again@x.example", role="clinic_admin", language="en", by=second, now=now
    )
    place = Membership.objects.get(user=second, role="clinic_admin")
    people.end_membership(clinic_id=cast.clinic.pk, membership_id=place.pk, by=cast.admin, now=now)
    assert reason_of(invitations.token_of(mine), now=now) == "withdrawn"


def test_a_therapist_who_leaves_the_clinic_sees_none_of_its_patients(cast: Cast, now: datetime) -> None:
    membership = Membership.objects.get(user=cast.therapist, clinic=cast.clinic)
    people.end_membership(clinic_id=cast.clinic.pk, membership_id=membership.pk, by=cast.admin, now=now)
    with pytest.raises(NotFound):
        patient_selectors.get(viewer=cast.therapist, patient_id=cast.patient.pk)
    with pytest.raises(NotPermitted):
        caseload.of_therapist(therapist=cast.therapist, wanted=caseload.Wanted(), now=now)


def test_the_last_therapist_and_the_last_administrator_stay(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        people.end_care_role(patient_id=cast.patient.pk, user_id=cast.therapist.pk, by=cast.therapist, now=now)
    only = Membership.objects.get(user=cast.admin, clinic=cast.clinic, role="clinic_admin")
    with pytest.raises(Invalid):
        people.end_membership(clinic_id=cast.clinic.pk, membership_id=only.pk, by=cast.admin, now=now)


def test_an_administrator_manages_the_team_and_sees_nothing_clinical(cast: Cast, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.admin, now=now)
    people.end_care_role(patient_id=cast.patient.pk, user_id=cast.therapist.pk, by=cast.admin, now=now)
    with pytest.raises(NotFound):
        patient_selectors.get(viewer=cast.admin, patient_id=cast.patient.pk)


def test_a_therapist_of_another_clinic_is_not_added(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotFound):
        people.add_therapist(
            patient_id=cast.patient.pk, therapist_id=cast.other_therapist.pk, by=cast.therapist, now=now
        )


@pytest.mark.parametrize("address", ["", "no", "a b@c.example", "x" * 250 + "@clinic.example"])
def test_an_address_that_cannot_be_stored_is_refused(cast: Cast, now: datetime, address: str) -> None:
    with pytest.raises(Invalid):
        people.invite_patient(patient_id=cast.patient.pk, email=address, language="en", by=cast.therapist, now=now)
    with pytest.raises(Invalid), transaction.atomic():
        people.sign_up(email=address, name="Long", password=PASSWORD, language="en")
