"""What is due today, and adherence, over HTTP."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.analytics.adherence import Adherence, WeekSoFar
from rehab.api import queries, schema
from rehab.api.queries import Query
from rehab.api.v1 import program_shapes as shapes
from rehab.api.views import ApiView
from rehab.models import Patient
from rehab.selectors import adherence as selectors
from rehab.selectors import patients, today
from rehab.selectors.adherence import Report
from rehab.services.inputs.programs import PlanDay


class AdherenceQuery(Query):
    patient: uuid.UUID
    on: Annotated[PlanDay | None, Field(description="Up to this day; the patient's own today if left out.")] = None


class AdherenceWindow(BaseModel):
    """Counts of due sessions; percentages from three due sessions on. ``recalled``: logged more than 48 h later.

    ``due`` = ``completed`` + ``partial`` + ``missed``.

    ``ids`` says what was counted: due sessions as item/day/number, extra ones by their id.
    """

    first_on: date
    last_on: date
    due: int
    completed: int
    partial: int
    missed: int
    excused: int
    extra: int
    recalled: int
    session_pct: float | None
    dose_pct: float | None
    ids: list[str]


class AdherenceWeek(BaseModel):
    """The running ISO week, what falls due later in it included; no percentage, since it is not over.

    ``planned`` = ``completed`` + ``partial`` + ``missed`` + ``left``. ``missed`` and ``partial`` are of days that are
    over; ``left`` is what can still be done. A number of times a week is left until the week is over.
    """

    first_on: date
    last_on: date
    planned: int
    completed: int
    partial: int
    missed: int
    left: int
    excused: int
    extra: int
    ids: list[str]


class AdherenceStreak(BaseModel):
    """Due days in a row on which everything due was completed."""

    days: int
    first_on: date | None
    last_on: date | None


class AdherenceAnswer(BaseModel):
    """``week``: the running ISO week; ``last_week``: the last whole one; ``rolling``: 28 days.

    What is due today and not done yet is not counted in ``rolling``.
    """

    patient: uuid.UUID
    on: date
    week: AdherenceWeek
    last_week: AdherenceWindow
    rolling: AdherenceWindow
    streak: AdherenceStreak
    method: str


class TodayItemAnswer(BaseModel):
    """``left``: something of it is still to be done. ``week_*``: of items due a number of times in an ISO week."""

    item: shapes.ItemAnswer
    done: bool
    left: bool
    excused: bool
    week_done: int | None
    week_due: int | None
    week_left: int | None
    sessions: list[uuid.UUID]


class TodayAnswer(BaseModel):
    patient: uuid.UUID
    on: date
    items: list[TodayItemAnswer]
    adherence: AdherenceAnswer


def represent(patient_id: uuid.UUID, report: Report) -> dict[str, Any]:
    return {
        "patient": patient_id,
        "on": report.today,
        "week": _window(AdherenceWeek, report.week),
        "last_week": _window(AdherenceWindow, report.last_week),
        "rolling": _window(AdherenceWindow, report.rolling),
        "streak": {
            "days": report.streak.n,
            "first_on": report.streak.first_on,
            "last_on": report.streak.last_on,
        },
        "method": report.rolling.method,
    }


def _window(shape: type[BaseModel], found: Adherence | WeekSoFar) -> dict[str, Any]:
    return {**{name: getattr(found, name) for name in shape.model_fields}, "ids": list(found.ids)}


def _day(query: AdherenceQuery, patient: Patient, now: datetime) -> date:
    return query.on or now.astimezone(ZoneInfo(patient.time_zone)).date()


class AdherenceOfPatient(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="adherence_read",
        parameters=schema.parameters_of(AdherenceQuery),
        responses={200: AdherenceAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AdherenceQuery, request)
        patient = patients.get(viewer=self.user(), patient_id=query.patient).patient
        report = selectors.of_patient(patient.pk, today=_day(query, patient, self.now()))
        return Response(represent(patient.pk, report))


class Today(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="programs_today",
        parameters=schema.parameters_of(AdherenceQuery),
        responses={200: TodayAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AdherenceQuery, request)
        patient = patients.get(viewer=self.user(), patient_id=query.patient).patient
        found = today.of_patient(patient.pk, on=_day(query, patient, self.now()))
        items = [
            {
                "item": shapes.item(one.item),
                "done": one.is_done,
                "left": one.is_left,
                "excused": one.is_excused,
                "week_done": one.week_done,
                "week_due": one.week_due,
                "week_left": one.week_left,
                "sessions": list(one.sessions),
            }
            for one in found.items
        ]
        answer = {"patient": patient.pk, "on": found.on, "items": items}
        return Response({**answer, "adherence": represent(patient.pk, found.report)})


urlpatterns = [
    path("programs/today/", Today.as_view(), name="api-programs-today"),
    path("analytics/adherence/", AdherenceOfPatient.as_view(), name="api-analytics-adherence"),
]
