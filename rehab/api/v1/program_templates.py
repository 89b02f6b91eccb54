"""Templates of programmes over HTTP, for the therapists of a clinic."""

import uuid
from typing import Annotated

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.v1 import program_shapes as shapes
from rehab.api.views import ApiView, etag_of, expected_version, is_unchanged, versioned
from rehab.selectors import programs as selectors
from rehab.services import documents
from rehab.services import program_templates as services
from rehab.services.inputs.programs import TemplateInput


class TemplateQuery(PageQuery):
    retired: Annotated[bool | None, Field(description="Only retired ones, or only those in use.")] = None


class TemplateList(ApiView):
    @extend_schema(
        tags=["program-templates"],
        operation_id="program_templates_list",
        parameters=schema.parameters_of(TemplateQuery),
        responses={200: schema.page_of("ProgramTemplate", shapes.TemplateAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(TemplateQuery, request)
        found, position = selectors.templates_page(
            viewer=self.user(), retired=query.retired, after=query.position(), limit=query.limit
        )
        return Response(queries.page_body(request, [shapes.template(row) for row in found], position))

    @extend_schema(
        tags=["program-templates"],
        operation_id="program_templates_create",
        request=TemplateInput,
        responses={201: shapes.TemplateAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        made = services.create(request.data, by=self.user(), now=self.now())
        return versioned(
            shapes.template(made.template),
            made.template.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{made.template.pk}/",
        )


class TemplateDetail(ApiView):
    @extend_schema(
        tags=["program-templates"],
        operation_id="program_templates_read",
        responses={200: shapes.TemplateAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request, template_id: uuid.UUID) -> Response:
        found = selectors.template(viewer=self.user(), template_id=template_id)
        if is_unchanged(request, found.version):
            return Response(status=304, headers={"ETag": etag_of(found.version)})
        return versioned(shapes.template(found), found.version)

    @extend_schema(
        tags=["program-templates"],
        operation_id="program_templates_amend",
        request=shapes.ProgramAmendment,
        parameters=[schema.IF_MATCH],
        responses={200: shapes.TemplateAnswer, **schema.CHANGE_PROBLEMS},
    )
    def patch(self, request: Request, template_id: uuid.UUID) -> Response:
        selectors.template(viewer=self.user(), template_id=template_id)
        version = expected_version(request)
        sent = documents.read(shapes.ProgramAmendment, request.data)
        found = services.amend(
            template_id, sent.changes, reason=sent.reason, expected_version=version, by=self.user(), now=self.now()
        )
        return versioned(shapes.template(found), found.version)


class TemplateRetire(ApiView):
    @extend_schema(
        tags=["program-templates"],
        operation_id="program_templates_retire",
        request=shapes.DatedNote,
        parameters=[schema.IF_MATCH],
        responses={200: shapes.TemplateAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, template_id: uuid.UUID) -> Response:
        selectors.template(viewer=self.user(), template_id=template_id)
        version = expected_version(request)
        sent = documents.read(shapes.DatedNote, request.data)
        found = services.retire(
            template_id, reason=sent.reason, expected_version=version, by=self.user(), now=self.now()
        )
        return versioned(shapes.template(found), found.version)


urlpatterns = [
    path("", TemplateList.as_view(), name="api-program-templates-list"),
    path("<uuid:template_id>/", TemplateDetail.as_view(), name="api-program-templates-detail"),
    path("<uuid:template_id>/retire/", TemplateRetire.as_view(), name="api-program-templates-retire"),
]
