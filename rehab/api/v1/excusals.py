"""Excused days over HTTP."""

import uuid

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.v1 import program_shapes as shapes
from rehab.api.views import ApiView, etag_of, expected_version, is_unchanged, versioned
from rehab.selectors import programs as selectors
from rehab.services import excusals as services
from rehab.services.inputs.programs import ExcusalInput


class ExcusalQuery(PageQuery):
    patient: uuid.UUID | None = None


class ExcusalList(ApiView):
    @extend_schema(
        tags=["excusals"],
        operation_id="excusals_list",
        parameters=schema.parameters_of(ExcusalQuery),
        responses={200: schema.page_of("Excusal", shapes.ExcusalAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(ExcusalQuery, request)
        found, position = selectors.excusals_page(
            viewer=self.user(), patient_id=query.patient, after=query.position(), limit=query.limit
        )
        return Response(queries.page_body(request, [shapes.excusal(row) for row in found], position))

    @extend_schema(
        tags=["excusals"],
        operation_id="excusals_create",
        request=ExcusalInput,
        responses={201: shapes.ExcusalAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        made = services.excuse(request.data, by=self.user(), now=self.now())
        return versioned(
            shapes.excusal(made.excusal),
            made.excusal.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{made.excusal.pk}/",
        )


class ExcusalDetail(ApiView):
    @extend_schema(
        tags=["excusals"], operation_id="excusals_read", responses={200: shapes.ExcusalAnswer, **schema.PROBLEMS}
    )
    def get(self, request: Request, excusal_id: uuid.UUID) -> Response:
        found, _seen = selectors.excusal(viewer=self.user(), excusal_id=excusal_id)
        if is_unchanged(request, found.version):
            return Response(status=304, headers={"ETag": etag_of(found.version)})
        return versioned(shapes.excusal(found), found.version)


class ExcusalWithdraw(ApiView):
    @extend_schema(
        tags=["excusals"],
        operation_id="excusals_withdraw",
        request=None,
        parameters=[schema.IF_MATCH],
        responses={200: shapes.ExcusalAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, excusal_id: uuid.UUID) -> Response:
        selectors.excusal(viewer=self.user(), excusal_id=excusal_id)
        version = expected_version(request)
        found = services.withdraw(excusal_id, expected_version=version, by=self.user(), now=self.now())
        return versioned(shapes.excusal(found), found.version)


urlpatterns = [
    path("", ExcusalList.as_view(), name="api-excusals-list"),
    path("<uuid:excusal_id>/", ExcusalDetail.as_view(), name="api-excusals-detail"),
    path("<uuid:excusal_id>/withdraw/", ExcusalWithdraw.as_view(), name="api-excusals-withdraw"),
]
