"""How much a measure must change before the change is more than measurement error, and from where it matters.

Rows and sources: ``data/change_thresholds.csv``; range of motion: ``mdc_*`` of ``rehab.reference.motions``.
The order of choice and the rows of kind ``convention`` are conventions of this project: a row studied in the
patient's condition, then a generic row, then the fallback. A fact that is known and contradicts a row rules
the row out; an unknown one does not, and of the rows that remain the largest value is taken. Two exceptions:
an unknown rater counts as a different one, and a row for a special set-up (what holds the dynamometer, body
position) needs that set-up to be known. For range of motion the threshold between raters is never below that of one
rater: two studies that differ in method may say so, but a second rater cannot make readings more alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, cast

from rehab.reference import _rom_thresholds, _tables, units
from rehab.reference._rom_thresholds import LOW_RESOLUTION_DEGREES, MDC90_TO_MDC95
from rehab.reference._threshold_types import Facts, Kind, Threshold
from rehab.reference.motions import MOTIONS, JointMotion

__all__ = [
    "LOW_RESOLUTION_DEGREES",
    "MDC90_TO_MDC95",
    "THRESHOLD_ROWS",
    "UNKNOWN",
    "WEAK_GRIP_NEWTONS",
    "Facts",
    "Kind",
    "Measure",
    "Threshold",
    "ThresholdRow",
    "select",
    "select_mcid",
]

Measure = Literal[
    "grip",
    "pinch",
    "hhd",
    "force_per_mass",
    "mrc",
    "mas",
    "spasm_frequency",
    "isncsci_motor_score",
    "isncsci_motor_level",
    "rom",
    "girth",
]
WEAK_GRIP_NEWTONS = units.to_canonical(quantity="force", value=10, unit="kgf")
"""Below this grip a threshold in kgf lies outside the range in which it was studied."""

_PERCENT_FIRST = frozenset({"hhd", "girth"})
_WEAK_GRIP_NOTE = (
    "Below the range in which the threshold was studied: look at the change in % too.",
    "低于该阈值的研究范围：请同时查看百分比变化。",
)


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One published or conventional row, with where it applies; an empty set of codes means every code."""

    threshold: Threshold
    measure: str
    codes: frozenset[str]
    conditions: frozenset[str]
    """Condition codes, or ``any`` (generic), or ``fallback``; empty: never chosen automatically."""
    rater: str
    side: str
    hand: str
    fixation: frozenset[str]
    position: str
    min_interval_days: int
    entered_unit: str
    """The unit of the source; grip meters read kgf."""


UNKNOWN = Facts()


def _from_row(row: dict[str, str]) -> ThresholdRow:
    value, unit = float(row["value"]), row["unit"]
    if unit in units.FORCE:
        value, unit = units.to_canonical(quantity="force", value=value, unit=unit), "N"
    return ThresholdRow(
        threshold=Threshold(
            row_id=row["row_id"],
            value=value,
            unit=unit,
            percent=unit == "%",
            kind=cast("Kind", row["kind"]),
            population_en=row["population_en"],
            population_zh=row["population_zh"],
            source=row["source"],
            note_en=row["note_en"],
            note_zh=row["note_zh"],
        ),
        measure=row["measure"],
        codes=frozenset(_tables.split(text=row["codes"], separator="|")),
        conditions=frozenset(_tables.split(text=row["conditions"], separator="|")),
        rater=row["rater"],
        side=row["side"],
        hand=row["hand"],
        fixation=frozenset(_tables.split(text=row["fixation"], separator="|")),
        position=row["position"],
        min_interval_days=int(row["min_interval_days"] or 0),
        entered_unit=row["unit"],
    )


THRESHOLD_ROWS: Mapping[str, ThresholdRow] = MappingProxyType(
    {row["row_id"]: _from_row(row) for row in _tables.rows(name="change_thresholds")}
)
"""By row id. The rows of single motions are made from ``rehab.reference.motions`` (``ROM_<motion>_…``)."""


def select(
    *, measure: Measure, code: str = "", conditions: Collection[str] = (), facts: Facts = UNKNOWN
) -> Threshold | None:
    """The measurement-error threshold T that fits best; ``None`` where there is none (so for pinch).

    ``code`` is a muscle, motion, girth site or score. Hand-held dynamometry and girth take the percent form
    where the source gives both. A range in a source gives its larger value. An unknown motion is a
    ``ValueError``.

    >>> select(measure="hhd", code="ELB_FLEX", facts=Facts(same_rater=True)).value
    25.0
    >>> round(select(measure="grip").value, 3)
    63.743
    """
    if measure == "rom":
        return _rom(code=code, facts=facts)
    rows = [row for row in THRESHOLD_ROWS.values() if row.threshold.kind != "MCID"]
    return _best(rows, measure=measure, code=code, conditions=conditions, facts=facts)


def select_mcid(
    *, measure: Measure, code: str = "", conditions: Collection[str] = (), facts: Facts = UNKNOWN
) -> Threshold | None:
    """The smallest important difference that fits best, shown beside T; ``None`` where there is none.

    >>> select_mcid(measure="grip", conditions={"stroke"}).row_id
    'GRIP_STROKE_NONDOMINANT_MCID'
    """
    rows = [row for row in THRESHOLD_ROWS.values() if row.threshold.kind == "MCID"]
    return _best(rows, measure=measure, code=code, conditions=conditions, facts=facts)


def _best(
    rows: list[ThresholdRow], *, measure: str, code: str, conditions: Collection[str], facts: Facts
) -> Threshold | None:
    fitting = [row for row in rows if row.measure == measure and _fits(row, code=code, facts=facts)]
    for wanted in (frozenset(conditions), frozenset({"any"}), frozenset({"fallback"})):
        tier = [row for row in fitting if row.conditions & wanted]
        if tier:
            row = max(
                tier,
                key=lambda row: (row.threshold.percent and measure in _PERCENT_FIRST, row.threshold.value),
            )
            return _with_grip_note(row, facts=facts)
    return None


def _fits(row: ThresholdRow, *, code: str, facts: Facts) -> bool:
    return (
        (not row.codes or code in row.codes)
        and row.rater in {"any", "same" if facts.same_rater else "different"}
        and (not row.side or facts.side in {None, row.side})
        and (not row.hand or facts.hand in {None, row.hand})
        and (not row.fixation or facts.fixation in row.fixation)
        and (not row.position or facts.position == row.position)
        and (facts.interval_days is None or facts.interval_days >= row.min_interval_days)
    )


def _with_grip_note(row: ThresholdRow, *, facts: Facts) -> Threshold:
    weak = facts.baseline_newtons is not None and facts.baseline_newtons < WEAK_GRIP_NEWTONS
    return row.threshold.noted(*_WEAK_GRIP_NOTE) if weak and row.entered_unit == "kgf" else row.threshold


def _rom(*, code: str, facts: Facts) -> Threshold:
    if code not in MOTIONS:
        raise ValueError(f"unknown motion {code!r}")
    motion = MOTIONS[code]
    threshold = _rom_row(motion=motion, facts=facts)
    if not facts.same_rater:
        one_rater = _rom_row(motion=motion, facts=replace(facts, same_rater=True))
        threshold = _rom_thresholds.not_below_one_rater(different=threshold, same=one_rater)
    return _rom_thresholds.with_low_resolution(threshold=threshold, facts=facts)


def _rom_row(*, motion: JointMotion, facts: Facts) -> Threshold:
    threshold = _rom_thresholds.published(motion=motion, facts=facts)
    if threshold is None:
        digit = _rom_thresholds.is_digit(motion=motion)
        fallback = "DIGIT" if digit else "SAME" if facts.same_rater else "DIFFERENT"
        threshold = THRESHOLD_ROWS[f"ROM_FALLBACK_{fallback}"].threshold
    return threshold
