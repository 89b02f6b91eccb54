"""Capsular patterns (Cyriax): hints for clinicians only; the evidence for them is limited.

Order of the loss of passive motion by joint after Cyriax. How a loss is sized, and what counts as one, are
conventions of this project.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from rehab.analytics import _checks
from rehab.analytics.rom import Scale
from rehab.reference.motions import MOTIONS

METHOD = "capsular/1"
MIN_MOTIONS = 2
EQUAL_WITHIN_PERCENTAGE_POINTS = 10

Kind = Literal["order", "equal", "any_order"]

PATTERNS: Mapping[str, tuple[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "shoulder": ("order", ("SHO_ER", "SHO_ABD", "SHO_IR")),
        "elbow": ("order", ("ELB_FLEX", "ELB_EXT")),
        "wrist": ("equal", ("WRI_FLEX", "WRI_EXT")),
        "hip": ("any_order", ("HIP_IR", "HIP_FLEX", "HIP_ABD")),
        "knee": ("order", ("KNE_FLEX", "KNE_EXT")),
        "ankle": ("order", ("ANK_PF", "ANK_DF")),
        "finger_mcp": ("order", ("FIN_MCP_FLEX", "FIN_MCP_EXT")),
        "finger_pip": ("order", ("FIN_PIP_FLEX", "FIN_PIP_EXT")),
        "finger_dip": ("order", ("FIN_DIP_FLEX", "FIN_DIP_EXT")),
    }
)
"""By joint: how its motions are lost, most limited first."""


@dataclass(frozen=True, slots=True)
class PassiveMotion:
    """Passive range of one motion of one session, with what it should be."""

    id: str
    on: dt.date
    motion: str
    value_degrees: float
    reference_degrees: float
    """Unaffected side, else the mean for age and sex, else AAOS."""
    error_degrees: float
    """Threshold of measurement error; a smaller loss is none."""


@dataclass(frozen=True, slots=True)
class CapsularHint:
    """A joint whose passive motions are lost in the order of its capsular pattern."""

    joint: str
    motions: tuple[str, ...]
    """Those measured, in the order of the pattern."""
    losses_degrees: tuple[float, ...]
    missing: tuple[str, ...]
    """Motions of the pattern that were not measured."""
    n: int
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]
    method: str = METHOD


def find(*, motions: Iterable[PassiveMotion]) -> tuple[CapsularHint, ...]:
    """Capsular patterns among the passive motions of one side (one digit) in one session.

    Loss = reference − value on the direction scale, value − reference on the deficit scale. Sizes are compared
    in degrees where the pattern has a motion on the deficit scale (its reference is about 0), else in % of the
    reference. At least two motions of the joint; the first one that was measured is lost by its error or more.

    - ``order``: no motion is lost more than the one before it, and the first more than the last.
    - ``equal`` (wrist): both are lost beyond error, and differ by at most 10 percentage points.
    - ``any_order`` (hip): each measured motion of the pattern is lost beyond error, and more than any measured
      motion of the joint outside it.

    Motions of several days, a motion twice, an unknown motion, an error below 0 or a reference of 0 or below on
    the direction scale: ``ValueError``. Order after Cyriax; the rest is a convention of this project.

    >>> on = dt.date(2026, 3, 2)
    >>> rows = [PassiveMotion("a", on, "KNE_FLEX", 90, 135, 10), PassiveMotion("b", on, "KNE_EXT", 12, 0, 10)]
    >>> [(hint.joint, hint.losses_degrees) for hint in find(motions=rows)]
    [('knee', (45, 12))]
    """
    given = tuple(motions)
    rows = {row.motion: row for row in given}
    for row in given:
        _check(row)
    if len(rows) < len(given) or len({row.on for row in given}) > 1:
        raise ValueError("one session has each motion once, on one day")
    found = (_hint(joint, *pattern, rows=rows) for joint, pattern in PATTERNS.items())
    return tuple(hint for hint in found if hint is not None)


def loss_degrees(*, scale: Scale, value: float, reference: float) -> float:
    """Loss of motion in degrees, above 0 = less motion than the reference.

    >>> loss_degrees(scale="deficit", value=12, reference=-3)
    15
    """
    return reference - value if scale == "direction" else value - reference


def _hint(joint: str, kind: Kind, codes: tuple[str, ...], *, rows: Mapping[str, PassiveMotion]) -> CapsularHint | None:
    measured = [rows[code] for code in codes if code in rows]
    if len(measured) < MIN_MOTIONS:
        return None
    others = [row for code, row in rows.items() if MOTIONS[code].joint == joint and code not in codes]
    in_degrees = any(MOTIONS[code].scale == "deficit" for code in codes)
    sizes = [_size(row, in_degrees=in_degrees) for row in measured]
    lost = [_loss(row) >= row.error_degrees and _loss(row) > 0 for row in measured]
    if kind == "order":
        holds = lost[0] and all(one >= other for one, other in pairwise(sizes)) and sizes[0] > sizes[-1]
    elif kind == "equal":
        holds = all(lost) and abs(sizes[0] - sizes[1]) <= EQUAL_WITHIN_PERCENTAGE_POINTS
    else:
        holds = all(lost) and all(_size(row, in_degrees=False) < min(sizes) for row in others)
    if not holds:
        return None
    return CapsularHint(
        joint=joint,
        motions=tuple(row.motion for row in measured),
        losses_degrees=tuple(_loss(row) for row in measured),
        missing=tuple(code for code in codes if code not in rows),
        n=len(measured),
        first_on=measured[0].on,
        last_on=measured[0].on,
        ids=tuple(row.id for row in measured),
    )


def _loss(row: PassiveMotion) -> float:
    scale = MOTIONS[row.motion].scale
    return loss_degrees(scale=scale, value=row.value_degrees, reference=row.reference_degrees)


def _size(row: PassiveMotion, *, in_degrees: bool) -> float:
    return _loss(row) if in_degrees else _loss(row) / row.reference_degrees * 100


def _check(row: PassiveMotion) -> None:
    if row.motion not in MOTIONS:
        raise ValueError(f"unknown motion {row.motion!r}")
    _checks.finite(value_degrees=row.value_degrees, reference_degrees=row.reference_degrees)
    _checks.not_negative(error_degrees=row.error_degrees)
    if MOTIONS[row.motion].scale == "direction":
        _checks.positive(**{f"reference of {row.motion}": row.reference_degrees})
