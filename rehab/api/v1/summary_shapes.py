"""Summaries as they are sent: with their payload, its published JSON Schema, and what became of their e-mails."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.urls import reverse
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework.request import Request

from rehab.analytics.summaries import CaseloadSummary, ClinicSummary, PatientSummary
from rehab.api import schema
from rehab.api.queries import PageQuery, Query
from rehab.models import SummaryDelivery
from rehab.selectors.summaries import SeenSummary, SummaryFilters
from rehab.services.inputs.base import Day

Audience = Literal["patient", "therapist", "clinic"]
Period = Literal["day", "week", "four_weeks", "month"]
Status = Literal["due", "computed", "stale"]


class SummaryQuery(PageQuery):
    patient: uuid.UUID | None = None
    clinic: uuid.UUID | None = None
    audience: Audience | None = None
    period: Period | None = None
    since: Annotated[Day | None, Field(description="Periods that begin on this day or later.")] = None
    until: Annotated[Day | None, Field(description="Periods that begin on this day or earlier.")] = None
    status: Annotated[
        Status | None,
        Field(description="Without it `computed` and `stale`: those with a payload. `stale`: late records arrived."),
    ] = None
    payload: Annotated[bool, Field(description="Send the payloads too.")] = False

    def filters(self) -> SummaryFilters:
        return SummaryFilters(
            audience=self.audience,
            period=self.period,
            patient_id=self.patient,
            clinic_id=self.clinic,
            starts_from=self.since,
            starts_to=self.until,
            status=self.status,
        )


class VersionQuery(Query):
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="Without it the latest.")] = None


class SummaryListed(BaseModel):
    """A summary without its payload. ``version`` 0: not computed yet. ``payload_schema``: address of the JSON Schema
    that the payload follows. ``pdf``: address of this version as PDF, null before it is computed."""

    id: uuid.UUID
    audience: Audience
    clinic: uuid.UUID
    patient: uuid.UUID | None
    therapist: uuid.UUID | None
    period: Period
    starts_on: date
    ends_on: date
    time_zone: str
    status: Status
    version: int
    latest_version: int
    computed_at: AwareDatetime | None
    stale_since: AwareDatetime | None
    schema_version: int | None
    payload_schema: str | None
    pdf: str | None


class SummaryAnswer(SummaryListed):
    """A summary as you may see it: what is for clinicians is empty for patients and caregivers, and a caseload leaves
    out patients whom you do not treat any more (``left_out`` says how many)."""

    left_out: int
    payload: PatientSummary | CaseloadSummary | ClinicSummary | None


class SummaryVersionAnswer(BaseModel):
    """A version; ``replaced_at`` is null for the latest. Read it at ``address``."""

    version: int
    computed_at: AwareDatetime
    replaced_at: AwareDatetime | None
    address: str


class PublishedSchema(BaseModel):
    audience: Audience
    schema_version: int
    address: str


class DeliveryAnswer(BaseModel):
    """An e-mail with a summary. ``send_after``: not before; ``sent_at``: null while it waits."""

    id: uuid.UUID
    recipient: schema.Person
    summary_version: int
    send_after: AwareDatetime
    sent_at: AwareDatetime | None


def schema_address(request: Request, audience: str, schema_version: int) -> str:
    return request.build_absolute_uri(reverse("api-summaries-schema", args=[audience, schema_version]))


def represent(request: Request, seen: SeenSummary, *, with_payload: bool) -> dict[str, Any]:
    summary, payload = seen.summary, seen.payload
    schema_version = _schema_version(seen)
    pdf = request.build_absolute_uri(reverse("api-summaries-pdf", args=[summary.pk])) if seen.version else None
    found = {
        **{name: getattr(summary, name) for name in ("id", "audience", "period", "starts_on", "ends_on", "time_zone")},
        "clinic": summary.clinic_id,
        "patient": summary.patient_id,
        "therapist": summary.therapist_id,
        "status": summary.status,
        "version": seen.version,
        "latest_version": summary.version,
        "computed_at": seen.computed_at,
        "stale_since": summary.stale_since,
        "schema_version": schema_version,
        "payload_schema": schema_version and schema_address(request, summary.audience, schema_version),
        "pdf": pdf if pdf is None or seen.is_latest else f"{pdf}?version={seen.version}",
    }
    if with_payload:
        found |= {"left_out": seen.left_out, "payload": payload and payload.model_dump(mode="json")}
    return found


def _schema_version(seen: SeenSummary) -> int | None:
    """Return the version of the shape of what is shown, which an earlier version of a summary has of its own."""
    if seen.payload is not None:
        return seen.payload.schema_version
    return seen.summary.schema_version or None


def represent_versions(request: Request, seen: SeenSummary) -> list[dict[str, Any]]:
    """Return the versions of a summary, latest first."""
    return [
        {
            "version": line.version,
            "computed_at": line.computed_at,
            "replaced_at": line.replaced_at,
            "address": request.build_absolute_uri(
                f"{reverse('api-summaries-detail', args=[seen.summary.pk])}?version={line.version}"
            ),
        }
        for line in seen.versions
    ]


def represent_deliveries(found: Sequence[SummaryDelivery]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "recipient": {"id": row.recipient_id, "name": row.recipient.name},
            "summary_version": row.summary_version,
            "send_after": row.send_after,
            "sent_at": row.sent_at,
        }
        for row in found
    ]
