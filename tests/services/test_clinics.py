"""The settings of a clinic."""

from datetime import datetime

import pytest

from accounts.models import Event
from rehab.errors import Invalid, NotFound
from rehab.services import clinics
from tests.conftest import Cast


def test_clinic_settings_change_with_an_event(cast: Cast, now: datetime) -> None:
    changed = clinics.change(
        clinic_id=cast.clinic.pk, name="Nord", time_zone="UTC", emergency_number="112", by=cast.admin, now=now
    )
    cast.clinic.refresh_from_db()
    assert (cast.clinic.name, cast.clinic.time_zone, cast.clinic.emergency_number) == ("Nord", "UTC", "112")
    assert Event.objects.get(action="clinic.changed").changes["name"] == "Nord"
    clinics.change(clinic_id=changed.pk, name="Nord", time_zone="UTC", emergency_number="112", by=cast.admin, now=now)
    assert Event.objects.filter(action="clinic.changed").count() == 1
    with pytest.raises(NotFound):
        clinics.change(
            clinic_id=changed.pk, name="X", time_zone="UTC", emergency_number="1", by=cast.therapist, now=now
        )


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "two\nlines"])
def test_a_clinic_name_that_cannot_stand_in_a_subject_line_is_refused(cast: Cast, now: datetime, name: str) -> None:
    with pytest.raises(Invalid):
        clinics.change(
            clinic_id=cast.clinic.pk, name=name, time_zone="UTC", emergency_number="112", by=cast.admin, now=now
        )
