"""Range of motion: the neutral-zero scales, limits, and what is compared with earlier readings."""

from datetime import date, timedelta
from typing import Any

import pytest

from rehab.selectors.records import Reading
from rehab.services.inputs.rom import RomInput
from tests.services.reading import asked, derived, parsed, refused

TODAY = date(2026, 3, 10)


def test_knee_extension_is_a_deficit_positive_when_the_knee_does_not_straighten() -> None:
    assert derived("rom", "rom", motion="KNE_EXT", value_deg=10) == {"scale": "deficit", "better": "lower"}
    assert derived("rom", "rom", motion="KNE_FLEX") == {"scale": "direction", "better": "higher"}
    assert parsed("rom", "rom", motion="KNE_EXT", value_deg=10).columns()["angle_degrees"] == 10
    assert asked("rom", "rom", motion="KNE_EXT", value_deg=-15) == {}  # hyperextension up to the margin
    assert asked("rom", "rom", motion="KNE_EXT", value_deg=-16) == {
        "/value_deg": "Angle: -16° is more than 15° beyond the AAOS figure of 0°. Please confirm."
    }
    assert asked("rom", "rom", motion="KNE_EXT", value_deg=60) == {}  # a contracture is stiff, not too mobile


def test_beyond_the_aaos_figure_asks() -> None:
    assert asked("rom", "rom", value_deg=150) == {}
    assert asked("rom", "rom", value_deg=151) == {
        "/value_deg": "Angle: 151° is more than 15° beyond the AAOS figure of 135°. Please confirm."
    }


def test_outside_the_limits_is_refused_in_value_and_trials() -> None:
    found = refused("rom", "rom", value_deg=300, trials_deg=[110, -1])
    assert found["/value_deg"][0] == "out_of_range"
    assert found["/value_deg"][1].startswith("Knee flexion: 300 ° is not possible. Allowed: 0 to ")
    assert "/trials_deg/1" in found
    assert "/trials_deg/0" not in found


def test_a_value_belongs_to_a_measured_motion_only() -> None:
    assert refused("rom", "rom", value_deg=None)["/value_deg"][0] == "missing"
    assert refused("rom", "rom", status="wnl")["/value_deg"][0] == "not_allowed"
    for status in ("wnl", "not_tested", "unable", "refused"):
        test = parsed("rom", "rom", status=status, value_deg=None)
        assert test.columns()["series_value"] is None
        assert test.oddities() == []


def test_codes_sides_and_digits_fit() -> None:
    assert refused("rom", "rom", motion="KNEE") == {"/motion": ("unknown_code", "Motion: KNEE is not a known code.")}
    assert refused("rom", "rom", side="both")["/side"][1] == "Side: state left or right."
    assert refused("rom", "rom", motion="CERV_FLEX", side="left", value_deg=30)["/side"][1] == (
        "Side: this motion has none."
    )
    assert parsed("rom", "rom", motion="CERV_FLEX", side="none", value_deg=30)
    assert refused("rom", "rom", digit="index")["/digit"][1] == "Digit: this motion has none."
    assert refused("rom", "rom", motion="FIN_PIP_FLEX", value_deg=50)["/digit"][0] == "digit_does_not_fit"
    assert "/digit" in refused("rom", "rom", motion="FIN_PIP_FLEX", value_deg=50, digit="thumb")
    assert parsed("rom", "rom", motion="FIN_PIP_FLEX", value_deg=50, digit="ring").columns()["digit"] == "ring"


def test_end_feel_is_passive_and_a_painful_arc_has_two_ends() -> None:
    assert refused("rom", "rom", end_feel="firm")["/end_feel"][0] == "not_allowed"
    assert parsed("rom", "rom", end_feel="firm", rom_type="PROM")
    assert refused("rom", "rom", painful_arc_from_deg=60)["/painful_arc_to_deg"][0] == "incomplete"
    assert parsed("rom", "rom", painful_arc_from_deg=60, painful_arc_to_deg=90)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("rom_type", "AROM", "PROM"),
        ("side", "left", "right"),
        ("instrument", "inclinometer", "visual_estimate"),
        ("position", "sitting", "prone"),
        ("neighbour_position", "hip_flexed", "hip_extended"),
        ("aggregate", "mean", "max"),
    ],
)
def test_types_sides_and_instruments_share_no_series(name: str, one: str, other: str) -> None:
    assert parsed("rom", "rom", **{name: one}).series() != parsed("rom", "rom", **{name: other}).series()


def against(reading: dict[str, Any], **changes: Any) -> list[str]:
    earlier = Reading(**{"performed_on": TODAY, "side": "left", "digit": "", "rom_type": "AROM", **reading})
    test = parsed("rom", "rom", **changes)
    assert isinstance(test, RomInput)
    return [str(problem.message) for problem in test.oddities_against([earlier], performed_on=TODAY)]


def test_active_better_than_passive_the_same_day_asks() -> None:
    assert against({"rom_type": "PROM", "angle_degrees": 105.0}, value_deg=110) == []
    [message] = against({"rom_type": "PROM", "angle_degrees": 104.0}, value_deg=110)
    assert message == (
        "Angle: 110°, yet 104° was recorded the same day: active is better than passive by more than 5°. "
        "Please confirm."
    )
    assert against({"angle_degrees": 110.0}, rom_type="PROM", value_deg=100)
    # on the deficit scale a smaller value is better
    assert against({"rom_type": "PROM", "angle_degrees": 10.0}, motion="KNE_EXT", value_deg=4)
    assert against({"rom_type": "PROM", "angle_degrees": 4.0}, motion="KNE_EXT", value_deg=10) == []


def test_sides_that_differ_the_same_day_ask() -> None:
    assert against({"side": "right", "angle_degrees": 130.0}, value_deg=110) == []
    [message] = against({"side": "right", "angle_degrees": 131.0}, value_deg=110)
    assert message == "Angle: 110°, the other side 131°: they differ by more than 20°. Please confirm."
    assert against({"side": "right", "angle_degrees": 131.0, "rom_type": "PROM"}, value_deg=110) == []


def test_a_great_change_within_a_week_asks() -> None:
    week = {"performed_on": TODAY - timedelta(days=7)}
    assert against({**week, "angle_degrees": 80.0}, value_deg=110) == []
    [message] = against({**week, "angle_degrees": 79.0}, value_deg=110)
    assert message == "Angle: 110°, 79° within 7 days of it: a change of more than 30°. Please confirm."
    assert against({"performed_on": TODAY + timedelta(days=7), "angle_degrees": 79.0}, value_deg=110)
    assert against({"performed_on": TODAY - timedelta(days=8), "angle_degrees": 79.0}, value_deg=110) == []


def test_another_digit_and_no_value_are_not_compared() -> None:
    finger = {"motion": "FIN_PIP_FLEX", "digit": "index"}
    assert against({"digit": "ring", "side": "right", "angle_degrees": 90.0}, **finger, value_deg=20) == []
    assert against({"digit": "index", "side": "right", "angle_degrees": 90.0}, **finger, value_deg=20)
    assert against({"angle_degrees": 10.0}, status="unable", value_deg=None) == []
