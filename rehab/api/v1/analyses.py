"""Analyses over a patient's records. Weekly sums are open to whoever sees the records; what reads a meaning into them
is for clinicians (``view_analysis``)."""

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

from rehab.analytics import hint_texts
from rehab.analytics.hints import Evidence
from rehab.api import queries, schema
from rehab.api.queries import Query
from rehab.api.views import ApiView
from rehab.models import HintDismissal
from rehab.selectors.analyses import distribution, fatigability, fes_dose, hints, load, sides
from rehab.selectors.analyses.distribution import LimbIndices
from rehab.selectors.analyses.fatigability import MeasuredFatigability
from rehab.selectors.analyses.fes_dose import DoseWeek
from rehab.selectors.analyses.hints import ShownHint
from rehab.selectors.analyses.load import LoadWeek
from rehab.selectors.analyses.sides import MeasuredSides
from rehab.services import hints as hint_services


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


class SidesAnswer(BaseModel):
    """Both sides of each measure that has sides. MRC grades have a difference in grades, no ratio."""

    patient: uuid.UUID
    involved_side: Literal["left", "right", "both", "none"] | None
    results: list[MeasuredSides]


class DistributionAnswer(BaseModel):
    """Proximal-distal indices; ``pattern`` only if notable, the same way, in at least two limbs."""

    patient: uuid.UUID
    pattern: Literal["distal_weaker", "proximal_weaker"] | None
    limbs: list[LimbIndices]


class FatigabilityAnswer(BaseModel):
    """Mornings against afternoons of the last 21 days, series by series."""

    patient: uuid.UUID
    results: list[MeasuredFatigability]


class DismissalAnswer(BaseModel):
    id: uuid.UUID
    hint_key: str
    reason: str
    dismissed_by: schema.Person
    dismissed_at: AwareDatetime


class HintAnswer(BaseModel):
    """A pattern for clinicians, not a diagnosis. ``dismissal``: set aside, and nothing new since."""

    key: str
    code: str
    text: str
    parameters: dict[str, Any]
    evidence: list[Evidence]
    missing: list[str]
    symmetric: bool | None
    exceptions: list[str]
    red_flag: str | None
    expires_on: date
    n: int
    first_on: date
    last_on: date
    ids: list[str]
    method: str
    dismissal: DismissalAnswer | None


class HintsAnswer(BaseModel):
    patient: uuid.UUID
    results: list[HintAnswer]


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


class SideComparisons(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="analytics_sides",
        parameters=schema.parameters_of(AnalysisQuery),
        responses={200: SidesAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AnalysisQuery, request)
        found = sides.of_patient(viewer=self.user(), patient_id=query.patient, now=self.now())
        return answer(SidesAnswer(patient=query.patient, involved_side=found.involved_side, results=list(found.rows)))


class Distributions(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="analytics_distribution",
        parameters=schema.parameters_of(AnalysisQuery),
        responses={200: DistributionAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AnalysisQuery, request)
        found = distribution.of_patient(viewer=self.user(), patient_id=query.patient, now=self.now())
        return answer(DistributionAnswer(patient=query.patient, pattern=found.pattern, limbs=list(found.limbs)))


class Fatigabilities(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="analytics_fatigability",
        parameters=schema.parameters_of(AnalysisQuery),
        responses={200: FatigabilityAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AnalysisQuery, request)
        found = fatigability.of_patient(viewer=self.user(), patient_id=query.patient, now=self.now())
        return answer(FatigabilityAnswer(patient=query.patient, results=list(found.rows)))


class PatternHints(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="analytics_hints",
        parameters=schema.parameters_of(AnalysisQuery),
        responses={200: HintsAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AnalysisQuery, request)
        found = hints.of_patient(viewer=self.user(), patient_id=query.patient, now=self.now())
        return answer(HintsAnswer(patient=query.patient, results=[_hint(row) for row in found.rows]))


class HintDismissals(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="analytics_hints_dismiss",
        request=hint_services.DismissalInput,
        responses={201: DismissalAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request, hint_key: str) -> Response:
        made = hint_services.dismiss(hint_key, request.data, by=self.user(), now=self.now())
        return Response(_dismissal(made.dismissal).model_dump(mode="json"), status=201 if made.created else 200)


def _hint(row: ShownHint) -> HintAnswer:
    return HintAnswer(
        key=row.key,
        code=row.code,
        text=hint_texts.text(code=row.code, parameters=row.parameters, language=get_language() or "en"),
        parameters=row.parameters,
        evidence=list(row.evidence),
        missing=list(row.missing),
        symmetric=row.symmetric,
        exceptions=list(row.exceptions),
        red_flag=row.red_flag,
        expires_on=row.expires_on,
        n=row.n,
        first_on=row.first_on,
        last_on=row.last_on,
        ids=list(row.ids),
        method=row.method,
        dismissal=None if row.dismissal is None else _dismissal(row.dismissal),
    )


def _dismissal(row: HintDismissal) -> DismissalAnswer:
    return DismissalAnswer(
        id=row.pk,
        hint_key=row.hint_key,
        reason=row.reason,
        dismissed_by=schema.Person(id=row.dismissed_by_id, name=row.dismissed_by.name),
        dismissed_at=row.dismissed_at,
    )


urlpatterns = [
    path("sides/", SideComparisons.as_view(), name="api-analytics-sides"),
    path("distribution/", Distributions.as_view(), name="api-analytics-distribution"),
    path("fatigability/", Fatigabilities.as_view(), name="api-analytics-fatigability"),
    path("load/", WeekLoads.as_view(), name="api-analytics-load"),
    path("fes-dose/", FesDoses.as_view(), name="api-analytics-fes-dose"),
    path("hints/", PatternHints.as_view(), name="api-analytics-hints"),
    path("hints/<slug:hint_key>/dismissals/", HintDismissals.as_view(), name="api-analytics-hint-dismissals"),
]
