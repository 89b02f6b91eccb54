"""States of many series at once: the same answer as ``rehab.analytics.series.assessed``, from the days that decide.

A caseload has some two thousand series. What decides a state is the first two and the last two days of each, so a
database sends only those, and nothing is built here that the state does not need. ``tests/analytics/test_quick.py``
holds it against ``assessed`` on random readings.
"""

import datetime as dt
import statistics
from collections.abc import Collection, Sequence
from typing import NamedTuple

from rehab.analytics import grades
from rehab.analytics.change import METHOD, SAME_RATER_NEEDED, Change, State
from rehab.analytics.frames import CONFIRM_WITHIN_DAYS
from rehab.analytics.series import Subject, low_resolution, thresholds_for
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.reference.scales import MRC_GRADES

DECIDING_DAYS = 2
"""At either end of a series."""

Row = tuple[dt.date, float, str]
"""Day, value in the unit of the series (a rank if ordinal), and who measured."""

_GRADES = tuple(grades.from_rank(rank=rank) for rank in range(len(MRC_GRADES["MRC11"])))
_RELATIVE_TOLERANCE = 1e-9


class QuickState(NamedTuple):
    """A state with the least that it rests on."""

    state: State
    n: int
    """Comparable days."""
    first_on: dt.date
    last_on: dt.date
    baseline: float
    """In the unit of ``Change``: grades for the MRC scale."""
    current: float
    delta: float
    """Current − baseline, turned so that above 0 is better."""
    threshold_row_id: str
    threshold_value: float
    method: str = METHOD

    @classmethod
    def of(cls, change: Change) -> "QuickState | None":
        """The same of a change that was assessed in full; ``None`` for insufficient data."""
        if (
            change.state == "insufficient_data"
            or change.first_on is None
            or change.last_on is None
            or change.baseline is None
            or change.current is None
            or change.delta is None
            or change.threshold_row_id is None
            or change.threshold_value is None
        ):
            return None
        return cls(
            state=change.state,
            n=change.n,
            first_on=change.first_on,
            last_on=change.last_on,
            baseline=change.baseline,
            current=change.current,
            delta=change.delta,
            threshold_row_id=change.threshold_row_id,
            threshold_value=change.threshold_value,
        )


def state_of(
    *,
    rows: Sequence[Row],
    days: int,
    description: SeriesDescription,
    subject: Subject,
    coarse_on: Collection[dt.date] = frozenset(),
) -> QuickState | None:
    """State of a series from the readings of its first two and last two days; ``None``: insufficient data.

    ``days`` is how many days it has altogether, ``coarse_on`` the days with a coarse visit (see ``Reading``); readings
    that are never compared are neither among the rows nor counted. Rules: ``rehab.analytics.change.assess``.

    >>> from rehab.analytics.series_descriptions import describe
    >>> knee = describe(kind="rom", details={"motion": "KNE_FLEX", "side": "left", "rom_type": "AROM"})
    >>> rows = [(dt.date(2026, 3, 2), 88.0, "r"), (dt.date(2026, 4, 1), 99.0, "r"), (dt.date(2026, 4, 8), 101.0, "r")]
    >>> state_of(rows=rows, days=3, description=knee, subject=Subject()).state
    'improved'
    """
    if days < 2 or description.visual_estimate:
        return None
    rows = sorted(rows)
    if description.unit == "mrc_rank":
        rows = [(on, _GRADES[int(value)], rater) for on, value, rater in rows]
    # Nearly always there is one reading a day.
    medians = rows if len(rows) == min(days, 2 * DECIDING_DAYS) else _medians(rows)
    first_on, baseline, _rater = medians[0]
    later = 1
    if days > 2 and (medians[1][0] - first_on).days <= CONFIRM_WITHIN_DAYS:
        baseline = (baseline + medians[1][1]) / 2
        later = 2
    last_on, last, _rater = medians[-1]
    current, before = last, None
    # The day before the last counts only if it comes after the baseline.
    if days - later >= 2 and (last_on - medians[-2][0]).days <= CONFIRM_WITHIN_DAYS:
        before = medians[-2][1]
        current = (before + last) / 2
    first_current_on = last_on if before is None else medians[-2][0]
    last_baseline_on = medians[later - 1][0]
    compared = [row for row in rows if row[0] <= last_baseline_on or row[0] >= first_current_on]
    rater = compared[0][2]
    same_rater = all(row[2] == rater for row in compared)
    threshold, _mcid = thresholds_for(
        description=description,
        subject=subject,
        same_rater=same_rater,
        interval_days=(last_on - first_on).days,
        baseline=baseline,
        low_resolution=description.measure == "rom"
        and low_resolution(
            values=[value for _on, value, _rater in compared],
            coarse_visit=any(on in coarse_on for on, _value, _rater in compared),
        ),
    )
    if threshold is None:
        return None
    limit = abs(baseline) * threshold.value / 100 if threshold.percent else threshold.value
    if not limit:
        return None
    sign = 1 if description.better == "higher" else -1
    at_last = _direction(last, baseline, limit, sign)
    state: State
    confirmed = before is not None and at_last != 0 and _direction(before, baseline, limit, sign) == at_last
    if confirmed and (same_rater or description.unit not in SAME_RATER_NEEDED):
        state = "improved" if at_last > 0 else "declined"
    else:
        met = at_last or _direction(current, baseline, limit, sign)
        state = "stable" if met == 0 else "provisional_improved" if met > 0 else "provisional_declined"
    return QuickState(
        state=state,
        n=days,
        first_on=first_on,
        last_on=last_on,
        baseline=baseline,
        current=current,
        delta=sign * (current - baseline),
        threshold_row_id=threshold.row_id,
        threshold_value=limit,
    )


def _direction(value: float, baseline: float, limit: float, sign: int) -> int:
    difference = value - baseline
    if abs(difference) < limit - _RELATIVE_TOLERANCE * max(abs(value), abs(baseline), limit):
        return 0
    return sign if difference > 0 else -sign


def _medians(rows: Sequence[Row]) -> list[Row]:
    found: dict[dt.date, list[float]] = {}
    for on, value, _rater in rows:
        found.setdefault(on, []).append(value)
    return [(on, values[0] if len(values) == 1 else statistics.median(values), "") for on, values in found.items()]
