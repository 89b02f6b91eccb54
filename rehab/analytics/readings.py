"""Comparable readings of one series, and their medians by day.

Two readings are comparable only if patient, measure, muscle or motion, side and digit, type of motion, make or
break, position, version of the scale, aggregate and class of instrument are the same (for bands: the product
too). The caller passes one such series.
"""

import datetime as dt
import itertools
import math
import statistics
from collections.abc import Iterable
from typing import NamedTuple

from rehab.analytics import _checks


class Reading(NamedTuple):
    """One reading in the unit of its series."""

    id: str
    on: dt.date
    value: float
    rater: str | None = None
    visual_estimate: bool = False
    swelling: bool = False
    """A girth of a swollen limb: it says nothing of muscle."""
    coarse_visit: bool = False
    """Every angle of its visit, and not of this series alone, is a multiple of 5°."""


class Day(NamedTuple):
    """The median of one day, with the readings it stands for (sorted by id)."""

    on: dt.date
    value: float
    ids: tuple[str, ...]
    raters: frozenset[str | None]


def by_day(*, readings: Iterable[Reading]) -> tuple[Day, ...]:
    """Median of each day, in order of time; visual estimates and girths of a swollen limb are left out.

    A value that is not finite is a ``ValueError``. Convention of this project.

    >>> on = dt.date(2026, 3, 2)
    >>> [day.value for day in by_day(readings=[Reading("a", on, 98), Reading("b", on, 104), Reading("c", on, 99)])]
    [99]
    """
    kept = sorted((r for r in readings if not (r.visual_estimate or r.swelling)), key=lambda r: (r.on, r.id))
    for reading in kept:
        if not math.isfinite(reading.value):
            _checks.finite(**{f"reading {reading.id}": reading.value})
    return tuple(_day(on=on, readings=tuple(same_day)) for on, same_day in itertools.groupby(kept, key=lambda r: r.on))


def _day(*, on: dt.date, readings: tuple[Reading, ...]) -> Day:
    if len(readings) == 1:
        [one] = readings
        return Day(on=on, value=one.value, ids=(one.id,), raters=frozenset((one.rater,)))
    return Day(
        on=on,
        value=statistics.median(reading.value for reading in readings),
        ids=tuple(reading.id for reading in readings),
        raters=frozenset(reading.rater for reading in readings),
    )


def same_rater(*, days: Iterable[Day]) -> bool | None:
    """Whether one rater took all readings of the days; ``None`` if that cannot be known.

    Two known raters are two, whoever took the rest. False or ``None`` calls for a threshold between raters.

    >>> on = dt.date(2026, 3, 2)
    >>> same_rater(days=by_day(readings=[Reading("a", on, 98, rater="r1"), Reading("b", on, 99, rater="r2")]))
    False
    """
    raters = frozenset[str | None]().union(*(day.raters for day in days))
    known = raters - {None}
    if len(known) > 1:
        return False
    return True if known and None not in raters else None
