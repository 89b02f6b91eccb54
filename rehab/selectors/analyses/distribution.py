"""Proximal-distal indices of the four limbs."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from accounts.models import User
from accounts.roles import Permission
from rehab.analytics import distribution as formulas
from rehab.analytics.distribution import GroupForce, GroupRank, Limb, ProximalDistalIndex, ReferenceKind, Side
from rehab.analytics.frames import frame
from rehab.analytics.series import SetBaseline
from rehab.reference.muscles import MUSCLES
from rehab.selectors import patients
from rehab.selectors.analyses import material
from rehab.selectors.analyses.material import Material
from rehab.selectors.patients import Seen
from rehab.selectors.readings import Series

Pattern = Literal["distal_weaker", "proximal_weaker"]
LIMBS: tuple[tuple[Limb, Side], ...] = (("upper", "left"), ("upper", "right"), ("lower", "left"), ("lower", "right"))


@dataclass(frozen=True, slots=True)
class LimbIndices:
    """Both indices of one limb; ``reference_kind`` is what its forces are set against, with those records."""

    limb: Limb
    side: Side
    mrc: ProximalDistalIndex
    force: ProximalDistalIndex
    reference_kind: ReferenceKind | None
    reference_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """``pattern`` is given only if the index is notable in two limbs or more, the same way."""

    seen: Seen
    limbs: tuple[LimbIndices, ...]
    pattern: Pattern | None


@dataclass(frozen=True, slots=True)
class _Referred:
    group: GroupForce
    reference_ids: tuple[str, ...]


def of_patient(*, viewer: User, patient_id: uuid.UUID, now: datetime) -> Distribution:
    """Return the indices of every limb, with the reason where there is none. For clinicians."""
    seen = patients.get(viewer=viewer, patient_id=patient_id, to=Permission.VIEW_ANALYSIS)
    [found] = material.of_patients([seen.patient], now=now)
    limbs = of_limbs(found)
    return Distribution(seen, limbs, pattern_of(limbs))


def pattern_of(limbs: tuple[LimbIndices, ...]) -> Pattern | None:
    """Return which groups are weaker, if the index is notable in two limbs the same way."""
    indices = indices_of(limbs)
    if formulas.notable_limbs(indices=indices, weaker="distal"):
        return "distal_weaker"
    return "proximal_weaker" if formulas.notable_limbs(indices=indices, weaker="proximal") else None


def indices_of(limbs: tuple[LimbIndices, ...]) -> tuple[ProximalDistalIndex, ...]:
    return tuple(index for limb in limbs for index in (limb.mrc, limb.force))


def of_limbs(found: Material) -> tuple[LimbIndices, ...]:
    return tuple(_limb(found, limb, side) for limb, side in LIMBS)


def _limb(found: Material, limb: Limb, side: Side) -> LimbIndices:
    ranks = [
        GroupRank(id=days[-1].ids[-1], on=days[-1].on, muscle=row.description.code, rank=int(days[-1].value))
        for row in _of_limb(found, "mrc", limb, side)
        if (days := material.days_of(row))
    ]
    mrc = formulas.pdi_mrc(limb=limb, side=side, groups=ranks)
    chosen: list[_Referred] = []
    kind: ReferenceKind | None = None
    force = formulas.pdi_force(limb=limb, side=side, groups=())
    # One kind of reference only: the healthy side where there is one, else each group's own baseline.
    for kind_tried in _kinds(found, side):
        tried = list(_referred(found, kind_tried, limb, side))
        index = formulas.pdi_force(limb=limb, side=side, groups=[one.group for one in tried])
        if index.value is not None or not chosen:
            force, chosen, kind = index, tried, kind_tried
        if index.value is not None:
            break
    ids = tuple(id_ for one in chosen if one.group.id in force.ids for id_ in one.reference_ids)
    return LimbIndices(limb, side, mrc, force, kind if force.n else None, ids)


def _of_limb(found: Material, measure: str, limb: Limb, side: Side) -> list[Series]:
    return [
        row
        for row in found.of("strength", measure)
        if row.description.side == side and MUSCLES[row.description.code].limb == limb
    ]


def _kinds(found: Material, side: Side) -> tuple[ReferenceKind, ...]:
    return ("unaffected_side", "own_baseline") if found.patient.involved_side == side else ("own_baseline",)


def _referred(found: Material, kind: ReferenceKind, limb: Limb, side: Side) -> Iterator[_Referred]:
    for row in _of_limb(found, "hhd", limb, side):
        last = material.days_of(row)[-1]
        value: float | None = None
        ids: tuple[str, ...] = ()
        if kind == "unaffected_side":
            other = found.other_side(row)
            if other is not None and (day := material.nearest(material.days_of(other), to=last.on)):
                value, ids = day.value, day.ids
        else:
            value, ids = _own_baseline(row, found.baselines.get(row.key))
        if value:
            group = GroupForce(last.ids[-1], last.on, row.description.code, last.value, value, kind)
            yield _Referred(group, ids)


def _own_baseline(row: Series, set_one: SetBaseline | None) -> tuple[float | None, tuple[str, ...]]:
    """Return the value that a clinician set, else that of the first days from the day that they set, else the first."""
    if set_one is not None and set_one.value is not None:
        return set_one.value, ()
    first = date.min if set_one is None else set_one.on
    days = frame(readings=[reading for reading in row.readings() if reading.on >= first])
    if days is None:
        return None, ()
    return days.baseline, tuple(id_ for day in days.baseline_days for id_ in day.ids)
