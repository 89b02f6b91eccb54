"""Which days of a series are compared: those of the baseline, and those that stand against it.

The rules are conventions of this project.
"""

import datetime as dt
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from rehab.analytics.readings import Day, Reading, by_day, same_rater

CONFIRM_WITHIN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline that a clinician set (start, surgery, relapse), in the unit of the readings."""

    on: dt.date
    value: float
    rater: str | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What is compared with what."""

    n: int
    """Days of the comparison's period, from the baseline on."""
    first_on: dt.date
    last_on: dt.date
    baseline: float
    current: float
    same_rater: bool | None
    """Of the days compared; ``None`` if it cannot be known."""
    interval_days: int
    """From the first baseline day to the last day."""
    baseline_days: tuple[Day, ...]
    current_days: tuple[Day, ...]


def frame(
    *, readings: Iterable[Reading], baseline: Baseline | None = None, days: tuple[Day, ...] | None = None
) -> Frame | None:
    """Which days are compared; ``None`` below two comparable days. ``days``: the readings by day, if known already.

    Readings of a day count as their median. **Baseline:** the first day; the median of the first two days if
    they lie within 14 days and a later day remains to compare with. A baseline set by a clinician replaces
    it, counts as one day, and only later days are compared with it. **Current:** the median of the last two
    days after the baseline if they lie within 14 days, else the last day. Conventions of this project.

    >>> day = dt.date(2026, 3, 2)
    >>> found = frame(readings=[Reading("a", day, 100.0), Reading("b", day + dt.timedelta(days=20), 130.0)])
    >>> found.baseline, found.current, found.interval_days, found.same_rater
    (100.0, 130.0, 20, None)
    """
    days = by_day(readings=readings) if days is None else days
    if baseline is None:
        first, later = _first_days(days)
    else:
        raters = frozenset({baseline.rater})
        first = (Day(on=baseline.on, value=baseline.value, ids=baseline.ids, raters=raters),)
        later = tuple(day for day in days if day.on > baseline.on)
    if not later:
        return None
    last = later[-2:] if _close(later[-2:]) else later[-1:]
    return Frame(
        n=len(first) + len(later),
        first_on=first[0].on,
        last_on=last[-1].on,
        baseline=_median(first),
        current=_median(last),
        same_rater=same_rater(days=(*first, *last)),
        interval_days=(last[-1].on - first[0].on).days,
        baseline_days=first,
        current_days=last,
    )


def _first_days(days: tuple[Day, ...]) -> tuple[tuple[Day, ...], tuple[Day, ...]]:
    count = 2 if len(days) > 2 and _close(days[:2]) else 1
    return days[:count], days[count:]


def _close(days: tuple[Day, ...]) -> bool:
    return (days[-1].on - days[0].on).days <= CONFIRM_WITHIN_DAYS


def _median(days: tuple[Day, ...]) -> float:
    return statistics.median(day.value for day in days)
