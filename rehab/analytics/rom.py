"""Range of motion: neutral-zero notation, arc, extension lag, aggregation and resolution.

Two scales. ``direction``: the angle reached in the named direction, higher is better. ``deficit``: 0 is full
extension, positive an extension deficit, negative hyperextension. Notation: Ryf & Weymann 1995 (neutral-0
method), AAOS 1965.
"""

import math
import statistics
from collections.abc import Sequence
from typing import Literal

from rehab.analytics import _checks

Scale = Literal["direction", "deficit"]


def neutral_zero(*, extension_degrees: float, flexion_degrees: float) -> str:
    """Neutral-zero string of a hinge joint; extension on the deficit scale, degrees.

    e <= 0 gives ``|e|-0-f`` (hyperextension-0-flexion), e > 0 gives ``0-e-f``. Flexion below the extension
    value or below 0 cannot be written so: ``ValueError``. Source: neutral-0 method, Ryf & Weymann 1995.

    >>> neutral_zero(extension_degrees=-5, flexion_degrees=130)
    '5-0-130'
    >>> neutral_zero(extension_degrees=10, flexion_degrees=130)
    '0-10-130'
    """
    _checks.not_negative(flexion_degrees=flexion_degrees)
    total_arc(extension_degrees=extension_degrees, flexion_degrees=flexion_degrees)
    if extension_degrees <= 0:
        return f"{abs(extension_degrees):g}-0-{flexion_degrees:g}"
    return f"0-{extension_degrees:g}-{flexion_degrees:g}"


def total_arc(*, extension_degrees: float, flexion_degrees: float) -> float:
    """Arc of a hinge joint in degrees, f − e, extension on the deficit scale.

    Flexion below extension: ``ValueError``. Source: neutral-0 method, Ryf & Weymann 1995.

    >>> total_arc(extension_degrees=10, flexion_degrees=130)
    120
    """
    _checks.finite(extension_degrees=extension_degrees, flexion_degrees=flexion_degrees)
    if flexion_degrees < extension_degrees:
        raise ValueError(f"flexion {flexion_degrees:g} is below extension {extension_degrees:g}")
    return flexion_degrees - extension_degrees


def extension_lag(*, scale: Scale, arom_degrees: float, prom_degrees: float) -> float:
    """How far the active motion falls short of the passive one, in degrees.

    AROM − PROM on the deficit scale, PROM − AROM on the direction scale; above 0 is an active lag (weakness),
    below 0 means that active was better than passive (ask to confirm beyond 5°). Another scale:
    ``ValueError``. Source: definition, Norkin & White 2016.

    >>> extension_lag(scale="deficit", arom_degrees=15, prom_degrees=5)
    10
    >>> extension_lag(scale="direction", arom_degrees=-10, prom_degrees=5)
    15
    """
    _checks.finite(arom_degrees=arom_degrees, prom_degrees=prom_degrees)
    _check_scale(scale)
    return arom_degrees - prom_degrees if scale == "deficit" else prom_degrees - arom_degrees


def deficit_from_hyperextension_positive(*, extension_degrees: float) -> float:
    """Our deficit value, in degrees, of an extension that a source reports with hyperextension *positive*.

    Value = −theirs; for import from sources such as the CDC table (Soucie et al. 2011, Haemophilia
    17:500-507).

    >>> deficit_from_hyperextension_positive(extension_degrees=5.4)
    -5.4
    """
    _checks.finite(extension_degrees=extension_degrees)
    return 0.0 - extension_degrees


def aggregate(*, trials: Sequence[float], how: Literal["max", "mean"] = "mean", scale: Scale) -> float:
    """One angle in degrees for the trials of a motion.

    ``mean`` of three after a warm-up is the default (Norkin & White 2016). ``max`` is the greatest *motion*,
    as the AMA Guides take it for impairment rating (AMA Guides Newsletter 17(2)): the highest angle on the
    direction scale, the smallest on the deficit scale. No trials, another scale or ``how``: ``ValueError``.

    >>> aggregate(trials=[118.0, 122.0, 120.0], scale="direction")
    120.0
    >>> aggregate(trials=[12.0, 8.0, 10.0], how="max", scale="deficit")
    8.0
    """
    if not trials:
        raise ValueError("at least one trial is needed")
    for number, value in enumerate(trials, start=1):
        _checks.finite(**{f"trial {number}": value})
    _check_scale(scale)
    if how == "mean":
        return statistics.fmean(trials)
    if how == "max":
        return max(trials) if scale == "direction" else min(trials)
    raise ValueError(f"how must be 'max' or 'mean', not {how!r}")


def is_low_resolution(*, angles_degrees: Sequence[float]) -> bool:
    """Whether all angles of a session are multiples of 5 (so also of 10): read to the nearest 5° or 10°.

    Such a session takes the larger of its MDC and 10° as threshold. False for no angles. A convention of this
    project.

    >>> is_low_resolution(angles_degrees=[90, 45, 10]), is_low_resolution(angles_degrees=[90, 47])
    (True, False)
    """
    return bool(angles_degrees) and all(math.fmod(angle, 5) == 0 for angle in angles_degrees)


def _check_scale(scale: str) -> None:
    if scale not in {"direction", "deficit"}:
        raise ValueError(f"scale must be 'direction' or 'deficit', not {scale!r}")
