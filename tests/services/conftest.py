"""What tests of several services begin with."""

from datetime import datetime

import pytest

from accounts.models import Invitation
from rehab.services import people
from tests.conftest import Cast


@pytest.fixture
def invitation(cast: Cast, now: datetime) -> Invitation:
    """A colleague is invited to the clinic."""
    return people.invite_staff(
        clinic_id=cast.clinic.pk, email="new@clinic.example", role="therapist", language="en", by=cast.admin, now=now
    )
