"""Change against measurement error: has a series improved, declined, or not moved beyond its error?

The rules are conventions of this project around a published threshold (``rehab.reference.thresholds``).
Which days are compared, and so what the choice of a threshold depends on: ``rehab.analytics.frames``.
Formulas of the error itself: ``rehab.analytics.measurement_error``, re-exported here.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from rehab.analytics import grades
from rehab.analytics.frames import Baseline, Frame, frame
from rehab.analytics.measurement_error import mdc90, mdc95, mdc95_percent, sem
from rehab.analytics.readings import Reading, by_day
from rehab.reference.thresholds import Threshold

__all__ = [
    "METHOD",
    "Change",
    "assess",
    "mdc90",
    "mdc95",
    "mdc95_percent",
    "sem",
]

METHOD = "change/1"

State = Literal["insufficient_data", "improved", "declined", "stable", "provisional_improved", "provisional_declined"]
Reason = Literal["too_few_days", "only_visual_estimates", "only_swelling", "no_threshold", "zero_baseline"]
Mcid = Literal["not_assessed", "below", "possible_within_error", "reached", "reached_error_unknown"]

SAME_RATER_NEEDED = frozenset({"mrc_rank", "mas_rank"})
_NO_PERCENT = frozenset({"deg", "mrc_rank", "mas_rank", "category"})
STATED_IN = {"mrc_rank": "grade", "mas_rank": "category"}
_RELATIVE_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """State of a series, with everything it rests on. ``None`` where there is nothing to compare."""

    state: State
    reason: Reason | None
    """Why the data are insufficient."""
    n: int
    first_on: dt.date | None
    last_on: dt.date | None
    unit: str
    baseline: float | None
    current: float | None
    delta: float | None
    """Current − baseline, turned so that above 0 is better."""
    delta_pct: float | None
    """Of the baseline; ``None`` for angles, ordinals and a baseline of 0 or below."""
    same_rater: bool | None
    threshold_row_id: str | None
    threshold_value: float | None
    """In ``unit``; a percent threshold as it comes out at this baseline."""
    mcid: Mcid
    mcid_row_id: str | None
    ids: tuple[str, ...]
    """Of the readings compared, in order of time."""
    excluded_ids: tuple[str, ...]
    """Visual estimates, and girths of a swollen limb."""
    method: str = METHOD


def assess(
    *,
    readings: Iterable[Reading],
    unit: str,
    better: Literal["higher", "lower"],
    threshold: Threshold | None,
    mcid: Threshold | None = None,
    baseline: Baseline | None = None,
    framed: Frame | None = None,
) -> Change:
    """State of a series against a threshold T. ``framed``: what ``frame`` says of the same, if it was asked before.

    Δ = current − baseline (see ``frame``), times −1 where lower is better. A percent threshold is T % of the
    baseline; exactly T counts (equal to within a billionth, so that a change of unit changes nothing).

    - ``improved`` (``declined``): two current days, and each of them alone reaches T (−T).
    - ``provisional_…``: the last day reaches T, or the median of the last two days does, but not both days:
      the reading is to be repeated. If they disagree in direction the last day decides.
    - ``stable``: neither; no change beyond measurement error, which is not "no change".
    - ``insufficient_data``: fewer than two days (or nothing but visual estimates or girths of a swollen limb), no
      threshold, or a percent threshold with a baseline of 0.

    Ordinals: ``unit`` is ``mrc_rank`` (ranks of ``rehab.reference.scales``; compared in grades, a plus or
    minus being a third, so that one full grade is 3 ranks from 3 to 5 and fewer below), ``mas_rank`` or
    ``category``. For the MRC and Ashworth scales a state is confirmed only by the same rater, else it stays
    provisional (Bohannon & Smith 1987, Phys Ther 67:206-207; Baschung Pfister et al. 2018, PLoS One,
    PMC5875759).

    ``mcid`` is judged on the size of Δ beside T and never changes the state. A threshold whose unit is neither
    ``%`` nor that of the readings is a ``ValueError``. Conventions of this project.

    >>> from rehab.reference.thresholds import Facts, select
    >>> day, week = dt.date(2026, 3, 2), dt.timedelta(days=7)
    >>> forces = [Reading("a", day, 100.0), Reading("b", day + 3 * week, 130.0), Reading("c", day + 4 * week, 130.0)]
    >>> threshold = select(measure="hhd", code="ELB_FLEX", facts=Facts(same_rater=False))
    >>> found = assess(readings=forces, unit="N", better="higher", threshold=threshold)
    >>> found.state, found.delta, found.threshold_value, found.threshold_row_id
    ('improved', 30.0, 30.0, 'HHD_FALLBACK_DIFFERENT')
    """
    readings = tuple(readings)
    stated_in = STATED_IN.get(unit, unit)
    for given in (threshold, mcid):
        if given is not None and not given.percent and given.unit != stated_in:
            raise ValueError(f"{given.row_id} is in {given.unit}, the readings are in {stated_in}")
    excluded = tuple(sorted(reading.id for reading in readings if reading.visual_estimate or reading.swelling))
    if unit == "mrc_rank":
        readings = tuple(reading._replace(value=grades.from_rank(rank=reading.value)) for reading in readings)
        baseline = baseline and replace(baseline, value=grades.from_rank(rank=baseline.value))
        framed = None  # it is in ranks
    found = framed or frame(readings=readings, baseline=baseline)
    if found is None:
        return _nothing(readings=readings, baseline=baseline, unit=stated_in, excluded=excluded)
    sign = 1 if better == "higher" else -1
    delta = sign * (found.current - found.baseline)
    limit = _in_units(threshold, baseline=found.baseline)
    reason: Reason | None = None
    if limit is None:
        reason = "no_threshold" if threshold is None else "zero_baseline"
    state: State = "insufficient_data" if limit is None else _state(found, sign=sign, limit=limit)
    if unit in SAME_RATER_NEEDED and found.same_rater is not True:
        state = _unconfirmed(state)
    return Change(
        state=state,
        reason=reason,
        n=found.n,
        first_on=found.first_on,
        last_on=found.last_on,
        unit=stated_in,
        baseline=found.baseline,
        current=found.current,
        delta=delta,
        delta_pct=None if unit in _NO_PERCENT or found.baseline <= 0 else delta / found.baseline * 100,
        same_rater=found.same_rater,
        threshold_row_id=threshold.row_id if threshold else None,
        threshold_value=limit,
        mcid=_mcid(found, delta=delta, limit=limit, important=_in_units(mcid, baseline=found.baseline)),
        mcid_row_id=mcid.row_id if mcid else None,
        ids=tuple(id_ for day in (*found.baseline_days, *found.current_days) for id_ in day.ids),
        excluded_ids=excluded,
    )


def _in_units(threshold: Threshold | None, *, baseline: float) -> float | None:
    if threshold is None:
        return None
    return (abs(baseline) * threshold.value / 100 or None) if threshold.percent else threshold.value


def _state(found: Frame, *, sign: int, limit: float) -> State:
    def direction(value: float) -> int:
        if not _reaches(found, value=value, limit=limit):
            return 0
        return sign if value > found.baseline else -sign

    alone = [direction(day.value) for day in found.current_days]
    whole = direction(found.current)
    if len(alone) == 2 and alone[0] == alone[1] != 0:
        return "improved" if alone[0] > 0 else "declined"
    met = alone[-1] or whole
    if met == 0:
        return "stable"
    return "provisional_improved" if met > 0 else "provisional_declined"


def _reaches(found: Frame, *, value: float, limit: float) -> bool:
    slack = _RELATIVE_TOLERANCE * max(abs(value), abs(found.baseline), limit)
    return abs(value - found.baseline) >= limit - slack


def _unconfirmed(state: State) -> State:
    if state == "improved":
        return "provisional_improved"
    return "provisional_declined" if state == "declined" else state


def _mcid(found: Frame, *, delta: float, limit: float | None, important: float | None) -> Mcid:
    if important is None:
        return "not_assessed"
    if not _reaches(found, value=found.current, limit=important):
        return "below"
    if limit is None:
        return "reached_error_unknown"
    return "reached" if _reaches(found, value=found.current, limit=limit) else "possible_within_error"


def _nothing(
    *, readings: tuple[Reading, ...], baseline: Baseline | None, unit: str, excluded: tuple[str, ...]
) -> Change:
    days = by_day(readings=readings)
    reason: Reason = "too_few_days"
    if excluded and not days:
        reason = "only_swelling" if any(reading.swelling for reading in readings) else "only_visual_estimates"
    return Change(
        state="insufficient_data",
        reason=reason,
        n=len(days) if baseline is None else 1,
        first_on=days[0].on if days else None,
        last_on=days[-1].on if days else None,
        unit=unit,
        baseline=None,
        current=None,
        delta=None,
        delta_pct=None,
        same_rater=None,
        threshold_row_id=None,
        threshold_value=None,
        mcid="not_assessed",
        mcid_row_id=None,
        ids=tuple(id_ for day in days for id_ in day.ids),
        excluded_ids=excluded,
    )
