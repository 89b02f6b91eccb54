"""Fatigability within a day (morning against afternoon) and within a session.

Strength at home has no published morning-afternoon cut-off: the rules are conventions of this project. The 10
% decrement of repetitive nerve stimulation is an electrodiagnostic criterion and is not used here.
"""

import datetime as dt
import itertools
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rehab.analytics import _checks

METHOD = "fatigability/1"
WINDOW_DAYS = 21
MIN_PAIRS = 5
MIN_REPETITIONS = 10
P_BELOW = 0.05

_MORNING_HOURS = 2
_APART_HOURS = 6
_REST_HOURS = 2

State = Literal["insufficient_data", "consistent_decrease", "no_consistent_decrease"]
Reason = Literal["too_few_pairs", "no_threshold"]


@dataclass(frozen=True, slots=True)
class TimedReading:
    """A strength reading with its time; local time of the patient, all of one series."""

    id: str
    at: dt.datetime
    value: float
    woke_at: dt.datetime | None = None
    hours_since_exercise: float | None = None
    """``None``: no exercise recorded before it."""
    hours_since_anticholinesterase: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Morning and afternoon of one day."""

    on: dt.date
    morning: float
    afternoon: float
    decrement_pct: float | None
    """``None``: the morning value is 0, the pair is not valid."""
    morning_hours_since_anticholinesterase: float | None
    afternoon_hours_since_anticholinesterase: float | None
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fatigability:
    """Decrease from morning to afternoon over the last 21 days."""

    state: State
    reason: Reason | None
    n: int
    """Valid pairs."""
    positive: int
    """Pairs with a lower afternoon."""
    ties: int
    invalid_pairs: int
    median_decrement_pct: float | None
    quartile_1_pct: float | None
    quartile_3_pct: float | None
    p_value: float | None
    """One-sided sign test, ties dropped."""
    first_on: dt.date | None
    last_on: dt.date | None
    ids: tuple[str, ...]
    method: str = METHOD


def pairs(*, readings: Iterable[TimedReading]) -> tuple[Pair, ...]:
    """Morning-afternoon pairs, one a day, in order of time.

    Morning: within 2 h of waking (so the time of waking must be known). Afternoon: 6 h or more after the last
    morning reading. Readings less than 2 h after exercise do not count. Repeats are their median. Decrement =
    (AM − PM) / AM × 100. A value below 0 is a ``ValueError``. Convention of this project.

    >>> day = dt.datetime(2026, 3, 2)
    >>> morning = TimedReading("a", day.replace(hour=8), 200.0, woke_at=day.replace(hour=7))
    >>> pairs(readings=[morning, TimedReading("b", day.replace(hour=16), 150.0)])[0].decrement_pct
    25.0
    """
    rested = [reading for reading in readings if _rested(reading)]
    for reading in rested:
        _checks.not_negative(**{f"reading {reading.id}": reading.value})
    rested.sort(key=lambda reading: (reading.at, reading.id))
    found = (
        _pair(on=on, readings=tuple(same_day))
        for on, same_day in itertools.groupby(rested, key=lambda reading: reading.at.date())
    )
    return tuple(pair for pair in found if pair is not None)


def assess(*, readings: Iterable[TimedReading], until: dt.date, mdc_pct: float | None) -> Fatigability:
    """Whether strength falls from morning to afternoon, from the pairs of the 21 days up to ``until``.

    At least 5 valid pairs, better 10. ``consistent_decrease``: one-sided sign test p < 0.05 (ties dropped)
    **and** median decrement above ``mdc_pct``, the minimal detectable change of the method in %; without it
    nothing can be called consistent. Quartiles include the ends. Convention of this project.

    >>> assess(readings=[], until=dt.date(2026, 3, 2), mdc_pct=25).state
    'insufficient_data'
    """
    in_window = [pair for pair in pairs(readings=readings) if 0 <= (until - pair.on).days < WINDOW_DAYS]
    valid = [(pair, pair.decrement_pct) for pair in in_window if pair.decrement_pct is not None]
    decrements = [decrement for _, decrement in valid]
    positive, ties = sum(d > 0 for d in decrements), sum(d == 0 for d in decrements)
    reason: Reason | None = None
    if len(valid) < MIN_PAIRS:
        reason = "too_few_pairs"
    elif mdc_pct is None:
        reason = "no_threshold"
    median = statistics.median(decrements) if decrements else None
    quartiles = statistics.quantiles(decrements, n=4, method="inclusive") if len(decrements) > 1 else None
    p_value = sign_test(positive=positive, n=len(valid) - ties) if reason != "too_few_pairs" else None
    state: State = "insufficient_data" if reason else "no_consistent_decrease"
    beyond_error = median is not None and mdc_pct is not None and median > mdc_pct
    if reason is None and beyond_error and p_value is not None and p_value < P_BELOW:
        state = "consistent_decrease"
    return Fatigability(
        state=state,
        reason=reason,
        n=len(valid),
        positive=positive,
        ties=ties,
        invalid_pairs=len(in_window) - len(valid),
        median_decrement_pct=median,
        quartile_1_pct=quartiles[0] if quartiles else None,
        quartile_3_pct=quartiles[2] if quartiles else None,
        p_value=p_value,
        first_on=valid[0][0].on if valid else None,
        last_on=valid[-1][0].on if valid else None,
        ids=tuple(id_ for pair, _ in valid for id_ in pair.ids),
    )


def sign_test(*, positive: int, n: int) -> float:
    """One-sided p of the sign test: probability of ``positive`` or more of n at one half each; 1 for n = 0.

    Exact, from binomial coefficients. ``positive`` outside 0 to n: ``ValueError``. Standard statistics.

    >>> sign_test(positive=5, n=5)
    0.03125
    """
    _checks.within(name="positive", value=positive, low=0, high=n)
    return sum(math.comb(n, k) for k in range(positive, n + 1)) / (1 << n)


def minimum_positive(*, n: int) -> int | None:
    """Fewest positive pairs of n for p < 0.05; ``None`` below 5 pairs, where no count is enough.

    >>> minimum_positive(n=10), minimum_positive(n=4)
    (9, None)
    """
    return next((k for k in range(n + 1) if sign_test(positive=k, n=n) < P_BELOW), None)


def within_session_decrement_pct(*, repetitions: Sequence[float]) -> float | None:
    """Decrement within a session in %: (best of first 3 − best of last 3) / best of first 3 × 100.

    At least 10 repetitions at a fixed pace, each 0 or above; else ``ValueError``. ``None`` if the best of the
    first three is 0. Convention of this project.

    >>> within_session_decrement_pct(repetitions=[200, 190, 195, 190, 180, 175, 170, 165, 160, 150])
    17.5
    """
    if len(repetitions) < MIN_REPETITIONS:
        raise ValueError(f"at least {MIN_REPETITIONS} repetitions are needed, not {len(repetitions)}")
    for number, value in enumerate(repetitions, start=1):
        _checks.not_negative(**{f"repetition {number}": value})
    first, last = max(repetitions[:3]), max(repetitions[-3:])
    return None if first == 0 else (first - last) / first * 100


def _rested(reading: TimedReading) -> bool:
    return reading.hours_since_exercise is None or reading.hours_since_exercise >= _REST_HOURS


def _pair(*, on: dt.date, readings: tuple[TimedReading, ...]) -> Pair | None:
    morning = [reading for reading in readings if _is_morning(reading)]
    if not morning:
        return None
    from_then = morning[-1].at + dt.timedelta(hours=_APART_HOURS)
    afternoon = [reading for reading in readings if reading.at >= from_then]
    if not afternoon:
        return None
    am = statistics.median(reading.value for reading in morning)
    pm = statistics.median(reading.value for reading in afternoon)
    return Pair(
        on=on,
        morning=am,
        afternoon=pm,
        decrement_pct=None if am == 0 else (am - pm) / am * 100,
        morning_hours_since_anticholinesterase=_hours_since_dose(morning),
        afternoon_hours_since_anticholinesterase=_hours_since_dose(afternoon),
        ids=tuple(reading.id for reading in (*morning, *afternoon)),
    )


def _is_morning(reading: TimedReading) -> bool:
    if reading.woke_at is None:
        return False
    return dt.timedelta(0) <= reading.at - reading.woke_at <= dt.timedelta(hours=_MORNING_HOURS)


def _hours_since_dose(readings: list[TimedReading]) -> float | None:
    known = [hours for reading in readings if (hours := reading.hours_since_anticholinesterase) is not None]
    return statistics.median(known) if known else None
