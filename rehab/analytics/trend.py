"""Rate of change of a series by Theil-Sen, and the steps of an ordinal one.

Sen 1968, J Am Stat Assoc 63:1379-1389, doi:10.1080/01621459.1968.10480934. How many days are needed is a
convention of this project. Nothing is extrapolated.
"""

import datetime as dt
import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from rehab.analytics.readings import Day, Reading, by_day

METHOD = "trend/1"
TWELVE_WEEKS_DAYS = 84
MAX_DAYS = 730
"""More days than this, and the latest count: the work grows with their square. Convention of this project."""
MIN_DAYS = 4
MIN_SPAN_DAYS = 14
MIN_DAYS_FOR_INTERVAL = 8

Direction = Literal["up", "down", "no_clear_trend", "insufficient"]


@dataclass(frozen=True, slots=True)
class Trend:
    """Theil-Sen line through the day medians; ``None`` where there are too few days."""

    direction: Direction
    """Of the value as stored: on a deficit or pain scale ``down`` is better."""
    n: int
    """Distinct days."""
    first_on: dt.date | None
    last_on: dt.date | None
    slope_per_week: float | None
    intercept: float | None
    """Value of the line on the first day."""
    ci95_low_per_week: float | None
    ci95_high_per_week: float | None
    mann_kendall_s: int | None
    ids: tuple[str, ...]
    method: str = METHOD


@dataclass(frozen=True, slots=True)
class Steps:
    """How an ordinal series went; ranks are no intervals, so there is no slope."""

    steps: tuple[tuple[dt.date, float, float], ...]
    """(day, from, to) wherever the day median differs from that of the day before."""
    mann_kendall_s: int
    sign: Literal[-1, 0, 1]
    n: int
    first_on: dt.date | None
    last_on: dt.date | None
    ids: tuple[str, ...]
    method: str = METHOD


def theil_sen(*, readings: Iterable[Reading], until: dt.date, window_days: int | None = TWELVE_WEEKS_DAYS) -> Trend:
    """Slope per week, intercept and 95 % interval of the medians of the ``window_days`` days that end with ``until``.

    ``window_days=None`` takes all days up to ``until``, of very many the latest ``MAX_DAYS``. t in days from the
    first of them, y the day median; s = (yⱼ − yᵢ) / (tⱼ − tᵢ) over all i < j. Slope = 7 × median(s) per week,
    intercept = median(y − slope / 7 × t). Below 4 distinct days or 14 days from first to last: ``insufficient``.
    From 8 days on the interval: C = 1.96 × √(n(n − 1)(2n + 5) / 18), N slopes, sorted s at ranks (N − C) / 2 and
    (N + C) / 2 + 1, rounded outward. ``up`` or ``down`` only if the interval excludes 0; so below 8 days
    ``no_clear_trend``. Source: Sen 1968, doi:10.1080/01621459.1968.10480934.

    >>> day = dt.date(2026, 3, 2)
    >>> rows = [Reading(str(t), day + dt.timedelta(days=t), y) for t, y in ((0, 100), (7, 104), (14, 103), (21, 110))]
    >>> found = theil_sen(readings=rows, until=dt.date(2026, 4, 1))
    >>> round(found.slope_per_week, 3), found.direction
    (3.167, 'no_clear_trend')
    """
    return theil_sen_of_days(days=by_day(readings=readings), until=until, window_days=window_days)


def theil_sen_of_days(*, days: tuple[Day, ...], until: dt.date, window_days: int | None = TWELVE_WEEKS_DAYS) -> Trend:
    """The same as ``theil_sen``, of days in order whose medians are worked out already."""
    days = _window(days=days, until=until, window_days=window_days)
    return _line(days=days, slopes=sorted(_slopes(_points(days))))


def theil_sen_recent_and_ever(*, days: tuple[Day, ...], today: dt.date, ever: dt.date) -> tuple[Trend, Trend]:
    """The trends of the twelve weeks to ``today`` and of all days to ``ever``, with each pair of days looked at once.

    The same as ``theil_sen_of_days`` for either: the slopes of the recent days are some of those of all.
    """
    recent, whole = (
        _window(days=days, until=today, window_days=TWELVE_WEEKS_DAYS),
        _window(days=days, until=ever, window_days=None),
    )
    if not recent or recent[-1] is not whole[-1]:  # readings later than today, or none in the twelve weeks
        return theil_sen_of_days(days=recent, until=today), theil_sen_of_days(days=whole, until=ever, window_days=None)
    of_recent = sorted(_slopes(_points(recent)))
    earlier = _slopes(_points(whole), first=len(whole) - len(recent))
    return _line(days=recent, slopes=of_recent), _line(days=whole, slopes=sorted(of_recent + earlier))


def _enough(days: tuple[Day, ...]) -> bool:
    return len(days) >= MIN_DAYS and (days[-1].on - days[0].on).days >= MIN_SPAN_DAYS


def _points(days: tuple[Day, ...]) -> list[tuple[int, float]]:
    return [(day.on.toordinal(), day.value) for day in days]


def _slopes(points: Sequence[tuple[int, float]], *, first: int | None = None) -> list[float]:
    """Slopes per day of all pairs of days, or of those pairs whose earlier day is among the ``first`` days."""
    return [(yj - yi) / (tj - ti) for i, (ti, yi) in enumerate(points[:first]) for tj, yj in points[i + 1 :]]


def _line(*, days: tuple[Day, ...], slopes: list[float]) -> Trend:
    """The trend of days with the slopes of their pairs in order of size."""
    if not _enough(days):
        return Trend(
            direction="insufficient",
            n=len(days),
            first_on=days[0].on if days else None,
            last_on=days[-1].on if days else None,
            slope_per_week=None,
            intercept=None,
            ci95_low_per_week=None,
            ci95_high_per_week=None,
            mann_kendall_s=None,
            ids=_ids(days),
        )
    slope = _middle(slopes)
    low, high = _interval(slopes=slopes, n=len(days))
    return Trend(
        direction=_direction(low=low, high=high),
        n=len(days),
        first_on=days[0].on,
        last_on=days[-1].on,
        slope_per_week=7 * slope,
        intercept=statistics.median(day.value - slope * (day.on - days[0].on).days for day in days),
        ci95_low_per_week=None if low is None else 7 * low,
        ci95_high_per_week=None if high is None else 7 * high,
        # A slope has the sign of its pair, so S is the rising pairs less the falling ones.
        mann_kendall_s=len(slopes) - bisect_right(slopes, 0) - bisect_left(slopes, 0),
        ids=_ids(days),
    )


class Slope(NamedTuple):
    """The slope of a trend without the rest."""

    direction: Direction
    n: int
    slope_per_week: float | None
    ci95_low_per_week: float | None
    ci95_high_per_week: float | None


def slope_of(points: Sequence[tuple[int, float]]) -> Slope:
    """The slope of ``theil_sen`` through day medians, of the days of a window in order; days are ordinals.

    >>> round(slope_of([(1, 100.0), (8, 104.0), (15, 103.0), (22, 110.0)]).slope_per_week, 3)
    3.167
    """
    if len(points) < MIN_DAYS or points[-1][0] - points[0][0] < MIN_SPAN_DAYS:
        return Slope("insufficient", len(points), None, None, None)
    slopes = sorted(_slopes(points))
    low, high = _interval(slopes=slopes, n=len(points))
    return Slope(
        _direction(low=low, high=high),
        len(points),
        7 * _middle(slopes),
        None if low is None else 7 * low,
        None if high is None else 7 * high,
    )


def ordinal_steps(*, readings: Iterable[Reading], until: dt.date, window_days: int | None = TWELVE_WEEKS_DAYS) -> Steps:
    """Steps of an ordinal series (MRC, Ashworth, Penn) and the sign of Mann-Kendall S; window as ``theil_sen``.

    The sign says which way most pairs of days point, not whether that is more than chance. Source: Mann 1945,
    Econometrica 13:245-259.

    >>> day = dt.date(2026, 3, 2)
    >>> rows = [Reading(str(t), day + dt.timedelta(days=t), y) for t, y in ((0, 4), (7, 4), (14, 7))]
    >>> found = ordinal_steps(readings=rows, until=dt.date(2026, 4, 1))
    >>> [step[1:] for step in found.steps], found.mann_kendall_s, found.sign
    ([(4, 7)], 2, 1)
    """
    days = _window(days=by_day(readings=readings), until=until, window_days=window_days)
    s = mann_kendall_s(values=[day.value for day in days])
    return Steps(
        steps=tuple((now.on, before.value, now.value) for before, now in pairwise(days) if before.value != now.value),
        mann_kendall_s=s,
        sign=1 if s > 0 else -1 if s < 0 else 0,
        n=len(days),
        first_on=days[0].on if days else None,
        last_on=days[-1].on if days else None,
        ids=_ids(days),
    )


def mann_kendall_s(*, values: list[float]) -> int:
    """Mann-Kendall S: later pairs that rise minus later pairs that fall, over values in order of time.

    Source: Mann 1945, Econometrica 13:245-259.

    >>> mann_kendall_s(values=[100, 104, 103, 110])
    4
    """
    return sum((later > now) - (later < now) for i, now in enumerate(values) for later in values[i + 1 :])


def _middle(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _window(*, days: tuple[Day, ...], until: dt.date, window_days: int | None) -> tuple[Day, ...]:
    return tuple(
        day for day in days if day.on <= until and (window_days is None or (until - day.on).days < window_days)
    )[-MAX_DAYS:]


def _interval(*, slopes: list[float], n: int) -> tuple[float | None, float | None]:
    if n < MIN_DAYS_FOR_INTERVAL:
        return None, None
    c = 1.96 * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = math.floor((len(slopes) - c) / 2)
    high = math.ceil((len(slopes) + c) / 2 + 1)
    return slopes[low - 1], slopes[high - 1]


def _direction(*, low: float | None, high: float | None) -> Direction:
    if low is not None and low > 0:
        return "up"
    if high is not None and high < 0:
        return "down"
    return "no_clear_trend"


def _ids(days: tuple[Day, ...]) -> tuple[str, ...]:
    return tuple(id_ for day in days for id_ in day.ids)
