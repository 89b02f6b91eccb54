"""When a summary may be sent: not at night, nor in the hours that its reader wants quiet."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The quiet hours of whoever chose none: summaries are computed at 04:00 and so arrive at 07:00.
QUIET = (time(21), time(7))
#: For how many days after its period ends a summary is still worth an e-mail, by period.
DAYS_OF_USE = {"day": 2, "week": 7, "four_weeks": 14, "month": 14}


def is_quiet(at: time, *, quiet: tuple[time, time]) -> bool:
    """Return whether a local time lies in quiet hours, their end left out; they may span midnight.

    >>> is_quiet(time(23), quiet=(time(21), time(7))), is_quiet(time(7), quiet=(time(21), time(7)))
    (True, False)
    >>> is_quiet(time(13), quiet=(time(12), time(14))), is_quiet(time(15), quiet=(time(12), time(14)))
    (True, False)
    """
    start, end = quiet
    return start <= at < end if start < end else at >= start or at < end


def earliest(*, now: datetime, zone: str, quiet: tuple[time, time] | None) -> datetime:
    """Return the first moment from ``now`` (aware) on that is not quiet in the reader's zone, in UTC.

    ``quiet``: from and until, local times that differ; None: ``QUIET``. An end that a change of the clocks skips counts
    as the moment after the change.

    >>> earliest(now=datetime(2026, 3, 2, 20, tzinfo=UTC), zone="Asia/Shanghai", quiet=None).isoformat()
    '2026-03-02T23:00:00+00:00'
    """
    quiet = quiet or QUIET
    here = now.astimezone(ZoneInfo(zone))
    if not is_quiet(here.time(), quiet=quiet):
        return now.astimezone(UTC)
    # In an hour that comes twice the end is the one of the hour that it is now.
    end = datetime.combine(here.date(), quiet[1], here.tzinfo).replace(fold=here.fold)
    if here.time() >= quiet[1]:
        end = datetime.combine(here.date() + timedelta(days=1), quiet[1], here.tzinfo)
    return max(end.astimezone(UTC), now.astimezone(UTC))


def is_of_use(*, period: str, ends_on: date, today: date) -> bool:
    """Return whether a summary of a period is still worth sending, on a day of the subject's own calendar.

    >>> is_of_use(period="day", ends_on=date(2026, 3, 1), today=date(2026, 3, 3))
    True
    >>> is_of_use(period="day", ends_on=date(2026, 3, 1), today=date(2026, 3, 4))
    False
    """
    return today - ends_on <= timedelta(days=DAYS_OF_USE[period])
