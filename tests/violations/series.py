"""What the database refuses of baselines."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from rehab.models import SeriesBaseline
from tests.conftest import Cast


def baseline(cast: Cast, **changes: Any) -> SeriesBaseline:
    now = timezone.now()
    fields = {
        "patient": cast.patient, "series_key": "k", "starts_on": now.date(), "reason": "start",
        "set_by": cast.therapist, "set_at": now, "created_digest": "d", **changes,
    }  # fmt: skip
    return SeriesBaseline.objects.create(**fields)


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "baseline_one_current_per_series": lambda cast: [baseline(cast), baseline(cast)],
    "baseline_reason_known": lambda cast: baseline(cast, reason="whim"),
    "baseline_ended_by_someone": lambda cast: baseline(cast, ended_at=timezone.now()),
}
