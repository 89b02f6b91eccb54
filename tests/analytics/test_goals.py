import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import goals
from rehab.analytics.goals import Goal

START = dt.date(2026, 3, 2)
END = dt.date(2026, 3, 30)


@pytest.mark.parametrize(
    ("attainments", "weights", "expected"),
    [
        ([1, 0, 2], [1, 1, 1], 63.69),
        ([1, 0, 2], None, 63.69),
        ([1, -1], [2, 1], 54.02),
        ([0, 0], [3, 1], 50),
        ([0], None, 50),
    ],
)
def test_worked_values(attainments, weights, expected):
    assert round(goals.t_score(attainments=attainments, weights=weights), 2) == expected


def test_without_a_goal():
    assert goals.t_score(attainments=[]) is None


@pytest.mark.parametrize(
    ("attainments", "weights", "message"),
    [([3], None, "attainment 1 must be"), ([1], [0], "weight 1 must be"), ([1, 1], [1], "2 attainments need as many")],
)
def test_what_cannot_be_is_refused(attainments, weights, message):
    with pytest.raises(ValueError, match=message):
        goals.t_score(attainments=attainments, weights=weights)


def goal(name, start=-1, end=None, *, written=START, begins=START, weight=1):
    return Goal(name, written, begins, start, end, rated_on=END if end is not None else None, weight=weight)


def assess(*rows):
    return goals.assess(goals=rows)


def test_start_end_and_change():
    found = assess(goal("a", -1, 1, weight=2), goal("b", -1, -1))
    assert found.t_end == pytest.approx(54.02, abs=0.005)
    assert found.change == found.t_end - found.t_start
    assert (found.n, found.ids, found.left_out) == (2, ("a", "b"), ())
    assert (found.first_on, found.last_on, found.method) == (START, END, "goals/1")


def test_levels_written_later_and_goals_not_rated_are_left_out():
    late = START + dt.timedelta(days=1)
    found = assess(goal("a", -1, 1), goal("b", -1, 2, written=late), goal("c", -2))
    assert (found.n, found.left_out) == (1, ("b", "c"))
    assert (found.t_start, found.t_end, found.change) == (40, 60, 20)


def test_each_goal_has_a_period_of_its_own():
    later = START + dt.timedelta(days=10)
    found = assess(goal("a", -1, 1), goal("b", -1, 1, written=later, begins=later))
    assert (found.n, found.left_out, found.first_on, found.last_on) == (2, (), START, END)


@pytest.mark.parametrize("rows", [[], [goal("a")]])
def test_fewer_than_one_rated_goal_is_null(rows):
    found = assess(*rows)
    assert (found.t_start, found.t_end, found.change, found.n) == (None, None, None, 0)
    assert (found.first_on, found.last_on, found.ids) == (None, None, ())


ATTAINMENTS = st.lists(st.tuples(st.integers(-2, 2), st.integers(1, 9)), min_size=1, max_size=6)


@given(pairs=ATTAINMENTS, factor=st.sampled_from([2, 10]))
def test_mirror_scale_and_order(pairs, factor):
    xs, ws = [x for x, _ in pairs], [w for _, w in pairs]
    t = goals.t_score(attainments=xs, weights=ws)
    assert goals.t_score(attainments=[-x for x in xs], weights=ws) == pytest.approx(100 - t)
    assert goals.t_score(attainments=xs, weights=[w * factor for w in ws]) == pytest.approx(t)
    assert goals.t_score(attainments=xs[::-1], weights=ws[::-1]) == pytest.approx(t)
