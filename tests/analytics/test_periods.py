"""Local periods: every date belongs to one period of each kind, and each is over once, in every time zone."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.zones import time_zones
from rehab.analytics import periods
from rehab.analytics.periods import Span, span_of

ZONES = st.sampled_from(sorted(time_zones()))
DATES = st.dates(dt.date(2005, 1, 1), dt.date(2037, 12, 31))
PERIODS = st.sampled_from(["day", "week", "four_weeks", "month"])
MOMENTS = st.integers(1_100_000_000, 2_114_000_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
LENGTHS = {"day": {1}, "week": {7}, "four_weeks": {28}, "month": {28, 29, 30, 31}}


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        ("day", "2026-03-29", "2026-03-29", "2026-03-29"),
        ("week", "2026-03-30", "2026-03-30", "2026-04-05"),
        ("week", "2027-01-01", "2026-12-28", "2027-01-03"),
        ("four_weeks", "2024-01-01", "2024-01-01", "2024-01-28"),
        ("four_weeks", "2026-03-29", "2026-03-23", "2026-04-19"),
        ("month", "2024-02-29", "2024-02-01", "2024-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
    ],
)
def test_worked_periods(period, on, first, last):
    found = span_of(period, dt.date.fromisoformat(on))
    assert (found.starts_on.isoformat(), found.ends_on.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("zone", "on", "over", "due"),
    [
        # Berlin springs forward on Sunday 29 March 2026, Chatham (45 minutes) goes back on 5 April.
        ("Europe/Berlin", "2026-03-28", "2026-03-28T23:00", "2026-03-29T02:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00", "2026-03-30T02:00"),
        ("Pacific/Chatham", "2026-04-04", "2026-04-04T10:15", "2026-04-04T15:15"),
        ("Pacific/Chatham", "2026-04-05", "2026-04-05T11:15", "2026-04-05T15:15"),
        # Santiago lives the last hour of 4 April 2026 twice.
        ("America/Santiago", "2026-04-04", "2026-04-05T04:00", "2026-04-05T08:00"),
        # Cairo has no 00:00 on 24 April 2026.
        ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00", "2026-04-24T01:00"),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00", "2011-12-30T14:00"),
    ],
)
def test_worked_moments(zone, on, over, due):
    day = span_of("day", dt.date.fromisoformat(on))
    assert periods.over_at(day, zone) == dt.datetime.fromisoformat(over).replace(tzinfo=dt.UTC)
    assert periods.due_at(day, zone) == dt.datetime.fromisoformat(due).replace(tzinfo=dt.UTC)


@given(PERIODS, DATES)
def test_periods_cover_every_date_once(period, on):
    span = span_of(period, on)
    assert span.starts_on <= on <= span.ends_on
    assert (span.ends_on - span.starts_on).days + 1 in LENGTHS[period]
    assert span_of(period, span.starts_on) == span_of(period, span.ends_on) == span
    assert span.before().ends_on + dt.timedelta(days=1) == span.starts_on
    assert span.before().after() == span


@given(DATES)
def test_four_weeks_are_four_whole_weeks(on):
    block = span_of("four_weeks", on)
    assert block.starts_on.weekday() == 0
    assert [span_of("week", block.starts_on + dt.timedelta(weeks=n)).period for n in range(4)] == ["week"] * 4
    assert span_of("week", block.ends_on).ends_on == block.ends_on


@given(PERIODS, DATES, ZONES)
def test_a_summary_is_due_after_its_period_and_on_the_next_local_day(period, on, zone):
    span = span_of(period, on)
    over, due = periods.over_at(span, zone), periods.due_at(span, zone)
    assert dt.timedelta(hours=2) <= due - over <= dt.timedelta(hours=6)
    assert periods.today_in(zone, now=due) > span.ends_on
    # A day that a zone left out altogether (Samoa in 2011) is over as it begins.
    assert periods.today_in(zone, now=over) >= span.ends_on
    assert over < periods.over_at(span.after(), zone) or period == "day"


@given(PERIODS, ZONES, MOMENTS, st.integers(1, 5))
def test_the_latest_periods_that_are_over(period, zone, now, count):
    found = periods.latest_over(period, zone, now=now, count=count)
    assert len(found) == count
    assert found[0].after() == span_of(period, periods.today_in(zone, now=now))
    assert all(later.before() == earlier for later, earlier in pairwise(found))
    assert all(periods.today_in(zone, now=now) > span.ends_on for span in found)


@given(ZONES, DATES, st.integers(1, 240))
def test_whoever_asks_every_quarter_of_an_hour_sees_each_day_once(zone, on, days):
    """Walk through days in steps of 15 minutes around a midnight: each day is over at one moment and stays so."""
    day = span_of("day", on + dt.timedelta(days=days))
    start = periods.over_at(day, zone) - dt.timedelta(hours=3)
    seen = []
    for step in range(24):
        newest = periods.latest_over("day", zone, now=start + step * dt.timedelta(minutes=15), count=3)
        seen.append(day in newest)
    assert seen[-1] or not _exists(day, zone)


def _exists(day: Span, zone: str) -> bool:
    noon = dt.datetime.combine(day.starts_on, dt.time(12), tzinfo=ZoneInfo(zone))
    return noon.astimezone(dt.UTC).astimezone(ZoneInfo(zone)).date() == day.starts_on


def test_in_every_zone_each_day_of_a_year_is_due_once_at_four():
    for zone in sorted(time_zones()):
        day = span_of("day", dt.date(2026, 1, 1))
        due = periods.due_at(day, zone)
        while day.starts_on.year == 2026:
            day = day.after()
            following = periods.due_at(day, zone)
            assert dt.timedelta(hours=22) <= following - due <= dt.timedelta(hours=26)
            assert following.astimezone(ZoneInfo(zone)).time() == periods.DUE_AT
            due = following
