"""Patients over HTTP."""

import uuid
from datetime import date
from typing import Annotated, Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.views import ApiView, etag_of, expected_version, is_unchanged, versioned
from rehab.models import Patient
from rehab.selectors import patients as patient_selectors
from rehab.services import documents
from rehab.services import patients as patient_services
from rehab.services.inputs.base import Document


class PatientQuery(PageQuery):
    search: Annotated[str | None, Field(max_length=120, description="Part of the name.")] = None


class PatientAnswer(BaseModel):
    id: uuid.UUID
    clinic: uuid.UUID
    name: str
    birth_date: date | None
    sex: str
    dominant_hand: str
    conditions: list[str]
    involved_side: str | None
    baseline_deficits: list[str] | None
    injury_at_or_above_t6: bool | None
    time_zone: str
    discharged_on: date | None
    version: int
    created_at: AwareDatetime
    updated_at: AwareDatetime


class PatientAmendment(Document):
    changes: dict[str, Any]


def represent(patient: Patient) -> dict[str, Any]:
    return {
        "id": patient.pk,
        "clinic": patient.clinic_id,
        "name": patient.name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "dominant_hand": patient.dominant_hand,
        "conditions": patient.conditions,
        "involved_side": patient.involved_side,
        "baseline_deficits": patient.baseline_deficits,
        "injury_at_or_above_t6": patient.injury_at_or_above_t6,
        "time_zone": patient.time_zone,
        "discharged_on": patient.discharged_on,
        "version": patient.version,
        "created_at": patient.created_at,
        "updated_at": patient.updated_at,
    }


class PatientList(ApiView):
    @extend_schema(
        tags=["patients"],
        operation_id="patients_list",
        parameters=schema.parameters_of(PatientQuery),
        responses={200: schema.page_of("Patients", PatientAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(PatientQuery, request)
        found, position = patient_selectors.page(
            viewer=self.user(), search=query.search, after=query.position(), limit=query.limit
        )
        return Response(queries.page_body(request, [represent(patient) for patient in found], position))

    @extend_schema(
        tags=["patients"],
        operation_id="patients_create",
        request=patient_services.PatientInput,
        responses={201: PatientAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        enrolled = patient_services.enrol(request.data, by=self.user(), now=self.now())
        return versioned(
            represent(enrolled.patient),
            enrolled.patient.version,
            status_code=201 if enrolled.created else 200,
            location=f"{request.path}{enrolled.patient.pk}/",
        )


class PatientDetail(ApiView):
    @extend_schema(tags=["patients"], operation_id="patients_read", responses={200: PatientAnswer, **schema.PROBLEMS})
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_selectors.get(viewer=self.user(), patient_id=patient_id).patient
        if is_unchanged(request, patient.version):
            return Response(status=304, headers={"ETag": etag_of(patient.version)})
        return versioned(represent(patient), patient.version)

    @extend_schema(
        tags=["patients"],
        operation_id="patients_amend",
        request=PatientAmendment,
        parameters=[schema.IF_MATCH],
        responses={200: PatientAnswer, **schema.CHANGE_PROBLEMS},
    )
    def patch(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient_selectors.get(viewer=self.user(), patient_id=patient_id)
        version = expected_version(request)
        amendment = documents.read(PatientAmendment, request.data)
        patient = patient_services.amend(
            patient_id, amendment.changes, expected_version=version, by=self.user(), now=self.now()
        )
        return versioned(represent(patient), patient.version)


urlpatterns = [
    path("", PatientList.as_view(), name="api-patients-list"),
    path("<uuid:patient_id>/", PatientDetail.as_view(), name="api-patients-detail"),
]
