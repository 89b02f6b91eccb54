"""Exercise sessions: load, band work, water, weight bearing and gait.

Loads of different kinds (RPE minutes, N·rep) are never added together.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rehab.analytics import _checks

_TEMPO = re.compile(r"\d+(\.\d+)?(-\d+(\.\d+)?){3}", re.ASCII)


class Tempo(NamedTuple):
    """Seconds of each part of one repetition."""

    eccentric_s: float
    eccentric_pause_s: float
    concentric_s: float
    concentric_pause_s: float


def session_load(*, rpe: float, duration_minutes: float) -> float:
    """Session load in arbitrary units, RPE × minutes.

    RPE 0-10 asked about 30 min after the session, minutes 0 or more. Source: Foster et al. 2001, J Strength
    Cond Res 15:109-115, doi:10.1519/00124278-200102000-00019.

    >>> session_load(rpe=4, duration_minutes=45)
    180
    """
    _checks.within(name="rpe", value=rpe, low=0, high=10)
    _checks.not_negative(duration_minutes=duration_minutes)
    return rpe * duration_minutes


def elongation_pct(*, rest_length_cm: float, stretched_length_cm: float) -> float:
    """Elongation of a band in %, (stretched − rest) / rest × 100.

    Rest length above 0 cm, stretched length not below it. Definition used by band manufacturers.

    >>> elongation_pct(rest_length_cm=100, stretched_length_cm=250)
    150.0
    """
    _checks.positive(rest_length_cm=rest_length_cm, stretched_length_cm=stretched_length_cm)
    if stretched_length_cm < rest_length_cm:
        raise ValueError("stretched_length_cm is below rest_length_cm")
    return (stretched_length_cm - rest_length_cm) / rest_length_cm * 100


def band_volume_load(
    *, repetitions_per_set: Sequence[int], force_newtons: float | None, bands_in_parallel: int = 1
) -> float | None:
    """Volume load of one band exercise in N·rep: Σ over sets of repetitions × force at peak elongation.

    ``force_newtons`` is that of one band; a doubled band counts twice. ``None`` when the force is not known
    (outside the maker's chart). Trend it within one product only. Source: volume load as in resistance
    training.

    >>> band_volume_load(repetitions_per_set=[10, 10, 8], force_newtons=20.5)
    574.0
    """
    repetitions = _repetitions(repetitions_per_set)
    force = _parallel_force(force_newtons=force_newtons, bands_in_parallel=bands_in_parallel)
    return None if force is None else repetitions * force


def isometric_impulse(
    *,
    repetitions_per_set: Sequence[int],
    force_newtons: float | None,
    hold_seconds: float,
    bands_in_parallel: int = 1,
) -> float | None:
    """Impulse of held repetitions in N·s: Σ force × hold × repetitions.

    ``force_newtons`` is that of one band; a doubled band counts twice. ``None`` when the force is not known.
    Hold 0 s or more. Standard mechanics.

    >>> isometric_impulse(repetitions_per_set=[5, 5], force_newtons=20.0, hold_seconds=6)
    1200.0
    """
    _checks.not_negative(hold_seconds=hold_seconds)
    repetitions = _repetitions(repetitions_per_set)
    force = _parallel_force(force_newtons=force_newtons, bands_in_parallel=bands_in_parallel)
    return None if force is None else force * hold_seconds * repetitions


def parse_tempo(*, tempo: str) -> Tempo:
    """A tempo string ``ecc-pause-con-pause``, each part in seconds (decimals allowed); else ``ValueError``.

    >>> parse_tempo(tempo="3-1-2-0").concentric_s
    2.0
    """
    if not _TEMPO.fullmatch(tempo):
        raise ValueError(f"tempo must be four numbers such as 3-1-2-0, not {tempo!r}")
    return Tempo(*(float(part) for part in tempo.split("-")))


def time_under_tension(*, repetitions_per_set: Sequence[int], tempo: str) -> float:
    """Time under tension in s: Σ over sets of repetitions × the sum of the tempo.

    Tempo is ``ecc-pause-con-pause`` in seconds. Definition, as in resistance training.

    >>> time_under_tension(repetitions_per_set=[10, 10, 8], tempo="3-1-2-0")
    168.0
    """
    return _repetitions(repetitions_per_set) * sum(parse_tempo(tempo=tempo))


def carried_load_kg(*, body_mass_kg: float, carried_pct: float) -> float:
    """Load on the legs in kg when standing still in water: body mass × % / 100.

    Static standing only, never walking or jogging. Percent 0-100, see ``rehab.reference.immersion``. Source:
    Schneider et al. 2007, Phys Med Rehab Kuror 17:88-93, doi:10.1055/s-2007-960475.

    >>> round(carried_load_kg(body_mass_kg=70, carried_pct=35.3), 2)
    24.71
    """
    _checks.positive(body_mass_kg=body_mass_kg)
    _checks.within(name="carried_pct", value=carried_pct, low=0, high=100)
    return body_mass_kg * carried_pct / 100


def percent_body_weight(*, load_kg: float, body_mass_kg: float) -> float:
    """Load as % of body weight: load / body mass × 100.

    Load 0 kg or more (a dynamic load may exceed 100 %), body mass above 0 kg. Definition.

    >>> percent_body_weight(load_kg=28, body_mass_kg=70)
    40.0
    """
    _checks.not_negative(load_kg=load_kg)
    _checks.positive(body_mass_kg=body_mass_kg)
    return load_kg / body_mass_kg * 100


def gait_speed(*, distance_metres: float, time_seconds: float) -> float:
    """Gait speed in m/s: distance / time, distance 0 m or more, time above 0 s.

    For reading changes: 0.05 m/s is small, 0.10 m/s substantial (Perera et al. 2006, J Am Geriatr Soc
    54:743-749).

    >>> gait_speed(distance_metres=10, time_seconds=12.5)
    0.8
    """
    _checks.not_negative(distance_metres=distance_metres)
    _checks.positive(time_seconds=time_seconds)
    return distance_metres / time_seconds


def _repetitions(repetitions_per_set: Sequence[int]) -> int:
    for number, value in enumerate(repetitions_per_set, start=1):
        _checks.not_negative(**{f"repetitions of set {number}": value})
    return sum(repetitions_per_set)


def _parallel_force(*, force_newtons: float | None, bands_in_parallel: int) -> float | None:
    if bands_in_parallel < 1:
        raise ValueError(f"bands_in_parallel must be 1 or more, not {bands_in_parallel}")
    if force_newtons is None:
        return None
    _checks.not_negative(force_newtons=force_newtons)
    return force_newtons * bands_in_parallel
