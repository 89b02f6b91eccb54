"""Repetitions at a fixed pace, within a test with a force meter: what they must be, and the decrease they show."""

from typing import Any

import pytest

from tests.services.reading import derived, parsed, refused

FALLING = [200.0, 190.0, 195.0, 190.0, 180.0, 175.0, 170.0, 165.0, 160.0, 150.0]
NEWTONS = [{"value": 200, "unit": "N"}]


def given(**fields: Any) -> dict[str, Any]:
    return {"trials": NEWTONS, "repetitions": FALLING, "pace_seconds": 3, **fields}


@pytest.mark.parametrize("variant", ["hhd", "grip"])
def test_the_decrease_is_from_the_best_of_the_first_to_the_best_of_the_last_three(variant: str) -> None:
    assert derived("strength", variant, **given())["within_session_decrement_pct"] == 17.5
    assert "within_session_decrement_pct" not in derived("strength", variant)


def test_it_is_the_same_in_any_unit() -> None:
    pounds = given(trials=[{"value": 45, "unit": "lbf"}], repetitions=[value / 5 for value in FALLING])
    assert derived("strength", "hhd", **pounds)["within_session_decrement_pct"] == pytest.approx(17.5)


def test_strength_that_does_not_fall_shows_a_negative_decrease_and_none_at_all_no_figure() -> None:
    assert derived("strength", "hhd", **given(repetitions=FALLING[::-1]))["within_session_decrement_pct"] < 0
    assert derived("strength", "hhd", **given(repetitions=[0.0] * 10))["within_session_decrement_pct"] is None


def test_repetitions_change_neither_series_nor_value() -> None:
    plain, repeated = parsed("strength", "hhd", trials=NEWTONS), parsed("strength", "hhd", **given())
    assert (plain.series(), plain.columns()) == (repeated.series(), repeated.columns())


@pytest.mark.parametrize(
    ("fields", "pointer", "code", "message"),
    [
        ({"repetitions": FALLING[:9]}, "/repetitions", "too_short",
         "Repetitions at a fixed pace: too few. Allowed: at least 10."),
        ({"repetitions": FALLING * 7}, "/repetitions", "too_long",
         "Repetitions at a fixed pace: too many. Allowed: up to 60."),
        ({"pace_seconds": None}, "/pace_seconds", "missing",
         "Give the pace: how many seconds from one repetition to the next."),
        ({"repetitions": None}, "/repetitions", "missing",
         "Give the forces of the repetitions, or leave out the pace."),
        ({"pace_seconds": 0.4}, "/pace_seconds", "greater_than_equal",
         "Pace, from one repetition to the next: 0.4 s is not possible. Allowed: 0.5 – 60 s."),
        ({"pace_seconds": 61}, "/pace_seconds", "less_than_equal",
         "Pace, from one repetition to the next: 61 s is not possible. Allowed: 0.5 – 60 s."),
        ({"repetitions": [*FALLING, 1501]}, "/repetitions/10", "out_of_range",
         "Repetition 11: 1501 N is not possible. Allowed: 0 to 1500 N."),
        ({"repetitions": [-1, *FALLING]}, "/repetitions/0", "out_of_range",
         "Repetition 1: -1 N is not possible. Allowed: 0 to 1500 N."),
        ({"repetitions": [*FALLING, "90"]}, "/repetitions/10", "float_type", None),
        ({"trials": [*NEWTONS, {"value": 20, "unit": "kgf"}]}, "/repetitions", "units_differ",
         "The repetitions are in the unit of the trials: give all trials in one unit."),
        ({"trials": None, "status": "not_testable", "not_testable_reason": "pain"}, "/repetitions", "not_allowed",
         "A test that was not possible has no result."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("variant", ["hhd", "grip"])
def test_what_cannot_be_is_refused(
    variant: str, fields: dict[str, Any], pointer: str, code: str, message: str | None
) -> None:
    found = refused("strength", variant, **given(**fields))[pointer]
    assert found[0] == code
    assert message is None or found[1] == message


@pytest.mark.parametrize("count", [10, 60])
def test_the_least_and_the_most_are_accepted(count: int) -> None:
    assert "within_session_decrement_pct" in derived("strength", "hhd", **given(repetitions=[100.0] * count))


def test_other_tests_have_none() -> None:
    assert refused("strength", "pinch", **given())["/repetitions"][0] == "extra_forbidden"
