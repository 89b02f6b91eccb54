"""Registering and enrolling: all of it, or nothing."""

from datetime import datetime

import pytest

from accounts.models import Invitation, User
from rehab.errors import Invalid
from rehab.models import Patient
from rehab.services import registration
from tests.conftest import PASSWORD, Cast


def test_a_clinic_that_cannot_be_founded_leaves_no_account(db: None, now: datetime) -> None:
    with pytest.raises(Invalid):
        registration.register_clinic(
            email="f@x.example",
            name="Founder",
            password=PASSWORD,
            language="en",
            clinic_name="Clinic",
            time_zone="Mars/Olympus",
            emergency_number="112",
            now=now,
        )
    assert not User.objects.exists()


def test_enrolling_twice_enrols_and_invites_once(cast: Cast, now: datetime) -> None:
    document = {"id": "0198c9a0-7a4e-7000-8000-000000000001", "name": "Twice"}
    for _attempt in range(2):
        registration.enrol(document, invite="twice@x.example", language="en", by=cast.therapist, now=now)
    assert Patient.objects.filter(name="Twice").count() == 1
    assert Invitation.objects.filter(email="twice@x.example").count() == 1


def test_an_enrolment_whose_invitation_cannot_be_made_enrols_nobody(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        registration.enrol({"name": "Nobody"}, invite="no address", language="en", by=cast.therapist, now=now)
    assert not Patient.objects.filter(name="Nobody").exists()
