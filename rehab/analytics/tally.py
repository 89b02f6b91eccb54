"""Adherence of a whole caseload: the counts of ``plans`` and ``adherence``, with integers in place of objects.

``tests/analytics/test_tally.py`` holds that both agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from rehab.analytics.adherence import MIN_DUE
from rehab.analytics.plans import due_in_week

_WEEK = 7

#: Item, order, modality, first and last day (ordinals), weekdays, times per week, dose, in repetitions?
PhaseRow = tuple[Any, int, str, int, int, int, int, float | None, bool]
#: Day (ordinal), item, modality, completed, repetitions, minutes, recalled; in the order of time.
SessionRow = tuple[int, Any, str, bool, int | None, float | None, bool]


#: A due session: day, dose, in repetitions?, then (completed, recalled, amount) of the session done for it.
_Cell = list[Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of ``adherence.Adherence`` without its ids."""

    due: int
    completed: int
    excused: int
    extra: int
    recalled: int
    session_pct: float | None
    dose_pct: float | None


def tally(
    *, phases: Iterable[PhaseRow], excused: Iterable[tuple[int, int]], sessions: Iterable[SessionRow],
    first: int, today: int, last: int | None = None,
) -> Tally:  # fmt: skip
    """Count what ``slots``, ``match``, ``settled`` and ``adherence.compute`` would, for a caseload at once.

    Days are proleptic ordinals (``date.toordinal``); ``last`` is the window's last day, ``today`` if left out.
    """
    last = today if last is None else last
    begin, end = first - (first - 1) % _WEEK, last + 6 - (last - 1) % _WEEK
    free = {day for low, high in excused for day in range(max(low, begin), min(high, end) + 1)}
    daily: dict[tuple[Any, int], _Cell] = {}
    weekly: dict[tuple[Any, int], list[_Cell]] = {}
    days_of: dict[tuple[Any, int], list[int]] = {}
    asked: dict[tuple[Any, int], tuple[int, float | None, bool]] = {}
    items: dict[str, list[Any]] = {}
    counts = [0, 0, 0, 0, 0]  # due, completed, excused, extra, recalled
    for item, _order, modality, low, high, weekdays, times, dose, in_reps in sorted(
        phases, key=lambda row: (row[1], row[0], row[3])
    ):
        same = items.setdefault(modality, [])
        if item not in same:
            same.append(item)
        for day in range(max(low, begin), min(high, end) + 1):
            weekday = (day - 1) % _WEEK
            if not weekdays:
                week = (item, day - weekday)
                days_of.setdefault(week, []).append(day)
                asked[week] = (times, dose, in_reps)
            elif weekdays >> weekday & 1:
                if day not in free:
                    daily[item, day] = [day, dose, in_reps, None]
                elif first <= day <= last:
                    counts[2] += 1
    for week, days in days_of.items():
        times, dose, in_reps = asked[week]
        due = due_in_week(times_per_week=times, days=sum(day not in free for day in days))
        weekly[week] = [[days[-1], dose, in_reps, None] for _ in range(due)]
        if first <= days[-1] <= last:
            counts[2] += due_in_week(times_per_week=times, days=len(days)) - due
    ordered = sorted(sessions, key=lambda row: (row[1] is None, not row[3], row[0]))
    for on, wanted, modality, completed, repetitions, minutes, recalled in ordered:
        candidates = items.get(modality, []) if wanted is None else [wanted]
        slot = next((s for item in candidates if (s := daily.get((item, on))) and s[3] is None), None)
        if slot is None:
            monday = on - (on - 1) % _WEEK
            slot = next((s for item in candidates for s in weekly.get((item, monday), ()) if s[3] is None), None)
        if slot is not None:
            slot[3] = (completed, recalled, repetitions if slot[2] else minutes)
        elif first <= on <= last:
            counts[3] += 1
            counts[4] += recalled
    shares, known = 0.0, True
    for day, dose, _in_reps, session in chain(daily.values(), *weekly.values()):
        if day < first or day > last or (day >= today and (day > today or not session or not session[0])):
            continue
        counts[0] += 1
        known = known and dose is not None
        if session:
            whole, late, amount = session
            counts[1] += whole
            counts[4] += late
            if dose is not None:
                shares += (1 if whole else 0) if amount is None else min(amount / dose, 1)
    enough = counts[0] >= MIN_DUE
    return Tally(
        due=counts[0],
        completed=counts[1],
        excused=counts[2],
        extra=counts[3],
        recalled=counts[4],
        session_pct=counts[1] / counts[0] * 100 if enough else None,
        dose_pct=shares / counts[0] * 100 if enough and known else None,
    )
