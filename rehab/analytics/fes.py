"""Dose of electrical stimulation (FES / NMES), derived from what was prescribed and logged.

This records; it never proposes parameters. Formulas are those of rectangular pulses. A triangular pulse
carries half the charge of a rectangular one; its RMS and energy have no formula here and stay ``None``.
Bursts of a kHz carrier are not rectangular pulses: only timing and the number of bursts are derived.

Limits for input checks elsewhere: 300 mJ per pulse into 500 Ω for pulses below 0.1 s, and special operator
attention above 2 mA/cm² RMS (IEC 60601-2-10). No charge-density limit is known for surface electrodes; the
Shannon limit is for implanted ones and must not be used.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rehab.analytics import _checks

Waveform = Literal["symmetric_biphasic", "asymmetric_balanced", "monophasic", "burst_mfac", "triangular"]

WAVEFORMS: tuple[Waveform, ...] = (
    "symmetric_biphasic",
    "asymmetric_balanced",
    "monophasic",
    "burst_mfac",
    "triangular",
)
TEST_LOAD_OHMS = 500

_PHASES: Mapping[str, int] = MappingProxyType({"symmetric_biphasic": 2, "asymmetric_balanced": 2, "monophasic": 1})


@dataclass(frozen=True, slots=True)
class FesDose:
    """Derived rows, per channel; ``None`` where an input is missing or the waveform has no formula."""

    phase_charge_microcoulombs: float | None
    """Of one phase; the net charge of a balanced biphasic pulse is 0."""
    charge_density_microcoulombs_per_cm2: float | None
    duty_cycle_pct: float | None
    on_time_seconds: float | None
    pulses: float | None
    """Bursts, for a kHz carrier."""
    ramp_factor: float | None
    """k: mean amplitude of an on-period relative to the plateau."""
    delivered_phase_charge_millicoulombs: float | None
    rms_current_milliamps: float | None
    """During the on-period, on the plateau."""
    rms_density_milliamps_per_cm2: float | None
    pulse_energy_millijoules: float | None
    """Into 500 Ω."""


def compute(
    *,
    waveform: Waveform,
    amplitude_milliamps: float | None = None,
    phase_duration_microseconds: float | None = None,
    frequency_hertz: float | None = None,
    on_seconds: float | None = None,
    off_seconds: float | None = None,
    ramp_up_seconds: float | None = None,
    ramp_down_seconds: float | None = None,
    on_includes_ramps: bool = True,
    duration_minutes: float | None = None,
    electrode_area_cm2: float | None = None,
) -> FesDose:
    """Every derived row of one channel.

    ====================== =========================================================================== ======
    phase charge Q         amplitude × phase duration / 1000 (× 0.5 if triangular)                      µC
    charge density         Q / area of the smaller electrode                                            µC/cm²
    duty cycle             on / (on + off) × 100                                                        %
    on-time                c = floor(T / (on + off)); c × on + min(T − c × (on + off), on)              s
    pulses                 frequency × on-time                                                          1
    delivered phase charge Q × pulses × k / 1000, k = (plateau + (ramp up + ramp down) / 2) / on        mC
    RMS current            A × √(p × phase duration in s × frequency), p = 2 biphasic, 1 monophasic     mA
    RMS density            RMS current / area                                                           mA/cm²
    pulse energy           (A / 1000)² × 500 Ω × p × phase duration in s × 1000                         mJ
    ====================== =========================================================================== ======

    ``on`` is the whole on-period: with ``on_includes_ramps=False`` the ramps are added to ``on_seconds``
    first. A stimulator limited by voltage leaves the amplitude ``None``. Values of 0 or below (ramps and
    off-time: below 0), an unknown waveform, ramps longer than the on-period that includes them, and phases
    that fill more than the period: ``ValueError``. Standard definitions; RMS density as in the
    instructions-for-use clause of IEC 60601-2-10.

    >>> dose = compute(
    ...     waveform="symmetric_biphasic", amplitude_milliamps=40, phase_duration_microseconds=300,
    ...     frequency_hertz=35, on_seconds=12, off_seconds=20, ramp_up_seconds=2, ramp_down_seconds=2,
    ...     duration_minutes=20, electrode_area_cm2=25)
    >>> dose.phase_charge_microcoulombs, dose.duty_cycle_pct, dose.on_time_seconds, dose.pulses
    (12.0, 37.5, 456, 15960)
    """
    if waveform not in WAVEFORMS:
        raise ValueError(f"unknown waveform {waveform!r}; one of {', '.join(WAVEFORMS)}")
    _check(
        above_zero={
            "amplitude_milliamps": amplitude_milliamps,
            "phase_duration_microseconds": phase_duration_microseconds,
            "frequency_hertz": frequency_hertz,
            "on_seconds": on_seconds,
            "duration_minutes": duration_minutes,
            "electrode_area_cm2": electrode_area_cm2,
        },
        zero_or_above={
            "off_seconds": off_seconds,
            "ramp_up_seconds": ramp_up_seconds,
            "ramp_down_seconds": ramp_down_seconds,
        },
    )
    on, ramp_factor = _on_period(
        on_seconds=on_seconds,
        ramp_up_seconds=ramp_up_seconds,
        ramp_down_seconds=ramp_down_seconds,
        on_includes_ramps=on_includes_ramps,
    )
    charge = _phase_charge(waveform=waveform, milliamps=amplitude_milliamps, microseconds=phase_duration_microseconds)
    on_time = _on_time(on=on, off=off_seconds, duration_minutes=duration_minutes)
    pulses = _product(frequency_hertz, on_time)
    delivered = _product(charge, pulses, ramp_factor)
    phase_seconds = _phase_seconds(waveform=waveform, microseconds=phase_duration_microseconds)
    rms = _rms(milliamps=amplitude_milliamps, phase_seconds=phase_seconds, hertz=frequency_hertz)
    return FesDose(
        phase_charge_microcoulombs=charge,
        charge_density_microcoulombs_per_cm2=_ratio(charge, electrode_area_cm2),
        duty_cycle_pct=None if on is None or off_seconds is None else on / (on + off_seconds) * 100,
        on_time_seconds=on_time,
        pulses=pulses,
        ramp_factor=ramp_factor,
        delivered_phase_charge_millicoulombs=_ratio(delivered, 1000),
        rms_current_milliamps=rms,
        rms_density_milliamps_per_cm2=_ratio(rms, electrode_area_cm2),
        pulse_energy_millijoules=_pulse_energy(milliamps=amplitude_milliamps, phase_seconds=phase_seconds),
    )


def _check(*, above_zero: Mapping[str, float | None], zero_or_above: Mapping[str, float | None]) -> None:
    _checks.positive(**{name: value for name, value in above_zero.items() if value is not None})
    _checks.not_negative(**{name: value for name, value in zero_or_above.items() if value is not None})


def _on_period(
    *,
    on_seconds: float | None,
    ramp_up_seconds: float | None,
    ramp_down_seconds: float | None,
    on_includes_ramps: bool,
) -> tuple[float | None, float | None]:
    """Length of the whole on-period and its ramp factor k."""
    if on_seconds is None:
        return None, None
    if ramp_up_seconds is None or ramp_down_seconds is None:
        return (on_seconds if on_includes_ramps else None), None
    ramps = ramp_up_seconds + ramp_down_seconds
    on = on_seconds if on_includes_ramps else on_seconds + ramps
    if ramps > on:
        raise ValueError(f"ramps of {ramps:g} s are longer than the on-period of {on:g} s")
    return on, (on - ramps / 2) / on


def _phase_charge(*, waveform: Waveform, milliamps: float | None, microseconds: float | None) -> float | None:
    if waveform == "burst_mfac" or milliamps is None or microseconds is None:
        return None
    return milliamps * microseconds / 1000 * (0.5 if waveform == "triangular" else 1)


def _on_time(*, on: float | None, off: float | None, duration_minutes: float | None) -> float | None:
    if on is None or off is None or duration_minutes is None:
        return None
    total = duration_minutes * 60
    cycles = math.floor(total / (on + off))
    return cycles * on + min(total - cycles * (on + off), on)


def _phase_seconds(*, waveform: Waveform, microseconds: float | None) -> float | None:
    """Seconds of current per pulse, p × phase duration; ``None`` for a waveform without a formula."""
    if waveform not in _PHASES or microseconds is None:
        return None
    return _PHASES[waveform] * microseconds / 1_000_000


def _rms(*, milliamps: float | None, phase_seconds: float | None, hertz: float | None) -> float | None:
    if phase_seconds is None or hertz is None:
        return None
    if phase_seconds * hertz > 1:
        raise ValueError(f"phases of {phase_seconds:g} s do not fit into the period at {hertz:g} Hz")
    return None if milliamps is None else milliamps * math.sqrt(phase_seconds * hertz)


def _pulse_energy(*, milliamps: float | None, phase_seconds: float | None) -> float | None:
    if milliamps is None or phase_seconds is None:
        return None
    return (milliamps / 1000) ** 2 * TEST_LOAD_OHMS * phase_seconds * 1000


def _product(*factors: float | None) -> float | None:
    result: float = 1
    for factor in factors:
        if factor is None:
            return None
        result *= factor
    return result


def _ratio(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or denominator is None else numerator / denominator
