"""Training load of a week after Foster 1998, Med Sci Sports Exerc 30:1164-1168.

Limits used in athletes (monotony above 2) are not validated in rehabilitation: for display only. No ratio of
acute to chronic load is formed: a rolling mean that contains the other is coupled with it and has no valid
injury threshold (Impellizzeri 2020, Int J Sports Physiol Perform 15:907-913, doi:10.1123/ijspp.2019-0864).
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rehab.analytics import _checks
from rehab.analytics.sessions import session_load

METHOD = "load/1"
DAYS = 7


@dataclass(frozen=True, slots=True)
class RatedSession:
    """A session with its RPE 0-10; ``None`` where the rating or the duration was not given."""

    id: str
    on: dt.date
    rpe: float | None
    minutes: float | None


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """Load of one week in arbitrary units (RPE minutes); ``None`` where it cannot be known."""

    daily: tuple[float | None, ...]
    """Monday to Sunday; 0 on a rest day."""
    weekly: float | None
    mean: float | None
    sd: float | None
    """Sample SD (n − 1)."""
    monotony: float | None
    strain: float | None
    n: int
    """Sessions."""
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]
    method: str = METHOD


def week(*, sessions: Iterable[RatedSession], monday: dt.date) -> WeekLoad:
    """Load of the week that starts on ``monday``; a week that is not over counts its coming days as rest.

    Daily load = Σ RPE × minutes, 0 on a rest day, ``None`` if one of its sessions lacks RPE or minutes.
    Weekly = Σ, monotony = mean / SD (sample SD), strain = weekly × monotony. Any unknown day makes all of them
    ``None``; SD 0 makes monotony and strain ``None``. A day that is no Monday, an RPE outside 0-10 or minutes
    below 0: ``ValueError``. Source: Foster 1998, Med Sci Sports Exerc 30:1164-1168; n − 1 is a convention of
    this project.

    >>> rows = [RatedSession(str(n), dt.date(2026, 3, 2 + n), 5, minutes) for n, minutes in ((0, 20), (2, 30), (4, 40))]
    >>> found = week(sessions=rows, monday=dt.date(2026, 3, 2))
    >>> found.weekly, round(found.monotony, 3), round(found.strain, 1)
    (450, 0.754, 339.5)
    """
    if monday.weekday() != 0:
        raise ValueError(f"{monday} is no Monday")
    inside = sorted((s for s in sessions if 0 <= (s.on - monday).days < DAYS), key=lambda s: (s.on, s.id))
    daily = tuple(
        _day_load([s for s in inside if s.on == monday + dt.timedelta(days=number)]) for number in range(DAYS)
    )
    found = of_days(daily)
    return WeekLoad(
        daily=daily,
        **found._asdict(),
        n=len(inside),
        first_on=monday,
        last_on=monday + dt.timedelta(days=DAYS - 1),
        ids=tuple(session.id for session in inside),
    )


class DaysLoad(NamedTuple):
    """Load of seven days; ``None`` where it cannot be known."""

    weekly: float | None
    mean: float | None
    sd: float | None
    monotony: float | None
    strain: float | None


def of_days(daily: Sequence[float | None]) -> DaysLoad:
    """Load of a week from that of its seven days; formulas of ``week``.

    >>> of_days([100, 0, 150, 0, 200, 0, 0]).weekly, of_days([None, 0, 0, 0, 0, 0, 0]).weekly
    (450, None)
    """
    known = [load for load in daily if load is not None]
    if len(known) != DAYS:
        return DaysLoad(None, None, None, None, None)
    weekly, mean = sum(known), math.fsum(known) / DAYS
    sd = math.sqrt(math.fsum((load - mean) ** 2 for load in known) / (DAYS - 1))
    if sd == 0:
        return DaysLoad(weekly, mean, sd, None, None)
    return DaysLoad(weekly, mean, sd, mean / sd, weekly * (mean / sd))


def change_pct(*, this_week: float | None, last_week: float | None) -> float | None:
    """Change of the weekly load in %: (w − w₋₁) / w₋₁ × 100; ``None`` if either is unknown or w₋₁ is 0.

    Loads 0 or above. Definition.

    >>> change_pct(this_week=450, last_week=360)
    25.0
    """
    if this_week is None or last_week is None:
        return None
    _checks.not_negative(this_week=this_week, last_week=last_week)
    return None if last_week == 0 else (this_week - last_week) / last_week * 100


def _day_load(sessions: Sequence[RatedSession]) -> float | None:
    total: float = 0
    for session in sessions:
        if session.rpe is None or session.minutes is None:
            return None
        total += session_load(rpe=session.rpe, duration_minutes=session.minutes)
    return total
