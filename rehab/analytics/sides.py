"""Comparison of the two sides of one patient.

If the good side falls too, a ratio hides it: every comparison carries both absolute values. MRC grades are
ordinal and have a difference in grades, no ratio.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from rehab.analytics import _checks, grades
from rehab.analytics.rom import Scale

METHOD = "sides/1"

Involved = Literal["left", "right", "both", "none"]
Suppressed = Literal["both_sides_involved", "no_side_involved", "involved_side_unknown", "reference_is_zero"]


@dataclass(frozen=True, slots=True)
class SideValue:
    """Value of one side in the unit of its series, with the readings it stands for."""

    value: float
    on: dt.date
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideComparison:
    """Both sides beside one another; what a measure does not have is ``None``."""

    left: float
    right: float
    lsi_pct: float | None
    """Limb symmetry index, involved / uninvolved × 100."""
    asymmetry_pct: float | None
    """Above 0: right weaker."""
    difference: float | None
    """Uninvolved against involved, above 0 = the involved side is worse (angles) or smaller (girth); for MRC
    grades left − right, above 0 = right weaker."""
    suppressed: Suppressed | None
    """Why what compares involved with uninvolved is not given."""
    n: int
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]
    method: str = METHOD


def lsi_pct(*, involved: float, uninvolved: float) -> float:
    """Limb symmetry index in %: involved / uninvolved × 100; involved 0 or above, uninvolved above 0.

    From 90 % on is a return-to-sport convention after knee surgery, not for disease of both sides.

    >>> lsi_pct(involved=180, uninvolved=240)
    75.0
    """
    _checks.not_negative(involved=involved)
    _checks.positive(uninvolved=uninvolved)
    return involved / uninvolved * 100


def asymmetry_pct(*, left: float, right: float) -> float | None:
    """Asymmetry in %: (max − min) / max × 100, above 0 = right weaker; ``None`` if both are 0.

    Values 0 or above. Source: Bishop 2018, Strength Cond J 40(4):1-6.

    >>> asymmetry_pct(left=200, right=150), asymmetry_pct(left=150, right=200)
    (25.0, -25.0)
    """
    _checks.not_negative(left=left, right=right)
    return (left - right) / max(left, right) * 100 if left or right else None


def rom_difference_degrees(*, scale: Scale, involved: float, uninvolved: float) -> float:
    """Side difference of a motion in degrees, above 0 = the involved side is worse.

    Uninvolved − involved on the direction scale, involved − uninvolved on the deficit scale; another scale is
    a ``ValueError``. Definition.

    >>> rom_difference_degrees(scale="direction", involved=110, uninvolved=135)
    25
    >>> rom_difference_degrees(scale="deficit", involved=10, uninvolved=-2)
    12
    """
    _checks.finite(involved=involved, uninvolved=uninvolved)
    if scale not in {"direction", "deficit"}:
        raise ValueError(f"scale must be 'direction' or 'deficit', not {scale!r}")
    return uninvolved - involved if scale == "direction" else involved - uninvolved


def girth_difference_cm(*, involved: float, uninvolved: float) -> float:
    """Girth difference in cm: uninvolved − involved, both above 0. Definition.

    >>> girth_difference_cm(involved=40.5, uninvolved=43.0)
    2.5
    """
    _checks.positive(involved=involved, uninvolved=uninvolved)
    return uninvolved - involved


def compare_strength(*, left: SideValue, right: SideValue, involved: Involved | None) -> SideComparison:
    """LSI and asymmetry of two forces in one unit; LSI is suppressed unless exactly one side is involved.

    It is suppressed too if the uninvolved side is 0.

    >>> on = dt.date(2026, 3, 2)
    >>> found = compare_strength(left=SideValue(240, on, ("a",)), right=SideValue(180, on, ("b",)), involved="right")
    >>> found.lsi_pct, found.asymmetry_pct, found.suppressed
    (75.0, 25.0, None)
    """
    asymmetry = asymmetry_pct(left=left.value, right=right.value)
    suppressed = _suppressed(involved)
    lsi = None
    if suppressed is None:
        bad, good = _bad_and_good(left=left, right=right, involved=involved)
        if good > 0:
            lsi = lsi_pct(involved=bad, uninvolved=good)
        else:
            suppressed = "reference_is_zero"
    return _comparison(left=left, right=right, lsi=lsi, asymmetry=asymmetry, suppressed=suppressed)


def compare_rom(*, scale: Scale, left: SideValue, right: SideValue, involved: Involved | None) -> SideComparison:
    """Side difference of one motion in degrees, suppressed unless exactly one side is involved.

    >>> on = dt.date(2026, 3, 2)
    >>> sides = {"left": SideValue(10.0, on, ("a",)), "right": SideValue(0.0, on, ("b",))}
    >>> compare_rom(scale="deficit", involved="left", **sides).difference
    10.0
    """
    suppressed = _suppressed(involved)
    difference = None
    if suppressed is None:
        bad, good = _bad_and_good(left=left, right=right, involved=involved)
        difference = rom_difference_degrees(scale=scale, involved=bad, uninvolved=good)
    return _comparison(left=left, right=right, difference=difference, suppressed=suppressed)


def compare_girth(*, left: SideValue, right: SideValue, involved: Involved | None) -> SideComparison:
    """Girth difference in cm, suppressed unless exactly one side is involved.

    >>> on = dt.date(2026, 3, 2)
    >>> compare_girth(left=SideValue(43.0, on, ()), right=SideValue(40.5, on, ()), involved="right").difference
    2.5
    """
    suppressed = _suppressed(involved)
    difference = None
    if suppressed is None:
        bad, good = _bad_and_good(left=left, right=right, involved=involved)
        difference = girth_difference_cm(involved=bad, uninvolved=good)
    return _comparison(left=left, right=right, difference=difference, suppressed=suppressed)


def compare_mrc(*, left: SideValue, right: SideValue) -> SideComparison:
    """Difference in MRC grades, left − right, from two ranks; a plus or minus is a third of a grade.

    No ratio is formed, so nothing is suppressed. See ``rehab.analytics.grades``.

    >>> on = dt.date(2026, 3, 2)
    >>> compare_mrc(left=SideValue(10, on, ("a",)), right=SideValue(7, on, ("b",))).difference
    1.0
    """
    difference = grades.from_rank(rank=left.value) - grades.from_rank(rank=right.value)
    return _comparison(left=left, right=right, difference=difference)


def _suppressed(involved: Involved | None) -> Suppressed | None:
    if involved is None:
        return "involved_side_unknown"
    if involved == "both":
        return "both_sides_involved"
    return "no_side_involved" if involved == "none" else None


def _bad_and_good(*, left: SideValue, right: SideValue, involved: Involved | None) -> tuple[float, float]:
    return (left.value, right.value) if involved == "left" else (right.value, left.value)


def _comparison(
    *,
    left: SideValue,
    right: SideValue,
    lsi: float | None = None,
    asymmetry: float | None = None,
    difference: float | None = None,
    suppressed: Suppressed | None = None,
) -> SideComparison:
    return SideComparison(
        left=left.value,
        right=right.value,
        lsi_pct=lsi,
        asymmetry_pct=asymmetry,
        difference=difference,
        suppressed=suppressed,
        n=2,
        first_on=min(left.on, right.on),
        last_on=max(left.on, right.on),
        ids=(*left.ids, *right.ids),
    )
