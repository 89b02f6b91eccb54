"""Proximal-distal index of a limb: are the far muscles weaker than the near ones?

No validated index was found; the index and its limits are conventions of this project. Intermediate, axial
and cranial groups are left out, and so are composites (their parts count).
"""

import datetime as dt
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeVar

from rehab.analytics import _checks
from rehab.reference.muscles import MUSCLES

METHOD = "distribution/1"
WITHIN_DAYS = 7
MIN_GROUPS = 2
NOTABLE_RANKS = 3
"""About one full grade, on the ranks of MRC11."""
NOTABLE_PERCENTAGE_POINTS = 25
MIN_LIMBS = 2

Limb = Literal["upper", "lower"]
Side = Literal["left", "right"]
ReferenceKind = Literal["unaffected_side", "own_baseline", "norm"]
Reason = Literal["too_few_groups", "mixed_references"]

_MIDDLE_AND_LIMIT: Mapping[str, tuple[Callable[[Iterable[float]], float], float]] = MappingProxyType(
    {
        "mrc_ranks": (statistics.median, NOTABLE_RANKS),
        "percent_of_reference": (statistics.fmean, NOTABLE_PERCENTAGE_POINTS),
    }
)


@dataclass(frozen=True, slots=True)
class GroupRank:
    """MRC rank 0-10 of one muscle group of the limb."""

    id: str
    on: dt.date
    muscle: str
    rank: int


@dataclass(frozen=True, slots=True)
class GroupForce:
    """Force of one muscle group of the limb, with the force it is compared to."""

    id: str
    on: dt.date
    muscle: str
    newtons: float
    reference_newtons: float
    reference_kind: ReferenceKind


@dataclass(frozen=True, slots=True)
class ProximalDistalIndex:
    """Distal − proximal of one limb; below 0 the distal groups are weaker."""

    limb: Limb
    side: Side
    of: Literal["mrc_ranks", "percent_of_reference"]
    value: float | None
    reason: Reason | None
    """Why there is no value."""
    notable: bool
    proximal: tuple[str, ...]
    distal: tuple[str, ...]
    n: int
    """Groups that count."""
    first_on: dt.date | None
    last_on: dt.date | None
    ids: tuple[str, ...]
    method: str = METHOD


_Group = TypeVar("_Group", GroupRank, GroupForce)


def pdi_mrc(*, limb: Limb, side: Side, groups: Iterable[GroupRank]) -> ProximalDistalIndex:
    """Median rank of the distal groups − median rank of the proximal ones, −10 to +10 on MRC11 ranks.

    The last reading of each group counts if it lies within 7 days of the last one of the limb; at least two
    groups on each side of the index. Notable from 3 ranks on. A rank outside 0-10 or a muscle of another limb
    is a ``ValueError``. Convention of this project.

    >>> on = dt.date(2026, 3, 2)
    >>> ranks = {"HIP_FLEX": 10, "HIP_ABD": 9, "ANK_DF": 4, "HALLUX_EXT": 2}
    >>> groups = [GroupRank(muscle, on, muscle, rank) for muscle, rank in ranks.items()]
    >>> pdi_mrc(limb="lower", side="left", groups=groups).value
    -6.5
    """
    groups = tuple(groups)
    for group in groups:
        _checks.within(name=f"rank of {group.muscle}", value=group.rank, low=0, high=10)
    kept = _kept(groups, limb=limb)
    values = {group.muscle: float(group.rank) for group in kept}
    return _index(kept, limb=limb, side=side, of="mrc_ranks", values=values)


def pdi_force(*, limb: Limb, side: Side, groups: Iterable[GroupForce]) -> ProximalDistalIndex:
    """Mean distal % of reference − mean proximal % of reference, in percentage points.

    % of reference = force / reference × 100, all references of one kind. Days, groups and errors as
    ``pdi_mrc``; force 0 or above, reference above 0. Notable from 25 points on. Convention of this project.

    >>> on = dt.date(2026, 3, 2)
    >>> forces = {"HIP_FLEX": 180, "HIP_ABD": 160, "ANK_DF": 80, "HALLUX_EXT": 60}
    >>> groups = [GroupForce(muscle, on, muscle, force, 200, "own_baseline") for muscle, force in forces.items()]
    >>> pdi_force(limb="lower", side="left", groups=groups).value
    -50.0
    """
    groups = tuple(groups)
    for group in groups:
        _checks.not_negative(**{f"force of {group.muscle}": group.newtons})
        _checks.positive(**{f"reference of {group.muscle}": group.reference_newtons})
    kept = _kept(groups, limb=limb)
    mixed = len({group.reference_kind for group in kept}) > 1
    values = {group.muscle: group.newtons / group.reference_newtons * 100 for group in kept}
    reason: Reason | None = "mixed_references" if mixed else None
    return _index(kept, limb=limb, side=side, of="percent_of_reference", values=values, reason=reason)


def notable_limbs(
    *, indices: Sequence[ProximalDistalIndex], weaker: Literal["distal", "proximal"]
) -> tuple[ProximalDistalIndex, ...]:
    """The notable indices that point one way, if they come from at least two limbs; else none.

    An index is shown only then. A limb with both indices counts once. Convention of this project.

    >>> notable_limbs(indices=[], weaker="distal")
    ()
    """
    found = tuple(
        index
        for index in indices
        if index.notable and index.value is not None and (index.value < 0) == (weaker == "distal")
    )
    return found if len({(index.limb, index.side) for index in found}) >= MIN_LIMBS else ()


def _kept(groups: Iterable[_Group], *, limb: Limb) -> tuple[_Group, ...]:
    """The last reading of each group that counts, within 7 days of the last of them, by code of the muscle."""
    last = {group.muscle: group for group in sorted(groups, key=lambda g: (g.on, g.id)) if _counts(group.muscle, limb)}
    newest = max((group.on for group in last.values()), default=None)
    return tuple(
        group for _, group in sorted(last.items()) if newest is not None and (newest - group.on).days <= WITHIN_DAYS
    )


def _counts(code: str, limb: Limb) -> bool:
    if code not in MUSCLES or MUSCLES[code].limb != limb:
        raise ValueError(f"{code!r} is not a muscle group of the {limb} limb")
    muscle = MUSCLES[code]
    return muscle.prox_dist in {"proximal", "distal"} and not muscle.composite_of


def _index(
    kept: Sequence[GroupRank] | Sequence[GroupForce],
    *,
    limb: Limb,
    side: Side,
    of: Literal["mrc_ranks", "percent_of_reference"],
    values: dict[str, float],
    reason: Reason | None = None,
) -> ProximalDistalIndex:
    proximal = {code: value for code, value in values.items() if MUSCLES[code].prox_dist == "proximal"}
    distal = {code: value for code, value in values.items() if code not in proximal}
    if reason is None and min(len(proximal), len(distal)) < MIN_GROUPS:
        reason = "too_few_groups"
    middle, limit = _MIDDLE_AND_LIMIT[of]
    value = None if reason else middle(distal.values()) - middle(proximal.values())
    return ProximalDistalIndex(
        limb=limb,
        side=side,
        of=of,
        value=value,
        reason=reason,
        notable=value is not None and round(abs(value), 9) >= limit,
        proximal=tuple(proximal),
        distal=tuple(distal),
        n=len(kept),
        first_on=min((group.on for group in kept), default=None),
        last_on=max((group.on for group in kept), default=None),
        ids=tuple(group.id for group in kept),
    )
