"""Falls and rises of one series: over its whole course, and fast ones. What pattern hints are read from.

A loss is one beyond measurement error (``rehab.analytics.change``), against the threshold that fits its days and raters
(``rehab.analytics.series``). Which days are compared is a convention of this project.
"""

import datetime as dt
from collections.abc import Sequence

from rehab.analytics.change import Change, assess
from rehab.analytics.findings import Course, Decline, Side
from rehab.analytics.frames import Baseline, frame
from rehab.analytics.readings import Day, Reading, by_day
from rehab.analytics.series import SetBaseline, Subject, assessed, low_resolution, thresholds_for
from rehab.analytics.series_descriptions import SeriesDescription

RAPID_WITHIN_DAYS = 28
FULL_GRADE = 1.0
_WORSE = frozenset({"declined", "provisional_declined"})
_BETTER = frozenset({"improved", "provisional_improved"})
_SLACK = 1e-9


def overall(
    *,
    description: SeriesDescription,
    readings: Sequence[Reading],
    subject: Subject,
    set_baseline: SetBaseline | None = None,
) -> Decline | None:
    """The confirmed loss from the baseline to now, if it took more than 28 days; else ``None``.

    From the last day of the baseline (the day that a clinician set) to the last day that confirms the loss.
    """
    change = assessed(description=description, readings=readings, subject=subject, set_baseline=set_baseline).change
    if change.state != "declined" or change.last_on is None:
        return None
    first_on = baseline_on(readings, set_baseline)
    if first_on is None or (change.last_on - first_on).days <= RAPID_WITHIN_DAYS:
        return None
    return _decline(description, change, first_on=first_on, last_on=change.last_on)


def baseline_on(readings: Sequence[Reading], set_baseline: SetBaseline | None) -> dt.date | None:
    """The last day of the baseline that ``rehab.analytics.series.assessed`` takes; ``None`` if nothing follows it."""
    if set_baseline is not None and set_baseline.value is not None:
        return set_baseline.on
    first = dt.date.min if set_baseline is None else set_baseline.on
    found = frame(readings=[reading for reading in readings if reading.on >= first])
    return None if found is None else found.baseline_days[-1].on


def rapid(
    *, description: SeriesDescription, readings: Sequence[Reading], subject: Subject, today: dt.date
) -> Decline | None:
    """The latest loss within 28 days that still stands, or ``None``; looked for in the last 56 days.

    From the last day on which the strength was there to the first day by which the loss was confirmed, or, not yet
    confirmed, by which the same rater found a full MRC grade less. Neither day moves when later readings only say
    the same, so one event stays one event.
    """
    days = [day for day in by_day(readings=readings) if 0 <= (today - day.on).days < 2 * RAPID_WITHIN_DAYS]
    sign = 1 if description.better == "higher" else -1
    for start in reversed(days):
        later = [day for day in days if 0 < (day.on - start.on).days <= RAPID_WITHIN_DAYS]
        if all(sign * day.value >= sign * start.value for day in later):
            continue
        found = _earliest(description, readings, subject, start=start, later=later)
        if found is not None and _stands(description, readings, subject, start=start):
            return found
    return None


def _earliest(
    description: SeriesDescription, readings: Sequence[Reading], subject: Subject, *, start: Day, later: Sequence[Day]
) -> Decline | None:
    for end in later:
        change = _since(description, readings, subject, start=start, until=end.on)
        full_grade = (
            description.unit == "mrc_rank"
            and change.same_rater is True
            and change.delta is not None
            and change.delta <= -FULL_GRADE + _SLACK
        )
        if change.state == "declined" or full_grade:
            return _decline(description, change, first_on=start.on, last_on=end.on, full_grade=full_grade)
    return None


def _stands(
    description: SeriesDescription, readings: Sequence[Reading], subject: Subject, *, start: Day
) -> bool:  # fmt: skip
    return _since(description, readings, subject, start=start, until=dt.date.max).state in _WORSE


def _since(
    description: SeriesDescription, readings: Sequence[Reading], subject: Subject, *, start: Day, until: dt.date
) -> Change:
    """The change from one day to the days after it, with that day as the whole baseline."""
    # The median of a day may lie between two ranks, and is no grade then: the last reading of the day stands.
    value = _last_value(readings, start) if description.ordinal else start.value
    rater = next(iter(start.raters)) if len(start.raters) == 1 else None
    baseline = Baseline(on=start.on, value=value, rater=rater, ids=start.ids)
    within = [reading for reading in readings if start.on < reading.on <= until]
    found = frame(readings=within, baseline=baseline)
    threshold = None
    if found is not None:
        threshold, _mcid = thresholds_for(
            description=description,
            subject=subject,
            same_rater=found.same_rater,
            interval_days=found.interval_days,
            baseline=found.baseline,
            low_resolution=low_resolution(
                values=[value, *(day.value for day in found.current_days)],
                coarse_visit=any(
                    reading.coarse_visit
                    for reading in readings
                    if reading.on in {start.on, *(day.on for day in found.current_days)}
                ),
            ),
        )
    return assess(
        readings=within, unit=description.unit, better=description.better, threshold=threshold, baseline=baseline
    )


def _last_value(readings: Sequence[Reading], day: Day) -> float:
    return [reading.value for reading in readings if reading.on == day.on and not reading.visual_estimate][-1]


def courses(
    *, description: SeriesDescription, readings: Sequence[Reading], subject: Subject
) -> tuple[tuple[Course, ...], tuple[Course, ...]]:
    """Falls and rises around the worst day of the series: at most one each, the fall down to it, the rise from it.

    A fall starts on the latest of the best days before the worst one, a rise ends on the first of the best days
    after it; each must reach the threshold of measurement error.
    """
    days = by_day(readings=readings)
    if len(days) < 2:
        return (), ()
    sign = 1 if description.better == "higher" else -1
    worst = min(range(len(days)), key=lambda number: sign * days[number].value)
    falls: tuple[Course, ...] = ()
    rises: tuple[Course, ...] = ()
    if worst > 0:
        top = max(range(worst), key=lambda number: (sign * days[number].value, number))
        if _between(description, readings, subject, days[top], days[worst]).state in _WORSE:
            falls = (_course(description, days[top], days[worst]),)
    if worst < len(days) - 1:
        top = max(range(worst + 1, len(days)), key=lambda number: (sign * days[number].value, -number))
        if _between(description, readings, subject, days[worst], days[top]).state in _BETTER:
            rises = (_course(description, days[worst], days[top]),)
    return falls, rises


def _between(
    description: SeriesDescription, readings: Sequence[Reading], subject: Subject, start: Day, end: Day
) -> Change:
    only = [reading for reading in readings if reading.on in {start.on, end.on}]
    return _since(description, only, subject, start=start, until=end.on)


def _course(description: SeriesDescription, start: Day, end: Day) -> Course:
    return Course(
        what=description.code,
        side=_side(description),
        first_on=start.on,
        last_on=end.on,
        ids=(*start.ids, *end.ids),
    )


def _decline(
    description: SeriesDescription, change: Change, *, first_on: dt.date, last_on: dt.date, full_grade: bool = False
) -> Decline:
    return Decline(
        muscle=description.code,
        side=_side(description),
        first_on=first_on,
        last_on=last_on,
        confirmed=change.state == "declined",
        full_grade=full_grade,
        ids=change.ids,
    )


def _side(description: SeriesDescription) -> Side:
    return "left" if description.side == "left" else "right" if description.side == "right" else "none"
