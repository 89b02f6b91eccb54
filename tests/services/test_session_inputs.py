"""Sessions of every modality: what is derived, refused and asked."""

from typing import Any

import pytest

from rehab.services.inputs.base import RecordInput
from rehab.services.inputs.details import SessionDetails
from tests.documents import FES_VECTOR
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


# --- Water


def water(celsius: float, unit: str = "Cel") -> dict[str, Any]:
    return {"water_temp": {"value": celsius, "unit": unit}}


def test_water_that_is_too_cold_or_unusual() -> None:
    assert refused("sessions", "aquatic", details=water(19))["/details/water_temp/value"] == (
        "out_of_range",
        "Water temperature: 19 °C is not possible. Allowed: 20 to 40 °C.",
    )
    assert asked("sessions", "aquatic", details=water(25)) == {
        "/details/water_temp/value": (
            "Water temperature: 25 °C is unusual. Usual: 26 to 36 °C. Please confirm that it is right."
        )
    }
    assert asked("sessions", "aquatic", details=water(26)) == {}
    assert asked("sessions", "aquatic", details=water(92, "degF")) == {}


def test_the_share_of_weight_holds_for_standing_only() -> None:
    found = derived("sessions", "aquatic", details={"reference_sex": "male"})
    assert found["carried_pct_about"] == pytest.approx(35.3)
    assert found["carried_load_kg_about"] == pytest.approx(70 * 0.353)
    assert found["source"]
    assert derived("sessions", "aquatic", details={"activity": "walking"}) == {}
    assert derived("sessions", "aquatic", details={"immersion_level": None}) == {}
    assert "carried_load_kg_about" not in derived("sessions", "aquatic", details={"body_mass": None})
    assert "/details/body_mass/value" in refused(
        "sessions", "aquatic", details={"body_mass": {"value": 500, "unit": "kg"}}
    )


# --- Electrical stimulation


def test_the_test_vector() -> None:
    found = derived("sessions", "fes")
    expected = {
        "phase_charge_microcoulombs": 12.0,
        "charge_density_microcoulombs_per_cm2": 0.48,
        "duty_cycle_pct": 37.5,
        "on_time_seconds": 456,
        "pulses": 15960,
        "ramp_factor": 0.8333,
        "delivered_phase_charge_millicoulombs": 159.6,
        "rms_current_milliamps": 5.80,
        "rms_density_milliamps_per_cm2": 0.232,
        "pulse_energy_millijoules": 0.48,
        "session_load": 60,
    }
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-3), name
    columns = parsed("sessions", "fes").columns()
    assert columns["pulses"] == 15960
    assert columns["charge_millicoulombs"] == pytest.approx(159.6)


LONG = {"phase_duration_us": 120_000, "frequency_hz": 1, "amplitude": {"value": 100, "unit": "mA"}}


def test_long_pulses_are_for_denervated_muscle_with_a_sign_off() -> None:
    found = refused("sessions", "fes", details={"phase_duration_us": 1001})
    assert found["/details/phase_duration_us"][1] == (
        "Phase duration: 1001 µs is for a denervated muscle only. Allowed: 20 to 1000 µs."
    )
    denervated = {"innervation": "denervated", **LONG}
    assert refused("sessions", "fes", details=denervated) == {
        "/details/signed_off_by": ("missing", "Pulses longer than 1 ms need a clinician's sign-off.")
    }
    assert parsed("sessions", "fes", details={**denervated, "signed_off_by": "Dr Li"})
    between = {**denervated, "signed_off_by": "Dr Li", "phase_duration_us": 5000}
    assert refused("sessions", "fes", details=between)["/details/phase_duration_us"][1] == (
        "Phase duration: 5000 µs is not possible. Allowed: 10000 to 300000 µs."
    )
    assert "/details/phase_duration_us" in refused("sessions", "fes", details={"phase_duration_us": 19})


@pytest.mark.parametrize(
    ("innervation", "amplitude", "allowed"),
    [
        ("intact", {"value": 150, "unit": "mA"}, True),
        ("intact", {"value": 151, "unit": "mA"}, False),
        ("denervated", {"value": 300, "unit": "mA"}, True),
        ("denervated", {"value": 301, "unit": "mA"}, False),
        ("intact", {"value": 500, "unit": "V"}, True),
        ("intact", {"value": 501, "unit": "V"}, False),
        ("intact", {"value": -1, "unit": "mA"}, False),
        ("intact", {"value": 0, "unit": "mA"}, True),
    ],
)
def test_amplitudes(innervation: str, amplitude: dict[str, Any], allowed: bool) -> None:
    details = {"innervation": innervation, "amplitude": amplitude}
    if allowed:
        assert parsed("sessions", "fes", details=details)
    else:
        assert refused("sessions", "fes", details=details).keys() == {"/details/amplitude/value"}


def test_a_pulse_of_more_than_300_millijoules_is_a_typing_error() -> None:
    strong = {
        "innervation": "denervated",
        "signed_off_by": "Dr Li",
        "phase_duration_us": 50_000,
        "frequency_hz": 1,
        "waveform": "monophasic",
        "electrode_area_cm2": 300,
    }
    code, message = refused("sessions", "fes", details={**strong, "amplitude": {"value": 200, "unit": "mA"}})[
        "/details/amplitude/value"
    ]
    assert (code, message) == (
        "out_of_range",
        "Energy of a pulse: 1000 mJ is not possible. Allowed: 0 to 300 mJ.",
    )
    assert parsed("sessions", "fes", details={**strong, "amplitude": {"value": 109, "unit": "mA"}})
    over = {**strong, "phase_duration_us": 100_000, "amplitude": {"value": 200, "unit": "mA"}}
    assert parsed("sessions", "fes", details=over)  # from 0.1 s on it counts as direct current


def test_current_density_asks() -> None:
    dense = {"amplitude": {"value": 100, "unit": "mA"}, "electrode_area_cm2": 5}
    assert asked("sessions", "fes", details=dense)["/details/amplitude/value"].startswith("Current density (RMS): ")
    assert "Usual: 0 to 2 mA/cm²" in asked("sessions", "fes", details=dense)["/details/amplitude/value"]
    assert asked("sessions", "fes", details={"electrode_area_cm2": None}) == {}


def test_what_does_not_fit_together() -> None:
    assert refused("sessions", "fes", details={"on_s": 3})["/details/on_s"][0] == "inconsistent"
    assert parsed("sessions", "fes", details={"on_s": 3, "on_includes_ramps": False})
    long = {"innervation": "denervated", "signed_off_by": "Dr Li", "phase_duration_us": 100_000}
    assert refused("sessions", "fes", details={**long, "frequency_hz": 6})["/details/frequency_hz"][0] == "inconsistent"
    channels = [{"muscle": "KNE_EXT", "side": "left"}, {"muscle": "NOPE", "side": "left"}]
    assert refused("sessions", "fes", details={"channels": channels}).keys() == {"/details/channels/1/muscle"}
    assert refused("sessions", "fes", details={"channels": []})["/details/channels"][0] == "too_short"


def test_a_bare_session_of_stimulation_derives_what_can_be() -> None:
    bare = {name: FES_VECTOR[name] for name in ("innervation", "waveform", "channels")}
    sent = {**bare, **{name: None for name in FES_VECTOR if name not in bare}}
    columns = parsed("sessions", "fes", details=sent).columns()
    assert (columns["pulses"], columns["charge_millicoulombs"]) == (None, None)


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
