"""Who answers item 9 of the PHQ-9 for a clinic, for its administrators."""

import uuid
from typing import Any, Literal

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Clinic
from rehab.api import schema
from rehab.api.views import ApiView
from rehab.models import ClinicResponder
from rehab.selectors import people, questionnaires
from rehab.services import documents, responders
from rehab.services.inputs.base import Document


class Responder(BaseModel):
    user: uuid.UUID
    name: str
    added_at: AwareDatetime


class Responders(BaseModel):
    """``questionnaires`` is what the clinic offers as it stands: item 9 only while somebody answers."""

    questionnaires: Literal["off", "without_item_9", "with_item_9"]
    results: list[Responder]


class NewResponder(Document):
    user: uuid.UUID


class OfferedMode(Document):
    questionnaires: str


def represent(responder: ClinicResponder) -> dict[str, Any]:
    return {"user": responder.user_id, "name": responder.user.name, "added_at": responder.added_at}


def _all(clinic: Clinic) -> dict[str, Any]:
    return {
        "questionnaires": questionnaires.offer_of(clinic.pk).mode,
        "results": [represent(responder) for responder in questionnaires.responders_of(clinic)],
    }


class ClinicView(ApiView):
    def clinic(self, clinic_id: uuid.UUID) -> Clinic:
        return people.administered_clinic(by=self.user(), clinic_id=clinic_id)


class ResponderList(ClinicView):
    @extend_schema(
        tags=["clinics"], operation_id="clinic_responders_list", responses={200: Responders, **schema.PROBLEMS}
    )
    def get(self, request: Request, clinic_id: uuid.UUID) -> Response:
        return Response(_all(self.clinic(clinic_id)))

    @extend_schema(
        tags=["clinics"],
        operation_id="clinic_responders_add",
        description="The person must be a therapist of the clinic.",
        request=NewResponder,
        responses={201: Responder, **schema.PROBLEMS},
    )
    def post(self, request: Request, clinic_id: uuid.UUID) -> Response:
        self.clinic(clinic_id)
        wanted = documents.read(NewResponder, request.data)
        made = responders.add(clinic_id=clinic_id, user_id=wanted.user, by=self.user(), now=self.now())
        return Response(represent(made), status=201, headers={"Location": f"{request.path}{made.user_id}/"})

    @extend_schema(
        tags=["clinics"],
        operation_id="clinic_questionnaires_choose",
        description="`off`, `without_item_9`, or, while somebody answers, `with_item_9`.",
        request=OfferedMode,
        responses={200: Responders, **schema.PROBLEMS},
    )
    def patch(self, request: Request, clinic_id: uuid.UUID) -> Response:
        clinic = self.clinic(clinic_id)
        wanted = documents.read(OfferedMode, request.data)
        responders.offer(clinic_id=clinic_id, mode=wanted.questionnaires, by=self.user(), now=self.now())
        return Response(_all(clinic))


class ResponderDetail(ClinicView):
    @extend_schema(
        tags=["clinics"],
        operation_id="clinic_responders_end",
        description="After the last one item 9 is not asked any more.",
        request=None,
        responses={204: None, **schema.PROBLEMS},
    )
    def delete(self, request: Request, clinic_id: uuid.UUID, responder_user_id: uuid.UUID) -> Response:
        responders.end(clinic_id=clinic_id, user_id=responder_user_id, by=self.user(), now=self.now())
        return Response(status=204)


urlpatterns = [
    path("<uuid:clinic_id>/responders/", ResponderList.as_view(), name="api-responders-list"),
    path(
        "<uuid:clinic_id>/responders/<uuid:responder_user_id>/",
        ResponderDetail.as_view(),
        name="api-responders-detail",
    ),
]
