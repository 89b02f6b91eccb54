import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import load
from rehab.analytics.load import RatedSession

MONDAY = dt.date(2026, 3, 2)


def rated(day, rpe, minutes, name="a"):
    return RatedSession(id=f"{day}{name}", on=MONDAY + dt.timedelta(days=day), rpe=rpe, minutes=minutes)


def week(*sessions):
    return load.week(sessions=sessions, monday=MONDAY)


def test_worked_week():
    found = week(rated(0, 5, 20), rated(2, 5, 30), rated(4, 4, 50))
    assert found.daily == (100, 0, 150, 0, 200, 0, 0)
    assert found.weekly == 450
    assert round(found.mean, 2) == 64.29
    assert round(found.sd, 2) == 85.22
    assert round(found.monotony, 3) == 0.754
    assert round(found.strain, 1) == 339.5
    assert (found.n, found.first_on, found.last_on) == (3, MONDAY, MONDAY + dt.timedelta(days=6))
    assert (found.ids, found.method) == (("0a", "2a", "4a"), "load/1")


def test_two_sessions_of_a_day_add_up_and_other_weeks_do_not_count():
    found = week(rated(0, 5, 20), rated(0, 2, 10, "b"), rated(7, 5, 20), rated(-1, 5, 20))
    assert (found.daily[0], found.weekly) == (120, 120)


@pytest.mark.parametrize(("rpe", "minutes"), [(None, 20), (5, None)])
def test_an_unknown_day_makes_the_week_unknown(rpe, minutes):
    found = week(rated(0, 5, 20), rated(0, rpe, minutes, "b"), rated(2, 5, 30))
    assert found.daily == (None, 0, 150, 0, 0, 0, 0)
    assert found.weekly is found.mean is found.sd is found.monotony is found.strain is None


def test_seven_equal_days_have_no_monotony():
    for found in (week(), week(*(rated(day, 5, 20) for day in range(7)))):
        assert (found.sd, found.monotony, found.strain) == (0, None, None)
        assert found.weekly in {0, 700}


@pytest.mark.parametrize(
    ("this_week", "last_week", "expected"),
    [(450, 360, 25), (0, 360, -100), (450, 0, None), (None, 1, None), (1, None, None)],
)
def test_change(this_week, last_week, expected):
    assert load.change_pct(this_week=this_week, last_week=last_week) == expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: load.week(sessions=[], monday=MONDAY + dt.timedelta(days=1)), "no Monday"),
        (lambda: week(rated(0, 11, 20)), "rpe must be"),
        (lambda: week(rated(0, 1, -1)), "duration_minutes must be"),
        (lambda: load.change_pct(this_week=-1, last_week=1), "this_week must be"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(rows=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 10), st.integers(0, 90))), data=st.data())
def test_order_changes_nothing(rows, data):
    sessions = [rated(day, rpe, minutes, str(number)) for number, (day, rpe, minutes) in enumerate(rows)]
    assert week(*data.draw(st.permutations(sessions))) == week(*sessions)
