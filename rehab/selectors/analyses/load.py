"""Training load week by week, from what was logged of the sessions: arithmetic, no judgement."""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from accounts.models import User
from rehab.analytics import load as formulas
from rehab.analytics.load import RatedSession, WeekLoad
from rehab.selectors import patients
from rehab.selectors.analyses import sessions
from rehab.selectors.patients import Seen

Reason = Literal["effort_or_duration_missing", "every_day_alike", "week_in_progress"]
ChangeReason = Literal["week_in_progress", "load_unknown", "no_load_the_week_before"]


@dataclass(frozen=True, slots=True)
class LoadWeek:
    """One week; ``reason`` says why load, or monotony and strain, are not known.

    Of the running week the days to come are None, and the load is that so far.
    """

    load: WeekLoad
    in_progress: bool
    reason: Reason | None
    change_pct: float | None
    """Against the week before."""
    change_reason: ChangeReason | None


@dataclass(frozen=True, slots=True)
class Load:
    seen: Seen
    weeks: tuple[LoadWeek, ...]


def of_patient(*, viewer: User, patient_id: uuid.UUID, weeks: int, now: datetime) -> Load:
    """Return the running week and those before it, ``weeks`` in all, oldest first."""
    seen = patients.get(viewer=viewer, patient_id=patient_id)
    today = sessions.today_of(seen.patient, now=now)
    # One week more: the first that is shown is compared with it.
    days = sessions.mondays(today=today, weeks=weeks + 1)
    rated = [
        RatedSession(row.id, row.on, row.details.get("session_rpe"), row.minutes)
        for row in sessions.done([patient_id], first=days[0], last=days[-1] + timedelta(days=6))
    ]
    return Load(seen, weeks_of(rated, mondays=days, today=today))


def weeks_of(rated: Sequence[RatedSession], *, mondays: Sequence[date], today: date) -> tuple[LoadWeek, ...]:
    """Return every week but the first, each compared with the one before it."""
    found = [formulas.week(sessions=rated, monday=monday) for monday in mondays]
    return tuple(_week(this, before, today=today) for before, this in itertools.pairwise(found))


def _week(this: WeekLoad, before: WeekLoad, *, today: date) -> LoadWeek:
    in_progress = today <= this.last_on
    reason: Reason | None = None
    if this.weekly is None:
        reason = "effort_or_duration_missing"
    elif in_progress:
        reason = "week_in_progress"
    elif this.monotony is None:
        reason = "every_day_alike"
    change = None if in_progress else formulas.change_pct(this_week=this.weekly, last_week=before.weekly)
    change_reason: ChangeReason | None = None
    if in_progress:
        change_reason = "week_in_progress"
    elif this.weekly is None or before.weekly is None:
        change_reason = "load_unknown"
    elif change is None:
        change_reason = "no_load_the_week_before"
    return LoadWeek(_so_far(this, today=today) if in_progress else this, in_progress, reason, change, change_reason)


def _so_far(this: WeekLoad, *, today: date) -> WeekLoad:
    daily = tuple(
        load if this.first_on + timedelta(days=number) <= today else None for number, load in enumerate(this.daily)
    )
    return replace(this, daily=daily, mean=None, sd=None, monotony=None, strain=None)
