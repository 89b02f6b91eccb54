"""Sum scores of manual muscle tests: ISNCSCI motor scores and the MRC sum score.

No other total over muscles is formed. ISNCSCI: ASIA/ISCoS 2019, Rupp et al. 2021, Top Spinal Cord Inj Rehabil
27(2):1-22. MRC sum score: Kleyweg 1991, Muscle Nerve 14:1103-1109; De Jonghe 2002, JAMA 288:2859-2867.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rehab.reference.muscles import ISNCSCI_KEY_MUSCLES, MRC_SUM_MUSCLES
from rehab.reference.scales import mrc_integer

METHOD = "totals/1"
ISNCSCI_GRADES = ("0", "1", "2", "3", "4", "5", "0*", "1*", "2*", "3*", "4*", "NT", "NT*")
"""A star: a condition other than the spinal cord injury is present."""
MRC_SUM_GROUPS = 12
MIN_PRORATED = 10
SIGNIFICANT_WEAKNESS_BELOW = 48
SEVERE_WEAKNESS_BELOW = 36

Side = Literal["left", "right"]
Label = Literal["significant_weakness", "severe_weakness"]

_LEVELS: Mapping[str, tuple[str, ...]] = {
    "upper": ("C5", "C6", "C7", "C8", "T1"),
    "lower": ("L2", "L3", "L4", "L5", "S1"),
}


@dataclass(frozen=True, slots=True)
class KeyMuscleGrade:
    """Grade of one ISNCSCI key muscle; one of ``ISNCSCI_GRADES``."""

    id: str
    on: dt.date
    level: str
    side: Side
    grade: str


@dataclass(frozen=True, slots=True)
class MotorScores:
    """Upper and lower motor scores; ``None`` is "not determinable". There is no total of 100."""

    uer: int | None
    uel: int | None
    ler: int | None
    lel: int | None
    """Upper and lower extremity, right and left: 0-25 each."""
    uems: int | None
    lems: int | None
    """0-50 each."""
    not_testable: tuple[str, ...]
    """``right C5`` and so on: NT, NT* or not recorded."""
    starred: tuple[str, ...]
    """Grades that count as they are although another condition is present."""
    n: int
    """Key muscles with a number."""
    first_on: dt.date | None
    last_on: dt.date | None
    ids: tuple[str, ...]
    method: str = METHOD


@dataclass(frozen=True, slots=True)
class GroupGrade:
    """MRC grade of one group of the sum score; ``None`` if it could not be tested."""

    id: str
    on: dt.date
    muscle: str
    side: Side
    scale: str
    grade: str | None


@dataclass(frozen=True, slots=True)
class MrcSum:
    """MRC sum score, 0-60."""

    total: int | None
    """Only when all twelve groups were tested."""
    prorated: float | None
    """Mean × 12 when ten or eleven groups were tested; to be marked as prorated."""
    label: Label | None
    """Of the total, and only in critical illness."""
    n_tested: int
    first_on: dt.date | None
    last_on: dt.date | None
    ids: tuple[str, ...]
    method: str = METHOD

    @property
    def n(self) -> int:
        """Groups tested."""
        return self.n_tested


def isncsci_motor_scores(*, grades: Iterable[KeyMuscleGrade]) -> MotorScores:
    """UER, UEL, LER, LEL (0-25) and UEMS = UER + UEL, LEMS = LER + LEL (0-50) of one examination.

    NT or NT* on a side, or a level that was not recorded, leaves that subtotal not determinable, and the sum
    of both sides with it. A starred grade counts as its number and is listed. An unknown level or grade, or
    two grades for one key muscle: ``ValueError``. Source: ISNCSCI 2019, Rupp et al. 2021, Top Spinal Cord Inj
    Rehabil 27(2):1-22.

    >>> on = dt.date(2026, 3, 2)
    >>> grades = [KeyMuscleGrade(f"{side} {level}", on, level, side, "4") for side in ("right", "left")
    ...           for level in ("C5", "C6", "C7", "C8", "T1")]
    >>> scores = isncsci_motor_scores(grades=grades)
    >>> scores.uer, scores.uems, scores.lems
    (20, 40, None)
    """
    rows = sorted(grades, key=lambda row: (row.on, row.id))
    by_muscle: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.level not in ISNCSCI_KEY_MUSCLES or row.grade not in ISNCSCI_GRADES:
            raise ValueError(f"{row.id}: no ISNCSCI grade {row.grade!r} at level {row.level!r}")
        if (row.side, row.level) in by_muscle:
            raise ValueError(f"{row.id}: {row.side} {row.level} is graded twice")
        by_muscle[row.side, row.level] = row.grade
    uer, uel, ler, lel = (
        _subtotal([by_muscle.get((side, level), "NT") for level in _LEVELS[limb]])
        for limb in ("upper", "lower")
        for side in ("right", "left")
    )
    places = [(side, level) for side in ("right", "left") for level in ISNCSCI_KEY_MUSCLES]
    missing = tuple(f"{s} {level}" for s, level in places if by_muscle.get((s, level), "NT").startswith("NT"))
    return MotorScores(
        uer=uer,
        uel=uel,
        ler=ler,
        lel=lel,
        uems=_sum(uer, uel),
        lems=_sum(ler, lel),
        not_testable=missing,
        starred=tuple(f"{s} {level}" for s, level in places if by_muscle.get((s, level), "NT").endswith("*")),
        n=len(places) - len(missing),
        first_on=rows[0].on if rows else None,
        last_on=rows[-1].on if rows else None,
        ids=tuple(row.id for row in rows),
    )


def mrc_sum_score(*, grades: Iterable[GroupGrade], critical_illness: bool = False) -> MrcSum:
    """MRC sum score: six groups on both sides, integer part of each grade (4-, 4 and 4+ are 4), 0-60.

    A group that was not tested leaves no total; ten or eleven groups give a prorated value, mean × 12. Labels
    only for a total and only with ``critical_illness``: below 48 significant, below 36 severe weakness
    (Hermans 2012, Muscle Nerve; Connolly 2013, Crit Care 17:R229). A muscle outside the score, two grades for
    one group or a grade the scale does not have: ``ValueError``. Integer parts and prorating are conventions
    of this project.

    >>> on = dt.date(2026, 3, 2)
    >>> rows = [GroupGrade(f"{side} {muscle}", on, muscle, side, "MRC8", "4-") for side in ("left", "right")
    ...         for muscle in MRC_SUM_MUSCLES]
    >>> mrc_sum_score(grades=rows).total, mrc_sum_score(grades=rows[1:]).prorated
    (48, 48.0)
    """
    rows = sorted(grades, key=lambda row: (row.on, row.id))
    seen: set[tuple[str, str]] = set()
    values: list[int] = []
    for row in rows:
        if row.muscle not in MRC_SUM_MUSCLES:
            raise ValueError(f"{row.id}: {row.muscle!r} is no group of the MRC sum score")
        if (row.muscle, row.side) in seen:
            raise ValueError(f"{row.id}: {row.side} {row.muscle} is graded twice")
        seen.add((row.muscle, row.side))
        if row.grade is not None:
            values.append(mrc_integer(scale=row.scale, grade=row.grade))
    total = sum(values) if len(values) == MRC_SUM_GROUPS else None
    prorate = MIN_PRORATED <= len(values) < MRC_SUM_GROUPS
    return MrcSum(
        total=total,
        prorated=sum(values) / len(values) * MRC_SUM_GROUPS if prorate else None,
        label=_label(total) if critical_illness else None,
        n_tested=len(values),
        first_on=rows[0].on if rows else None,
        last_on=rows[-1].on if rows else None,
        ids=tuple(row.id for row in rows),
    )


def _subtotal(grades: list[str]) -> int | None:
    if any(grade.startswith("NT") for grade in grades):
        return None
    return sum(int(grade.rstrip("*")) for grade in grades)


def _sum(right: int | None, left: int | None) -> int | None:
    return None if right is None or left is None else right + left


def _label(total: int | None) -> Label | None:
    if total is None or total >= SIGNIFICANT_WEAKNESS_BELOW:
        return None
    return "severe_weakness" if total < SEVERE_WEAKNESS_BELOW else "significant_weakness"
