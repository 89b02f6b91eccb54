"""Adherence: what was done of what was due.

No cut-off holds for everyone; 80 % is a convention. Excused sessions (illness, clinic closed) are not due;
extra sessions are shown apart and never fill a gap.
"""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from rehab.analytics import _checks

METHOD = "adherence/2"
MIN_DUE = 3
ROLLING_DAYS = 28
RECALLED_AFTER_HOURS = 48


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One prescribed session and what became of it."""

    id: str
    on: dt.date
    completed: bool = False
    partial: bool = False
    """A session was done for it, but not wholly."""
    excused: bool = False
    prescribed: float | None = None
    """Dose in repetitions (sets × reps) or minutes; ``None`` if none was prescribed."""
    done: float = 0
    """In the unit of ``prescribed``."""
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class ExtraSession:
    """A session that was not prescribed."""

    id: str
    on: dt.date
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Adherence:
    """Counts of a window, with percentages from three due sessions on."""

    due: int
    """Without excused ones; the n of the percentages."""
    completed: int
    partial: int
    excused: int
    extra: int
    recalled: int
    session_pct: float | None
    dose_pct: float | None
    """``None`` too if a due session has no prescribed dose."""
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]
    method: str = METHOD

    @property
    def n(self) -> int:
        """Due sessions."""
        return self.due

    @property
    def missed(self) -> int:
        """Due sessions for which nothing was done."""
        return self.due - self.completed - self.partial


@dataclass(frozen=True, slots=True)
class WeekSoFar:
    """An ISO week that is not over: ``planned`` = ``completed`` + ``partial`` + ``missed`` + ``left``.

    No percentage: of what is left nobody knows yet what becomes of it.
    """

    planned: int
    """Sessions of the whole week, without excused ones."""
    completed: int
    partial: int
    """Due on a day that is over, and done in part."""
    missed: int
    """Due on a day that is over, and not done."""
    left: int
    """Not completed, and still due today or later in the week."""
    excused: int
    extra: int
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]
    method: str = METHOD

    @property
    def n(self) -> int:
        """Planned sessions."""
        return self.planned


@dataclass(frozen=True, slots=True)
class Streak:
    """Due days in a row on which everything due was completed."""

    n: int
    first_on: dt.date | None
    last_on: dt.date | None
    ids: tuple[str, ...]
    method: str = METHOD


def iso_week(*, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day (Monday, Sunday) of the ISO week of a day.

    >>> iso_week(day=dt.date(2026, 3, 4)) == (dt.date(2026, 3, 2), dt.date(2026, 3, 8))
    True
    """
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def rolling_window(*, until: dt.date) -> tuple[dt.date, dt.date]:
    """First and last of the 28 days that end with ``until``.

    >>> rolling_window(until=dt.date(2026, 3, 28))[0] == dt.date(2026, 3, 1)
    True
    """
    return until - dt.timedelta(days=ROLLING_DAYS - 1), until


def is_recalled(*, performed_at: dt.datetime, logged_at: dt.datetime) -> bool:
    """Whether a session was logged more than 48 h after it (exactly 48 h does not count).

    Both times aware or both naive. Convention of this project.

    >>> is_recalled(performed_at=dt.datetime(2026, 3, 2, 9), logged_at=dt.datetime(2026, 3, 4, 9, 1))
    True
    """
    return logged_at - performed_at > dt.timedelta(hours=RECALLED_AFTER_HOURS)


def compute(
    *,
    planned: Iterable[PlannedSession],
    extra: Iterable[ExtraSession] = (),
    first_on: dt.date,
    last_on: dt.date,
) -> Adherence:
    """Adherence of the sessions from ``first_on`` to ``last_on``, both included.

    ``last_on`` is a day that is over, or today: a session of a later day is not due yet. Session % =
    completed / due × 100; dose % = Σ min(done / prescribed, 1) / due × 100, so that a partial session counts
    by its dose and no session above 100 %. Below 3 due sessions the percentages are ``None``. A prescribed
    dose of 0 or below, a done dose below 0, or a window that ends before it starts: ``ValueError``.
    Definition; the minimum is a convention of this project.

    >>> rows = [PlannedSession(str(n), dt.date(2026, 3, n), n < 4, prescribed=30, done=30 if n < 4 else 15)
    ...         for n in (2, 3, 4, 5)]
    >>> found = compute(planned=rows, first_on=dt.date(2026, 3, 2), last_on=dt.date(2026, 3, 8))
    >>> found.session_pct, found.dose_pct
    (50.0, 75.0)
    """
    if last_on < first_on:
        raise ValueError(f"the window ends on {last_on}, before it starts on {first_on}")
    inside = sorted((s for s in planned if first_on <= s.on <= last_on), key=lambda s: (s.on, s.id))
    added = sorted((s for s in extra if first_on <= s.on <= last_on), key=lambda s: (s.on, s.id))
    due = [session for session in inside if not session.excused]
    completed = sum(session.completed for session in due)
    doses = [_dose_share(session) for session in due]
    known = [dose for dose in doses if dose is not None]
    enough = len(due) >= MIN_DUE
    return Adherence(
        due=len(due),
        completed=completed,
        partial=sum(session.partial and not session.completed for session in due),
        excused=len(inside) - len(due),
        extra=len(added),
        recalled=sum(s.recalled for s in inside) + sum(s.recalled for s in added),
        session_pct=completed / len(due) * 100 if enough else None,
        dose_pct=sum(known) / len(due) * 100 if enough and len(known) == len(due) else None,
        first_on=first_on,
        last_on=last_on,
        ids=(*(s.id for s in inside), *(s.id for s in added)),
    )


def week_so_far(*, planned: Iterable[PlannedSession], extra: Iterable[ExtraSession] = (), today: dt.date) -> WeekSoFar:
    """Count the ISO week that holds ``today``, what falls due later in it included.

    A number of times a week falls due on the week's last day: such sessions are left until the week is over, never
    missed before. Convention of this project.

    >>> sunday = dt.date(2026, 3, 8)
    >>> rows = [PlannedSession(str(n), sunday, completed=n < 2) for n in range(3)]
    >>> found = week_so_far(planned=rows, today=dt.date(2026, 3, 4))
    >>> found.planned, found.completed, found.left, found.missed
    (3, 2, 1, 0)
    """
    first_on, last_on = iso_week(day=today)
    inside = sorted((s for s in planned if first_on <= s.on <= last_on), key=lambda s: (s.on, s.id))
    added = sorted((s for s in extra if first_on <= s.on <= today), key=lambda s: (s.on, s.id))
    counted = [session for session in inside if not session.excused]
    unfinished = [session for session in counted if not session.completed]
    over = [session for session in unfinished if session.on < today]
    partial = sum(session.partial for session in over)
    return WeekSoFar(
        planned=len(counted),
        completed=len(counted) - len(unfinished),
        partial=partial,
        missed=len(over) - partial,
        left=len(unfinished) - len(over),
        excused=len(inside) - len(counted),
        extra=len(added),
        first_on=first_on,
        last_on=last_on,
        ids=(*(s.id for s in inside), *(s.id for s in added)),
    )


def streak(*, planned: Iterable[PlannedSession], until: dt.date) -> Streak:
    """Consecutive due days, up to ``until``, on which every session due was completed.

    A day whose sessions were all excused is no due day: it neither counts nor breaks. ``until`` itself does
    not break the streak while it is not complete, since it may not be over; a partial session is not a
    completed one. Convention of this project.

    >>> rows = [PlannedSession(str(n), dt.date(2026, 3, n), completed=n != 3) for n in (2, 3, 4, 5)]
    >>> streak(planned=rows, until=dt.date(2026, 3, 5)).n
    2
    """
    due = sorted((s for s in planned if not s.excused and s.on <= until), key=lambda s: (s.on, s.id), reverse=True)
    kept: list[list[PlannedSession]] = []
    for on, same_day in itertools.groupby(due, key=lambda s: s.on):
        sessions = list(same_day)
        if all(session.completed for session in sessions):
            kept.append(sessions)
        elif on != until:
            break
    return Streak(
        n=len(kept),
        first_on=kept[-1][0].on if kept else None,
        last_on=kept[0][0].on if kept else None,
        ids=tuple(session.id for sessions in reversed(kept) for session in reversed(sessions)),
    )


def _dose_share(session: PlannedSession) -> float | None:
    _checks.not_negative(**{f"dose done of {session.id}": session.done})
    if session.prescribed is None:
        return None
    _checks.positive(**{f"dose prescribed of {session.id}": session.prescribed})
    return min(session.done / session.prescribed, 1)
