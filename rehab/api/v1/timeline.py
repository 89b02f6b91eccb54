"""A patient's timeline over HTTP: records of every kind, latest first."""

import uuid

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, representation, schema
from rehab.api.queries import PageQuery
from rehab.api.views import ApiView
from rehab.errors import Invalid, Problem
from rehab.selectors import timeline
from rehab.selectors.records import Filters
from rehab.services.inputs.base import Moment
from rehab.services.kinds import KINDS


class TimelineQuery(PageQuery):
    patient: uuid.UUID
    kind: str | None = Field(default=None, description="Kinds to show, separated by commas.")
    performed_from: Moment | None = Field(default=None, alias="from", description="Performed at or after.")
    performed_to: Moment | None = Field(default=None, alias="to", description="Performed before.")
    updated_since: Moment | None = Field(default=None, description="Recorded or changed at or after.")

    def kinds(self) -> list[str]:
        names = list(KINDS) if self.kind is None else self.kind.split(",")
        if unknown := [name for name in names if name not in KINDS]:
            raise Invalid([Problem("?kind", "unknown_code", f"kind: {unknown[0][:80]} – {', '.join(KINDS)}")])
        return names


class Timeline(ApiView):
    @extend_schema(
        tags=["timeline"],
        operation_id="timeline_list",
        parameters=schema.parameters_of(TimelineQuery),
        responses={200: schema.TimelinePage, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(TimelineQuery, request)
        page = timeline.page(
            {name: KINDS[name].model for name in query.kinds()},
            viewer=self.user(),
            patient_id=query.patient,
            filters=Filters(query.performed_from, query.performed_to, query.updated_since),
            after=query.position(),
            limit=query.limit,
            columns_of=lambda name: representation.columns_of(KINDS[name]),
        )
        results = [representation.from_row(KINDS[row["kind"]], row) for row in page.rows]
        return Response(queries.page_body(request, results, page.next))


urlpatterns = [path("", Timeline.as_view(), name="api-timeline")]
