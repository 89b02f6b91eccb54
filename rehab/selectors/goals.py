"""Reading goals, their ratings, and how far they are reached."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from rehab.analytics import goals as analytics
from rehab.analytics.goals import Attainment, GoalAttainment
from rehab.errors import NotFound
from rehab.models import Goal, GoalReview, RecordVersion
from rehab.selectors import access, patients
from rehab.selectors.paging import Position, latest_first
from rehab.selectors.patients import Seen


@dataclass(frozen=True)
class RatedGoal:
    """A goal with the ratings that count, the earliest first: those that no later one corrects."""

    goal: Goal
    ratings: list[GoalReview] = field(default_factory=list)

    @property
    def latest(self) -> GoalReview | None:
        return self.ratings[-1] if self.ratings else None


@dataclass(frozen=True)
class PatientAttainment:
    """T over a patient's goals; ``reviews`` are the ratings that stand for the end."""

    found: GoalAttainment
    reviews: list[uuid.UUID]


def get(*, viewer: User, goal_id: uuid.UUID) -> tuple[Goal, Seen]:
    """Return a goal with its patient as the viewer sees them; else ``NotFound``."""
    goal = by_id(goal_id)
    if goal is None:
        raise NotFound
    return goal, patients.get(viewer=viewer, patient_id=goal.patient_id)


def by_id(goal_id: uuid.UUID) -> Goal | None:
    return Goal.objects.filter(pk=goal_id).select_related("created_by", "changed_by").first()


def review_by_id(review_id: uuid.UUID) -> GoalReview | None:
    return GoalReview.objects.filter(pk=review_id).select_related("rated_by").first()


def review_of(goal: Goal, review_id: uuid.UUID) -> GoalReview:
    """Return a rating of a goal that still counts; ``NotFound`` for any other."""
    found = _standing(GoalReview.objects.filter(goal=goal, pk=review_id)).first()
    if found is None:
        raise NotFound
    return found


def update_if_at_version(goal_id: uuid.UUID, version: int, columns: dict[str, Any]) -> bool:
    """Write columns if the goal still stands at ``version``; return whether it did."""
    return Goal.objects.filter(pk=goal_id, version=version).update(**columns) == 1


def page(
    *, viewer: User, patient_id: uuid.UUID | None, status: str | None, after: Position | None, limit: int
) -> tuple[list[RatedGoal], Position | None]:
    """Return a page of goals, the latest written first: of one patient, or of all whom the viewer sees."""
    found = _of(viewer, patient_id)
    if status is not None:
        found = found.filter(status=status)
    rows, position = latest_first(found.select_related("created_by", "changed_by"), after=after, limit=limit)
    return _rated(rows), position


def rated(goal: Goal) -> RatedGoal:
    """Return a goal with the ratings that count."""
    return _rated([goal])[0]


def is_corrected(review: GoalReview) -> bool:
    return GoalReview.objects.filter(corrects=review.pk).exists()


def of_patient(patient_id: uuid.UUID) -> list[RatedGoal]:
    """Return every goal of a patient, the latest period first. Ask ``patients.get`` before."""
    rows = Goal.objects.filter(patient_id=patient_id).select_related("created_by", "changed_by")
    return _rated(rows.order_by("-period_start", "-id"))


def reviews_page(
    goal: Goal, *, after: Position | None, limit: int
) -> tuple[list[GoalReview], set[uuid.UUID], Position | None]:
    """Return a page of all ratings of a goal, the latest written first, and which of them a later one corrects."""
    rows, position = latest_first(
        GoalReview.objects.filter(goal=goal).select_related("rated_by"), after=after, limit=limit
    )
    corrected = GoalReview.objects.filter(corrects__in=[row.pk for row in rows]).values_list("corrects_id", flat=True)
    return rows, {pk for pk in corrected if pk is not None}, position


def versions(goal: Goal) -> QuerySet[RecordVersion]:
    """Return the earlier versions of a goal, oldest first."""
    return (
        RecordVersion.objects.filter(kind="goals", record_id=goal.pk)
        .select_related("changed_by")
        .order_by("version", "id")
    )


def attainment(goals: Iterable[RatedGoal]) -> PatientAttainment:
    """Return T at the start, at the last ratings and its change; goals entered in error do not count."""
    kept = {str(row.goal.pk): row for row in goals if row.goal.status != Goal.Status.ENTERED_IN_ERROR}
    ends = {key: row.latest for key, row in kept.items()}
    found = analytics.assess(
        goals=[
            analytics.Goal(
                id=key,
                levels_written_on=row.goal.levels_written_on,
                period_start=row.goal.period_start,
                start=cast("Attainment", row.goal.baseline_level),
                end=cast("Attainment", end.level) if end else None,
                rated_on=end.rated_on if end else None,
                weight=row.goal.weight,
            )
            for key, row in kept.items()
            for end in (ends[key],)
        ]
    )
    return PatientAttainment(found, [end.pk for key in found.ids if (end := ends[key]) is not None])


def attainment_of(*, viewer: User, patient_id: uuid.UUID, first: date | None, last: date | None) -> PatientAttainment:
    """Return how far a patient's goals are reached: those whose period began from ``first`` to ``last``."""
    patients.get(viewer=viewer, patient_id=patient_id)
    goals = [
        row
        for row in of_patient(patient_id)
        if (first is None or first <= row.goal.period_start) and (last is None or row.goal.period_start <= last)
    ]
    return attainment(goals)


def _of(viewer: User, patient_id: uuid.UUID | None) -> QuerySet[Goal]:
    if patient_id is not None:
        patients.get(viewer=viewer, patient_id=patient_id)
        return Goal.objects.filter(patient_id=patient_id)
    return Goal.objects.filter(patient__in=access.patients_visible_to(viewer))


def _rated(goals: Iterable[Goal]) -> list[RatedGoal]:
    rows = list(goals)
    ratings: dict[uuid.UUID, list[GoalReview]] = defaultdict(list)
    standing = _standing(GoalReview.objects.filter(goal__in=[goal.pk for goal in rows]))
    for rating in standing.select_related("rated_by").order_by("rated_on", "created_at", "id"):
        ratings[rating.goal_id].append(rating)
    return [RatedGoal(goal, ratings[goal.pk]) for goal in rows]


def _standing(reviews: QuerySet[GoalReview]) -> QuerySet[GoalReview]:
    return reviews.filter(~Exists(GoalReview.objects.filter(corrects=OuterRef("pk"))))
