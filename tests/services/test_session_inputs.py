"""Sessions: what is derived, refused and asked of every modality but water and stimulation."""

from typing import Any

import pytest

from rehab.services.inputs.base import RecordInput
from rehab.services.inputs.details import SessionDetails
from tests.services.reading import PATIENT, asked, derived, parsed, refused


def exercise(**changes: Any) -> dict[str, Any]:
    return {
        "exercises": [{"reps": [10, 10, 8], "product": "theraband_red", "peak_elongation_pct": 150, **changes}],
    }


def lift(**changes: Any) -> dict[str, Any]:
    return {"exercises": [{"reps": [8, 8], "equipment": "cuff", "load": {"value": 2, "unit": "kg"}, **changes}]}


# --- What all have in common


def test_a_reason_belongs_to_a_session_that_was_not_completed() -> None:
    assert refused("sessions", "aerobic", status="partial")["/reason"][0] == "missing"
    assert refused("sessions", "aerobic", reason="pain")["/reason"][0] == "not_allowed"
    assert parsed("sessions", "aerobic", status="stopped_early", reason="pain")


def test_a_skipped_session_has_nothing_but_its_reason() -> None:
    skipped = parsed(
        "sessions", "aerobic", status="skipped", reason="unwell", details=None, duration_min=None, session_rpe=None
    )
    assert skipped.columns()["session_load"] is None
    assert skipped.derive() == {}
    assert skipped.oddities() == []
    assert refused("sessions", "aerobic", status="skipped", reason="unwell")["/details"][0] == "not_allowed"
    assert refused("sessions", "aerobic", details=None)["/details"][0] == "missing"


def test_load_is_effort_times_minutes() -> None:
    assert derived("sessions", "aerobic", duration_min=45, session_rpe=4)["session_load"] == 180
    assert "session_load" not in derived("sessions", "aerobic", session_rpe=None)
    assert "session_load" not in derived("sessions", "aerobic", duration_min=None)


def test_durations_and_muscles_are_checked() -> None:
    assert asked("sessions", "aerobic", duration_min=181) == {
        "/duration_min": "Duration: 181 min is unusual. Usual: 1 to 180 min. Please confirm that it is right."
    }
    assert refused("sessions", "aerobic", duration_min=1441)["/duration_min"][1] == (
        "Duration: 1441 min is not possible. Allowed: >0 – 1440 min."
    )
    target = [{"muscle": "KNE_EXT", "side": "left"}, {"muscle": "NOPE", "side": "left"}]
    assert refused("sessions", "aerobic", target_muscles=target).keys() == {"/target_muscles/1/muscle"}


def test_bases_have_nothing_of_their_own() -> None:
    assert SessionDetails().problems() == []
    assert SessionDetails().oddities() == []
    base = RecordInput.model_validate_json(
        f'{{"patient": "{PATIENT}", "performed_at": "2026-01-01T10:00Z"}}'  # every kind overrides columns
    )
    assert (base.problems(), base.oddities(), base.derive(), base.series()) == ([], [], {}, None)
    with pytest.raises(NotImplementedError):
        base.columns()


# --- Bands and weights


def test_a_red_band_at_150_percent() -> None:
    found = derived("sessions", "resistance_band")
    assert found["session_load"] == 80
    [done] = found["exercises"]
    assert done["force_newtons_about"] == pytest.approx(20.5)
    assert done["force_tolerance_pct"] == 30
    assert done["volume_load"] == pytest.approx(28 * 20.5)
    assert done["repetitions"] == 28
    assert done["sets"] == 3
    assert done["source"]


def test_doubled_bands_held_and_timed() -> None:
    [done] = derived("sessions", "resistance_band", details=exercise(bands_in_parallel=2, hold_s=5, tempo="3-1-2-0"))[
        "exercises"
    ]
    assert done["force_newtons_about"] == pytest.approx(41)
    assert done["isometric_impulse_newton_seconds"] == pytest.approx(41 * 5 * 28)
    assert done["time_under_tension_s"] == 28 * 6


@pytest.mark.parametrize("changes", [{"peak_elongation_pct": 99}, {"peak_elongation_pct": 201}, {"product": None}])
def test_no_force_is_invented(changes: dict[str, Any]) -> None:
    test = parsed("sessions", "resistance_band", details=exercise(**changes))
    assert test.columns()["volume_load"] is None
    assert test.derive()["exercises"] == [{"sets": 3, "repetitions": 28}]


def test_volume_load_is_summed_within_one_product_only() -> None:
    red = exercise()["exercises"][0]
    same = parsed("sessions", "resistance_band", details={"exercises": [red, red]})
    assert same.columns()["volume_load"] == pytest.approx(2 * 574)
    mixed = parsed("sessions", "resistance_band", details={"exercises": [red, {**red, "product": "theraband_blue"}]})
    assert mixed.columns()["volume_load"] is None


def test_exercises_are_checked() -> None:
    found = refused("sessions", "resistance_band", details=exercise(product="red", muscle="NOPE", rir=2, set_rpe=5))
    assert found.keys() == {
        "/details/exercises/0/product",
        "/details/exercises/0/muscle",
        "/details/exercises/0/set_rpe",
    }
    assert asked("sessions", "resistance_band", details=exercise(peak_elongation_pct=301)).keys() == {
        "/details/exercises/0/peak_elongation_pct"
    }
    assert asked("sessions", "resistance_band", details=exercise(peak_elongation_pct=None)) == {}


@pytest.mark.parametrize("tempo", ["3-1-2", "fast", "3-1-2-0\n", "３-1-2-0"])
def test_a_tempo_is_four_numbers(tempo: str) -> None:
    assert refused("sessions", "resistance_band", details=exercise(tempo=tempo)).keys() == {
        "/details/exercises/0/tempo"
    }


def test_weights() -> None:
    assert derived("sessions", "weights")["exercises"] == [{"sets": 2, "repetitions": 16}]
    assert refused("sessions", "weights", details=lift(load={"value": 1001, "unit": "kg"})) == {
        "/details/exercises/0/load/value": (
            "out_of_range",
            "Load: 1001 kg is not possible. Allowed: 0 to 1000 kg.",
        )
    }
    assert asked("sessions", "weights", details=lift(load={"value": 301, "unit": "kg"})).keys() == {
        "/details/exercises/0/load/value"
    }
    assert asked("sessions", "weights", details=lift(load=None)) == {}


# --- Movement


def test_weight_bearing() -> None:
    assert derived("sessions", "weight_bearing")["measured_pct_bw"] == pytest.approx(31.43, abs=0.01)
    assert derived("sessions", "weight_bearing", details={"body_mass": None}) == {}
    assert refused("sessions", "weight_bearing", details={"target_pct_bw": 60})["/details/target_pct_bw"][1] == (
        "Target: 60 % is not possible. Allowed: 20 to 50 %."
    )
    assert parsed("sessions", "weight_bearing", details={"wb_status": "wbat", "target_pct_bw": 60})
    found = refused(
        "sessions",
        "weight_bearing",
        details={"target": {"value": 500, "unit": "kg"}, "body_mass": {"value": 1, "unit": "kg"}},
    )
    assert found.keys() == {"/details/target/value", "/details/body_mass/value"}


def test_more_weight_than_prescribed_asks() -> None:
    heavy = {"measured_max": {"value": 35, "unit": "kg"}}
    [message] = asked("sessions", "weight_bearing", details=heavy).values()
    assert message.startswith("Highest load measured: 50 %, more than 10 % over the target of 30 %.")
    by_load = {"target_pct_bw": None, "target": {"value": 20, "unit": "kg"}, "body_mass": None}
    [message] = asked("sessions", "weight_bearing", details={**heavy, **by_load}).values()
    assert message.startswith("Highest load measured: 35 kg, more than 10 kg over the target of 20 kg.")
    assert asked("sessions", "weight_bearing") == {}


def test_stretching_balance_and_the_rest() -> None:
    assert derived("sessions", "rom_stretch") == {"total_hold_s": 120}
    assert derived("sessions", "rom_stretch", details={"hold_s": None}) == {}
    assert refused("sessions", "rom_stretch", details={"motion": "NOPE"}).keys() == {"/details/motion"}
    assert parsed("sessions", "rom_stretch", details={"motion": None})
    assert derived("sessions", "balance_gait") == {"gait_speed_metres_per_second": pytest.approx(0.8)}
    assert derived("sessions", "balance_gait", details={"time_s": None}) == {}
    assert derived("sessions", "breathing") == {}
    assert derived("sessions", "other") == {}
