"""What the database refuses of check-ins."""

from typing import Any

from django.utils import timezone

from rehab.models import CheckIn
from tests.conftest import Cast


def check_in(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields = {
        "patient": cast.patient,
        "performed_at": now,
        "performed_on": now.date(),
        "recorded_by": cast.therapist,
        "source": "api",
        "details": {},
        "created_digest": "d",
        "created_at": now,
        "updated_at": now,
        **changes,
    }
    return CheckIn.objects.create(**fields)


VIOLATIONS = {
    "check_in_status_known": lambda cast: check_in(
        cast, status="gone", version=2, changed_by=cast.therapist, change_reason="why"
    ),
    "check_in_version_fits_status": lambda cast: check_in(cast, status="amended"),
    "check_in_change_has_reason": lambda cast: check_in(cast, status="amended", version=2, changed_by=cast.therapist),
    "check_in_pain_possible": lambda cast: check_in(cast, pain_max=11),
    "check_in_fatigue_possible": lambda cast: check_in(cast, fatigue=11, fatigue_period="now"),
    "check_in_fatigue_has_period": lambda cast: check_in(cast, fatigue=5),
}
