"""From a plan to what was due, and which session was done for it.

An item is due on weekdays, or a number of times a week. In the latter case the ISO week is what counts: the sessions
fall due together on its last day, so that a patient may choose the days; of a week in which the item held for fewer
days, or of which days are excused, the whole number nearest to the share is due. Days hold what was due on them: a
phase is one version of an item with the days on which it was valid. Conventions of this project.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rehab.analytics.adherence import ExtraSession, PlannedSession

REPETITIONS = "repetitions"
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Phase:
    """One version of an item on the days from ``first_on`` to ``last_on``, both included.

    ``weekdays`` is a bit mask (1 Monday … 64 Sunday), 0 for an item that is due ``times_per_week``. ``dose`` is in
    ``dose_unit`` (``repetitions`` or ``minutes``), ``None`` if none is prescribed.
    """

    item: str
    order: int
    modality: str
    first_on: dt.date
    last_on: dt.date
    weekdays: int
    times_per_week: int
    dose: float | None
    dose_unit: str


@dataclass(frozen=True, slots=True)
class DoneSession:
    """A session that was done, wholly or in part; ``item`` is what the person said it was done for."""

    id: str
    on: dt.date
    modality: str
    completed: bool
    item: str | None = None
    repetitions: int | None = None
    minutes: float | None = None
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One due session: ``on`` is the day it fell due; ``week_of`` the Monday if it was due in that week."""

    item: str
    on: dt.date
    n: int
    week_of: dt.date | None
    modality: str
    excused: bool
    dose: float | None
    dose_unit: str
    session: DoneSession | None = None

    @property
    def id(self) -> str:
        """Tells two slots apart, as ``item/day/n``."""
        return f"{self.item}/{self.on.isoformat()}/{self.n}"

    def takes(self, on: dt.date) -> bool:
        """Whether a session of that day may be the one that was due."""
        if self.excused or self.session is not None:
            return False
        return monday_of(on) == self.week_of if self.week_of else on == self.on


def monday_of(day: dt.date) -> dt.date:
    """The Monday of a day's ISO week.

    >>> monday_of(dt.date(2026, 3, 4)).isoformat()
    '2026-03-02'
    """
    return day - dt.timedelta(days=day.weekday())


def due_in_week(*, times_per_week: int, days: int) -> int:
    """How often an item is due in an ISO week of which it counts on ``days`` days (0-7): the share, rounded.

    times × days / 7 to the nearest whole number; a half cannot occur. From four days on that is at least 1, and up to
    once a day never more than there are days. Convention of this project.

    >>> [due_in_week(times_per_week=3, days=days) for days in (7, 6, 5, 2, 1)]
    [3, 3, 2, 1, 0]
    >>> [due_in_week(times_per_week=1, days=days) for days in (7, 6, 4, 3)]
    [1, 1, 1, 0]
    """
    return (2 * times_per_week * days + _WEEK) // (2 * _WEEK)


def slots(
    *, phases: Sequence[Phase], excused: Iterable[tuple[dt.date, dt.date]], first_on: dt.date, last_on: dt.date
) -> list[Slot]:
    """What was due in the ISO weeks that hold ``first_on`` to ``last_on``, by item's order, then by day.

    ``excused`` are pairs of first and last day.
    """
    begin, end = monday_of(first_on), monday_of(last_on) + dt.timedelta(days=6)
    free = {day for first, last in excused for day in _days(max(first, begin), min(last, end))}
    found: list[Slot] = []
    weeks: dict[tuple[str, dt.date], list[tuple[dt.date, Phase]]] = defaultdict(list)
    ordered = sorted(phases, key=lambda phase: (phase.order, phase.item, phase.first_on))
    for phase in ordered:
        for day in _days(max(phase.first_on, begin), min(phase.last_on, end)):
            if phase.weekdays:
                if phase.weekdays >> day.weekday() & 1:
                    found.append(_slot(phase, day, 0, None, day in free))
            else:
                weeks[phase.item, monday_of(day)].append((day, phase))
    for (_item, week_of), days in weeks.items():
        on, phase = days[-1]
        due = due_in_week(times_per_week=phase.times_per_week, days=sum(day not in free for day, _ in days))
        most = due_in_week(times_per_week=phase.times_per_week, days=len(days))
        found += [_slot(phase, on, n, week_of, n >= due) for n in range(most)]
    order = {phase.item: (phase.order, phase.item) for phase in ordered}
    return sorted(found, key=lambda slot: (order[slot.item], slot.week_of is not None, slot.on, slot.n))


def match(*, due: Iterable[Slot], sessions: Iterable[DoneSession]) -> tuple[list[Slot], list[DoneSession]]:
    """Put each session into the slot that it was done for; return the slots, and the extra sessions.

    A session that names its item counts for that item alone, on its day or in its week. One that names none counts
    for the first item of its modality, in the order of the programme, that still lacks it; the day comes before the
    week. Completed sessions come first, then earlier ones: ``sessions`` are given in the order of time. What finds no
    slot is extra. Convention of this project.
    """
    filled = list(due)
    by_item: dict[str, list[int]] = defaultdict(list)
    by_modality: dict[str, list[int]] = defaultdict(list)
    for i, slot in enumerate(filled):
        by_item[slot.item].append(i)
        by_modality[slot.modality].append(i)
    extra: list[DoneSession] = []
    ordered = sorted(sessions, key=lambda session: (not session.completed, session.on))
    for session in [*(s for s in ordered if s.item is not None), *(s for s in ordered if s.item is None)]:
        candidates = by_modality[session.modality] if session.item is None else by_item[session.item]
        fitting = [i for i in candidates if filled[i].takes(session.on)]
        if fitting:
            chosen = min(fitting, key=lambda i: (filled[i].week_of is not None, i))
            filled[chosen] = replace(filled[chosen], session=session)
        else:
            extra.append(session)
    return filled, extra


def planned(*, matched: Iterable[Slot], until: dt.date) -> list[PlannedSession]:
    """The slots that fall due by ``until``, as ``adherence`` counts them."""
    return [
        PlannedSession(
            id=slot.id,
            on=slot.on,
            completed=slot.session is not None and slot.session.completed,
            partial=slot.session is not None and not slot.session.completed,
            excused=slot.excused,
            prescribed=slot.dose,
            done=done_dose(slot),
            recalled=slot.session is not None and slot.session.recalled,
        )
        for slot in matched
        if slot.on <= until
    ]


def settled(*, due: Iterable[PlannedSession], today: dt.date) -> list[PlannedSession]:
    """Leave out what is due today and not completed yet: the day is not over. Convention of this project."""
    return [session for session in due if session.on < today or session.completed or session.excused]


def added(*, extra: Iterable[DoneSession]) -> list[ExtraSession]:
    """Extra sessions, as ``adherence`` counts them."""
    return [ExtraSession(id=session.id, on=session.on, recalled=session.recalled) for session in extra]


def done_dose(slot: Slot) -> float:
    """The dose done, in the unit prescribed. Not recorded: all of it if completed, else 0.

    Convention of this project.
    """
    session = slot.session
    if session is None or slot.dose is None:
        return 0
    amount = session.repetitions if slot.dose_unit == REPETITIONS else session.minutes
    return (slot.dose if session.completed else 0) if amount is None else amount


def _slot(phase: Phase, on: dt.date, n: int, week_of: dt.date | None, excused: bool) -> Slot:
    return Slot(phase.item, on, n, week_of, phase.modality, excused, phase.dose, phase.dose_unit)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += dt.timedelta(days=1)
