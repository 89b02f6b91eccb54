"""Programmes and their items over HTTP. An item is amended by itself, so that two therapists rarely collide."""

import uuid
from typing import Annotated, Literal

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.v1 import program_shapes as shapes
from rehab.api.views import ApiView, etag_of, expected_version, is_unchanged, versioned
from rehab.models import Program
from rehab.selectors import programs as selectors
from rehab.services import documents
from rehab.services import programs as services
from rehab.services.inputs.programs import ItemInput, ProgramInput


class ProgramQuery(PageQuery):
    patient: uuid.UUID | None = None
    status: Annotated[Literal["active", "ended"] | None, Field(description="Ended by hand or still active.")] = None


def _with_items(program: Program) -> dict[str, object]:
    return shapes.program(program, selectors.items_of([program.pk])[program.pk])


class ProgramList(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="programs_list",
        parameters=schema.parameters_of(ProgramQuery),
        responses={200: schema.page_of("Program", shapes.ProgramAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(ProgramQuery, request)
        found, position = selectors.page(
            viewer=self.user(), patient_id=query.patient, status=query.status, after=query.position(),
            limit=query.limit,
        )  # fmt: skip
        items = selectors.items_of([program.pk for program in found])
        results = [shapes.program(program, items[program.pk]) for program in found]
        return Response(queries.page_body(request, results, position))

    @extend_schema(
        tags=["programs"],
        operation_id="programs_create",
        request=ProgramInput,
        responses={201: shapes.ProgramAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        made = services.create(request.data, by=self.user(), now=self.now())
        return versioned(
            _with_items(made.program),
            made.program.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{made.program.pk}/",
        )


class ProgramDetail(ApiView):
    @extend_schema(
        tags=["programs"], operation_id="programs_read", responses={200: shapes.ProgramAnswer, **schema.PROBLEMS}
    )
    def get(self, request: Request, program_id: uuid.UUID) -> Response:
        # No answer 304: the items within have versions of their own.
        program, _seen = selectors.get(viewer=self.user(), program_id=program_id)
        return versioned(_with_items(program), program.version)

    @extend_schema(
        tags=["programs"],
        operation_id="programs_amend",
        request=shapes.ProgramAmendment,
        parameters=[schema.IF_MATCH],
        responses={200: shapes.ProgramAnswer, **schema.CHANGE_PROBLEMS},
    )
    def patch(self, request: Request, program_id: uuid.UUID) -> Response:
        selectors.get(viewer=self.user(), program_id=program_id)
        version = expected_version(request)
        sent = documents.read(shapes.ProgramAmendment, request.data)
        program = services.amend(
            program_id, sent.changes, reason=sent.reason, expected_version=version, by=self.user(), now=self.now()
        )
        return versioned(_with_items(program), program.version)


class ProgramEnd(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="programs_end",
        request=shapes.DatedNote,
        parameters=[schema.IF_MATCH],
        responses={200: shapes.ProgramAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, program_id: uuid.UUID) -> Response:
        selectors.get(viewer=self.user(), program_id=program_id)
        version = expected_version(request)
        sent = documents.read(shapes.DatedNote, request.data)
        program = services.end(program_id, reason=sent.reason, expected_version=version, by=self.user(), now=self.now())
        return versioned(_with_items(program), program.version)


class ProgramVersions(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="programs_versions",
        responses={200: schema.list_of(shapes.ProgramVersionAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request, program_id: uuid.UUID) -> Response:
        program, _seen = selectors.get(viewer=self.user(), program_id=program_id)
        author = program.changed_by or program.created_by
        earlier = [
            {
                "version": row.version,
                "changed_by": {"id": row.changed_by_id, "name": row.changed_by.name},
                "reason": row.change_reason,
                "at": row.recorded_at,
                "document": row.document,
            }
            for row in selectors.versions(program.pk)
        ]
        current = {
            "version": program.version,
            "changed_by": {"id": author.pk, "name": author.name},
            "reason": program.change_reason,
            "at": program.updated_at,
            "document": services.document_of(program),
        }
        return Response([*earlier, current])


class ItemList(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="program_items_create",
        request=ItemInput,
        responses={201: shapes.ItemAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request, program_id: uuid.UUID) -> Response:
        made = services.add_item(program_id, request.data, by=self.user(), now=self.now())
        return versioned(
            shapes.item(made.item),
            made.item.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{made.item.pk}/",
        )


class ItemDetail(ApiView):
    @extend_schema(
        tags=["programs"], operation_id="program_items_read", responses={200: shapes.ItemAnswer, **schema.PROBLEMS}
    )
    def get(self, request: Request, program_id: uuid.UUID, item_id: uuid.UUID) -> Response:
        item, _seen = selectors.get_item(viewer=self.user(), program_id=program_id, item_id=item_id)
        if is_unchanged(request, item.version):
            return Response(status=304, headers={"ETag": etag_of(item.version)})
        return versioned(shapes.item(item), item.version)

    @extend_schema(
        tags=["programs"],
        operation_id="program_items_amend",
        request=shapes.ProgramAmendment,
        parameters=[schema.IF_MATCH],
        responses={200: shapes.ItemAnswer, **schema.CHANGE_PROBLEMS},
    )
    def patch(self, request: Request, program_id: uuid.UUID, item_id: uuid.UUID) -> Response:
        selectors.get_item(viewer=self.user(), program_id=program_id, item_id=item_id)
        version = expected_version(request)
        sent = documents.read(shapes.ProgramAmendment, request.data)
        item = services.amend_item(
            program_id, item_id, sent.changes, reason=sent.reason, expected_version=version, by=self.user(),
            now=self.now(),
        )  # fmt: skip
        return versioned(shapes.item(item), item.version)


class ItemEnd(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="program_items_end",
        request=shapes.DatedNote,
        parameters=[schema.IF_MATCH],
        responses={200: shapes.ItemAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, program_id: uuid.UUID, item_id: uuid.UUID) -> Response:
        selectors.get_item(viewer=self.user(), program_id=program_id, item_id=item_id)
        version = expected_version(request)
        sent = documents.read(shapes.DatedNote, request.data)
        item = services.end_item(
            program_id, item_id, reason=sent.reason, expected_version=version, by=self.user(), now=self.now()
        )
        return versioned(shapes.item(item), item.version)


class ItemVersions(ApiView):
    @extend_schema(
        tags=["programs"],
        operation_id="program_items_versions",
        responses={200: schema.list_of(shapes.ItemVersionAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request, program_id: uuid.UUID, item_id: uuid.UUID) -> Response:
        item, _seen = selectors.get_item(viewer=self.user(), program_id=program_id, item_id=item_id)
        earlier = [shapes.item_version(row) for row in selectors.item_versions(item.pk)]
        return Response([*earlier, shapes.item_now(item)])


_ITEM = "<uuid:program_id>/items/<uuid:item_id>/"
urlpatterns = [
    path("", ProgramList.as_view(), name="api-programs-list"),
    path("<uuid:program_id>/", ProgramDetail.as_view(), name="api-programs-detail"),
    path("<uuid:program_id>/end/", ProgramEnd.as_view(), name="api-programs-end"),
    path("<uuid:program_id>/versions/", ProgramVersions.as_view(), name="api-programs-versions"),
    path("<uuid:program_id>/items/", ItemList.as_view(), name="api-program-items-list"),
    path(_ITEM, ItemDetail.as_view(), name="api-program-items-detail"),
    path(f"{_ITEM}end/", ItemEnd.as_view(), name="api-program-items-end"),
    path(f"{_ITEM}versions/", ItemVersions.as_view(), name="api-program-items-versions"),
]
