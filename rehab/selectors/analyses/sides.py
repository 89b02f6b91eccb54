"""The two sides of a patient beside one another, measure by measure."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from accounts.models import User
from accounts.roles import Permission
from rehab.analytics import sides as formulas
from rehab.analytics.readings import Day
from rehab.analytics.series import token_of
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.analytics.sides import Involved, SideComparison, SideValue
from rehab.reference.motions import MOTIONS
from rehab.selectors import patients
from rehab.selectors.analyses import material
from rehab.selectors.analyses.material import Material
from rehab.selectors.patients import Seen
from rehab.selectors.readings import Series

Reason = Literal["other_side_not_measured", "sides_not_within_7_days", "read_by_eye"]
_FORCES = frozenset({"hhd", "grip", "pinch", "rm"})


@dataclass(frozen=True, slots=True)
class MeasuredSides:
    """One measure of both sides, taken the same way within a week; ``reason`` says why there is no comparison.

    ``left`` and ``right``: what was compared, else the last day of each; in ``unit``, a rank if ordinal.
    ``left_series`` and ``right_series`` stand for the series in addresses.
    """

    kind: str
    measure: str
    code: str
    unit: str
    how: dict[str, str]
    left_series: str | None
    right_series: str | None
    left: SideValue | None
    right: SideValue | None
    comparison: SideComparison | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Sides:
    seen: Seen
    involved_side: Involved | None
    rows: tuple[MeasuredSides, ...]


def of_patient(*, viewer: User, patient_id: uuid.UUID, now: datetime) -> Sides:
    """Return every measure that has a side, compared where it can be. For clinicians."""
    seen = patients.get(viewer=viewer, patient_id=patient_id, to=Permission.VIEW_ANALYSIS)
    [found] = material.of_patients([seen.patient], now=now)
    return Sides(seen, involved(found), compared(found))


def involved(found: Material) -> Involved | None:
    return cast("Involved | None", found.patient.involved_side)


def compared(found: Material) -> tuple[MeasuredSides, ...]:
    """Return one row for each measure with a side, in the order of the series' keys.

    The later day of the side measured last is set against the nearest day of the other side, within 7 days. If
    that day has none, the last day of the side measured earlier is tried.
    """
    rows = []
    for row in (*found.of("strength", "mrc", *_FORCES), *found.of("rom"), *found.of("girth")):
        side = row.description.side
        other = found.other_side(row) if side in ("left", "right") else None
        if side == "left":
            rows.append(_row(found, left=row, right=other))
        elif side == "right" and other is None:
            rows.append(_row(found, left=None, right=row))
    return tuple(rows)


def _row(found: Material, *, left: Series | None, right: Series | None) -> MeasuredSides:
    what = (left or cast("Series", right)).description
    days_left, days_right = (material.days_of(row) if row else () for row in (left, right))
    pair = _pair(days_left, days_right)
    comparison: SideComparison | None = None
    reason: Reason | None = None
    if what.visual_estimate:
        reason = "read_by_eye"
    elif left is None or right is None:
        reason = "other_side_not_measured"
    elif pair is None:
        reason = "sides_not_within_7_days"
    else:
        comparison = _compare(what, *pair, involved=involved(found))
    shown_left, shown_right = pair or (_last(days_left), _last(days_right))
    return MeasuredSides(
        kind=what.kind,
        measure=what.measure,
        code=what.code,
        unit=what.unit,
        how=material.how_of(what),
        left_series=token_of(left.key) if left else None,
        right_series=token_of(right.key) if right else None,
        left=shown_left,
        right=shown_right,
        comparison=comparison,
        reason=reason,
    )


def _pair(left: tuple[Day, ...], right: tuple[Day, ...]) -> tuple[SideValue, SideValue] | None:
    for last in sorted({days[-1].on for days in (left, right) if days}, reverse=True):
        on_left, on_right = material.nearest(left, to=last), material.nearest(right, to=last)
        if on_left and on_right:
            return _value(on_left), _value(on_right)
    return None


def _last(days: tuple[Day, ...]) -> SideValue | None:
    return _value(days[-1]) if days else None


def _value(day: Day) -> SideValue:
    return SideValue(day.value, day.on, day.ids)


def _compare(
    what: SeriesDescription, left: SideValue, right: SideValue, *, involved: Involved | None
) -> SideComparison:
    if what.measure == "mrc":
        return formulas.compare_mrc(left=left, right=right)
    if what.kind == "rom":
        scale = MOTIONS[what.code].scale
        return formulas.compare_rom(scale=scale, left=left, right=right, involved=involved)
    if what.kind == "girth":
        return formulas.compare_girth(left=left, right=right, involved=involved)
    return formulas.compare_strength(left=left, right=right, involved=involved)
