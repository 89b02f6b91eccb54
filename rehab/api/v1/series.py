"""Series and trends over HTTP: what may be compared, its state against the baseline, how fast it changes."""

import uuid
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Literal

from django.urls import path
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.analytics.series import key_of
from rehab.analytics.trend import Steps, Trend
from rehab.api import queries, schema
from rehab.api.queries import Query
from rehab.api.views import ApiView
from rehab.errors import NotFound
from rehab.models import SeriesBaseline
from rehab.reference.thresholds import Threshold
from rehab.selectors import patients
from rehab.selectors import series as series_selectors
from rehab.selectors.series import SeriesState

State = Literal["insufficient_data", "improved", "declined", "stable", "provisional_improved", "provisional_declined"]


class SeriesQuery(Query):
    patient: uuid.UUID


class TrendQuery(Query):
    patient: uuid.UUID
    series: Annotated[str, Field(max_length=3000, description="The series, as `series` names it in the list.")]


class ThresholdAnswer(BaseModel):
    """The row of published or conventional thresholds that was applied, with who was studied and where it is from."""

    row_id: str
    value: float
    unit: str
    kind: str
    population: str
    source: str
    note: str


class StateAnswer(BaseModel):
    """State against the baseline, ``delta`` above 0 being better (of a girth: larger); values in ``unit``."""

    state: State
    reason: str | None
    n: int
    first_on: date | None
    last_on: date | None
    unit: str
    baseline: float | None
    current: float | None
    delta: float | None
    delta_pct: float | None
    same_rater: bool | None
    threshold_value: float | None
    threshold: ThresholdAnswer | None
    mcid: Literal["not_assessed", "below", "possible_within_error", "reached", "reached_error_unknown"]
    mcid_threshold: ThresholdAnswer | None
    ids: list[uuid.UUID]
    excluded_ids: list[uuid.UUID]
    method: str


class SetBy(BaseModel):
    id: uuid.UUID
    name: str


class BaselineAnswer(BaseModel):
    """A baseline that a clinician set; without a value the first readings from that day on count."""

    id: uuid.UUID
    patient: uuid.UUID
    series: str
    series_key: str
    starts_on: date
    value: float | None
    reason: Literal["start", "surgery", "relapse"]
    note: str
    set_by: SetBy
    set_at: AwareDatetime
    ended_by: SetBy | None
    ended_at: AwareDatetime | None
    version: int


class LatestAnswer(BaseModel):
    on: date
    value: float
    ids: list[uuid.UUID]


class SeriesAnswer(BaseModel):
    """Readings of one patient that may be compared. Values are in ``unit``; ``n`` counts days."""

    series: str
    series_key: str
    kind: str
    measure: str
    code: str
    name: str
    side: str
    how: dict[str, str]
    unit: str
    better: Literal["higher", "lower"]
    ordinal: bool
    n: int
    readings: int
    first_on: date
    last_on: date
    latest: LatestAnswer
    state: StateAnswer
    baseline: BaselineAnswer | None


class SeriesList(BaseModel):
    results: list[SeriesAnswer]


class StepAnswer(BaseModel):
    on: date
    before: float
    after: float


class TrendAnswer(BaseModel):
    """Theil–Sen slope per week in ``unit`` with its 95 % interval; an ordinal series has steps instead."""

    direction: Literal["up", "down", "no_clear_trend", "insufficient"] | None
    n: int
    first_on: date | None
    last_on: date | None
    slope_per_week: float | None
    intercept: float | None
    ci95_low_per_week: float | None
    ci95_high_per_week: float | None
    mann_kendall_s: int | None
    mann_kendall_sign: Literal[-1, 0, 1] | None
    steps: list[StepAnswer] | None
    method: str


class SeriesTrendAnswer(SeriesAnswer):
    """Each day holds the median of its readings and their ids; a window's inputs are the days from first to last."""

    days: list[LatestAnswer]
    twelve_weeks: TrendAnswer
    all_time: TrendAnswer


def _threshold(row: Threshold | None) -> dict[str, Any] | None:
    if row is None:
        return None
    language = get_language() or "en"
    return {
        "row_id": row.row_id,
        "value": row.value,
        "unit": row.unit,
        "kind": row.kind,
        "population": row.population(language),
        "source": row.source,
        "note": row.note(language),
    }


_STATE = (
    "state", "reason", "n", "first_on", "last_on", "unit", "baseline", "current", "delta", "delta_pct", "same_rater",
    "threshold_value", "mcid", "ids", "excluded_ids", "method",
)  # fmt: skip


def represent_state(found: SeriesState) -> dict[str, Any]:
    change = found.assessed.change
    return {
        **{name: getattr(change, name) for name in _STATE},
        "threshold": _threshold(found.assessed.threshold),
        "mcid_threshold": _threshold(found.assessed.mcid),
    }


def represent_baseline(row: SeriesBaseline, token: str) -> dict[str, Any]:
    ended_by = row.ended_by
    return {
        "id": row.pk,
        "patient": row.patient_id,
        "series": token,
        "series_key": row.series_key,
        "starts_on": row.starts_on,
        "value": row.value,
        "reason": row.reason,
        "note": row.note,
        "set_by": {"id": row.set_by_id, "name": row.set_by.name},
        "set_at": row.set_at,
        "ended_by": {"id": ended_by.pk, "name": ended_by.name} if ended_by else None,
        "ended_at": row.ended_at,
        "version": row.version,
    }


def represent(found: SeriesState) -> dict[str, Any]:
    series, description = found.series, found.series.description
    return {
        "series": found.token,
        "series_key": series.key,
        "kind": description.kind,
        "measure": description.measure,
        "code": description.code,
        "name": description.name(get_language() or "en"),
        "side": description.side,
        "how": dict(description.how),
        "unit": description.unit,
        "better": description.better,
        "ordinal": description.ordinal,
        "n": series.days,
        "readings": len(series.measured),
        "first_on": series.measured[0].on,
        "last_on": series.measured[-1].on,
        "latest": series.latest,
        "state": represent_state(found),
        "baseline": represent_baseline(found.baseline, found.token) if found.baseline else None,
    }


_TREND = tuple(field.name for field in fields(Trend) if field.name != "ids")


def _trend(found: Trend | Steps) -> Mapping[str, Any]:
    if isinstance(found, Trend):
        values = {name: getattr(found, name) for name in _TREND}
        s = found.mann_kendall_s
        return {**values, "mann_kendall_sign": None if s is None else (s > 0) - (s < 0), "steps": None}
    return {
        "direction": None,
        "n": found.n,
        "first_on": found.first_on,
        "last_on": found.last_on,
        "slope_per_week": None,
        "intercept": None,
        "ci95_low_per_week": None,
        "ci95_high_per_week": None,
        "mann_kendall_s": found.mann_kendall_s,
        "mann_kendall_sign": found.sign,
        "steps": [{"on": on, "before": before, "after": after} for on, before, after in found.steps],
        "method": found.method,
    }


class SeriesOfPatient(ApiView):
    @extend_schema(
        tags=["series"],
        operation_id="series_list",
        parameters=schema.parameters_of(SeriesQuery),
        responses={200: SeriesList, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Every series of a patient with its state, what was measured last first. Not paged: a patient has few."""
        query = queries.read(SeriesQuery, request)
        _seen, found = series_selectors.of_patient(viewer=self.user(), patient_id=query.patient)
        return Response({"results": [represent(one) for one in found]})


class TrendOfSeries(ApiView):
    @extend_schema(
        tags=["series"],
        operation_id="trends_read",
        parameters=schema.parameters_of(TrendQuery),
        responses={200: SeriesTrendAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(TrendQuery, request)
        try:
            key = key_of(query.series)
        except ValueError:
            patients.get(viewer=self.user(), patient_id=query.patient)
            raise NotFound from None
        found = series_selectors.trend_of(viewer=self.user(), patient_id=query.patient, key=key, now=self.now())
        return Response(
            {
                **represent(found.state),
                "days": [{"on": day.on, "value": day.value, "ids": day.ids} for day in found.days],
                "twelve_weeks": _trend(found.twelve_weeks),
                "all_time": _trend(found.all_time),
            }
        )


urlpatterns = [path("", SeriesOfPatient.as_view(), name="api-series")]
trend_urlpatterns = [path("", TrendOfSeries.as_view(), name="api-trends")]
