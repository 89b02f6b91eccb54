"""Muscle groups that are tested, watched for symptoms, or derived from other groups.

Myotomes and nerves: O'Brien, *Aids to the Examination of the Peripheral Nervous System* (2010); Kendall,
*Muscles: Testing and Function* (2005). Texts differ by one segment. Key muscles: ASIA/ISCoS ISNCSCI 2019
(Rupp et al. 2021, Top Spinal Cord Inj Rehabil 27(2):1-22). MRC sum score groups: Kleyweg et al. 1991, Muscle
Nerve 14:1103-1109. ``prox_dist`` is a convention of this project.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehab.reference import _tables


@dataclass(frozen=True, slots=True)
class Muscle:
    """One muscle group. ``limb`` is upper, lower, trunk or cranial."""

    code: str
    name_en: str
    name_zh: str
    body_region: str
    limb: str
    prox_dist: str
    main_muscles: tuple[str, ...]
    """Empty for a group that is only derived from others (see ``composite_of``)."""
    myotome: str
    peripheral_nerve: str
    """Empty for a group that is only derived from others (see ``composite_of``)."""
    isncsci_key: bool
    isncsci_level: str | None
    mrc_sum: bool
    methods: frozenset[str]
    """How the group may be assessed: mrc, hhd, grip_dynamometer, pinch_gauge, spirometry, clinician_exam,
    symptom (asked, not tested) or derived (never entered)."""
    composite_of: tuple[str, ...]

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)


def _from_row(row: dict[str, str]) -> Muscle:
    return Muscle(
        code=row["code"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        body_region=row["body_region"],
        limb=row["limb"],
        prox_dist=row["prox_dist"],
        main_muscles=_tables.split(text=row["main_muscles"], separator=";"),
        myotome=row["myotome"],
        peripheral_nerve=row["peripheral_nerve"],
        isncsci_key=_tables.flag(text=row["isncsci_key"]),
        isncsci_level=row["isncsci_level"] or None,
        mrc_sum=_tables.flag(text=row["mrc_sum"]),
        methods=frozenset(_tables.split(text=row["methods"], separator=";")),
        composite_of=_tables.split(text=row["composite_of"], separator="|"),
    )


MUSCLES: Mapping[str, Muscle] = MappingProxyType(
    {row["code"]: _from_row(row) for row in _tables.rows(name="muscle_groups")}
)

ISNCSCI_KEY_MUSCLES: Mapping[str, str] = MappingProxyType(
    {
        muscle.isncsci_level: muscle.code
        for level in ("C5", "C6", "C7", "C8", "T1", "L2", "L3", "L4", "L5", "S1")
        for muscle in MUSCLES.values()
        if muscle.isncsci_level == level
    }
)
"""Neurological level to the code of its key muscle, from C5 to S1."""

MRC_SUM_MUSCLES: tuple[str, ...] = tuple(muscle.code for muscle in MUSCLES.values() if muscle.mrc_sum)
"""The six groups of the MRC sum score (each tested on both sides, 0-60)."""
