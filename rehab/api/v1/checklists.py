"""Answers to screening lists over HTTP, for clinicians. They are not amended: the next answers take their place."""

import uuid
from typing import Literal

from django.urls import path
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import PageQuery
from rehab.api.v1 import program_shapes as shapes
from rehab.api.views import ApiView
from rehab.selectors import checklists as selectors
from rehab.services import checklists as services
from rehab.services.inputs.programs import ChecklistInput


class ChecklistQuery(PageQuery):
    patient: uuid.UUID | None = None
    checklist: Literal["fes", "aquatic"] | None = None


class ChecklistList(ApiView):
    @extend_schema(
        tags=["checklists"],
        operation_id="checklists_list",
        parameters=schema.parameters_of(ChecklistQuery),
        responses={200: schema.page_of("Checklist", shapes.ChecklistAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(ChecklistQuery, request)
        found, position = selectors.page(
            viewer=self.user(), patient_id=query.patient, checklist=query.checklist, after=query.position(),
            limit=query.limit,
        )  # fmt: skip
        language = get_language() or "en"
        results = [shapes.answers(row, language=language) for row in found]
        return Response(queries.page_body(request, results, position))

    @extend_schema(
        tags=["checklists"],
        operation_id="checklists_create",
        request=ChecklistInput,
        responses={201: shapes.ChecklistAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        made = services.answer(request.data, by=self.user(), now=self.now())
        return Response(
            shapes.answers(made.answers, language=get_language() or "en"),
            status=201 if made.created else 200,
            headers={"Location": f"{request.path}{made.answers.pk}/"},
        )


class ChecklistDetail(ApiView):
    @extend_schema(
        tags=["checklists"],
        operation_id="checklists_read",
        responses={200: shapes.ChecklistAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request, answers_id: uuid.UUID) -> Response:
        found = selectors.get(viewer=self.user(), answers_id=answers_id)
        return Response(shapes.answers(found, language=get_language() or "en"))


urlpatterns = [
    path("", ChecklistList.as_view(), name="api-checklists-list"),
    path("<uuid:answers_id>/", ChecklistDetail.as_view(), name="api-checklists-detail"),
]
