"""Baselines that clinicians set, over HTTP."""

import uuid
from typing import Annotated

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.analytics.series import key_of, token_of
from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.v1.series import BaselineAnswer, represent_baseline
from rehab.api.views import ApiView, etag_of, expected_version, is_unchanged, versioned
from rehab.errors import NotFound
from rehab.selectors import baselines, patients
from rehab.services import baselines as baseline_services


class BaselineQuery(PageQuery):
    patient: uuid.UUID | None = None
    series: Annotated[str | None, Field(max_length=3000, description="The series, as `series` names it.")] = None

    def key(self) -> str | None:
        try:
            return None if self.series is None else key_of(self.series)
        except ValueError:
            raise NotFound from None


class BaselineList(ApiView):
    @extend_schema(
        tags=["baselines"],
        operation_id="baselines_list",
        parameters=schema.parameters_of(BaselineQuery),
        responses={200: schema.page_of("Baselines", BaselineAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(BaselineQuery, request)
        if query.patient is not None:
            patients.get(viewer=self.user(), patient_id=query.patient)
        found, position = baselines.page(
            viewer=self.user(), patient_id=query.patient, key=query.key(), after=query.position(), limit=query.limit
        )
        results = [represent_baseline(row, token_of(row.series_key)) for row in found]
        return Response(queries.page_body(request, results, position))

    @extend_schema(
        tags=["baselines"],
        operation_id="baselines_set",
        request=baseline_services.BaselineInput,
        responses={201: BaselineAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Set the baseline of a series. The one before it ends and stays in the list."""
        made = baseline_services.set_baseline(request.data, by=self.user(), now=self.now())
        row = made.baseline
        return versioned(
            represent_baseline(row, token_of(row.series_key)),
            row.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{row.pk}/",
        )


class BaselineDetail(ApiView):
    @extend_schema(
        tags=["baselines"], operation_id="baselines_read", responses={200: BaselineAnswer, **schema.PROBLEMS}
    )
    def get(self, request: Request, baseline_id: uuid.UUID) -> Response:
        row, _seen = baselines.get(viewer=self.user(), baseline_id=baseline_id)
        if is_unchanged(request, row.version):
            return Response(status=304, headers={"ETag": etag_of(row.version)})
        return versioned(represent_baseline(row, token_of(row.series_key)), row.version)


class BaselineEnd(ApiView):
    @extend_schema(
        tags=["baselines"],
        operation_id="baselines_end",
        request=None,
        parameters=[schema.IF_MATCH],
        responses={200: BaselineAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, baseline_id: uuid.UUID) -> Response:
        """End a baseline: the series is compared with its first readings again."""
        baselines.get(viewer=self.user(), baseline_id=baseline_id)
        version = expected_version(request)
        row = baseline_services.end(baseline_id, expected_version=version, by=self.user(), now=self.now())
        return versioned(represent_baseline(row, token_of(row.series_key)), row.version)


urlpatterns = [
    path("", BaselineList.as_view(), name="api-baselines-list"),
    path("<uuid:baseline_id>/", BaselineDetail.as_view(), name="api-baselines-detail"),
    path("<uuid:baseline_id>/end/", BaselineEnd.as_view(), name="api-baselines-end"),
]
