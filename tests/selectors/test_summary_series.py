"""The series of summaries are those of a patient's page, had it been opened when the period was over."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from rehab.analytics import grades, trend
from rehab.analytics.readings import by_day
from rehab.analytics.series import token_of
from rehab.analytics.summaries import SeriesOf
from rehab.models import Patient
from rehab.selectors import baselines, readings, series
from rehab.services import baselines as baseline_services
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document
from tests.selectors.test_states import START, store
from tests.selectors.test_summary_material import of

FIRST = date(2026, 3, 30)
POINTS, WINDOW = 24, 84


def slowly(patient: Patient, *, until: date) -> dict[str, dict[str, Any]]:
    """Return what each series says at the end of a day, from its readings and the plain functions."""
    found = {}
    current = baselines.current([patient.pk])
    known = readings.of_patients([patient.pk], until=until).get(patient.pk, [])
    for one in series.states_of(known, subject=series.subject_of(patient), current=current):
        of_series, change = one.series.description, one.assessed.change
        days = [day for day in by_day(readings=one.series.readings()) if (until - day.on).days <= WINDOW]
        line = trend.theil_sen(readings=one.series.readings(), until=until)
        found[one.token] = {
            "state": change.state,
            "reason": change.reason,
            "n": change.n,
            "baseline": change.baseline,
            "current": change.current,
            "delta": change.delta,
            "threshold": change.threshold_value,
            "row": change.threshold_row_id,
            "points": [
                (day.on, grades.from_rank(rank=day.value) if of_series.ordinal and day.value % 1 == 0 else day.value)
                for day in days
            ][-POINTS:],
            "trend": None
            if of_series.ordinal
            else (line.direction, line.n, line.slope_per_week, line.ci95_low_per_week, line.ci95_high_per_week),
        }
    return found


def quickly(one: SeriesOf) -> dict[str, Any]:
    line = one.trend
    return {
        "state": one.state,
        "reason": one.reason,
        "n": one.n,
        "baseline": one.baseline,
        "current": one.current,
        "delta": one.delta,
        "threshold": one.threshold_value,
        "row": one.threshold_row,
        "points": [(point.on, point.value) for point in one.points],
        "trend": line
        and (line.direction, line.n, line.slope_per_week, line.ci95_low_per_week, line.ci95_high_per_week),
    }


def agree(patient: Patient, first: date) -> None:
    last = first + timedelta(days=6)
    found = of(patient, starts_on=first).series
    now, before = (slowly(patient, until=until) for until in (last, first - timedelta(days=1)))
    assert [one.series for one in found] == [token_of(key) for key in sorted(keys(patient, until=last))]
    for one in found:
        assert without_ordinal_days(quickly(one), one) == without_ordinal_days(now[one.series], one)
        assert one.state_before == (before[one.series]["state"] if one.series in before else None)
        assert one.in_period == (one.last_on >= first)


def without_ordinal_days(said: dict[str, Any], one: SeriesOf) -> dict[str, Any]:
    """Leave out the medians of two grades of a day, which differ: of grades they are taken, not of ranks."""
    return {**said, "points": [on for on, _value in said["points"]]} if one.ordinal else said


def keys(patient: Patient, *, until: date) -> set[str]:
    return {one.key for one in readings.of_patients([patient.pk], until=until).get(patient.pk, [])}


@pytest.mark.parametrize("seed", range(6))
def test_random_readings(cast: Cast, seed: int) -> None:
    store(cast.patient, [cast.therapist, cast.patient_user], rng=Random(seed))
    for week in range(-4, 6):
        agree(cast.patient, FIRST + timedelta(weeks=week))


def test_a_function_without_a_threshold_and_a_repetition_maximum(cast: Cast) -> None:
    for day in (0, 9, 24, 27):
        at = START + timedelta(days=day)
        for kind, variant, more in (
            ("strength", "rm", {"load": {"value": 40 + day, "unit": "kg"}}),
            ("assessments", "function_scale", {"value": 40 + day}),
            ("assessments", "mas", {}),
            ("assessments", "respiratory", {"vital_capacity_ml": 2900 - day}),
        ):
            sent = document(kind, variant, cast.patient.pk, performed_at=at.isoformat(), confirm=True, **more)
            records.create(KINDS[kind], sent, by=cast.therapist, source="api", now=at)
    for week in (-3, -1, 0):
        agree(cast.patient, FIRST + timedelta(weeks=week))


def test_set_baselines(cast: Cast) -> None:
    store(cast.patient, [cast.therapist], rng=Random(8))
    known = readings.of_patients([cast.patient.pk])[cast.patient.pk]
    for one in known:
        if not one.description.visual_estimate:
            value = 4.0 if one.description.ordinal else one.measured[0].value
            sent = {"patient": str(cast.patient.pk), "series": token_of(one.key), "starts_on": "2026-03-10",
                    "value": value, "reason": "relapse"}  # fmt: skip
            baseline_services.set_baseline(sent, by=cast.therapist, now=datetime.fromisoformat("2026-03-10T12:00:00Z"))
    for week in (0, 3, 6):
        agree(cast.patient, FIRST + timedelta(weeks=week))
