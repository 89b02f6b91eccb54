"""Analyses over a patient's records. Weekly sums are open to whoever sees the records; what reads a meaning into them
is for clinicians (``view_analysis``)."""

import uuid
from typing import Annotated

from annotated_types import Interval
from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import Query
from rehab.api.views import ApiView
from rehab.selectors.analyses import fes_dose, load
from rehab.selectors.analyses.fes_dose import DoseWeek
from rehab.selectors.analyses.load import LoadWeek


class AnalysisQuery(Query):
    patient: uuid.UUID


class WeeksQuery(AnalysisQuery):
    weeks: Annotated[int, Interval(ge=1, le=53), Field(description="Weeks, the running one included.")] = 8


class LoadAnswer(BaseModel):
    """Session load (RPE × minutes) from Monday to Sunday; after Foster 1998."""

    patient: uuid.UUID
    weeks: list[LoadWeek]


class FesDoseAnswer(BaseModel):
    """Dose per channel and muscle; a figure is null if a session of that week lacks it."""

    patient: uuid.UUID
    weeks: list[DoseWeek]


def answer(described: BaseModel) -> Response:
    """Return what a shape of the description holds, as JSON: python values, so that floats stay as they are."""
    return Response(described.model_dump(mode="json"))


class WeekLoads(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="analytics_load",
        parameters=schema.parameters_of(WeeksQuery),
        responses={200: LoadAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(WeeksQuery, request)
        found = load.of_patient(viewer=self.user(), patient_id=query.patient, weeks=query.weeks, now=self.now())
        return answer(LoadAnswer(patient=query.patient, weeks=list(found.weeks)))


class FesDoses(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="analytics_fes_dose",
        parameters=schema.parameters_of(WeeksQuery),
        responses={200: FesDoseAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(WeeksQuery, request)
        found = fes_dose.of_patient(viewer=self.user(), patient_id=query.patient, weeks=query.weeks, now=self.now())
        return answer(FesDoseAnswer(patient=query.patient, weeks=list(found.weeks)))


urlpatterns = [
    path("load/", WeekLoads.as_view(), name="api-analytics-load"),
    path("fes-dose/", FesDoses.as_view(), name="api-analytics-fes-dose"),
]
