"""What a person is, and what an administrator, a therapist and a team see of people."""

import uuid
from datetime import datetime

import pytest

from accounts.models import User
from rehab.errors import NotFound, NotPermitted
from rehab.selectors import people
from rehab.services import people as people_services
from tests.conftest import Cast, make_user


def test_what_a_person_is(cast: Cast) -> None:
    found = {
        name: people.places_of(cast.user(name))
        for name in ("patient_user", "caregiver", "therapist", "admin", "other_therapist")
    }
    assert [name for name, places in found.items() if places.is_patient] == ["patient_user"]
    assert [name for name, places in found.items() if places.is_caregiver] == ["caregiver"]
    assert [name for name, places in found.items() if places.is_therapist] == ["therapist", "admin", "other_therapist"]
    assert [name for name, places in found.items() if places.administers] == ["admin", "other_therapist"]
    assert {places.emergency_number for places in found.values()} == {"120"}
    assert people.places_of(make_user("nobody@x.example", "Nobody")).emergency_number == ""


def test_an_administrator_sees_their_own_clinics_only(cast: Cast, now: datetime) -> None:
    view = people.clinic_view(by=cast.admin, clinic_id=None, now=now)
    assert (view.clinic, view.administered) == (cast.clinic, [cast.clinic])
    assert [(row.name, row.therapists) for row in view.roster] == [("Pat Ient", ["Therapist"])]
    with pytest.raises(NotFound):
        people.clinic_view(by=cast.admin, clinic_id=cast.other_clinic.pk, now=now)
    with pytest.raises(NotPermitted):
        people.clinic_view(by=cast.therapist, clinic_id=cast.clinic.pk, now=now)


def test_a_membership_is_seen_by_the_administrator_of_its_clinic(cast: Cast) -> None:
    membership = people.staff(cast.clinic).get(user=cast.colleague)
    assert people.membership_of(by=cast.admin, clinic_id=cast.clinic.pk, membership_id=membership.pk) == membership
    for by, clinic, wanted in (
        (cast.admin, cast.clinic, uuid.uuid4()),
        (cast.therapist, cast.clinic, membership.pk),
        (cast.other_therapist, cast.other_clinic, membership.pk),
    ):
        with pytest.raises(NotFound):
            people.membership_of(by=by, clinic_id=clinic.pk, membership_id=wanted)


def test_what_each_may_do_to_a_team(cast: Cast, now: datetime) -> None:
    view = people.care_team_view(viewer=cast.patient_user, patient_id=cast.patient.pk, now=now)
    assert [member.role for member in view.members] == ["patient", "caregiver", "therapist"]
    assert (view.ends, view.may_invite_caregiver, view.candidates) == (
        frozenset({cast.caregiver.pk}),
        True,
        list[User](),
    )
    view = people.care_team_view(viewer=cast.therapist, patient_id=cast.patient.pk, now=now)
    assert (view.ends, view.may_edit_patient, view.may_invite_patient) == (frozenset(), True, False)
    assert set(view.candidates) == {cast.admin, cast.colleague}
    people_services.add_therapist(
        patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now
    )
    view = people.care_team_view(viewer=cast.admin, patient_id=cast.patient.pk, now=now)
    assert (view.role, view.ends) == ("", frozenset({cast.therapist.pk, cast.colleague.pk}))
    view = people.care_team_view(viewer=cast.caregiver, patient_id=cast.patient.pk, now=now)
    assert (view.may_manage, view.ends) == (False, frozenset({cast.caregiver.pk}))
    for viewer, patient_id in ((cast.other_therapist, cast.patient.pk), (cast.admin, uuid.uuid4())):
        with pytest.raises(NotFound):
            people.care_team_view(viewer=viewer, patient_id=patient_id, now=now)


def test_where_one_may_enrol(cast: Cast) -> None:
    assert people.clinics_to_enrol_in(cast.therapist) == [cast.clinic]
    with pytest.raises(NotPermitted):
        people.clinics_to_enrol_in(cast.patient_user)
