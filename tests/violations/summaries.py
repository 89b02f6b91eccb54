"""What the database refuses of summaries, their versions, e-mails, and runs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from rehab.models import Summary, SummaryDelivery, SummaryPreference, SummaryRun, SummaryVersion, WeekTotal
from tests.conftest import Cast

MONDAY = date(2026, 3, 2)


def summary(cast: Cast, **changes: Any) -> Summary:
    fields: dict[str, Any] = {
        "audience": "patient", "clinic": cast.clinic, "patient": cast.patient, "period": "week", "starts_on": MONDAY,
        "ends_on": MONDAY + timedelta(days=6), "time_zone": "UTC", "due_at": timezone.now(), **changes,
    }  # fmt: skip
    return Summary.objects.create(**fields)


def of_therapist(cast: Cast, **changes: Any) -> Summary:
    return summary(cast, **{"audience": "therapist", "patient": None, "therapist": cast.therapist, **changes})


def of_clinic(cast: Cast, **changes: Any) -> Summary:
    return summary(cast, **{"audience": "clinic", "patient": None, "period": "month", **changes})


def version(cast: Cast, **changes: Any) -> SummaryVersion:
    now = timezone.now()
    fields: dict[str, Any] = {
        "version": 1, "schema_version": 1, "payload": {}, "computed_at": now, "replaced_at": now, **changes,
    }  # fmt: skip
    return SummaryVersion.objects.create(**{"summary": fields.pop("summary", None) or summary(cast), **fields})


def delivery(cast: Cast, **changes: Any) -> SummaryDelivery:
    now = timezone.now()
    fields: dict[str, Any] = {
        "summary_version": 1, "recipient": cast.patient_user, "created_at": now, "send_after": now, **changes,
    }  # fmt: skip
    return SummaryDelivery.objects.create(**{"summary": fields.pop("summary", None) or summary(cast), **fields})


def total(cast: Cast) -> WeekTotal:
    counts = ("records", "measurements", "check_ins", "sessions", "sessions_completed", "active_days")
    return WeekTotal.objects.create(
        patient=cast.patient, starts_on=MONDAY, computed_at=timezone.now(), **dict.fromkeys(counts, 0)
    )


def run(**changes: Any) -> SummaryRun:
    now = timezone.now()
    return SummaryRun.objects.create(**{"period": "week", "total": 2, "started_at": now, "updated_at": now, **changes})


def twice(make: Callable[..., Any], cast: Cast, **fields: Any) -> None:
    make(cast, **fields)
    make(cast, **fields)


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "summary_once_per_patient": lambda cast: twice(summary, cast),
    "summary_once_per_therapist": lambda cast: twice(of_therapist, cast),
    "summary_once_per_clinic": lambda cast: twice(of_clinic, cast),
    "summary_has_its_subject": lambda cast: summary(cast, therapist=cast.therapist),
    "summary_period_known": lambda cast: summary(cast, period="year"),
    "summary_ends_after_start": lambda cast: summary(cast, ends_on=MONDAY - timedelta(days=1)),
    "summary_computed_has_payload": lambda cast: summary(cast, status="computed", version=1, payload={}),
    "summary_stale_since_a_time": lambda cast: summary(
        cast, status="stale", version=1, payload={}, computed_at=timezone.now()
    ),
    "summary_version_once": lambda cast: twice(version, cast, summary=summary(cast)),
    "summary_version_from_one": lambda cast: version(cast, version=0),
    "summary_delivery_once": lambda cast: twice(delivery, cast, summary=summary(cast)),
    "summary_delivery_dropped_for_a_reason": lambda cast: delivery(cast, drop_reason="left"),
    "summary_delivery_resent_by_someone": lambda cast: delivery(cast, resend=1),
    "summary_quiet_hours_whole": lambda cast: SummaryPreference.objects.create(
        user=cast.patient_user, quiet_from="22:00", updated_at=timezone.now()
    ),
    "week_total_once": lambda cast: twice(total, cast),
    "summary_run_not_more_than_all": lambda _cast: run(done=2, failed=1),
}
