"""Local periods: which day, week, four weeks or month a date belongs to, which are over, and when they are due.

Dates are local dates, moments are aware. A period is over at 00:00 of the day after its last one, in its time zone, and
its summary is due at 04:00 of that day: no zone's clocks change there, and records of the late evening have arrived.
Everything follows from one UTC moment, so a change of the clocks, a worker that was away for days, and a patient who
moves to another zone need no case of their own.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

PeriodName: TypeAlias = Literal["day", "week", "four_weeks", "month"]

#: A Monday. Blocks of four ISO weeks are counted from it, the same for everybody.
FOUR_WEEKS_FROM = dt.date(2024, 1, 1)
DUE_AT = dt.time(4)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """A period as local dates, both included."""

    period: PeriodName
    starts_on: dt.date
    ends_on: dt.date

    def before(self) -> "Span":
        """Return the period just before this one.

        >>> span_of("month", dt.date(2026, 3, 31)).before().starts_on
        datetime.date(2026, 2, 1)
        """
        return span_of(self.period, self.starts_on - _DAY)

    def after(self) -> "Span":
        """Return the period just after this one."""
        return span_of(self.period, self.ends_on + _DAY)


def span_of(period: PeriodName, on: dt.date) -> Span:
    """Return the period that a local date belongs to.

    ``week`` is the ISO week, Monday to Sunday (ISO 8601); ``four_weeks`` four of them, counted from 2024-01-01.

    >>> span_of("week", dt.date(2026, 3, 29))
    Span(period='week', starts_on=datetime.date(2026, 3, 23), ends_on=datetime.date(2026, 3, 29))
    >>> span_of("four_weeks", dt.date(2023, 12, 31)).starts_on
    datetime.date(2023, 12, 4)
    """
    if period == "day":
        return Span(period, on, on)
    if period == "month":
        following = on.replace(day=28) + dt.timedelta(days=4)
        return Span(period, on.replace(day=1), following - following.day * _DAY)
    days = 7 if period == "week" else 28
    first = on - ((on - FOUR_WEEKS_FROM).days % days) * _DAY
    return Span(period, first, first + (days - 1) * _DAY)


def today_in(zone: str, *, now: dt.datetime) -> dt.date:
    """Return the local date."""
    return now.astimezone(ZoneInfo(zone)).date()


def over_at(span: Span, zone: str) -> dt.datetime:
    """Return the moment (UTC) at which a period is over: 00:00 of the next local day, or what the clocks make of it."""
    return _moment(span.ends_on + _DAY, dt.time(0), zone)


def due_at(span: Span, zone: str) -> dt.datetime:
    """Return the moment (UTC) at which the summary of a period is due: 04:00 of the next local day.

    >>> due_at(span_of("day", dt.date(2026, 3, 28)), "Asia/Kathmandu").isoformat()
    '2026-03-28T22:15:00+00:00'
    """
    return _moment(span.ends_on + _DAY, DUE_AT, zone)


def latest_over(period: PeriodName, zone: str, *, now: dt.datetime, count: int) -> list[Span]:
    """Return the latest ``count`` periods that are over in a time zone, newest first."""
    found = []
    span = span_of(period, today_in(zone, now=now)).before()
    for _ in range(count):
        found.append(span)
        span = span.before()
    return found


def _moment(on: dt.date, at: dt.time, zone: str) -> dt.datetime:
    # An hour that the clocks skip is taken as the same distance after the hour before it (PEP 495, fold 0).
    return dt.datetime.combine(on, at, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
