import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from rehab.analytics import trend
from rehab.analytics.readings import Reading, by_day

START = dt.date(2026, 1, 5)
UNTIL = START + dt.timedelta(days=365)


def series(*points):
    return [
        Reading(id=f"{number:03}", on=START + dt.timedelta(days=day), value=value)
        for number, (day, value) in enumerate(points)
    ]


def fit(*points, until=UNTIL, window_days=None):
    return trend.theil_sen(readings=series(*points), until=until, window_days=window_days)


def weekly(*values):
    return [(7 * week, value) for week, value in enumerate(values)]


def test_worked_value():
    found = fit(*weekly(100, 104, 103, 110))
    assert round(found.slope_per_week, 3) == 3.167
    assert found.intercept == pytest.approx(100, abs=0.5)
    assert (found.ci95_low_per_week, found.ci95_high_per_week) == (None, None)
    assert (found.direction, found.n, found.mann_kendall_s) == ("no_clear_trend", 4, 4)
    assert (found.first_on, found.last_on) == (START, START + dt.timedelta(days=21))
    assert (found.ids, found.method) == (("000", "001", "002", "003"), "trend/1")


@pytest.mark.parametrize(
    ("points", "direction"),
    [
        (weekly(*range(8)), "up"),
        (weekly(*range(8, 0, -1)), "down"),
        (weekly(*range(7)), "no_clear_trend"),
        (weekly(5, 5, 5, 5, 5, 5, 5, 5), "no_clear_trend"),
        (weekly(1, 9, 2, 8, 3, 7, 4, 6), "no_clear_trend"),
        ([(0, 1), (1, 2), (2, 3), (13, 4)], "insufficient"),
        ([(0, 1), (7, 2), (14, 3)], "insufficient"),
        ([(0, 1), (0, 2), (7, 3), (14, 3)], "insufficient"),
        ([(0, 1), (1, 2), (2, 3), (14, 4)], "no_clear_trend"),
        ([], "insufficient"),
    ],
)
def test_direction(points, direction):
    assert fit(*points).direction == direction


def test_insufficient_says_what_there_is():
    found = fit((0, 1), (7, 2))
    assert (found.n, found.first_on, found.last_on) == (2, START, START + dt.timedelta(days=7))
    assert found.slope_per_week is found.intercept is found.mann_kendall_s is None
    assert fit().first_on is None


def test_interval_ranks_are_rounded_outward():
    # n 8: N 28, C 15.84, ranks 6.08 and 22.92, so the 6th and the 23rd slope.
    values = [3, 1, 4, 1, 5, 9, 2, 6]
    found = fit(*enumerate(values), (20, 5))
    assert found.n == 9
    found = fit(*[(2 * day, value) for day, value in enumerate(values)])
    slopes = sorted((values[j] - values[i]) / (2 * (j - i)) for i in range(8) for j in range(i + 1, 8))
    assert (found.ci95_low_per_week, found.ci95_high_per_week) == (7 * slopes[5], 7 * slopes[22])


def test_a_window_of_twelve_weeks_is_84_days_with_its_last():
    points = weekly(*range(20))
    until = START + dt.timedelta(days=133)
    recent = fit(*points, until=until, window_days=trend.TWELVE_WEEKS_DAYS)
    assert (recent.n, recent.first_on) == (12, until - dt.timedelta(days=77))
    daily = [(day, day) for day in range(134)]
    recent = fit(*daily, until=until, window_days=trend.TWELVE_WEEKS_DAYS)
    assert (recent.n, recent.first_on, recent.last_on) == (84, until - dt.timedelta(days=83), until)
    steps = trend.ordinal_steps(readings=series(*daily), until=until)
    assert (steps.n, steps.first_on) == (84, until - dt.timedelta(days=83))
    assert fit(*points, until=until).n == 20
    assert fit(*points, until=START + dt.timedelta(days=28)).n == 5


def test_steps_of_an_ordinal():
    rows = series(*weekly(4, 4, 7, 6, 6))
    found = trend.ordinal_steps(readings=rows, until=UNTIL, window_days=None)
    assert found.steps == ((rows[2].on, 4, 7), (rows[3].on, 7, 6))
    assert (found.mann_kendall_s, found.sign, found.n, len(found.ids)) == (4, 1, 5, 5)
    assert (found.first_on, found.last_on) == (rows[0].on, rows[-1].on)
    falling = trend.ordinal_steps(readings=series(*weekly(4, 2)), until=UNTIL, window_days=None)
    assert falling.sign == -1
    nothing = trend.ordinal_steps(readings=[], until=UNTIL)
    assert (nothing.sign, nothing.steps, nothing.first_on, nothing.last_on) == (0, (), None, None)


POINTS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(-500, 500)), min_size=4, max_size=25, unique_by=lambda point: point[0]
)


@given(points=POINTS)
def test_agrees_with_scipy(points):
    points = sorted(points)
    found = fit(*points)
    assume(found.slope_per_week is not None)
    first = points[0][0]
    expected = stats.theilslopes([y for _, y in points], [t - first for t, _ in points], 0.95, method="joint")
    assert found.slope_per_week / 7 == pytest.approx(expected.slope)
    assert found.intercept == pytest.approx(expected.intercept)
    if found.n >= 8:  # rounded outward, and without scipy's correction for ties: never the narrower one
        assert found.ci95_low_per_week / 7 <= expected.low_slope + 1e-9
        assert found.ci95_high_per_week / 7 >= expected.high_slope - 1e-9


@given(points=POINTS, data=st.data())
def test_the_order_of_the_input_changes_nothing(points, data):
    rows = series(*points)
    shuffled = data.draw(st.permutations(rows))
    assert trend.theil_sen(readings=shuffled, until=UNTIL) == trend.theil_sen(readings=rows, until=UNTIL)


@given(points=POINTS)
def test_turning_the_values_turns_the_trend(points):
    found, turned = fit(*points), fit(*[(day, -value) for day, value in points])
    assert turned.direction == {"up": "down", "down": "up"}.get(found.direction, found.direction)


@given(points=POINTS, again=st.integers(0, 24))
def test_the_same_reading_twice_on_a_day_changes_no_trend(points, again):
    found = fit(*points)
    repeated = fit(*points, points[again % len(points)])
    assert (repeated.direction, repeated.slope_per_week) == (found.direction, found.slope_per_week)


@given(points=POINTS)
def test_a_further_day_like_the_last_never_flips_a_trend(points):
    last = max(points)
    before, after = fit(*points).direction, fit(*points, (last[0] + 7, last[1])).direction
    assert {before, after} != {"up", "down"}


def test_of_very_many_days_the_latest_count():
    days = series(*((day, day % 7) for day in range(trend.MAX_DAYS + 5)))
    found = trend.theil_sen(readings=days, until=days[-1].on, window_days=None)
    assert (found.n, found.first_on) == (trend.MAX_DAYS, days[5].on)


@given(
    st.lists(st.tuples(st.integers(0, 200), st.floats(-1e3, 1e3)), max_size=25),
    st.integers(0, 230),
)
def test_two_windows_at_once_are_the_two_windows(points, today):
    days = by_day(readings=series(*points))
    now, ever = START + dt.timedelta(days=today), START + dt.timedelta(days=max(today, 200))
    assert trend.theil_sen_recent_and_ever(days=days, today=now, ever=ever) == (
        trend.theil_sen_of_days(days=days, until=now),
        trend.theil_sen_of_days(days=days, until=ever, window_days=None),
    )
