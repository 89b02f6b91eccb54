"""How the tables of goals and assessments are violated."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rehab.models import Assessment, Goal, GoalReview
from tests.conftest import Cast


def assessment(cast: Cast, **changes: Any) -> Any:
    now = timezone.now()
    fields = {
        "patient": cast.patient,
        "performed_at": now,
        "performed_on": now.date(),
        "recorded_by": cast.therapist,
        "source": "api",
        "details": {},
        "created_digest": "d",
        "created_at": now,
        "updated_at": now,
        "assessment": "mas",
        "muscle": "ELB_FLEX",
        "side": "left",
        "series_key": "k",
        "series_value": 2.0,
        **changes,
    }
    return Assessment.objects.create(**fields)


def goal(cast: Cast, **changes: Any) -> Goal:
    now = timezone.now()
    fields = {
        "patient": cast.patient,
        "title": "Walk to the shop",
        "levels": ["a", "b", "c", "d", "e"],
        "levels_written_on": now.date(),
        "period_start": now.date(),
        "period_end": now.date() + timedelta(days=84),
        "created_by": cast.therapist,
        "created_digest": "d",
        "created_at": now,
        "updated_at": now,
        **changes,
    }
    return Goal.objects.create(**fields)


def review(cast: Cast, of: Goal | None = None, **changes: Any) -> GoalReview:
    now = timezone.now()
    fields = {
        "goal": of or goal(cast),
        "level": 0,
        "rated_on": now.date(),
        "rated_by": cast.therapist,
        "created_digest": "d",
        "created_at": now,
        **changes,
    }
    return GoalReview.objects.create(**fields)


def corrected_twice(cast: Cast) -> None:
    first = review(cast)
    for _ in range(2):
        review(cast, first.goal, corrects=first, reason="typed the wrong level")


def _day(days: int) -> Any:
    return timezone.now().date() + timedelta(days=days)


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "assessment_status_known": lambda cast: assessment(
        cast, status="gone", version=2, changed_by=cast.therapist, change_reason="why"
    ),
    "assessment_version_fits_status": lambda cast: assessment(cast, status="amended"),
    "assessment_change_has_reason": lambda cast: assessment(
        cast, status="amended", version=2, changed_by=cast.therapist
    ),
    "assessment_side_known": lambda cast: assessment(cast, side="up"),
    "assessment_kind_known": lambda cast: assessment(cast, assessment="eye"),
    "assessment_tone_has_rank": lambda cast: assessment(cast, series_value=None),
    "assessment_mrc_sum_possible": lambda cast: assessment(cast, assessment="mrc_sum", series_value=61.0),
    "assessment_scale_has_value": lambda cast: assessment(cast, assessment="function_scale", scale=""),
    "assessment_measures_possible": lambda cast: assessment(cast, assessment="respiratory", mip_cmh2o=-1.0),
    "assessment_baseline_is_measured": lambda cast: assessment(cast, is_baseline=True),
    "goal_title_not_empty": lambda cast: goal(cast, title=""),
    "goal_baseline_known": lambda cast: goal(cast, baseline_level=1),
    "goal_weight_known": lambda cast: goal(cast, importance=0),
    "goal_levels_before_period": lambda cast: goal(cast, levels_written_on=_day(1)),
    "goal_period_has_length": lambda cast: goal(cast, period_end=_day(0)),
    "goal_status_known": lambda cast: goal(cast, status="lost", change_reason="why", changed_by=cast.therapist),
    "goal_end_has_reason": lambda cast: goal(cast, status="stopped"),
    "goal_review_level_known": lambda cast: review(cast, level=3),
    "goal_review_corrected_once": corrected_twice,
    "goal_review_correction_has_reason": lambda cast: review(cast, reason="why"),
}
