"""Goals, their ratings and how far they are reached, over HTTP."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic import AwareDatetime, BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from rehab.api import queries, schema
from rehab.api.queries import PageQuery, Query
from rehab.api.schema import Change, Person
from rehab.api.views import ApiView, expected_version, versioned
from rehab.models import GoalReview
from rehab.selectors import goals as goal_selectors
from rehab.selectors.goals import RatedGoal
from rehab.services import documents
from rehab.services import goals as goal_services
from rehab.services.inputs.base import Day, Document
from rehab.services.inputs.goals import GoalInput, GoalState, ReviewInput


class GoalQuery(PageQuery):
    patient: uuid.UUID | None = None
    status: Literal["active", "stopped", "entered_in_error"] | None = None


class AttainmentQuery(Query):
    patient: uuid.UUID
    first: Annotated[Day | None, Field(alias="from", description="First day of the goals' periods: from here on.")] = (
        None
    )
    last: Annotated[Day | None, Field(alias="to", description="First day of the goals' periods: up to here.")] = None


class GoalAmendment(Document):
    """``changes`` is merged into the goal (RFC 7396). Levels, baseline, weight and start stand still in the period."""

    reason: str
    changes: dict[str, Any]


class GoalEnd(Document):
    status: Literal["stopped", "entered_in_error"]
    reason: str


class GoalAnswer(GoalState):
    """``current_level`` is that of the last rating; ``weight`` is importance × difficulty."""

    id: uuid.UUID
    patient: uuid.UUID
    weight: int
    levels_written_on: date
    status: Literal["active", "stopped", "entered_in_error"]
    current_level: int | None
    rated_on: date | None
    version: int
    change: Change | None
    created_by: Person
    created_at: AwareDatetime
    updated_at: AwareDatetime


class GoalReviewAnswer(ReviewInput):
    """``is_corrected``: a later rating took its place."""

    id: uuid.UUID
    goal: uuid.UUID
    rated_by: Person
    is_corrected: bool
    created_at: AwareDatetime


class GoalAttainmentAnswer(BaseModel):
    """T = 50 + 10 Σ wx / √((1 − ρ) Σ w² + ρ (Σ w)²), ρ = 0.3 (Kiresuk & Sherman 1968); null without a rated goal.

    ``goals`` and ``reviews`` are what it was computed from; ``left_out`` are goals that were not rated.
    """

    patient: uuid.UUID
    t_start: float | None
    t_end: float | None
    change: float | None
    n: int
    first_on: date | None
    last_on: date | None
    goals: list[uuid.UUID]
    reviews: list[uuid.UUID]
    left_out: list[uuid.UUID]
    method: str


def represent(row: RatedGoal) -> dict[str, Any]:
    goal, latest = row.goal, row.latest
    return {
        "id": goal.pk,
        "patient": goal.patient_id,
        **goal_services.document_of(goal),
        "weight": goal.weight,
        "levels_written_on": goal.levels_written_on,
        "status": goal.status,
        "current_level": latest.level if latest else None,
        "rated_on": latest.rated_on if latest else None,
        "version": goal.version,
        "change": {"by": goal.changed_by_id, "reason": goal.change_reason} if goal.version > 1 else None,
        "created_by": {"id": goal.created_by_id, "name": goal.created_by.name},
        "created_at": goal.created_at,
        "updated_at": goal.updated_at,
    }


def represent_review(review: GoalReview, *, is_corrected: bool) -> dict[str, Any]:
    return {
        "id": review.pk,
        "goal": review.goal_id,
        "level": review.level,
        "rated_on": review.rated_on,
        "note": review.note,
        "corrects": review.corrects_id,
        "reason": review.reason,
        "rated_by": {"id": review.rated_by_id, "name": review.rated_by.name},
        "is_corrected": is_corrected,
        "created_at": review.created_at,
    }


class GoalList(ApiView):
    @extend_schema(
        tags=["goals"],
        operation_id="goals_list",
        parameters=schema.parameters_of(GoalQuery),
        responses={200: schema.page_of("Goals", GoalAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(GoalQuery, request)
        found, position = goal_selectors.page(
            viewer=self.user(),
            patient_id=query.patient,
            status=query.status,
            after=query.position(),
            limit=query.limit,
        )
        return Response(queries.page_body(request, [represent(row) for row in found], position))

    @extend_schema(
        tags=["goals"],
        operation_id="goals_create",
        request=GoalInput,
        responses={201: GoalAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        written = goal_services.create(request.data, by=self.user(), now=self.now())
        return versioned(
            represent(goal_selectors.rated(written.goal)),
            written.goal.version,
            status_code=201 if written.created else 200,
            location=f"{request.path}{written.goal.pk}/",
        )


class GoalDetail(ApiView):
    @extend_schema(tags=["goals"], operation_id="goals_read", responses={200: GoalAnswer, **schema.PROBLEMS})
    def get(self, request: Request, goal_id: uuid.UUID) -> Response:
        goal, _seen = goal_selectors.get(viewer=self.user(), goal_id=goal_id)
        return versioned(represent(goal_selectors.rated(goal)), goal.version)

    @extend_schema(
        tags=["goals"],
        operation_id="goals_amend",
        request=GoalAmendment,
        parameters=[schema.IF_MATCH],
        responses={200: GoalAnswer, **schema.CHANGE_PROBLEMS},
    )
    def patch(self, request: Request, goal_id: uuid.UUID) -> Response:
        goal_selectors.get(viewer=self.user(), goal_id=goal_id)
        version = expected_version(request)
        amendment = documents.read(GoalAmendment, request.data)
        goal = goal_services.amend(
            goal_id,
            amendment.changes,
            reason=amendment.reason,
            expected_version=version,
            by=self.user(),
            now=self.now(),
        )
        return versioned(represent(goal_selectors.rated(goal)), goal.version)


class GoalClosed(ApiView):
    @extend_schema(
        tags=["goals"],
        operation_id="goals_close",
        request=GoalEnd,
        parameters=[schema.IF_MATCH],
        responses={200: GoalAnswer, **schema.CHANGE_PROBLEMS},
    )
    def post(self, request: Request, goal_id: uuid.UUID) -> Response:
        goal_selectors.get(viewer=self.user(), goal_id=goal_id)
        version = expected_version(request)
        end = documents.read(GoalEnd, request.data)
        goal = goal_services.close(
            goal_id,
            status=end.status,
            reason=end.reason,
            expected_version=version,
            by=self.user(),
            now=self.now(),
        )
        return versioned(represent(goal_selectors.rated(goal)), goal.version)


class GoalVersions(ApiView):
    @extend_schema(
        tags=["goals"],
        operation_id="goals_versions",
        responses={200: schema.list_of(schema.Version), **schema.PROBLEMS},
    )
    def get(self, request: Request, goal_id: uuid.UUID) -> Response:
        goal, _seen = goal_selectors.get(viewer=self.user(), goal_id=goal_id)
        earlier = [
            {
                "version": version.version,
                "record_status": version.status,
                "changed_by": {"id": version.changed_by_id, "name": version.changed_by.name},
                "reason": version.change_reason,
                "at": version.recorded_at,
                "document": version.document,
            }
            for version in goal_selectors.versions(goal)
        ]
        author = goal.changed_by or goal.created_by
        current = {
            "version": goal.version,
            "record_status": goal.status,
            "changed_by": {"id": author.pk, "name": author.name},
            "reason": goal.change_reason,
            "at": goal.updated_at,
            "document": goal_services.document_of(goal),
        }
        return Response([*earlier, current])


class GoalReviews(ApiView):
    @extend_schema(
        tags=["goals"],
        operation_id="goals_reviews",
        parameters=schema.parameters_of(PageQuery),
        responses={200: schema.page_of("GoalReviews", GoalReviewAnswer), **schema.PROBLEMS},
    )
    def get(self, request: Request, goal_id: uuid.UUID) -> Response:
        goal, _seen = goal_selectors.get(viewer=self.user(), goal_id=goal_id)
        query = queries.read(PageQuery, request)
        found, corrected, position = goal_selectors.reviews_page(goal, after=query.position(), limit=query.limit)
        results = [represent_review(row, is_corrected=row.pk in corrected) for row in found]
        return Response(queries.page_body(request, results, position))

    @extend_schema(
        tags=["goals"],
        operation_id="goals_review",
        request=ReviewInput,
        responses={201: GoalReviewAnswer, **schema.WRITE_PROBLEMS},
    )
    def post(self, request: Request, goal_id: uuid.UUID) -> Response:
        rated = goal_services.review(goal_id, request.data, by=self.user(), now=self.now())
        is_corrected = goal_selectors.is_corrected(rated.review)
        return Response(represent_review(rated.review, is_corrected=is_corrected), status=201 if rated.created else 200)


class GoalAttainment(ApiView):
    @extend_schema(
        tags=["analytics"],
        operation_id="goal_attainment",
        parameters=schema.parameters_of(AttainmentQuery),
        responses={200: GoalAttainmentAnswer, **schema.PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        query = queries.read(AttainmentQuery, request)
        attained = goal_selectors.attainment_of(
            viewer=self.user(), patient_id=query.patient, first=query.first, last=query.last
        )
        found = attained.found
        return Response(
            {
                "patient": query.patient,
                "t_start": found.t_start,
                "t_end": found.t_end,
                "change": found.change,
                "n": found.n,
                "first_on": found.first_on,
                "last_on": found.last_on,
                "goals": found.ids,
                "reviews": attained.reviews,
                "left_out": found.left_out,
                "method": found.method,
            }
        )


urlpatterns = [
    path("", GoalList.as_view(), name="api-goals-list"),
    path("<uuid:goal_id>/", GoalDetail.as_view(), name="api-goals-detail"),
    path("<uuid:goal_id>/close/", GoalClosed.as_view(), name="api-goals-close"),
    path("<uuid:goal_id>/versions/", GoalVersions.as_view(), name="api-goals-versions"),
    path("<uuid:goal_id>/reviews/", GoalReviews.as_view(), name="api-goals-reviews"),
]
attainment_urlpatterns = [path("", GoalAttainment.as_view(), name="api-goal-attainment")]
