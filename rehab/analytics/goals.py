"""Goal attainment scaling: Kiresuk & Sherman 1968, Community Ment Health J 4:443-453, doi:10.1007/BF01530764."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rehab.analytics import _checks

METHOD = "goals/1"
RHO = 0.3
"""Assumed correlation between goals."""

Attainment = Literal[-2, -1, 0, 1, 2]
"""Much less than expected, less, as expected, more, much more."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal; ``weight`` is importance × difficulty."""

    id: str
    levels_written_on: dt.date
    period_start: dt.date
    """The first day of the goal's own period."""
    start: Attainment
    """Usually −1, or −2 if no worse state is possible."""
    end: Attainment | None = None
    """The last rating; ``None`` if there is none yet."""
    rated_on: dt.date | None = None
    """The day of that rating."""
    weight: float = 1


@dataclass(frozen=True, slots=True)
class GoalAttainment:
    """T at the start, at the end, and its change, over the same goals."""

    t_start: float | None
    t_end: float | None
    change: float | None
    n: int
    """Goals that count."""
    left_out: tuple[str, ...]
    """Goals that were not rated, or whose levels were written after their period began."""
    first_on: dt.date | None
    last_on: dt.date | None
    """From the first day of the first period to the last rating of a goal that counts."""
    ids: tuple[str, ...]
    method: str = METHOD


def t_score(*, attainments: Sequence[Attainment], weights: Sequence[float] | None = None) -> float | None:
    """T = 50 + 10 Σ wx / √((1 − ρ) Σ w² + ρ (Σ w)²), ρ = 0.3; ``None`` without a goal.

    Attainments −2 to +2, weights above 0 (all 1 if not given), as many as attainments; else ``ValueError``.
    All as expected is 50. Source: Kiresuk & Sherman 1968, doi:10.1007/BF01530764.

    >>> round(t_score(attainments=[1, 0, 2]), 2), round(t_score(attainments=[1, -1], weights=[2, 1]), 2)
    (63.69, 54.02)
    """
    weights = [1.0] * len(attainments) if weights is None else weights
    if len(weights) != len(attainments):
        raise ValueError(f"{len(attainments)} attainments need as many weights, not {len(weights)}")
    for number, (attainment, weight) in enumerate(zip(attainments, weights, strict=True), start=1):
        if attainment not in (-2, -1, 0, 1, 2):
            raise ValueError(f"attainment {number} must be a whole number from -2 to 2, not {attainment}")
        _checks.positive(**{f"weight {number}": weight})
    if not attainments:
        return None
    total = sum(weight * attainment for weight, attainment in zip(weights, attainments, strict=True))
    spread = (1 - RHO) * sum(weight**2 for weight in weights) + RHO * sum(weights) ** 2
    return 50 + 10 * total / math.sqrt(spread)


def assess(*, goals: Iterable[Goal]) -> GoalAttainment:
    """T at the start and at the end, and the change between them, over the same goals.

    Levels must be written before a goal's period or on its first day; a goal written later is left out, and so
    is one that was not rated, so that the change compares like with like. Below one rated goal: ``None``.
    Convention of this project; formula see ``t_score``.

    >>> day = dt.date(2026, 3, 2)
    >>> ratings = {"a": 1, "b": 0}
    >>> goals = [Goal(name, day, day, start=-1, end=end, rated_on=day) for name, end in ratings.items()]
    >>> found = assess(goals=goals)
    >>> round(found.t_start, 1), round(found.t_end, 1), round(found.change, 1)
    (37.6, 56.2, 18.6)
    """
    every = sorted(goals, key=lambda goal: goal.id)
    counted = [goal for goal in every if goal.levels_written_on <= goal.period_start and goal.end is not None]
    weights = [goal.weight for goal in counted]
    t_start = t_score(attainments=[goal.start for goal in counted], weights=weights)
    t_end = t_score(attainments=[goal.end for goal in counted if goal.end is not None], weights=weights)
    return GoalAttainment(
        t_start=t_start,
        t_end=t_end,
        change=None if t_start is None or t_end is None else t_end - t_start,
        n=len(counted),
        left_out=tuple(goal.id for goal in every if goal not in counted),
        first_on=min((goal.period_start for goal in counted), default=None),
        last_on=max((goal.rated_on for goal in counted if goal.rated_on is not None), default=None),
        ids=tuple(goal.id for goal in counted),
    )
