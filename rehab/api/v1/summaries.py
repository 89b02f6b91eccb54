"""Periodic summaries over HTTP: a list, one with its payload and versions, as PDF; ask for one, have one sent again."""

import uuid

from django.urls import path, reverse
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.renderers import PdfRenderer
from rehab.api.v1.alerts import Nothing
from rehab.api.v1.summary_shapes import (
    DeliveryAnswer,
    PublishedSchema,
    SummaryAnswer,
    SummaryListed,
    SummaryQuery,
    SummaryVersionAnswer,
    VersionQuery,
    represent,
    represent_deliveries,
    represent_versions,
    schema_address,
)
from rehab.api.views import ApiView, versioned
from rehab.errors import NotFound
from rehab.models import Summary
from rehab.selectors import summaries as summary_selectors
from rehab.services import documents, summary_deliveries, summary_requests
from rehab.services.summary_requests import SummaryRequest
from rehab.web.summaries import pdf, presenters

_JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class SummaryList(ApiView):
    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_list",
        description="The latest period first. `payload=true` adds `payload` and `left_out` to each.",
        parameters=schema.parameters_of(SummaryQuery),
        responses={200: schema.page_of("Summaries", SummaryListed), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(SummaryQuery, request)
        found, position = summary_selectors.page(
            viewer=self.user(),
            filters=query.filters(),
            after=query.position(),
            limit=query.limit,
            with_payload=query.payload,
        )
        results = [represent(request, seen, with_payload=query.payload) for seen in found]
        return Response(queries.page_body(request, results, position))

    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_ask",
        description=(
            "Ask for a patient's summary of a period that is over. The same request again answers the same summary. "
            "201: made now; 200: it was there, and is up to date; 202: it is still being computed, read it again."
        ),
        request=SummaryRequest,
        responses={200: SummaryAnswer, 201: SummaryAnswer, 202: SummaryAnswer, **schema.PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        asked = summary_requests.ask(request.data, by=self.user(), now=self.now())
        seen = summary_selectors.get(self.user(), asked.summary.pk)
        done = 201 if asked.created else 200
        return versioned(
            represent(request, seen, with_payload=True),
            seen.version,
            status_code=done if seen.summary.status == Summary.Status.COMPUTED else 202,
            location=request.build_absolute_uri(reverse("api-summaries-detail", args=[seen.summary.pk])),
        )


class SummaryDetail(ApiView):
    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_read",
        parameters=schema.parameters_of(VersionQuery),
        responses={200: SummaryAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request, summary_id: uuid.UUID) -> Response:
        query = queries.read(VersionQuery, request)
        seen = summary_selectors.get(self.user(), summary_id, query.version)
        return versioned(represent(request, seen, with_payload=True), seen.version)


class SummaryVersions(ApiView):
    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_versions",
        description="Every version, latest first: a summary is computed anew when late records arrive.",
        responses={200: schema.list_of(SummaryVersionAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request, summary_id: uuid.UUID) -> Response:
        return Response(represent_versions(request, summary_selectors.get(self.user(), summary_id)))


class SummaryPdf(ApiView):
    renderer_classes = (PdfRenderer,)

    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_pdf",
        description="A summary as PDF, in your language and units; 404 before it is computed.",
        parameters=schema.parameters_of(VersionQuery),
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **schema.PROBLEMS},
    )
    def get(self, request: Request, summary_id: uuid.UUID) -> Response:
        query = queries.read(VersionQuery, request)
        seen = summary_selectors.get(self.user(), summary_id, query.version)
        with translation.override(self.user().language):
            sheet = presenters.sheet(seen, user=self.user())
            if sheet is None:
                raise NotFound
            document = pdf.render(sheet, language=self.user().language)
        name = f"summary-{seen.summary.period}-{seen.summary.starts_on}.pdf"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(document, content_type="application/pdf", headers=disposition)


class SummaryResend(ApiView):
    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_resend",
        description=(
            "Have the latest version sent by e-mail: to you, if it is about you, somebody you care for, your patients "
            "or your clinic; by a patient's therapist to the patient and caregivers who want such e-mails. "
            "While one waits to be sent, asking again adds none."
        ),
        request=Nothing,
        responses={202: schema.list_of(DeliveryAnswer), **schema.PROBLEMS},
    )
    def post(self, request: Request, summary_id: uuid.UUID) -> Response:
        summary_selectors.get(self.user(), summary_id)
        documents.read(Nothing, request.data or {})
        found = summary_deliveries.resend(summary_id, by=self.user(), now=self.now())
        return Response(represent_deliveries(found), status=202)


class SummarySchemas(ApiView):
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_schemas",
        auth=[],
        responses={200: schema.list_of(PublishedSchema)},
    )
    def get(self, request: Request) -> Response:
        return Response(
            [
                {"audience": audience, "schema_version": number, "address": schema_address(request, audience, number)}
                for audience, number in summary_selectors.published_shapes()
            ]
        )


class SummarySchema(ApiView):
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        tags=["summaries"],
        operation_id="summaries_schema",
        description="The JSON Schema (2020-12) of a payload. A published version does not change any more.",
        auth=[],
        responses={200: schema.JsonSchema, 404: schema.PROBLEM},
    )
    def get(self, request: Request, audience: str, schema_version: int) -> Response:
        found = summary_selectors.json_schema_of(audience, schema_version)
        address = schema_address(request, audience, schema_version)
        return Response({"$schema": _JSON_SCHEMA, "$id": address, **found})


urlpatterns = [
    path("", SummaryList.as_view(), name="api-summaries-list"),
    path("schemas/", SummarySchemas.as_view(), name="api-summaries-schemas"),
    path("schemas/<str:audience>/<int:schema_version>/", SummarySchema.as_view(), name="api-summaries-schema"),
    path("<uuid:summary_id>/", SummaryDetail.as_view(), name="api-summaries-detail"),
    path("<uuid:summary_id>/versions/", SummaryVersions.as_view(), name="api-summaries-versions"),
    path("<uuid:summary_id>/pdf/", SummaryPdf.as_view(), name="api-summaries-pdf"),
    path("<uuid:summary_id>/resend/", SummaryResend.as_view(), name="api-summaries-resend"),
]
