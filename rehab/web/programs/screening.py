"""Screening lists in words, for clinicians."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rehab.models import ChecklistAnswers
from rehab.reference.checklists import CHECKLISTS
from rehab.services import checklists
from rehab.web.records import words


@dataclass(frozen=True)
class ChecklistCard:
    """A screening list as it stands: by whom and when, what lacks, what applies."""

    code: str
    name: str
    answered: str
    lacking: int
    contraindications: list[str]
    precautions: list[str]
    is_clear: bool


def checklist_name(code: str) -> str:
    return {"fes": _("Screening before electrical stimulation"), "aquatic": _("Screening before the pool")}[code]


def answered_by(row: ChecklistAnswers, *, zone: ZoneInfo) -> str:
    """Return by whom and when a screening list was answered."""
    moment = words.moment(row.answered_at, zone)
    return _("Answered by %(name)s, %(moment)s") % {"name": row.answered_by.name, "moment": moment}


def checklist_cards(valid: Mapping[str, ChecklistAnswers], *, zone: ZoneInfo) -> list[ChecklistCard]:
    language = get_language() or "en"
    found = []
    for code in CHECKLISTS:
        row = valid.get(code)
        applying = checklists.applying(row) if row else ()
        lacking = len(checklists.unanswered(row, code))
        against = [item.text(language) for item in applying if item.kind == "contraindication"]
        found.append(
            ChecklistCard(
                code=code,
                name=checklist_name(code),
                answered=answered_by(row, zone=zone) if row else "",
                lacking=lacking,
                contraindications=against,
                precautions=[item.text(language) for item in applying if item.kind == "precaution"],
                is_clear=not lacking and not against,
            )
        )
    return found
