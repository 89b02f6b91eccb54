"""A patient's series with their states, and one series in full: readings by day, state, trend."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from accounts.models import User
from accounts.roles import Permission
from rehab.analytics import trend
from rehab.analytics.readings import Day, by_day
from rehab.analytics.series import Assessed, Subject, assessed, token_of
from rehab.analytics.trend import Steps, Trend
from rehab.errors import NotFound, NotPermitted
from rehab.models import Measurement, Patient, SeriesBaseline
from rehab.selectors import baselines, patients, readings
from rehab.selectors.patients import Seen
from rehab.selectors.prepared import Prepared
from rehab.selectors.readings import Series


@dataclass(frozen=True, slots=True)
class SeriesState:
    """One series with its state; ``baseline`` is what a clinician set, if anybody did."""

    series: Series
    assessed: Assessed
    baseline: SeriesBaseline | None

    @property
    def token(self) -> str:
        return token_of(self.series.key)


@dataclass(frozen=True, slots=True)
class SeriesTrend:
    """A series in full. An ordinal one has steps in place of slopes."""

    seen: Seen
    state: SeriesState
    days: tuple[Day, ...]
    twelve_weeks: Trend | Steps
    all_time: Trend | Steps


def subject_of(patient: Patient) -> Subject:
    """Return what the choice of a threshold needs to know of a patient."""
    return Subject(conditions=frozenset(patient.conditions), dominant_hand=patient.dominant_hand)


def states_of(found: Iterable[Series], *, subject: Subject, current: baselines.Current) -> list[SeriesState]:
    """Return the series of one patient with their states, in the order given."""
    answer = []
    for series in found:
        baseline = current.get((series.patient_id, series.key))
        state = assessed(
            description=series.description,
            readings=series.readings(),
            subject=subject,
            set_baseline=baselines.as_set(baseline),
        )
        answer.append(SeriesState(series, state, baseline))
    return answer


def of_patient(*, viewer: User, patient_id: uuid.UUID) -> tuple[Seen, list[SeriesState]]:
    """Return every series of a patient whom the viewer sees, what was measured last first; else ``NotFound``."""
    seen = patients.get(viewer=viewer, patient_id=patient_id)
    found = readings.of_patients([patient_id]).get(patient_id, [])
    states = states_of(found, subject=subject_of(seen.patient), current=baselines.current([patient_id]))
    return seen, sorted(states, key=lambda one: (-one.series.measured[-1].at.timestamp(), one.series.key))


@cache
def _one(model: type[Measurement]) -> Prepared:
    """The patient as the viewer sees them, the baseline of the series that holds now, and its readings."""
    baseline = SeriesBaseline.objects.filter(patient_id=OuterRef("patient_id"), series_key="", ended_at__isnull=True)
    return Prepared(
        lambda: (
            patients.seen_rows()
            .annotate(baseline_id=Subquery(baseline.values("pk")[:1]), rows=readings.OfOuterPatient(model))
            .values_list(*patients.SEEN_COLUMNS, "baseline_id", "rows")
        ),
        SeriesBaseline._meta.get_field("series_key"),
        Measurement._meta.get_field("series_key"),
        *patients.SEEN_FIELDS,
    )


def _read(viewer: User, patient_id: uuid.UUID, key: str) -> tuple[Seen, SeriesBaseline | None, Series]:
    model = readings.model_of(key)
    if model is None:
        patients.get(viewer=viewer, patient_id=patient_id)
        raise NotFound
    row = _one(model).first(key, key, viewer.pk, patient_id)
    if row is None:
        raise NotFound
    seen = patients.seen_of(row)
    if not seen.may(Permission.VIEW_RECORDS):
        raise NotPermitted
    baseline_id, rows = row
    found = readings.from_rows(rows, patient_id=patient_id, key=key)
    if found is None:
        raise NotFound
    return seen, baselines.by_id(baseline_id) if baseline_id else None, found


def trend_of(*, viewer: User, patient_id: uuid.UUID, key: str, now: datetime) -> SeriesTrend:
    """Return one series of a patient in full; ``NotFound`` if the patient or the series is not there.

    The window of twelve weeks ends today, in the patient's own time zone.
    """
    seen, baseline, found = _read(viewer, patient_id, key)
    today = now.astimezone(ZoneInfo(seen.patient.time_zone)).date()
    every = found.readings()
    measured = () if found.description.visual_estimate else every
    days = by_day(readings=measured)
    change = assessed(
        description=found.description,
        readings=every,
        subject=subject_of(seen.patient),
        set_baseline=baselines.as_set(baseline),
        days=days,
    )
    ever = max(today, found.measured[-1].on)

    twelve_weeks: Trend | Steps
    all_time: Trend | Steps
    if found.description.ordinal:
        twelve_weeks = trend.ordinal_steps(readings=measured, until=today)
        all_time = trend.ordinal_steps(readings=measured, until=ever, window_days=None)
    else:
        twelve_weeks, all_time = trend.theil_sen_recent_and_ever(days=days, today=today, ever=ever)
    return SeriesTrend(
        seen=seen,
        state=SeriesState(found, change, baseline),
        days=days,
        twelve_weeks=twelve_weeks,
        all_time=all_time,
    )
