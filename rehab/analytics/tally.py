"""Adherence of a whole caseload: the counts of ``plans`` and ``adherence``, with integers in place of objects.

``tests/analytics/test_tally.py`` holds that both agree.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from rehab.analytics.adherence import MIN_DUE

_WEEK = 7
BELOW_PCT = 80.0
DROP_POINTS = 20.0

#: Item, order, modality, first and last day (ordinals), weekdays, times per week, dose, in repetitions?
PhaseRow = tuple[Any, int, str, int, int, int, int, float | None, bool]
#: Day (ordinal), item, modality, completed, repetitions, minutes, recalled; in the order of time.
SessionRow = tuple[int, Any, str, bool, int | None, float | None, bool]


#: A due session: day, dose, in repetitions?, then (completed, recalled, amount) of the session done for it.
_Cell = list[Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of ``adherence.Adherence`` without its ids. ``missed``: due, and nothing of it done."""

    due: int
    completed: int
    excused: int
    extra: int
    recalled: int
    session_pct: float | None
    dose_pct: float | None
    missed: int = 0


class Filled(NamedTuple):
    """What was due in some ISO weeks, and what was done for it; any window within them can be counted."""

    cells: list[_Cell]
    excused: list[int]
    """The day of each excused session."""
    extra: list[tuple[int, bool]]
    """Day and whether it was recalled, of each extra session."""


def tally(
    *, phases: Iterable[PhaseRow], excused: Iterable[tuple[int, int]], sessions: Iterable[SessionRow],
    first: int, today: int, last: int | None = None,
) -> Tally:  # fmt: skip
    """Count what ``slots``, ``match``, ``settled`` and ``adherence.compute`` would, for a caseload at once.

    Days are proleptic ordinals (``date.toordinal``); ``last`` is the window's last day, ``today`` if left out.
    """
    last = today if last is None else last
    filled = fill(phases=phases, excused=excused, sessions=sessions, first=first, last=last)
    return count(filled, first=first, last=last, today=today)


def fill(
    *, phases: Iterable[PhaseRow], excused: Iterable[tuple[int, int]], sessions: Iterable[SessionRow],
    first: int, last: int,
) -> Filled:  # fmt: skip
    """Return what was due in the ISO weeks that hold ``first`` to ``last``, with the sessions done for it."""
    begin, end = first - (first - 1) % _WEEK, last + 6 - (last - 1) % _WEEK
    free = {day for low, high in excused for day in range(max(low, begin), min(high, end) + 1)}
    daily: dict[tuple[Any, int], _Cell] = {}
    weekly: dict[tuple[Any, int], list[_Cell]] = {}
    days_of: dict[tuple[Any, int], list[int]] = {}
    asked: dict[tuple[Any, int], tuple[int, float | None, bool]] = {}
    items: dict[str, list[Any]] = {}
    spared: list[int] = []
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
                else:
                    spared.append(day)
    for week, days in days_of.items():
        times, dose, in_reps = asked[week]
        due = times * sum(day not in free for day in days) // _WEEK
        weekly[week] = [[days[-1], dose, in_reps, None] for _ in range(due)]
        spared += [days[-1]] * (times * len(days) // _WEEK - due)
    extra: list[tuple[int, bool]] = []
    for on, wanted, modality, completed, repetitions, minutes, recalled in sorted(
        sessions, key=lambda row: (row[1] is None, not row[3], row[0])
    ):
        candidates = items.get(modality, []) if wanted is None else [wanted]
        slot = next((s for item in candidates if (s := daily.get((item, on))) and s[3] is None), None)
        if slot is None:
            monday = on - (on - 1) % _WEEK
            slot = next((s for item in candidates for s in weekly.get((item, monday), ()) if s[3] is None), None)
        if slot is not None:
            slot[3] = (completed, recalled, repetitions if slot[2] else minutes)
        else:
            extra.append((on, recalled))
    cells = [*daily.values(), *(cell for each in weekly.values() for cell in each)]
    return Filled(cells, spared, extra)


def count(filled: Filled, *, first: int, last: int, today: int) -> Tally:
    """Count the days from ``first`` to ``last``. What is due today and not completed is left out: it is not over."""
    due = completed = missed = recalled = 0
    shares, known = 0.0, True
    for day, dose, _in_reps, session in filled.cells:
        if day < first or day > last or (day >= today and (day > today or not session or not session[0])):
            continue
        due += 1
        known = known and dose is not None
        if not session:
            missed += 1
            continue
        whole, late, amount = session
        completed += whole
        recalled += late
        if dose is not None:
            shares += (1 if whole else 0) if amount is None else min(amount / dose, 1)
    extra = [late for on, late in filled.extra if first <= on <= last]
    return Tally(
        due=due,
        completed=completed,
        excused=sum(first <= day <= last for day in filled.excused),
        extra=len(extra),
        recalled=recalled + sum(extra),
        session_pct=completed / due * 100 if due >= MIN_DUE else None,
        dose_pct=shares / due * 100 if due >= MIN_DUE and known else None,
        missed=missed,
    )


def streak(filled: Filled, *, until: int) -> tuple[int, bool]:
    """Return the due days in a row up to ``until`` that were complete, and whether a day before them was not.

    The same as ``adherence.streak``: ``until`` itself does not break it. If nothing broke it, it may go on before
    the weeks that were filled.
    """
    whole: dict[int, bool] = defaultdict(lambda: True)
    for day, _dose, _in_reps, session in filled.cells:
        if day <= until:
            whole[day] &= bool(session and session[0])
    kept = 0
    for day in sorted(whole, reverse=True):
        if whole[day]:
            kept += 1
        elif day != until:
            return kept, True
    return kept, False


def dropped(*, now: Tally, before: Tally) -> bool:
    """Whether adherence fell, of 28 days against the 28 days before them.

    No rule for a drop is published; this is a convention of this project, and deliberately plain: less than 80 % of
    the due sessions were completed (80 % is itself a convention, with no universal cut-off), and that is 20 percentage
    points or more below the days before. Both windows need three due sessions.
    """
    if now.session_pct is None or before.session_pct is None:
        return False
    return now.session_pct < BELOW_PCT and before.session_pct - now.session_pct >= DROP_POINTS
