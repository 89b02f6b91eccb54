"""What analyses read of patients: their series and sessions, for many patients in a fixed number of statements."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rehab.analytics.readings import Day, by_day
from rehab.analytics.series import SetBaseline, Subject
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.models import Patient
from rehab.selectors import baselines, readings
from rehab.selectors.analyses import sessions
from rehab.selectors.analyses.sessions import Session
from rehab.selectors.readings import Series
from rehab.selectors.series import subject_of

_WHAT = frozenset({"method", "muscle", "motion", "site", "side"})
#: Sides are compared, and groups of a limb set against one another, within this many days.
NEAR_DAYS = 7


@dataclass(frozen=True, slots=True)
class Material:
    """One patient's readings up to today, by series key, and sessions; ``baselines`` are those that a clinician set."""

    patient: Patient
    today: date
    series: Mapping[str, Series]
    sessions: tuple[Session, ...] = ()
    baselines: Mapping[str, SetBaseline] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.patient.time_zone)

    @property
    def subject(self) -> Subject:
        return subject_of(self.patient)

    def of(self, kind: str, *measures: str) -> list[Series]:
        """Return the series of a kind, in the order of their keys, that were measured one of these ways."""
        return [
            row
            for _key, row in sorted(self.series.items())
            if row.description.kind == kind and (not measures or row.description.measure in measures)
        ]

    def other_side(self, row: Series) -> Series | None:
        """Return the series that differs from one in nothing but the side."""
        return self.series.get(mirrored(row))


def of_patients(
    patients: Iterable[Patient], *, now: datetime, days: int | None = None, with_sessions: bool = False
) -> list[Material]:
    """Return what there is of patients, of the last ``days`` or of all time, in the order given.

    Whoever asks has made sure that the patients may be seen.
    """
    asked = list(patients)
    ids = [patient.pk for patient in asked]
    since = None if days is None else now.date() - timedelta(days=days)
    found = readings.of_patients(ids, since=since, until=now.date() + timedelta(days=1))
    done: dict[uuid.UUID, list[Session]] = {}
    if with_sessions:
        for session in sessions.done(ids, first=since or date.min, last=now.date() + timedelta(days=1)):
            done.setdefault(session.patient_id, []).append(session)
    set_ones: dict[uuid.UUID, dict[str, SetBaseline]] = {}
    for (patient_id, key), row in baselines.current(ids).items():
        if (baseline := baselines.as_set(row)) is not None:
            set_ones.setdefault(patient_id, {})[key] = baseline
    return [
        Material(
            patient=patient,
            today=sessions.today_of(patient, now=now),
            series={row.key: row for row in found.get(patient.pk, ())},
            sessions=tuple(done.get(patient.pk, ())),
            baselines=set_ones.get(patient.pk, {}),
        )
        for patient in asked
    ]


def how_of(description: SeriesDescription) -> dict[str, str]:
    """Return how a series is measured: everything that must match but what is measured, and on which side."""
    return {name: value for name, value in (*description.fields, *description.how) if name not in _WHAT}


def mirrored(row: Series) -> str:
    """Return the key of the same series on the other side; the key itself if it has no side."""
    side = row.description.side
    if side not in ("left", "right"):
        return row.key
    here = f"|{row.description.code.casefold()}|{side}"
    there = f"|{row.description.code.casefold()}|{'right' if side == 'left' else 'left'}"
    head, found, tail = row.key.partition(here)
    return f"{head}{there}{tail}" if found and tail[:1] in ("", "|") else row.key


def days_of(row: Series) -> tuple[Day, ...]:
    """Return the days of a series: their medians, or of an ordinal scale the last reading of the day."""
    if not row.description.ordinal:
        return by_day(readings=row.readings())
    last = {one.on: one for one in row.measured}
    return tuple(
        Day(on=on, value=one.value, ids=(str(one.id),), raters=frozenset({one.rater})) for on, one in last.items()
    )


def nearest(days: Iterable[Day], *, to: date) -> Day | None:
    """Return the day within a week of another that is nearest to it, of two equally near the later one."""
    near = [day for day in days if abs((day.on - to).days) <= NEAR_DAYS]
    return min(near, key=lambda day: (abs((day.on - to).days), -day.on.toordinal()), default=None)
