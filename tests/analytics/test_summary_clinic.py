"""No number of a clinic's month gives away a group of fewer than five, neither by itself nor by subtraction."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics.summary_clinic import SMALLEST, Part, clinic_summary
from rehab.analytics.summary_material import Window

MARCH = Window("month", dt.date(2026, 3, 1).toordinal(), dt.date(2026, 3, 31).toordinal(),
               dt.date(2026, 4, 1).toordinal())  # fmt: skip
STATES = st.sets(st.sampled_from(["improved", "declined", "stable"]))
PARTS = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 2), st.sampled_from([None, 0.0, 19.9, 20.0, 79.0, 80.0, 100.0]),
        st.sets(st.sampled_from(["stroke", "sarcopenia"])), STATES,
    ),
    max_size=40,
)  # fmt: skip


def parts(rows):
    return [
        Part(f"{n:03}", records, records, alerts, pct, tuple(sorted(conditions)), frozenset(states), "d")
        for n, (records, alerts, pct, conditions, states) in enumerate(rows)
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
    assert not any(small(bucket.patients) for bucket in found.adherence)
    for outcome in found.outcomes:
        n, improved, declined, stable = (
            outcome.patients, outcome.with_improved, outcome.with_declined, outcome.stable
        )  # fmt: skip
        known = [one for one in (improved, declined, stable) if one is not None]
        assert not any(small(one) for one in (n, *known))
        if n is None:
            assert known == []
            continue
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
    made = parts([(1, 0, pct, (), ()) for pct in (0, 20, 40, 60, 80, 100) for _ in range(6)])
    found = clinic_summary(made, window=MARCH, time_zone="UTC")
    assert [bucket.patients for bucket in found.adherence] == [6, 6, 6, 6, 12]
