"""The series of a summary: state at the end of the period and before it, points, trend, and what makes them unsure.

States by ``analytics.quick`` where the first and last days decide, by ``analytics.series.assessed`` where a clinician
set a baseline or no threshold holds.
"""

import datetime as dt
import itertools
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import lt
from typing import Any

from rehab.analytics import grades, quick, trend
from rehab.analytics.change import SAME_RATER_NEEDED, STATED_IN, Change
from rehab.analytics.frames import Baseline, frame
from rehab.analytics.quick import QuickState, Row
from rehab.analytics.readings import Reading
from rehab.analytics.series import SetBaseline, Subject, assessed, low_resolution, token_of
from rehab.analytics.summary_material import TWELVE_WEEKS, Material, RawSeries, SetRow, Window

POINTS = 24
#: A series that was measured in the twelve weeks is missing when it was not for so many days. A convention of this
#: project: a re-test every four weeks is the least that a trend needs.
MISSING_AFTER = 28
_DEVICES = frozenset({"device", "instrument", "equipment"})
_date = dt.date.fromordinal

#: A clinic has some hundred series, and the same ones in every summary.
_token = lru_cache(maxsize=16_384)(token_of)

Found = QuickState | Change


def series_of(material: Material) -> list[dict[str, Any]]:
    """Return ``SeriesOf`` of each series measured by the end of the period, by key."""
    window = material.window
    ends = _set(material.baselines, at_end=True)
    befores = _set(material.baselines, at_end=False)
    coarse = material.coarse_on()
    return [
        _series(raw, window, material.subject, coarse, ends.get(raw.key), befores.get(raw.key))
        for raw in material.series
        if raw.ons
    ]


def states_of(material: Material) -> Iterator[str]:
    """Yield the state of each series at the end of the period, and nothing else of it."""
    ends, coarse = _set(material.baselines, at_end=True), material.coarse_on()
    for raw in material.series:
        if raw.ons:
            found = state_at(
                raw,
                until=material.window.last,
                subject=material.subject,
                coarse_on=coarse,
                set_baseline=ends.get(raw.key),
            )
            yield found.state


def _set(rows: Iterable[SetRow], *, at_end: bool) -> dict[str, SetBaseline]:
    return {
        row.key: SetBaseline(on=_date(row.starts_on), value=row.value)
        for row in rows
        if (row.held_at_end if at_end else row.held_before)
    }


def _series(
    raw: RawSeries,
    window: Window,
    subject: Subject,
    coarse: frozenset[dt.date],
    at_end: SetBaseline | None,
    at_start: SetBaseline | None,
) -> dict[str, Any]:
    of = raw.description
    found = state_at(raw, until=window.last, subject=subject, coarse_on=coarse, set_baseline=at_end)
    known_before = bisect_left(raw.ons, window.first)
    before: str | None = None
    if known_before == len(raw.ons) and at_start == at_end:
        before = found.state
    elif known_before:
        before = state_at(raw, until=window.first - 1, subject=subject, coarse_on=coarse, set_baseline=at_start).state
    days, medians = ([], []) if of.visual_estimate else _latest_days(raw, window.last)
    return {
        "series": _token(raw.key),
        "kind": of.kind,
        "measure": of.measure,
        "code": of.code,
        "side": of.side,
        "how": of.how,
        "fields": of.fields,
        "quantity": of.quantity,
        "unit": STATED_IN.get(of.unit, of.unit),
        "better": of.better,
        "ordinal": of.ordinal,
        "state": found.state,
        "reason": None if isinstance(found, QuickState) else found.reason,
        "baseline": found.baseline,
        "current": found.current,
        "delta": found.delta,
        "threshold_value": found.threshold_value,
        "threshold_row": found.threshold_row_id,
        "n": found.n,
        "last_on": _date(raw.ons[-1]),
        "in_period": raw.ons[-1] >= window.first,
        "state_before": before,
        "points": [
            {"on": _date(day), "value": value} for day, value in zip(days[-POINTS:], medians[-POINTS:], strict=True)
        ],
        "trend": None if of.ordinal else _trend(days, medians),
    }


def state_at(
    raw: RawSeries,
    *,
    until: int,
    subject: Subject,
    coarse_on: frozenset[dt.date],
    set_baseline: SetBaseline | None,
) -> Found:
    """Return the state of a series at the end of a day (an ordinal)."""
    if set_baseline is None:
        days, rows = deciding(raw, until)
        quickly = quick.state_of(
            rows=rows, days=days, description=raw.description, subject=subject, coarse_on=coarse_on
        )
        if quickly is not None:
            return quickly
        readings = [(on.toordinal(), value, rater) for on, value, rater in rows]
    else:
        days = 0
        readings = list(zip(raw.ons, raw.values, _raters(raw), strict=True))[: bisect_right(raw.ons, until)]
    change = assessed(
        description=raw.description,
        readings=[
            Reading(
                str(n), _date(on), value, rater, raw.description.visual_estimate, coarse_visit=_date(on) in coarse_on
            )
            for n, (on, value, rater) in enumerate(readings)
        ],
        subject=subject,
        set_baseline=set_baseline,
    ).change
    if set_baseline is not None or raw.description.visual_estimate:
        return change
    return replace(change, n=days)  # assessed from the days that decide, but ``n`` is of all


def deciding(raw: RawSeries, until: int) -> tuple[int, list[Row]]:
    """Return how many days were measured up to a day, and the readings of the first two and last two of them."""
    ons, end = raw.ons, bisect_right(raw.ons, until)
    if all(map(lt, ons, itertools.islice(ons, 1, end))):
        chosen: Iterable[int] = range(end) if end <= 4 else (0, 1, end - 2, end - 1)
        count = end
    else:
        days = sorted(set(ons[:end]))
        count, kept = len(days), {*days[:2], *days[-2:]}
        chosen = [n for n in range(end) if ons[n] in kept]
    values, raters = raw.values, raw.raters
    if isinstance(raters, str):
        return count, [(_date(ons[n]), values[n], raters) for n in chosen]
    return count, [(_date(ons[n]), values[n], raters[n]) for n in chosen]


def _raters(raw: RawSeries) -> Sequence[str]:
    return [raw.raters] * len(raw.ons) if isinstance(raw.raters, str) else raw.raters


def _latest_days(raw: RawSeries, until: int) -> tuple[list[int], list[float]]:
    """Return the days of the twelve weeks and their medians, in the unit that the state is stated in."""
    begin = bisect_left(raw.ons, until - TWELVE_WEEKS + 1)
    days, values = raw.ons[begin:], raw.values[begin:]
    if raw.description.unit == "mrc_rank":
        values = [grades.from_rank(rank=value) for value in values]
    if all(map(lt, days, days[1:])):
        return days, values
    grouped: dict[int, list[float]] = {}
    for day, value in zip(days, values, strict=True):
        grouped.setdefault(day, []).append(value)
    return list(grouped), [statistics.median(each) for each in grouped.values()]


def _trend(days: list[int], medians: list[float]) -> dict[str, Any]:
    return trend.slope_of(list(zip(days, medians, strict=True)))._asdict()


def quality_of(material: Material, series: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what makes the numbers less sure, by series; conventions of this project where no rule is named.

    Missing: measured in the twelve weeks, but not in the last 28 days (not told of a day). Low resolution: every angle
    compared, or of a visit among them, is a multiple of 5°. Single reading: a threshold was reached, but on one day,
    or there is one day only. Changed rater: not one person took all the readings compared. Which are compared is what
    the state says, so what is told of it here and the threshold that it was held against agree. Changed device: what
    was measured with one device was, in this period, measured with another for the first time. Recalled: a session
    was logged more than 48 h after it.
    """
    window, coarse, found = material.window, material.coarse_on(), []
    states = {one["series"]: one["state"] for one in series}
    baselines = _set(material.baselines, at_end=True)
    for raw in material.series:
        if raw.ons and not raw.description.visual_estimate:
            doubts = _doubts(raw, window, coarse, states[_token(raw.key)], baselines.get(raw.key))
            found += [(code, raw.key, on) for code, on in doubts]
    found += _changed_devices(material)
    late = [one.on for one in material.sessions if one.recalled and window.first <= one.on <= window.last]
    rows = [{"code": code, "series": _token(key), "on": _date(on)} for code, key, on in found]
    return rows + ([{"code": "recalled", "series": None, "on": _date(max(late))}] if late else [])


def _doubts(
    raw: RawSeries, window: Window, coarse: frozenset[dt.date], state: str, set_baseline: SetBaseline | None
) -> Iterable[tuple[str, int]]:
    last, of = raw.ons[-1], raw.description
    if last < window.first:
        if window.period != "day" and MISSING_AFTER <= window.last - last <= TWELVE_WEEKS:
            yield "missing", last
        return
    rows, baseline, is_enough = _compared(raw, window.last, set_baseline)
    values = [value for _on, value, _rater in rows] + ([] if baseline is None else [baseline.value])
    coarse_visit = any(on in coarse for on, _value, _rater in rows)
    if of.measure == "rom" and is_enough and low_resolution(values=values, coarse_visit=coarse_visit):
        yield "low_resolution", last
    one_rater = len({rater for _on, _value, rater in rows}) <= 1
    # Some ordinal scales stay provisional for want of one rater too; beside a value that was set nobody is that.
    wants_a_rater = of.unit in SAME_RATER_NEEDED and not (one_rater and baseline is None)
    if (rows and not is_enough) or (state.startswith("provisional") and not wants_a_rater):
        yield "single_reading", last
    if not one_rater:
        yield "changed_rater", last


def _compared(raw: RawSeries, until: int, set_baseline: SetBaseline | None) -> tuple[list[Row], Baseline | None, bool]:
    """Return the readings that the state at the end of a day compares, the value that a clinician set in place of the
    first of them, and whether there is anything to compare: if not, the readings are those of one day."""
    baseline = None
    if set_baseline is None:
        _days, rows = deciding(raw, until)
    else:
        known = zip(map(_date, raw.ons), raw.values, _raters(raw), strict=True)
        rows = [row for row in known if set_baseline.on <= row[0] <= _date(until)]
        if set_baseline.value is not None:
            baseline = Baseline(on=set_baseline.on, value=set_baseline.value)
    found = frame(readings=[Reading(str(n), *row) for n, row in enumerate(rows)], baseline=baseline)
    if found is None:
        return rows, baseline, False
    measured = found.current_days if baseline else (*found.baseline_days, *found.current_days)
    compared = {day.on for day in measured}
    return [row for row in rows if row[0] in compared], baseline, True


def _changed_devices(material: Material) -> Iterable[tuple[str, str, int]]:
    window = material.window
    alike: dict[tuple[Any, ...], list[RawSeries]] = {}
    for raw in material.series:
        if raw.ons and raw.ons[-1] >= window.last - TWELVE_WEEKS:
            of = raw.description
            rest = tuple(pair for pair in of.how if pair[0] not in _DEVICES)
            alike.setdefault((of.kind, of.fields, rest), []).append(raw)
    for same in alike.values():
        for raw in same if len(same) > 1 else ():
            if raw.ons[0] >= window.first and any(other.ons[0] < window.first for other in same):
                yield "changed_device", raw.key, raw.ons[0]
