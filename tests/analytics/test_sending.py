"""When a summary may be sent, in every time zone and for any quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rehab.analytics.sending import earliest, is_quiet

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
MOMENTS = st.integers(0, 10 * 365 * 1440).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(max_examples=300)
@given(now=MOMENTS, zone=st.sampled_from(ZONES), start=MINUTES, end=MINUTES)
def test_it_is_sent_within_a_day_and_as_soon_as_it_is_not_quiet(now, zone, start, end):
    assume(start != end)
    found = earliest(now=now, zone=zone, quiet=(start, end))
    assert now <= found <= now + timedelta(hours=26)
    local = found.astimezone(ZoneInfo(zone))
    # A change of the clocks may skip or repeat the end itself.
    near = [(local + timedelta(minutes=shift)).time() for shift in (0, -30, 30, -60, 60)]
    assert not all(is_quiet(at, quiet=(start, end)) for at in near)
    if found > now:
        assert is_quiet(now.astimezone(ZoneInfo(zone)).time(), quiet=(start, end))


@pytest.mark.parametrize(
    ("utc", "zone", "quiet", "expected"),
    [
        ("2026-03-01T20:00", "Asia/Shanghai", None, "2026-03-01T23:00"),  # 04:00 there → 07:00
        ("2026-03-01T22:15", "Asia/Kathmandu", None, "2026-03-02T01:15"),  # +05:45
        ("2026-03-01T09:00", "Asia/Shanghai", None, "2026-03-01T09:00"),  # computed late: at once
        ("2026-03-01T13:30", "Asia/Shanghai", None, "2026-03-01T23:00"),  # 21:30 there
        ("2026-03-29T02:00", "Europe/Berlin", None, "2026-03-29T05:00"),  # the clocks went forward: 07:00 is 05:00 UTC
        ("2026-10-25T03:00", "Europe/Berlin", None, "2026-10-25T06:00"),  # and back
        ("2026-03-01T08:00", "UTC", (time(22), time(9)), "2026-03-01T09:00"),
        ("2026-03-01T12:30", "UTC", (time(12), time(14)), "2026-03-01T14:00"),
        ("2026-03-01T04:00", "UTC", (time(12), time(14)), "2026-03-01T04:00"),
        ("2026-03-29T00:30", "Europe/Berlin", (time(1), time(2, 30)), "2026-03-29T01:30"),  # 02:30 is skipped
        ("2026-10-25T00:10", "Europe/Berlin", (time(1), time(2, 30)), "2026-10-25T00:30"),  # 02:30 comes twice:
        ("2026-10-25T01:10", "Europe/Berlin", (time(1), time(2, 30)), "2026-10-25T01:30"),  # each hour has its end
    ],
)
def test_worked_moments(utc, zone, quiet, expected):
    now, then = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (utc, expected))
    assert earliest(now=now, zone=zone, quiet=quiet) == then
