"""Strength: torque, aggregation of trials, normalisation and estimated one-repetition maximum."""

import statistics
from collections.abc import Sequence
from typing import Literal

from rehab.analytics import _checks


def torque_newton_metres(*, force_newtons: float, lever_arm_metres: float) -> float:
    """Torque τ = F × L in N·m.

    F acts at right angles to the segment (0 N or more); L is the distance from the joint axis to the centre
    of the pad (above 0 m). Without L there is no torque: keep the force alone. Standard mechanics.

    >>> torque_newton_metres(force_newtons=200, lever_arm_metres=0.35)
    70.0
    """
    _checks.not_negative(force_newtons=force_newtons)
    _checks.positive(lever_arm_metres=lever_arm_metres)
    return force_newtons * lever_arm_metres


def aggregate(*, trials: Sequence[float], how: Literal["max", "mean"]) -> float:
    """One value for the valid trials of a test, in the unit of the trials.

    Hand-held dynamometry takes the maximum or the mean of 2-3 trials, fixed per patient (usual practice,
    Bohannon); grip after the ASHT protocol takes the mean of three (Mathiowetz et al. 1984, J Hand Surg
    9A:222-226). No trials, a trial below 0 or another ``how``: ``ValueError``.

    >>> aggregate(trials=[180.0, 195.0, 189.0], how="mean")
    188.0
    >>> aggregate(trials=[180.0, 195.0, 189.0], how="max")
    195.0
    """
    if not trials:
        raise ValueError("at least one trial is needed")
    for number, value in enumerate(trials, start=1):
        _checks.not_negative(**{f"trial {number}": value})
    if how == "max":
        return max(trials)
    if how == "mean":
        return statistics.fmean(trials)
    raise ValueError(f"how must be 'max' or 'mean', not {how!r}")


def normalised_by_mass(*, value: float, body_mass_kg: float) -> float:
    """Force or torque per body mass: N/kg or N·m/kg, with the body mass of that day (above 0 kg).

    Usual practice in dynamometry.

    >>> normalised_by_mass(value=210.0, body_mass_kg=70.0)
    3.0
    """
    _checks.not_negative(value=value)
    _checks.positive(body_mass_kg=body_mass_kg)
    return value / body_mass_kg


def one_rm_epley(*, load_kg: float, repetitions: int) -> float:
    """Estimated one-repetition maximum in kg, w × (1 + r / 30); a single repetition is the load itself.

    Valid for r 2-10 and for constant loads (weights, machines), not bands; r above 10 or below 1:
    ``ValueError``. Source: Epley 1985.

    >>> round(one_rm_epley(load_kg=50, repetitions=5), 2)
    58.33
    """
    _check_repetitions(load_kg=load_kg, repetitions=repetitions)
    return float(load_kg) if repetitions == 1 else load_kg * (1 + repetitions / 30)


def one_rm_brzycki(*, load_kg: float, repetitions: int) -> float:
    """Estimated one-repetition maximum in kg, w × 36 / (37 − r).

    Valid for r 1-10 and for constant loads (weights, machines), not bands; r outside that: ``ValueError``.
    Source: Brzycki 1993, JOPERD 64:88-90.

    >>> round(one_rm_brzycki(load_kg=50, repetitions=5), 2)
    56.25
    """
    _check_repetitions(load_kg=load_kg, repetitions=repetitions)
    return load_kg * (36 / (37 - repetitions))


def _check_repetitions(*, load_kg: float, repetitions: int) -> None:
    _checks.positive(load_kg=load_kg)
    if repetitions != int(repetitions):
        raise ValueError(f"repetitions must be a whole number, not {repetitions}")
    _checks.within(name="repetitions", value=repetitions, low=1, high=10)
