"""Sessions in the water and with electrical stimulation: ranges, warnings, and the test vector."""

from typing import Any

import pytest

from tests.documents import FES_VECTOR
from tests.services.reading import asked, derived, parsed, refused

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
