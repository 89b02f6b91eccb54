"""No number of a clinic's month gives away a group of fewer than five, neither by itself nor by subtraction."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics.summary_clinic import SMALLEST, Part, clinic_summary
from rehab.analytics.summary_material import Window

MARCH = Window("month", dt.date(2026, 3, 1).toordinal(), dt.date(2026, 3, 31).toordinal(),
               dt.date(2026, 4, 1).toordinal())  # fmt: skip
STATES = st.sets(st.sampled_from(["improved", "declined", "stable"]))
PARTS = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 2), st.integers(0, 2),
        st.sampled_from([None, 0.0, 19.9, 20.0, 79.0, 80.0, 100.0]),
        st.sets(st.sampled_from(["stroke", "sarcopenia"])), STATES,
    ),
    max_size=40,
)  # fmt: skip


def parts(rows):
    return [
        Part(f"{n:03}", sessions + others, sessions, alerts, pct, tuple(sorted(conditions)), frozenset(states), "d")
        for n, (sessions, others, alerts, pct, conditions, states) in enumerate(rows)
    ]


def small(number):
    return number is not None and 0 < number < SMALLEST


@given(PARTS)
def test_no_small_cell_follows(rows):
    found = clinic_summary(parts(rows), window=MARCH, time_zone="UTC")
    assert not small(found.patients)
    assert not small(found.patients_active)
    if found.patients_active is not None:
        assert found.patients is not None
        assert not small(found.patients - found.patients_active)
    else:
        assert (found.records, found.sessions, found.inputs.records) == (None, None, 0)
    if found.sessions is not None:
        assert not small(sum(sessions > 0 for sessions, *_rest in rows))
        assert not small(sum(others > 0 for _sessions, others, *_rest in rows))
    if found.alerts_raised is not None:
        assert not small(sum(alerts > 0 for *_, alerts, _pct, _conditions, _states in rows))
    buckets = [bucket.patients for bucket in found.adherence if bucket.patients is not None]
    assert not any(small(one) for one in buckets)
    if buckets:
        assert not small(len(rows) - sum(buckets))
    for outcome in found.outcomes:
        n, improved, declined, stable = (
            outcome.patients, outcome.with_improved, outcome.with_declined, outcome.stable
        )  # fmt: skip
        known = [one for one in (improved, declined, stable) if one is not None]
        assert not any(small(one) for one in (n, *known))
        if n is None:
            assert known == []
            continue
        assert not small(len(rows) - n)
        assert not any(small(n - one) for one in known)
        if stable is not None:
            if improved is not None:
                assert not small(n - stable - improved)
            if declined is not None:
                assert not small(n - stable - declined)
            if improved is not None and declined is not None:
                assert not small(improved + declined + stable - n)


@given(PARTS, st.randoms(use_true_random=False))
def test_the_order_of_patients_does_not_matter(rows, rng):
    made = parts(rows)
    found = clinic_summary(made, window=MARCH, time_zone="UTC")
    rng.shuffle(made)
    assert clinic_summary(made, window=MARCH, time_zone="UTC") == found


def test_every_percentage_is_in_one_bucket():
    made = parts([(1, 0, 0, pct, (), ()) for pct in (0, 20, 40, 60, 80, 100) for _ in range(6)])
    found = clinic_summary(made, window=MARCH, time_zone="UTC")
    assert [bucket.patients for bucket in found.adherence] == [6, 6, 6, 6, 12]


def counts_of(rows):
    found = clinic_summary(parts(rows), window=MARCH, time_zone="UTC")
    return found, [bucket.patients for bucket in found.adherence]


def test_who_is_in_no_bucket_that_is_shown_is_not_alone():
    """Of 20 patients 19 did everything: that the twentieth did not would follow from both numbers."""
    found, buckets = counts_of([(1, 0, 0, 100.0, (), ()) for _ in range(19)] + [(1, 0, 0, 10.0, (), ())])
    assert (found.patients, buckets) == (20, [None] * 5)
    rows = [(1, 0, 0, pct, (), ()) for pct, n in ((10.0, 2), (30.0, 6), (90.0, 12)) for _ in range(n)]
    assert counts_of(rows)[1] == [None, None, None, None, 12]


def test_who_does_not_have_a_condition_is_not_alone():
    rows = [(1, 0, 0, None, ("stroke",), ("declined",)) for _ in range(12)]
    found, _buckets = counts_of(rows)
    [stroke] = found.outcomes
    assert (stroke.patients, stroke.with_declined) == (12, 12)
    found, _buckets = counts_of([*rows, (1, 0, 0, None, ("sarcopenia",), ("declined",))])
    assert [(one.condition, one.patients, one.with_declined) for one in found.outcomes] == [
        ("sarcopenia", None, None), ("stroke", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("trained", "measured", "expected"), [(1, 12, None), (12, 1, None), (12, 0, 12), (0, 12, 0), (5, 12, 5)]
)
def test_the_sessions_of_a_few_are_not_shown(trained, measured, expected):
    rows = [(int(n < trained), int(n < measured), 0, None, (), ()) for n in range(12)]
    assert counts_of(rows)[0].sessions == expected
