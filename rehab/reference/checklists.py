"""Screening lists that a clinician answers, with the date, before electrical stimulation or pool work.

An unanswered item blocks the start of a *prescription*, never the logging of a session. The sources do not always
separate contraindications from precautions; where they do not, the split is a convention of this project: an item
that names what to do instead is a precaution. Everything else in the pool list stands against the pool until a
clinician clears it for this patient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast

from rehab.reference import _tables

Kind = Literal["contraindication", "precaution"]

VERSION = "1"
"""Version of the lists; change it with any item."""

_CANADA = "Physiotherapy Canada 2010; 62(5), doi:10.3138/ptc.62.5"
_SOURCES: Mapping[str, str] = {
    "canada": _CANADA,
    "electro": f"{_CANADA}; FDA Powered Muscle Stimulator 510(k) guidance 1999 and IEC 60601-2-10",
    "aquatic": "APA Aquatic Guidelines 2015; CSP / ATACP",
}


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item; yes means that it applies to the patient."""

    checklist: str
    code: str
    kind: Kind
    en: str
    zh: str
    source: str

    def text(self, language: str) -> str:
        """The item for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.en, zh=self.zh, language=language)


def _item(row: dict[str, str]) -> ChecklistItem:
    return ChecklistItem(
        checklist=row["checklist"],
        code=row["code"],
        kind=cast("Kind", row["kind"]),
        en=row["en"],
        zh=row["zh"],
        source=_SOURCES[row["source"]],
    )


_ITEMS = tuple(_item(row) for row in _tables.rows(name="checklists"))

FES_CHECKLIST: Mapping[str, ChecklistItem] = MappingProxyType(
    {item.code: item for item in _ITEMS if item.checklist == "fes"}
)
AQUATIC_CHECKLIST: Mapping[str, ChecklistItem] = MappingProxyType(
    {item.code: item for item in _ITEMS if item.checklist == "aquatic"}
)
CHECKLISTS: Mapping[str, Mapping[str, ChecklistItem]] = MappingProxyType(
    {"fes": FES_CHECKLIST, "aquatic": AQUATIC_CHECKLIST}
)


def unanswered(*, checklist: str, answers: Mapping[str, bool | None]) -> tuple[str, ...]:
    """Codes without a yes or no, in order; anything here blocks the start of a prescription.

    Unknown checklist or item: ``ValueError``.

    >>> len(unanswered(checklist="fes", answers={"fes_skin": False})) == len(FES_CHECKLIST) - 1
    True
    """
    items = _items(checklist=checklist, answers=answers)
    return tuple(code for code in items if answers.get(code) is None)


def applying(*, checklist: str, answers: Mapping[str, bool | None]) -> tuple[ChecklistItem, ...]:
    """The items answered with yes, contraindications first. Unknown checklist or item: ``ValueError``."""
    items = _items(checklist=checklist, answers=answers)
    found = [item for code, item in items.items() if answers.get(code)]
    return tuple(sorted(found, key=lambda item: item.kind != "contraindication"))


def _items(*, checklist: str, answers: Mapping[str, bool | None]) -> Mapping[str, ChecklistItem]:
    if checklist not in CHECKLISTS:
        raise ValueError(f"unknown checklist {checklist!r}; one of {', '.join(CHECKLISTS)}")
    if unknown := sorted(answers.keys() - CHECKLISTS[checklist].keys()):
        raise ValueError(f"unknown item {', '.join(unknown)}")
    return CHECKLISTS[checklist]
