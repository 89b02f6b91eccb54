"""A therapist's caseload over HTTP, in one request."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from annotated_types import Interval
from django.urls import path
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.analytics.adherence import METHOD
from rehab.analytics.tally import Tally, WeekTally
from rehab.api import queries, schema
from rehab.api.queries import Query
from rehab.api.views import ApiView
from rehab.selectors import caseload
from rehab.selectors.caseload import CaseloadRow, Sort, Wanted
from rehab.selectors.states import Known


class CaseloadQuery(Query):
    search: Annotated[str, Field(max_length=120, description="Part of the name.")] = ""
    level: Annotated[
        Literal["emergency", "same_day", "review"] | None,
        Field(description="Unfinished alerts of this level or a worse one."),
    ] = None
    declined: Annotated[bool | None, Field(description="Whether a confirmed decline is among the series.")] = None
    inactive_days: Annotated[
        int | None, Interval(ge=0, le=36_500), Field(description="Nothing performed for at least so many days.")
    ] = None
    sort: Annotated[
        Sort,
        Field(
            description="`attention`: worst alert, then most declines, then latest activity. `declined`: most "
            "declines. `adherence`: least first. `inactive`, `contact`: longest without. `name`."
        ),
    ] = "attention"
    limit: Annotated[int, Interval(ge=1, le=500), Field(description="Patients in a page.")] = 200
    page: Annotated[int, Interval(ge=1, le=10_000), Field(description="Which page, from 1.")] = 1


class CaseloadPatient(BaseModel):
    id: uuid.UUID
    name: str
    conditions: list[str]
    time_zone: str


class OpenAlertsAnswer(BaseModel):
    open: int
    worst_level: Literal["emergency", "same_day", "review"] | None


class CaseloadAdherenceCounts(BaseModel):
    """``due`` = ``completed`` + ``partial`` + ``missed``; percentages from three due sessions on."""

    due: int
    completed: int
    partial: int
    missed: int
    excused: int
    extra: int
    recalled: int
    session_pct: float | None
    dose_pct: float | None


class CaseloadAdherenceWeek(BaseModel):
    """The running ISO week, as at `analytics/adherence`; no percentage, since it is not over."""

    planned: int
    completed: int
    partial: int
    missed: int
    left: int
    excused: int
    extra: int


class CaseloadAdherence(CaseloadAdherenceCounts):
    """Of the 28 days that end today; ``week``: the running ISO week, ``last_week``: the last whole one."""

    week: CaseloadAdherenceWeek
    last_week: CaseloadAdherenceCounts
    method: str


class ChangedSeries(BaseModel):
    """A series that is not stable; its whole state with inputs and source is at `trends`."""

    series: str
    name: str
    measure: str
    side: str
    state: Literal["improved", "declined", "provisional_improved", "provisional_declined"]
    n: int
    first_on: date
    last_on: date
    baseline: float
    current: float
    delta: float
    unit: str
    threshold_row_id: str
    threshold_value: float
    method: str


class CaseloadEntry(BaseModel):
    patient: CaseloadPatient
    last_activity_at: AwareDatetime | None
    inactive_days: int | None
    last_contact_at: AwareDatetime | None
    contact_days: int | None
    alerts: OpenAlertsAnswer
    adherence: CaseloadAdherence
    states: dict[str, int]
    changed: list[ChangedSeries]


class CaseloadPage(BaseModel):
    """``count`` is how many patients fit the query; ``next`` is the address of the page after, or null."""

    count: int
    next: str | None
    results: list[CaseloadEntry]


STATES = ("improved", "declined", "stable", "provisional_improved", "provisional_declined", "insufficient_data")


def _changed(one: Known, language: str) -> dict[str, Any]:
    description, state = one.description, one.state
    return {
        "series": one.token,
        "name": description.name(language),
        "measure": description.measure,
        "side": description.side,
        "state": state.state,
        "n": state.n,
        "first_on": state.first_on,
        "last_on": state.last_on,
        "baseline": state.baseline,
        "current": state.current,
        "delta": state.delta,
        "unit": one.stated_in,
        "threshold_row_id": state.threshold_row_id,
        "threshold_value": state.threshold_value,
        "method": state.method,
    }


def _counts(shape: type[BaseModel], found: Tally | WeekTally) -> dict[str, Any]:
    return {name: getattr(found, name) for name in shape.model_fields}


def represent(row: CaseloadRow, language: str) -> dict[str, Any]:
    patient = row.patient
    return {
        "patient": {
            "id": patient.pk,
            "name": patient.name,
            "conditions": patient.conditions,
            "time_zone": patient.time_zone,
        },
        "last_activity_at": row.last_activity_at,
        "inactive_days": row.inactive_days,
        "last_contact_at": row.last_contact_at,
        "contact_days": row.contact_days,
        "alerts": {"open": row.alerts.count if row.alerts else 0, "worst_level": row.worst_level or None},
        "adherence": {
            **_counts(CaseloadAdherenceCounts, row.adherence.rolling),
            "week": _counts(CaseloadAdherenceWeek, row.adherence.week),
            "last_week": _counts(CaseloadAdherenceCounts, row.adherence.last_week),
            "method": METHOD,
        },
        "states": {state: row.counts.get(state, 0) for state in STATES},
        "changed": [_changed(one, language) for one in row.changed],
    }


class Caseload(ApiView):
    @extend_schema(
        tags=["caseload"],
        operation_id="caseload_list",
        parameters=schema.parameters_of(CaseloadQuery),
        responses={200: CaseloadPage, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(CaseloadQuery, request)
        wanted = Wanted(query.search, query.level, query.declined, query.inactive_days, query.sort)
        rows = caseload.of_therapist(therapist=self.user(), wanted=wanted, now=self.now())
        start, end = (query.page - 1) * query.limit, query.page * query.limit
        following = None
        if end < len(rows):
            params = request.query_params.copy()
            params["page"] = str(query.page + 1)
            following = request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
        language = get_language() or "en"
        results = [represent(row, language) for row in rows[start:end]]
        return Response({"count": len(rows), "next": following, "results": results})


urlpatterns = [path("", Caseload.as_view(), name="api-caseload")]
