"""The sessions that analyses count: done, at least in part, and not entered in error."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rehab.models import ExerciseSession, Patient, Record


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    patient_id: UUID
    at: datetime
    on: date
    modality: str
    minutes: float | None
    details: dict[str, Any]
    derived: dict[str, Any]

    @property
    def ended_at(self) -> datetime:
        """When it was over; when it began, if its duration is not known."""
        return self.at + timedelta(minutes=self.minutes or 0)


def done(patient_ids: Iterable[UUID], *, first: date, last: date) -> Iterator[Session]:
    """Yield the sessions of patients from day to day, both included, in order of time; one statement."""
    rows = (
        ExerciseSession.objects.filter(patient_id__in=list(patient_ids), performed_on__range=(first, last))
        .exclude(status=Record.Status.ENTERED_IN_ERROR)
        .exclude(session_status="skipped")
        .order_by("performed_at", "id")
        .values_list(
            "id", "patient_id", "performed_at", "performed_on", "modality", "duration_minutes", "details", "derived"
        )
    )
    for record_id, *columns in rows:
        yield Session(str(record_id), *columns)


def today_of(patient: Patient, *, now: datetime) -> date:
    """Return the date in the patient's own time zone."""
    return now.astimezone(ZoneInfo(patient.time_zone)).date()


def mondays(*, today: date, weeks: int) -> tuple[date, ...]:
    """Return the Mondays of the running week and those before it, ``weeks`` of them, oldest first.

    >>> [str(day) for day in mondays(today=date(2026, 3, 4), weeks=2)]
    ['2026-02-23', '2026-03-02']
    """
    this = today - timedelta(days=today.weekday())
    return tuple(this - timedelta(weeks=back) for back in reversed(range(weeks)))
