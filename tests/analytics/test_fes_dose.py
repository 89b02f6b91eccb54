import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import fes

WORKED = {
    "waveform": "symmetric_biphasic",
    "amplitude_milliamps": 40,
    "phase_duration_microseconds": 300,
    "frequency_hertz": 35,
    "on_seconds": 12,
    "off_seconds": 20,
    "ramp_up_seconds": 2,
    "ramp_down_seconds": 2,
    "on_includes_ramps": True,
    "duration_minutes": 20,
    "electrode_area_cm2": 25,
}


def _dose(**changes):
    return fes.compute(**{**WORKED, **changes})


def _missing(dose):
    return {field.name for field in dataclasses.fields(dose) if getattr(dose, field.name) is None}


def test_worked_example():
    dose = _dose()
    assert dose.phase_charge_microcoulombs == pytest.approx(12.0)
    assert dose.charge_density_microcoulombs_per_cm2 == pytest.approx(0.48)
    assert dose.duty_cycle_pct == pytest.approx(37.5)
    assert dose.on_time_seconds == pytest.approx(456)
    assert dose.pulses == pytest.approx(15960)
    assert round(dose.ramp_factor, 4) == 0.8333
    assert dose.delivered_phase_charge_millicoulombs == pytest.approx(159.6)
    assert round(dose.rms_current_milliamps, 2) == 5.80
    assert round(dose.rms_density_milliamps_per_cm2, 3) == 0.232
    assert dose.pulse_energy_millijoules == pytest.approx(0.48)


def test_one_phase_halves_the_energy_and_keeps_the_charge():
    dose = _dose(waveform="monophasic")
    assert dose.phase_charge_microcoulombs == pytest.approx(12.0)
    assert dose.rms_current_milliamps == pytest.approx(_dose().rms_current_milliamps / 2**0.5)
    assert dose.pulse_energy_millijoules == pytest.approx(0.24)


def test_a_triangle_carries_half_the_charge_and_has_no_rms_formula():
    dose = _dose(waveform="triangular", phase_duration_microseconds=200_000, frequency_hertz=1)
    assert dose.phase_charge_microcoulombs == pytest.approx(4000)
    assert dose.charge_density_microcoulombs_per_cm2 == pytest.approx(160)
    assert dose.pulses == pytest.approx(456)
    assert dose.delivered_phase_charge_millicoulombs == pytest.approx(4000 * 456 * (10 / 12) / 1000)
    assert _missing(dose) == {
        "rms_current_milliamps",
        "rms_density_milliamps_per_cm2",
        "pulse_energy_millijoules",
    }


def test_a_khz_carrier_has_timing_only():
    dose = _dose(waveform="burst_mfac")
    assert dose.pulses == pytest.approx(15960)
    assert _missing(dose) == {
        "phase_charge_microcoulombs",
        "charge_density_microcoulombs_per_cm2",
        "delivered_phase_charge_millicoulombs",
        "rms_current_milliamps",
        "rms_density_milliamps_per_cm2",
        "pulse_energy_millijoules",
    }


CHARGE = {"phase_charge_microcoulombs", "charge_density_microcoulombs_per_cm2"}
RMS = {"rms_current_milliamps", "rms_density_milliamps_per_cm2"}
DELIVERED = {"delivered_phase_charge_millicoulombs"}
TIMING = {"on_time_seconds", "pulses"}


@pytest.mark.parametrize(
    ("absent", "expected"),
    [
        ("amplitude_milliamps", CHARGE | RMS | DELIVERED | {"pulse_energy_millijoules"}),
        ("phase_duration_microseconds", CHARGE | RMS | DELIVERED | {"pulse_energy_millijoules"}),
        ("frequency_hertz", RMS | DELIVERED | {"pulses"}),
        ("on_seconds", TIMING | DELIVERED | {"duty_cycle_pct", "ramp_factor"}),
        ("off_seconds", TIMING | DELIVERED | {"duty_cycle_pct"}),
        ("ramp_up_seconds", DELIVERED | {"ramp_factor"}),
        ("ramp_down_seconds", DELIVERED | {"ramp_factor"}),
        ("duration_minutes", TIMING | DELIVERED),
        ("electrode_area_cm2", {"charge_density_microcoulombs_per_cm2", "rms_density_milliamps_per_cm2"}),
    ],
)
def test_a_missing_input_leaves_only_its_rows_out(absent, expected):
    assert _missing(_dose(**{absent: None})) == expected


def test_nothing_known_is_nothing_derived():
    dose = fes.compute(waveform="monophasic")
    assert _missing(dose) == {field.name for field in dataclasses.fields(dose)}


def test_ramps_outside_the_on_time_are_added_to_it():
    assert _dose(on_seconds=8, on_includes_ramps=False) == _dose()


def test_ramps_outside_the_on_time_but_unknown():
    dose = _dose(ramp_up_seconds=None, on_includes_ramps=False)
    assert _missing(dose) == TIMING | DELIVERED | {"duty_cycle_pct", "ramp_factor"}


def test_continuous_stimulation():
    dose = _dose(off_seconds=0, ramp_up_seconds=0, ramp_down_seconds=0)
    assert (dose.duty_cycle_pct, dose.on_time_seconds, dose.ramp_factor) == (100, 1200, 1)


def test_a_session_shorter_than_one_on_period():
    assert _dose(duration_minutes=0.1).on_time_seconds == pytest.approx(6)


@given(on=st.floats(0.5, 60), off=st.floats(0, 180), minutes=st.floats(0.1, 120), hertz=st.floats(0.1, 150))
def test_on_time_never_exceeds_the_session(on, off, minutes, hertz):
    dose = fes.compute(
        waveform="monophasic", on_seconds=on, off_seconds=off, duration_minutes=minutes, frequency_hertz=hertz
    )
    assert 0 <= dose.on_time_seconds <= minutes * 60 * (1 + 1e-9)
    assert 0 < dose.duty_cycle_pct <= 100
    assert dose.pulses == pytest.approx(hertz * dose.on_time_seconds)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"waveform": "square"}, "unknown waveform 'square'"),
        ({"amplitude_milliamps": 0}, "amplitude_milliamps must be above 0"),
        ({"phase_duration_microseconds": -300}, "phase_duration_microseconds must be above 0"),
        ({"frequency_hertz": float("nan")}, "frequency_hertz must be above 0"),
        ({"on_seconds": 0}, "on_seconds must be above 0"),
        ({"off_seconds": -1}, "off_seconds must be 0 or above"),
        ({"ramp_up_seconds": -1}, "ramp_up_seconds must be 0 or above"),
        ({"electrode_area_cm2": 0}, "electrode_area_cm2 must be above 0"),
        ({"duration_minutes": 0}, "duration_minutes must be above 0"),
        ({"ramp_up_seconds": 11}, "ramps of 13 s are longer than the on-period of 12 s"),
        ({"phase_duration_microseconds": 100_000}, "do not fit into the period"),
    ],
)
def test_what_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        _dose(**changes)
