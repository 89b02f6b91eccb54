"""Goals in plain words: where somebody started, where they are now, what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from rehab.models import Goal, GoalReview
from rehab.selectors.goals import PatientAttainment, RatedGoal
from rehab.services.inputs.goals import LEVEL_NAMES, MIDDLE, level_name
from rehab.web.records import words


@dataclass(frozen=True)
class LevelLine:
    """One of the five levels, the highest first."""

    name: str
    text: str
    is_start: bool
    is_now: bool


@dataclass(frozen=True)
class RatingLine:
    review: GoalReview
    on: str
    name: str


@dataclass(frozen=True)
class GoalLine:
    goal: Goal
    period: str
    start: str
    now: str
    rated_on: str
    expected: str
    progress: str
    next_look: str
    levels: list[LevelLine]
    ratings: list[RatingLine]
    has_begun: bool
    is_active: bool
    is_in_error: bool


@dataclass(frozen=True)
class Attained:
    """T as therapists read it, rounded to what it bears."""

    start: str
    end: str
    change: str
    n: int
    span: str


def name_of(level: int) -> str:
    """Return what a level is called."""
    return {
        "much_less": _("Much less than expected"),
        "less": _("Less than expected"),
        "expected": _("As expected"),
        "more": _("More than expected"),
        "much_more": _("Much more than expected"),
    }[level_name(level)]


def text_of(goal: Goal, level: int) -> str:
    return str(goal.levels[level_name(level)])


def progress_of(goal: Goal, level: int | None) -> str:
    """Return in plain words how far a goal is reached. It states; it does not praise or blame."""
    if level is None:
        return _("It was not looked at yet.")
    if level > 0:
        return _("You are beyond what was expected.")
    if level == 0:
        return _("You are where we expected to be.")
    if level > goal.baseline_level:
        return _("You have moved on from the start, and there is more to reach.")
    if level == goal.baseline_level:
        return _("You are where you started.")
    return _("It is harder now than at the start. Talk about it with your therapist.")


def line(row: RatedGoal, *, today: date) -> GoalLine:
    goal, latest = row.goal, row.latest
    ahead = sorted(day for day in map(date.fromisoformat, goal.review_dates) if day >= today)
    is_active = goal.status == Goal.Status.ACTIVE
    return GoalLine(
        goal=goal,
        period=_("%(first)s to %(last)s") % {"first": words.day(goal.period_start), "last": words.day(goal.period_end)},
        start=text_of(goal, goal.baseline_level),
        now=text_of(goal, latest.level) if latest else "",
        rated_on=words.day(latest.rated_on) if latest else "",
        expected=text_of(goal, 0),
        progress=progress_of(goal, latest.level if latest else None),
        next_look=words.day(ahead[0]) if ahead and is_active else "",
        levels=[
            LevelLine(
                name_of(level),
                text_of(goal, level),
                is_start=level == goal.baseline_level,
                is_now=latest is not None and level == latest.level,
            )
            for level in range(len(LEVEL_NAMES) - MIDDLE - 1, -MIDDLE - 1, -1)
        ],
        ratings=[
            RatingLine(rating, words.day(rating.rated_on), name_of(rating.level)) for rating in reversed(row.ratings)
        ],
        has_begun=goal.period_start <= today,
        is_active=is_active,
        is_in_error=goal.status == Goal.Status.ENTERED_IN_ERROR,
    )


def lines(rows: Iterable[RatedGoal], *, today: date) -> list[GoalLine]:
    """Return the goals that run or are to come first, those that ended after them."""
    found = [line(row, today=today) for row in rows]
    return sorted(found, key=lambda one: not one.is_active or one.goal.period_end < today)


def attained(row: PatientAttainment) -> Attained | None:
    """Return T in words, or None without a rated goal."""
    found = row.found
    if found.t_start is None or found.t_end is None or found.change is None:
        return None
    if found.first_on is None or found.last_on is None:
        return None
    return Attained(
        start=f"{found.t_start:.1f}",
        end=f"{found.t_end:.1f}",
        change=f"{found.change:+.1f}".replace("-", "−"),
        n=found.n,
        span=_("%(first)s to %(last)s") % {"first": words.day(found.first_on), "last": words.day(found.last_on)},
    )
