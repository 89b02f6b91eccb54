"""Mornings against afternoons: whether strength falls within the day."""

import statistics
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Permission
from rehab.analytics import fatigability as formulas
from rehab.analytics.fatigability import MIN_PAIRS, WINDOW_DAYS, Fatigability, Pair, TimedReading
from rehab.analytics.series import thresholds_for, token_of
from rehab.models import Record, StrengthTest
from rehab.selectors import patients
from rehab.selectors.analyses import material
from rehab.selectors.analyses.material import Material
from rehab.selectors.patients import Seen
from rehab.selectors.readings import Measured, Series

#: Ordinal grades have no decrement in percent.
MEASURES = ("hhd", "grip", "pinch")
_CONTEXT = ("hours_since_waking", "hours_since_exercise", "hours_since_anticholinesterase")
#: Hours since waking, since exercise, since the last anticholinesterase; by id of the record.
Contexts = Mapping[str, tuple[float | None, float | None, float | None]]


@dataclass(frozen=True, slots=True)
class MeasuredFatigability:
    """One series of the last 21 days; ``mdc_pct`` is the measurement error of the method in % of the morning.

    ``series`` stands for the series in addresses.
    """

    measure: str
    code: str
    side: str
    unit: str
    how: dict[str, str]
    series: str
    pairs: tuple[Pair, ...]
    result: Fatigability
    mdc_pct: float | None
    threshold_row_id: str | None
    pairs_needed: int
    readings: int
    readings_without_waking_time: int


@dataclass(frozen=True, slots=True)
class DayFatigability:
    seen: Seen
    rows: tuple[MeasuredFatigability, ...]


def of_patient(*, viewer: User, patient_id: uuid.UUID, now: datetime) -> DayFatigability:
    """Return every series of force with readings in the last 21 days. For clinicians."""
    seen = patients.get(viewer=viewer, patient_id=patient_id, to=Permission.VIEW_ANALYSIS)
    # A day more on either side: where the patient lives it may be another date.
    [found] = material.of_patients([seen.patient], now=now, days=WINDOW_DAYS + 1, with_sessions=True)
    return DayFatigability(seen, assessed(found, contexts_of([patient_id], since=found.today)))


def contexts_of(patient_ids: list[uuid.UUID], *, since: date) -> Contexts:
    """Return what is known of the hours before each test of the 21 days up to a day; one statement."""
    rows = (
        StrengthTest.objects.filter(
            patient_id__in=patient_ids,
            method__in=MEASURES,
            series_value__isnull=False,
            performed_on__gte=since - timedelta(days=WINDOW_DAYS),
        )
        .exclude(status=Record.Status.ENTERED_IN_ERROR)
        .values_list("id", "details")
    )
    return {str(record_id): _context(details) for record_id, details in rows}


def _context(details: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    waking, exercise, dose = (details.get(name) for name in _CONTEXT)
    return waking, exercise, dose


def assessed(found: Material, contexts: Contexts) -> tuple[MeasuredFatigability, ...]:
    """Return one row for each series of force with readings in the window, in the order of the series' keys."""
    rows = (_row(found, row, contexts) for row in found.of("strength", *MEASURES))
    return tuple(row for row in rows if row is not None)


def _row(found: Material, row: Series, contexts: Contexts) -> MeasuredFatigability | None:
    recent = [one for one in row.measured if 0 <= (found.today - one.on).days < WINDOW_DAYS]
    if not recent:
        return None
    timed = [_timed(found, one, contexts) for one in recent]
    pairs = formulas.pairs(readings=timed)
    mdc_pct, row_id = _mdc(found, row, recent, pairs)
    what = row.description
    return MeasuredFatigability(
        measure=what.measure,
        code=what.code,
        side=what.side,
        unit=what.unit,
        how=material.how_of(what),
        series=token_of(row.key),
        pairs=pairs,
        result=formulas.assess(readings=timed, until=found.today, mdc_pct=mdc_pct),
        mdc_pct=mdc_pct,
        threshold_row_id=row_id,
        pairs_needed=MIN_PAIRS,
        readings=len(timed),
        readings_without_waking_time=sum(one.woke_at is None for one in timed),
    )


def _timed(found: Material, one: Measured, contexts: Contexts) -> TimedReading:
    waking, exercise, dose = contexts.get(str(one.id), (None, None, None))
    at = one.at.astimezone(found.zone)
    return TimedReading(
        id=str(one.id),
        at=at,
        value=one.value,
        woke_at=None if waking is None else at - timedelta(hours=waking),
        hours_since_exercise=_hours_since_exercise(found, one.at, exercise),
        hours_since_anticholinesterase=dose,
    )


def _hours_since_exercise(found: Material, at: datetime, stated: float | None) -> float | None:
    """Return the shorter of what was stated with the test and what the logged sessions say."""
    logged = [
        max((at - session.ended_at).total_seconds() / 3600, 0.0) for session in found.sessions if session.at <= at
    ]
    return min([*logged, *([] if stated is None else [stated])], default=None)


def _mdc(
    found: Material, row: Series, recent: list[Measured], pairs: tuple[Pair, ...]
) -> tuple[float | None, str | None]:
    """Return the measurement error in % of the median morning, and the row of the table that it comes from."""
    middle = statistics.median([pair.morning for pair in pairs] or [one.value for one in recent])
    threshold, _mcid = thresholds_for(
        description=row.description,
        subject=found.subject,
        same_rater=len({one.rater for one in recent}) == 1,
        interval_days=0,
        baseline=middle,
        low_resolution=False,
    )
    if threshold is None or (not threshold.percent and not middle):
        return None, None
    return threshold.value if threshold.percent else threshold.value / middle * 100, threshold.row_id
