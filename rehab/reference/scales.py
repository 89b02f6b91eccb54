"""Ordinal scales and fixed vocabularies of strength and range-of-motion records.

MRC grades: Medical Research Council, *Aids to the Examination of the Peripheral Nervous System*, Memorandum
45, HMSO 1976. Only 4-, 4 and 4+ are MRC subdivisions; the other plus and minus grades belong to expanded
scales (Florence et al. 1992, Phys Ther 72:115-122). "Not testable" is a status with a reason, never a grade.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehab.reference import _tables

MRC_GRADES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "MRC6": ("0", "1", "2", "3", "4", "5"),
        "MRC8": ("0", "1", "2", "3", "4-", "4", "4+", "5"),
        "MRC11": ("0", "1", "2", "3-", "3", "3+", "4-", "4", "4+", "5-", "5"),
    }
)


@dataclass(frozen=True, slots=True)
class MrcDefinition:
    """What a grade means, in both languages."""

    grade: str
    en: str
    zh: str

    def text(self, language: str) -> str:
        """The definition for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.en, zh=self.zh, language=language)


MRC_DEFINITIONS: Mapping[str, MrcDefinition] = MappingProxyType(
    {
        definition.grade: definition
        for definition in (
            MrcDefinition("0", "no contraction", "无肌肉收缩"),
            MrcDefinition("1", "flicker or trace of contraction", "可见或可触及轻微收缩"),
            MrcDefinition("2", "active movement, gravity eliminated", "去除重力后可主动活动"),
            MrcDefinition("3", "active movement against gravity", "可抗重力主动活动"),
            MrcDefinition("4-", "active movement against gravity and slight resistance", "可抗重力及轻度阻力"),
            MrcDefinition("4", "active movement against gravity and resistance", "可抗重力及阻力"),
            MrcDefinition("4+", "active movement against gravity and strong resistance", "可抗重力及较强阻力"),
            MrcDefinition("5", "normal power", "肌力正常"),
        )
    }
)
"""Definitions of the MRC grades. The grades that only MRC11 has (3-, 3+, 5-) are not MRC grades and have
none.

In MRC8 and MRC11, where 4- and 4+ stand beside it, 4 means moderate resistance."""


def mrc_rank(*, scale: str, grade: str) -> int:
    """Rank 0-10 of a grade, for sorting and ordinal statistics.

    Ranks follow the order of MRC11; MRC8 and MRC6 use the same ranks with gaps. They are a convention of this
    project and **not** intervals: report a median, a minimum or a count, never a mean "strength".

    Raises ``ValueError`` for an unknown scale or a grade that the scale does not have (so ``3+`` in MRC8, or
    ``NT``).

    >>> [mrc_rank(scale="MRC8", grade=grade) for grade in MRC_GRADES["MRC8"]]
    [0, 1, 2, 4, 6, 7, 8, 10]
    """
    _check_grade(scale=scale, grade=grade)
    return MRC_GRADES["MRC11"].index(grade)


def mrc_integer(*, scale: str, grade: str) -> int:
    """Integer part of a grade, as sum scores use it (4-, 4 and 4+ are all 4; a convention of this project).

    >>> mrc_integer(scale="MRC8", grade="4+")
    4
    """
    _check_grade(scale=scale, grade=grade)
    return int(grade[0])


def _check_grade(*, scale: str, grade: str) -> None:
    if scale not in MRC_GRADES:
        raise ValueError(f"unknown scale {scale!r}; one of {', '.join(MRC_GRADES)}")
    if grade not in MRC_GRADES[scale]:
        raise ValueError(f"{grade!r} is not a grade of {scale}; one of {', '.join(MRC_GRADES[scale])}")
