"""Alerts over HTTP, for therapists: what needs their eyes, the worst first, and what they do with it."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.urls import path
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.views import ApiView, expected_version, versioned
from rehab.models import Alert, AlertCause
from rehab.reference import alert_texts
from rehab.reference.alert_rules import ALERT_RULES
from rehab.selectors import alert_messages
from rehab.selectors import alerts as alert_selectors
from rehab.selectors.alerts import AlertFilters
from rehab.selectors.paging import RankedPosition
from rehab.services import alert_handling, documents
from rehab.services.alert_handling import Assignment, Closing
from rehab.services.alert_mutes import RuleCode
from rehab.services.inputs.base import Document

Level = Literal["emergency", "same_day", "review"]


class AlertQuery(PageQuery):
    patient: uuid.UUID | None = None
    level: Level | None = None
    status: Annotated[
        Literal["open", "acknowledged", "closed", "withdrawn", "unfinished"] | None,
        Field(description="`unfinished` is open or acknowledged."),
    ] = None
    rule: RuleCode | None = None
    assigned_to: Annotated[Literal["me"] | None, Field(description="Those assigned to you.")] = None

    def filters(self) -> AlertFilters:
        unfinished = self.status == "unfinished"
        return AlertFilters(
            patient_id=self.patient,
            level=self.level,
            status=None if unfinished else self.status,
            rule=self.rule,
            unfinished=unfinished,
            mine=self.assigned_to is not None,
        )

    def position(self) -> RankedPosition | None:
        return queries.decode(self.cursor, RankedPosition.decode) if self.cursor else None


class AlertStep(BaseModel):
    by: schema.Person
    at: AwareDatetime


class AlertClosing(BaseModel):
    """``by`` is null if the service withdrew it: every cause was entered in error."""

    by: schema.Person | None
    at: AwareDatetime
    reason: str


class AlertCauseAnswer(BaseModel):
    """What made the rule fire; the record is at ``/api/v1/<source_kind>/<source_id>/`` if it is one."""

    source_kind: str
    source_id: uuid.UUID
    level: Level
    reason: str
    evidence: dict[str, Any]
    rule_version: str
    occurred_at: AwareDatetime
    raised_at: AwareDatetime
    withdrawn_at: AwareDatetime | None


class AlertAnswer(BaseModel):
    """``told_at``: when a therapist was told by a message that was really sent, or answered; null until then."""

    id: uuid.UUID
    patient: uuid.UUID
    rule: str
    rule_name: str
    rule_version: str
    subject: str
    level: Level
    status: Literal["open", "acknowledged", "closed", "withdrawn"]
    reason: str
    raised_at: AwareDatetime
    waiting_since: AwareDatetime
    escalated_at: AwareDatetime | None
    told_at: AwareDatetime | None
    acknowledged: AlertStep | None
    assigned: Annotated[AlertStep | None, Field(description="`by` is who has it.")]
    closed: AlertClosing | None
    causes: list[AlertCauseAnswer]
    version: int
    updated_at: AwareDatetime


class Nothing(Document):
    """An empty body."""


def represent(found: Sequence[Alert]) -> list[dict[str, Any]]:
    """Return alerts as they are sent, with their causes and when somebody was told: two statements for all."""
    language = get_language() or "en"
    causes, told = alert_selectors.causes_of(found), alert_messages.told_at_many(found)
    return [
        {
            "id": alert.pk,
            "patient": alert.patient_id,
            "rule": alert.rule,
            "rule_name": ALERT_RULES[alert.rule].name(language),
            "rule_version": alert.rule_version,
            "subject": alert.subject,
            "level": alert.level,
            "status": alert.status,
            "reason": _reason(alert_selectors.leading_cause(alert, causes[alert.pk]), language),
            "raised_at": alert.raised_at,
            "waiting_since": alert.waiting_since,
            "escalated_at": alert.escalated_at,
            "told_at": told[alert.pk],
            "acknowledged": _step(alert.acknowledged_by, alert.acknowledged_at),
            "assigned": _step(alert.assigned_to, alert.assigned_at),
            "closed": {"by": _person(alert.closed_by), "at": alert.closed_at, "reason": alert.close_reason}
            if alert.is_finished
            else None,
            "causes": [_cause(cause, language) for cause in causes[alert.pk]],
            "version": alert.version,
            "updated_at": alert.updated_at,
        }
        for alert in found
    ]


def _reason(cause: AlertCause | None, language: str) -> str:
    return "" if cause is None else alert_texts.reason(rule=cause.rule, evidence=cause.evidence, language=language)


def _cause(cause: AlertCause, language: str) -> dict[str, Any]:
    names = (
        "source_kind", "source_id", "level", "evidence", "rule_version", "occurred_at", "raised_at", "withdrawn_at",
    )  # fmt: skip
    return {**{name: getattr(cause, name) for name in names}, "reason": _reason(cause, language)}


def _person(user: User | None) -> dict[str, Any] | None:
    return None if user is None else {"id": user.pk, "name": user.name}


def _step(user: User | None, at: Any) -> dict[str, Any] | None:
    return None if user is None else {"by": _person(user), "at": at}


def _answer(alert: Alert) -> Response:
    return versioned(represent([alert])[0], alert.version)


class AlertList(ApiView):
    @extend_schema(
        tags=["alerts"],
        operation_id="alerts_list",
        parameters=schema.parameters_of(AlertQuery),
        responses={200: schema.page_of("Alerts", AlertAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AlertQuery, request)
        found, position = alert_selectors.page(
            viewer=self.user(), filters=query.filters(), after=query.position(), limit=query.limit
        )
        return Response(queries.page_body(request, represent(found), position))


class AlertDetail(ApiView):
    @extend_schema(tags=["alerts"], operation_id="alerts_read", responses={200: AlertAnswer, **schema.PROBLEMS})
    def get(self, request: Request, alert_id: uuid.UUID) -> Response:
        return _answer(alert_selectors.get(viewer=self.user(), alert_id=alert_id))


class AlertAcknowledge(ApiView):
    @extend_schema(
        tags=["alerts"],
        operation_id="alerts_acknowledge",
        request=Nothing,
        parameters=[schema.IF_MATCH],
        responses={200: AlertAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, alert_id: uuid.UUID) -> Response:
        alert_selectors.get(viewer=self.user(), alert_id=alert_id)
        version = expected_version(request)
        documents.read(Nothing, request.data or {})
        return _answer(alert_handling.acknowledge(alert_id, expected_version=version, by=self.user(), now=self.now()))


class AlertAssign(ApiView):
    @extend_schema(
        tags=["alerts"],
        operation_id="alerts_assign",
        request=Assignment,
        parameters=[schema.IF_MATCH],
        responses={200: AlertAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, alert_id: uuid.UUID) -> Response:
        alert_selectors.get(viewer=self.user(), alert_id=alert_id)
        version = expected_version(request)
        sent = documents.read(Assignment, request.data)
        return _answer(
            alert_handling.assign(
                alert_id, therapist_id=sent.therapist, expected_version=version, by=self.user(), now=self.now()
            )
        )


class AlertClose(ApiView):
    @extend_schema(
        tags=["alerts"],
        operation_id="alerts_close",
        request=Closing,
        parameters=[schema.IF_MATCH],
        responses={200: AlertAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, alert_id: uuid.UUID) -> Response:
        alert_selectors.get(viewer=self.user(), alert_id=alert_id)
        version = expected_version(request)
        sent = documents.read(Closing, request.data)
        return _answer(
            alert_handling.close(alert_id, reason=sent.reason, expected_version=version, by=self.user(), now=self.now())
        )


urlpatterns = [
    path("", AlertList.as_view(), name="api-alerts-list"),
    path("<uuid:alert_id>/", AlertDetail.as_view(), name="api-alerts-detail"),
    path("<uuid:alert_id>/acknowledge/", AlertAcknowledge.as_view(), name="api-alerts-acknowledge"),
    path("<uuid:alert_id>/assign/", AlertAssign.as_view(), name="api-alerts-assign"),
    path("<uuid:alert_id>/close/", AlertClose.as_view(), name="api-alerts-close"),
]
