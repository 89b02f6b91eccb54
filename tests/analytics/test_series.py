"""Properties of states with the threshold that fits, and of baselines that a clinician set."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.analytics.declines import decline_of
from rehab.analytics.readings import Reading
from rehab.analytics.series import SetBaseline, Subject, assessed
from rehab.analytics.series_descriptions import describe
from rehab.reference import units

START = dt.date(2026, 3, 2)
GRIP = describe(kind="strength", details={"method": "grip", "muscle": "HAND_GRIP", "side": "left"})
KNEE = describe(kind="strength", details={"method": "hhd", "muscle": "KNE_EXT", "side": "left", "test_type": "make"})
ANGLE = describe(kind="rom", details={"motion": "KNE_FLEX", "side": "left", "rom_type": "AROM"})
NOBODY = Subject()
DRAWN = st.lists(st.tuples(st.integers(0, 80), st.integers(20, 1200), st.sampled_from("ab")), max_size=8)


def readings_of(drawn: list[tuple[int, float, str]]) -> list[Reading]:
    return [
        Reading(str(i), START + dt.timedelta(days=day), float(value), rater)
        for i, (day, value, rater) in enumerate(drawn)
    ]


@pytest.mark.parametrize("description", [GRIP, KNEE])
@pytest.mark.parametrize("unit", ["kgf", "lbf"])
@given(drawn=DRAWN)
@settings(max_examples=60)
def test_the_unit_in_which_it_was_typed_changes_no_state(
    description: Any, unit: str, drawn: list[tuple[int, float, str]]
) -> None:
    there_and_back = [
        (day, units.to_canonical(
            quantity="force", unit=unit, value=units.from_canonical(quantity="force", value=value, unit=unit)
        ), rater)
        for day, value, rater in drawn
    ]  # fmt: skip
    one = assessed(description=description, readings=readings_of(drawn), subject=NOBODY).change
    other = assessed(description=description, readings=readings_of(there_and_back), subject=NOBODY).change
    assert (one.state, one.threshold_row_id) == (other.state, other.threshold_row_id)


@given(drawn=DRAWN, order=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_the_input_changes_nothing(drawn: list[tuple[int, float, str]], order: Any) -> None:
    readings = readings_of(drawn)
    shuffled = list(readings)
    order.shuffle(shuffled)
    for set_baseline in (None, SetBaseline(START + dt.timedelta(days=20)), SetBaseline(START, 100.0)):
        assert assessed(
            description=ANGLE, readings=readings, subject=NOBODY, set_baseline=set_baseline
        ) == assessed(description=ANGLE, readings=shuffled, subject=NOBODY, set_baseline=set_baseline)  # fmt: skip


@given(drawn=DRAWN, day=st.integers(0, 80))
@settings(max_examples=60)
def test_a_baseline_from_a_day_on_forgets_what_was_before(drawn: list[tuple[int, float, str]], day: int) -> None:
    on = START + dt.timedelta(days=day)
    readings = readings_of(drawn)
    later = [reading for reading in readings if reading.on >= on]
    assert assessed(
        description=ANGLE, readings=readings, subject=NOBODY, set_baseline=SetBaseline(on)
    ) == assessed(description=ANGLE, readings=later, subject=NOBODY)  # fmt: skip


@given(drawn=DRAWN)
@settings(max_examples=60)
def test_a_decline_ends_with_the_last_day_and_holds_all_through(drawn: list[tuple[int, float, str]]) -> None:
    readings = readings_of(drawn)
    change = assessed(description=ANGLE, readings=readings, subject=NOBODY).change
    found = decline_of(description=ANGLE, readings=readings, subject=NOBODY)
    assert (found is not None) == (change.state == "declined")
    if found is None:
        return
    assert found.days[-1] == max(reading.on for reading in readings)
    assert found.confirmed_on in found.days
    for day in found.days:
        upto = [reading for reading in readings if reading.on <= day]
        state = assessed(description=ANGLE, readings=upto, subject=NOBODY).change.state
        assert state in ("declined", "provisional_declined")


def test_a_series_in_the_weak_hand_says_that_the_threshold_was_not_studied_there() -> None:
    weak = [Reading("a", START, 60.0, "r"), Reading("b", START + dt.timedelta(days=30), 70.0, "r")]
    found = assessed(description=GRIP, readings=weak, subject=NOBODY)
    assert found.threshold is not None
    assert "Below the range in which the threshold was studied" in found.threshold.note("en")
    assert found.change.delta_pct == pytest.approx(10 / 60 * 100)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"assessment": "mas", "muscle": "ELB_FLEX", "side": "left"}, ("mas_rank", "lower", True, "mas")),
        ({"assessment": "function_scale", "scale": "timed_up_and_go"}, ("s", "lower", False, None)),
        ({"assessment": "function_scale", "scale": "barthel"}, ("points", "higher", False, None)),
        ({"assessment": "respiratory"}, ("mL", "higher", False, None)),
        ({"assessment": "mrc_sum"}, ("points", "higher", False, None)),
    ],
)
def test_assessments_are_described(details: dict[str, str], expected: tuple[object, ...]) -> None:
    found = describe(kind="assessments", details=details)
    assert (found.unit, found.better, found.ordinal, found.threshold_measure) == expected
