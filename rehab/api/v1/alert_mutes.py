"""Mutes over HTTP, for therapists: one rule silent for one patient until a day, with what it silenced."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import path
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.views import ApiView, expected_version, versioned
from rehab.models import AlertMute
from rehab.reference import alert_texts
from rehab.reference.alert_rules import ALERT_RULES
from rehab.selectors import alert_mutes as mute_selectors
from rehab.services import alert_mutes, documents
from rehab.services.alert_mutes import MuteInput
from rehab.services.alerts import is_in_force
from rehab.services.inputs.base import Document


class MuteQuery(PageQuery):
    patient: uuid.UUID | None = None


class SilencedCause(BaseModel):
    source_kind: str
    source_id: uuid.UUID
    level: str
    reason: str
    evidence: dict[str, Any]
    occurred_at: AwareDatetime
    withdrawn_at: AwareDatetime | None


class MuteAnswer(BaseModel):
    """``ended_by`` is null where a mute lapsed by itself after its last day."""

    id: uuid.UUID
    patient: uuid.UUID
    rule: str
    rule_name: str
    reason: str
    until_on: date
    in_force: bool
    created_by: schema.Person
    created_at: AwareDatetime
    ended_by: schema.Person | None
    ended_at: AwareDatetime | None
    silenced: list[SilencedCause]
    version: int


class EndMute(Document):
    """An empty body."""


def represent(found: Sequence[AlertMute], *, now: datetime) -> list[dict[str, Any]]:
    """Return mutes as they are sent, with what they silenced, in one statement for all."""
    language = get_language() or "en"
    silenced = mute_selectors.silenced_by(found)
    return [
        {
            "id": mute.pk,
            "patient": mute.patient_id,
            "rule": mute.rule,
            "rule_name": ALERT_RULES[mute.rule].name(language),
            "reason": mute.reason,
            "until_on": mute.until_on,
            "in_force": is_in_force(mute, mute.patient, now=now),
            "created_by": {"id": mute.created_by_id, "name": mute.created_by.name},
            "created_at": mute.created_at,
            "ended_by": mute.ended_by and {"id": mute.ended_by.pk, "name": mute.ended_by.name},
            "ended_at": mute.ended_at,
            "silenced": [
                {
                    "source_kind": cause.source_kind,
                    "source_id": cause.source_id,
                    "level": cause.level,
                    "reason": alert_texts.reason(rule=cause.rule, evidence=cause.evidence, language=language),
                    "evidence": cause.evidence,
                    "occurred_at": cause.occurred_at,
                    "withdrawn_at": cause.withdrawn_at,
                }
                for cause in silenced.get(mute.pk, [])
            ],
            "version": mute.version,
        }
        for mute in found
    ]


class MuteList(ApiView):
    @extend_schema(
        tags=["alerts"],
        operation_id="alert_mutes_list",
        parameters=schema.parameters_of(MuteQuery),
        responses={200: schema.page_of("AlertMutes", MuteAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(MuteQuery, request)
        found, position = mute_selectors.page(
            viewer=self.user(), patient_id=query.patient, after=query.position(), limit=query.limit
        )
        return Response(queries.page_body(request, represent(found, now=self.now()), position))

    @extend_schema(
        tags=["alerts"],
        operation_id="alert_mutes_create",
        request=MuteInput,
        responses={201: MuteAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        made = alert_mutes.create(request.data, by=self.user(), now=self.now())
        return versioned(
            represent([made.mute], now=self.now())[0],
            made.mute.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{made.mute.pk}/",
        )


class MuteDetail(ApiView):
    @extend_schema(tags=["alerts"], operation_id="alert_mutes_read", responses={200: MuteAnswer, **schema.PROBLEMS})
    def get(self, request: Request, mute_id: uuid.UUID) -> Response:
        mute = mute_selectors.get(viewer=self.user(), mute_id=mute_id)
        return versioned(represent([mute], now=self.now())[0], mute.version)


class MuteEnd(ApiView):
    @extend_schema(
        tags=["alerts"],
        operation_id="alert_mutes_end",
        request=EndMute,
        parameters=[schema.IF_MATCH],
        responses={200: MuteAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, mute_id: uuid.UUID) -> Response:
        mute_selectors.get(viewer=self.user(), mute_id=mute_id)
        version = expected_version(request)
        documents.read(EndMute, request.data or {})
        mute = alert_mutes.end(mute_id, expected_version=version, by=self.user(), now=self.now())
        return versioned(represent([mute], now=self.now())[0], mute.version)


urlpatterns = [
    path("", MuteList.as_view(), name="api-alert-mutes-list"),
    path("<uuid:mute_id>/", MuteDetail.as_view(), name="api-alert-mutes-detail"),
    path("<uuid:mute_id>/end/", MuteEnd.as_view(), name="api-alert-mutes-end"),
]
