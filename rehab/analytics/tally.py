"""Adherence of a whole caseload: the counts of ``plans`` and ``adherence``, with integers in place of objects.

``tests/analytics/test_tally.py`` holds that both agree.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from rehab.analytics.adherence import MIN_DUE
from rehab.analytics.plans import due_in_week

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
    """The counts of ``adherence.Adherence`` without its ids."""

    due: int
    completed: int
    partial: int
    excused: int
    extra: int
    recalled: int
    session_pct: float | None
    dose_pct: float | None

    @property
    def missed(self) -> int:
        """Due sessions for which nothing was done."""
        return self.due - self.completed - self.partial


@dataclass(frozen=True, slots=True)
class WeekTally:
    """The counts of ``adherence.WeekSoFar`` without its ids."""

    planned: int
    completed: int
    partial: int
    missed: int
    left: int
    excused: int
    extra: int


class Filled(NamedTuple):
    """What was due in some ISO weeks, and what was done for it; any window within them can be counted."""

    due: list[_Cell]
    """Each due session with the session done for it, those of fixed days first; days are ordinals."""
    excused: list[int]
    """The day of each excused session, in the same order."""
    extra: list[tuple[int, bool]]
    """Day of each extra session, and whether it was recalled."""
    fixed: tuple[int, int]
    """How many of the due and the excused sessions have a day of their own; the others stand on the last day of their
    week, whenever they are done."""

    def on_fixed_days(self) -> "Filled":
        """Return what single days were due: what is due so many times a week is due of no day."""
        due, excused = self.fixed
        return self._replace(due=self.due[:due], excused=self.excused[:excused])


def fill(
    *, phases: Iterable[PhaseRow], excused: Iterable[tuple[int, int]], sessions: Iterable[SessionRow],
    first: int, last: int,
) -> Filled:  # fmt: skip
    """Find what ``plans.slots`` and ``plans.match`` would, of the ISO weeks that hold ``first`` to ``last``.

    Days are proleptic ordinals (``date.toordinal``).
    """
    begin, end = monday(first), monday(last) + 6
    free = {day for low, high in excused for day in range(max(low, begin), min(high, end) + 1)}
    daily: dict[tuple[Any, int], _Cell] = {}
    weekly: dict[tuple[Any, int], list[_Cell]] = {}
    days_of: dict[tuple[Any, int], list[int]] = {}
    asked: dict[tuple[Any, int], tuple[int, float | None, bool]] = {}
    items: dict[str, list[Any]] = {}
    excused_on: list[int] = []
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
                    excused_on.append(day)
    fixed = len(daily), len(excused_on)
    for week, days in days_of.items():
        times, dose, in_reps = asked[week]
        due = due_in_week(times_per_week=times, days=sum(day not in free for day in days))
        weekly[week] = [[days[-1], dose, in_reps, None] for _ in range(due)]
        excused_on += [days[-1]] * (due_in_week(times_per_week=times, days=len(days)) - due)
    extra: list[tuple[int, bool]] = []
    ordered = sorted(sessions, key=lambda row: (row[1] is None, not row[3], row[0]))
    for on, wanted, modality, completed, repetitions, minutes, recalled in ordered:
        candidates = items.get(modality, []) if wanted is None else [wanted]
        slot = next((s for item in candidates if (s := daily.get((item, on))) and s[3] is None), None)
        if slot is None:
            of_week = (s for item in candidates for s in weekly.get((item, monday(on)), ()) if s[3] is None)
            slot = next(of_week, None)
        if slot is not None:
            slot[3] = (completed, recalled, repetitions if slot[2] else minutes)
        else:
            extra.append((on, recalled))
    return Filled([*daily.values(), *chain.from_iterable(weekly.values())], excused_on, extra, fixed)


def count(filled: Filled, *, first: int, last: int, today: int) -> Tally:
    """Count what ``plans.settled`` and ``adherence.compute`` would, of the days from ``first`` to ``last``."""
    due = completed = partial = 0
    added = [recalled for on, recalled in filled.extra if first <= on <= last]
    recalled = sum(added)
    shares, known = 0.0, True
    for day, dose, _in_reps, session in filled.due:
        if day < first or day > last or (day >= today and (day > today or not session or not session[0])):
            continue
        due += 1
        known = known and dose is not None
        if session:
            whole, late, amount = session
            completed += whole
            partial += not whole
            recalled += late
            if dose is not None:
                shares += (1 if whole else 0) if amount is None else min(amount / dose, 1)
    enough = due >= MIN_DUE
    return Tally(
        due=due,
        completed=completed,
        partial=partial,
        excused=sum(first <= day <= last for day in filled.excused),
        extra=len(added),
        recalled=recalled,
        session_pct=completed / due * 100 if enough else None,
        dose_pct=shares / due * 100 if enough and known else None,
    )


def week_so_far(filled: Filled, *, today: int) -> WeekTally:
    """Count what ``adherence.week_so_far`` would, of the ISO week that holds ``today``."""
    first = monday(today)
    planned = completed = partial = left = 0
    for day, _dose, _in_reps, session in filled.due:
        if first <= day < first + _WEEK:
            planned += 1
            if session and session[0]:
                completed += 1
            elif day >= today:
                left += 1
            elif session:
                partial += 1
    return WeekTally(
        planned=planned,
        completed=completed,
        partial=partial,
        missed=planned - completed - partial - left,
        left=left,
        excused=sum(first <= day < first + _WEEK for day in filled.excused),
        extra=sum(first <= on <= today for on, _recalled in filled.extra),
    )


def monday(day: int) -> int:
    """The Monday of a day's ISO week, as ordinals.

    >>> import datetime as dt
    >>> dt.date.fromordinal(monday(dt.date(2026, 3, 4).toordinal())).isoformat()
    '2026-03-02'
    """
    return day - (day - 1) % _WEEK


def streak(filled: Filled, *, until: int) -> tuple[int, bool]:
    """Return the due days in a row up to ``until`` that were complete, and whether a day before them was not.

    The same as ``adherence.streak``: ``until`` itself does not break it. If nothing broke it, it may go on before
    the weeks that were filled.
    """
    whole: dict[int, bool] = defaultdict(lambda: True)
    for day, _dose, _in_reps, session in filled.due:
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
