"""The person behind the token: how they like to read, and whom they see."""

from typing import Any, Literal
from uuid import UUID

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from rehab.api import schema
from rehab.api.views import ApiView
from rehab.selectors import access
from rehab.services import preferences


class ClinicPlace(BaseModel):
    clinic: UUID
    name: str
    role: Literal["therapist", "clinic_admin"]


class Me(BaseModel):
    id: UUID
    email: str
    name: str
    language: str
    force_unit: str
    length_unit: str
    mass_unit: str
    time_zone: str
    clinics: list[ClinicPlace]
    patient: UUID | None
    caregiver_of: list[UUID]


def represent(user: User) -> dict[str, Any]:
    roles = list(access.care_roles(user).exclude(role="therapist").order_by("added_at", "id"))
    return {
        "id": user.pk,
        "email": user.email,
        **{name: getattr(user, name) for name in preferences.PreferencesInput.model_fields},
        "clinics": [
            {"clinic": membership.clinic_id, "name": membership.clinic.name, "role": membership.role}
            for membership in access.memberships(user).select_related("clinic").order_by("joined_at", "id")
        ],
        "patient": next((role.patient_id for role in roles if role.role == "patient"), None),
        "caregiver_of": [role.patient_id for role in roles if role.role == "caregiver"],
    }


class MeView(ApiView):
    @extend_schema(tags=["me"], operation_id="me_read", responses={200: Me, **schema.PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response(represent(self.user()))

    @extend_schema(
        tags=["me"],
        operation_id="me_update",
        request=preferences.PreferencesInput,
        responses={200: Me, **schema.PROBLEMS},
    )
    def patch(self, request: Request) -> Response:
        return Response(represent(preferences.change(request.data, by=self.user(), now=self.now())))


urlpatterns = [path("", MeView.as_view(), name="api-me")]
