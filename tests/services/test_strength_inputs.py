"""Strength: scales, ranges, what is never pooled, and the worked values of the clinical notes."""

from typing import Any

import pytest

from rehab.reference.scales import MRC_GRADES
from tests.services.reading import asked, derived, parsed, refused

N = "N"
ALL_GRADES = ("0", "1", "2", "3-", "3", "3+", "4-", "4", "4+", "5-", "5")


def force(value: float, unit: str = N) -> dict[str, Any]:
    return {"value": value, "unit": unit}


# --- Manual muscle testing


@pytest.mark.parametrize("scale", ["MRC6", "MRC8", "MRC11"])
@pytest.mark.parametrize("grade", ALL_GRADES)
def test_a_grade_belongs_to_its_scale(scale: str, grade: str) -> None:
    if grade in MRC_GRADES[scale]:
        assert parsed("strength", "mrc", scale=scale, grade=grade).columns()["grade"] == grade
        return
    code, message = refused("strength", "mrc", scale=scale, grade=grade)["/grade"]
    assert code == "not_in_scale"
    assert message == f"Grade: {grade} is not a grade of {scale}. Allowed: {', '.join(MRC_GRADES[scale])}."


def test_mrc8_refuses_three_plus() -> None:
    assert refused("strength", "mrc", scale="MRC8", grade="3+")["/grade"][1] == (
        "Grade: 3+ is not a grade of MRC8. Allowed: 0, 1, 2, 3, 4-, 4, 4+, 5."
    )


@pytest.mark.parametrize(
    ("scale", "grade", "rank"),
    [("MRC6", "4", 7), ("MRC6", "5", 10), ("MRC8", "4-", 6), ("MRC8", "4", 7), ("MRC8", "3", 4), ("MRC11", "5-", 9)],
)
def test_grades_of_every_scale_stand_on_the_same_ranks(scale: str, grade: str, rank: int) -> None:
    test = parsed("strength", "mrc", scale=scale, grade=grade)
    assert test.columns()["series_value"] == rank
    assert test.derive() == {"rank": rank}


def test_not_testable_is_never_zero() -> None:
    test = parsed("strength", "mrc", grade=None, status="not_testable", not_testable_reason="pain")
    columns = test.columns()
    assert columns["series_value"] is None
    assert columns["grade"] == ""
    assert columns["test_status"] == "not_testable"
    assert test.derive() == {}
    assert test.oddities() == []
    assert "/grade" in refused("strength", "mrc", grade="0", status="not_testable", not_testable_reason="pain")
    assert "/grade" in refused("strength", "mrc", grade="NT")


def test_a_result_and_a_reason_exclude_each_other() -> None:
    assert refused("strength", "mrc", grade=None)["/grade"][0] == "missing"
    assert refused("strength", "mrc", not_testable_reason="pain")["/not_testable_reason"][0] == "not_allowed"
    missing = refused("strength", "mrc", grade=None, status="not_testable")
    assert missing["/not_testable_reason"] == ("missing", "Say why the test was not possible.")
    assert refused("strength", "rm", status="not_testable", not_testable_reason="pain").keys() == {
        "/load",
        "/repetitions",
    }


def test_grade_two_against_gravity_asks() -> None:
    assert "/position" in asked("strength", "mrc", grade="2", position="against_gravity")
    assert asked("strength", "mrc", grade="2", position="gravity_eliminated") == {}
    assert asked("strength", "mrc", grade="3", position="against_gravity") == {}


def test_muscles_and_sides_fit() -> None:
    assert refused("strength", "mrc", muscle="ELBOW")["/muscle"] == (
        "unknown_code",
        "Muscle group: ELBOW is not a known code.",
    )
    assert refused("strength", "hhd", muscle="PELV_FLOOR")["/muscle"][0] == "method_does_not_fit"
    assert refused("strength", "mrc", muscle="TRUNK_FLEX", side="left")["/side"][0] == "side_does_not_fit"
    assert parsed("strength", "mrc", muscle="TRUNK_FLEX", side="none")
    assert parsed("strength", "mrc", muscle="NECK_SCM", side="left")
    assert refused("strength", "mrc", side="none")["/side"][0] == "side_missing"


# --- Dynamometry


def test_torque_and_normalised_values_follow_from_what_is_given() -> None:
    bare = derived("strength", "hhd", lever_arm=None)
    assert bare == {"force_newtons": pytest.approx(26.1 * 9.80665), "aggregate": "max"}
    full = derived(
        "strength",
        "hhd",
        trials=[force(200), force(100)],
        aggregate="mean",
        lever_arm={"value": 35, "unit": "cm"},
        body_mass={"value": 75, "unit": "kg"},
    )
    assert full == {
        "force_newtons": 150.0,
        "aggregate": "mean",
        "torque_newton_metres": pytest.approx(52.5),
        "force_newtons_per_kg": pytest.approx(2.0),
        "torque_newton_metres_per_kg": pytest.approx(0.7),
    }
    assert "torque_newton_metres_per_kg" not in derived(
        "strength", "hhd", lever_arm=None, body_mass={"value": 75, "unit": "kg"}
    )


def test_an_untestable_dynamometry_has_no_force() -> None:
    test = parsed("strength", "hhd", trials=None, status="not_testable", not_testable_reason="refused")
    assert test.columns()["force_newtons"] is None
    assert test.columns()["torque_newton_metres"] is None
    assert test.derive() == {}


@pytest.mark.parametrize("value", [0, -1, 1500.01, 1e308])
def test_an_impossible_force_is_refused_with_field_value_range_and_unit(value: float) -> None:
    code, message = refused("strength", "hhd", trials=[force(200), force(value)])["/trials/1/value"]
    assert code == "out_of_range"
    assert message == f"Force: {value:.12g} N is not possible. Allowed: more than 0 and up to 1500 N."


def test_a_great_force_asks_unless_a_frame_held_the_meter() -> None:
    assert asked("strength", "hhd", trials=[force(701)]) == {
        "/trials/0/value": "Force: 701 N is unusual. Usual: 0 to 700 N. Please confirm that it is right."
    }
    assert asked("strength", "hhd", trials=[force(700)]) == {}
    assert asked("strength", "hhd", trials=[force(1400)], stabilisation="frame") == {}


def test_lever_arm_and_mass_are_checked() -> None:
    found = refused(
        "strength", "hhd", lever_arm={"value": 35, "unit": "in"} | {"value": 40}, body_mass={"value": 1, "unit": "kg"}
    )
    assert found["/lever_arm/value"][1] == "Lever arm: 101.6 cm is not possible. Allowed: 1 to 100 cm."
    assert found["/body_mass/value"][1] == "Body mass: 1 kg is not possible. Allowed: 2 to 400 kg."


def test_kilograms_of_a_grip_meter_are_kilograms_force() -> None:
    code, message = refused("strength", "grip", trials=[force(22, "kg")])["/trials/0/unit"]
    assert code == "literal_error"
    assert "kgf" in message
    assert derived("strength", "grip")["force_newtons"] == pytest.approx((22 + 23.5 + 21) / 3 * 9.80665)


@pytest.mark.parametrize(
    ("protocol", "trials", "force_newtons"),
    [
        ("asht_mean_of_3", [100, 110, 120], 110),
        ("southampton_best_of_6", [100, 110, 120], 120),
        ("nih_toolbox_one_trial", [100], 100),
    ],
)
def test_each_grip_protocol_has_its_own_figure(protocol: str, trials: list[float], force_newtons: float) -> None:
    test = parsed("strength", "grip", protocol=protocol, trials=[force(value) for value in trials])
    assert test.columns()["force_newtons"] == pytest.approx(force_newtons)
    assert test.oddities() == []
    assert asked("strength", "grip", protocol=protocol, trials=[force(100)] * 2) == {
        "/trials": f"Trials: this protocol has {len(trials)} a hand, 2 were given. Please confirm."
    }


def test_pinch_counts_the_mean_unless_told() -> None:
    trials = [force(60), force(80)]
    assert parsed("strength", "pinch", trials=trials).columns()["series_value"] == 70
    assert parsed("strength", "pinch", trials=trials, aggregate="max").columns()["series_value"] == 80
    assert refused("strength", "pinch", muscle="HAND_GRIP")["/muscle"][0] == "literal_error"


COMPARABLE = {
    "test_type": ("make", "break"),
    "side": ("left", "right"),
    "position": ("sitting", "supine"),
    "joint_angle_degrees": (60, 90),
    "pad_site": ("malleoli", "mid-shin"),
    "stabilisation": ("belt", "frame"),
    "device": ("Lafayette", "microFET"),
    "aggregate": ("max", "mean"),
    "lever_arm": ({"value": 35, "unit": "cm"}, {"value": 30, "unit": "cm"}),
}


@pytest.mark.parametrize("name", COMPARABLE)
def test_readings_that_differ_in_how_they_were_taken_share_no_series(name: str) -> None:
    one, other = COMPARABLE[name]
    assert parsed("strength", "hhd", **{name: one}).series() != parsed("strength", "hhd", **{name: other}).series()
    assert parsed("strength", "hhd", **{name: one}).series() == parsed("strength", "hhd", **{name: one}).series()


def test_grip_protocols_scales_and_equipment_share_no_series() -> None:
    grip = {parsed("strength", "grip", protocol=name, trials=[force(90)]).series() for name in
            ("asht_mean_of_3", "southampton_best_of_6", "nih_toolbox_one_trial")}  # fmt: skip
    assert len(grip) == 3
    scales = {parsed("strength", "mrc", scale=scale, grade="4").series() for scale in ("MRC6", "MRC8", "MRC11")}
    assert len(scales) == 3
    equipment = {parsed("strength", "rm", equipment=name).series() for name in ("machine", "free_weight")}
    assert len(equipment) == 2
    how = {parsed("strength", "pinch", aggregate=name).series() for name in ("mean", "max")}
    assert len(how) == 2


# --- Repetition maximum


@pytest.mark.parametrize(
    ("repetitions", "epley", "brzycki"), [(1, 50, 50), (5, 58.33, 56.25), (8, 63.33, 62.07), (10, 66.67, 66.67)]
)
def test_one_repetition_maximum_of_50_kg(repetitions: int, epley: float, brzycki: float) -> None:
    found = derived("strength", "rm", repetitions=repetitions)
    assert found["one_rm_epley_kg"] == pytest.approx(epley, abs=0.005)
    assert found["one_rm_brzycki_kg"] == pytest.approx(brzycki, abs=0.005)
    assert found["series_formula"] == "epley_1985"


@pytest.mark.parametrize("repetitions", [0, 11, 37])
def test_more_than_ten_repetitions_are_refused(repetitions: int) -> None:
    code, message = refused("strength", "rm", repetitions=repetitions)["/repetitions"]
    assert code in ("greater_than_equal", "less_than_equal")
    assert message == f"Repetitions: {repetitions} is not possible. Allowed: 1 – 10."


def test_loads_are_checked_and_bands_are_no_constant_load() -> None:
    assert refused("strength", "rm", load={"value": 0, "unit": "kg"})["/load/value"][1] == (
        "Load: 0 kg is not possible. Allowed: 0.1 to 1000 kg."
    )
    assert "/load/value" in asked("strength", "rm", load={"value": 301, "unit": "kg"})
    assert refused("strength", "rm", equipment="band")["/equipment"][0] == "literal_error"
    untested = parsed(
        "strength", "rm", load=None, repetitions=None, status="not_testable", not_testable_reason="precaution"
    )
    assert untested.derive() == {}
    assert untested.columns()["one_rm_kg"] is None
