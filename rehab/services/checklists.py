"""Screening lists: answering them, and whether they clear the start of an item. They never stand against logging."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotCleared, Problem, pointer_to
from rehab.models import ChecklistAnswers, Patient
from rehab.reference import checklists as reference
from rehab.selectors import checklists, patients
from rehab.services import documents
from rehab.services.inputs.programs import SCREENED, ChecklistInput
from rehab.services.program_events import digest_of, event_of

#: Another clinician may answer the same list at the same moment; each attempt then sees what they wrote.
ATTEMPTS = 5


@dataclass(frozen=True)
class Answered:
    answers: ChecklistAnswers
    created: bool


def answer(document: Any, *, by: User, now: datetime) -> Answered:
    """Keep the answers to a screening list; those before stay readable and hold no more.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``.
    """
    parsed = documents.read(ChecklistInput, document)
    seen = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.PLAN)
    items = reference.CHECKLISTS[parsed.checklist]
    if unknown := [code for code in parsed.answers if code not in items]:
        raise Invalid(
            [
                Problem(
                    pointer_to("answers", code),
                    "unknown_code",
                    format_lazy(_("{label}: {value} is not a known code."), label=_("Item"), value=code[:80]),
                )
                for code in unknown
            ]
        )
    row = ChecklistAnswers(
        id=parsed.id or new_id(),
        patient=seen.patient,
        checklist=parsed.checklist,
        list_version=reference.VERSION,
        answers=dict(parsed.answers),
        note=parsed.note,
        answered_by=by,
        answered_at=now,
        created_digest=digest_of(parsed),
    )
    for _attempt in range(ATTEMPTS):
        stored = ChecklistAnswers.objects.filter(pk=row.pk).select_related("answered_by").first()
        if stored is not None:
            if stored.created_digest != row.created_digest:
                raise IdInUse
            return Answered(stored, created=False)
        try:
            with transaction.atomic():
                ChecklistAnswers.objects.filter(
                    patient=seen.patient, checklist=parsed.checklist, superseded_at__isnull=True
                ).update(superseded_at=now)
                row.save(force_insert=True)
                counts = {"checklist": row.checklist, "applying": [item.code for item in applying(row)]}
                audit.write(event_of("checklist.answered", row, seen.patient, by=by, now=now, changes=counts))
        except IntegrityError:
            continue
        return Answered(row, created=True)
    raise RuntimeError("Other clinicians kept answering the same list.")


def as_flags(answers: Mapping[str, str]) -> dict[str, bool | None]:
    """Return answers as the reference takes them.

    >>> as_flags({"a": "yes", "b": "no", "c": "unknown"})
    {'a': True, 'b': False, 'c': None}
    """
    return {code: {"yes": True, "no": False}.get(given) for code, given in answers.items()}


def _flags(row: ChecklistAnswers | None, checklist: str) -> dict[str, bool | None]:
    # An item that later lists do not have any more says nothing to them.
    known = reference.CHECKLISTS[checklist]
    return as_flags({code: given for code, given in row.answers.items() if code in known}) if row else {}


def unanswered(row: ChecklistAnswers | None, checklist: str) -> tuple[str, ...]:
    """Return the items of today's list without a yes or no."""
    return reference.unanswered(checklist=checklist, answers=_flags(row, checklist))


def applying(row: ChecklistAnswers) -> tuple[reference.ChecklistItem, ...]:
    """Return the items that apply to the patient, contraindications first."""
    return reference.applying(checklist=row.checklist, answers=_flags(row, row.checklist))


def contraindications(row: ChecklistAnswers) -> list[reference.ChecklistItem]:
    return [item for item in applying(row) if item.kind == "contraindication"]


def check_cleared(patient: Patient, modalities: Iterable[tuple[str, str]]) -> None:
    """Raise ``NotCleared`` if a screening list is not complete or stands against one of (pointer, modality)."""
    screened = [(pointer, modality) for pointer, modality in modalities if modality in SCREENED]
    if not screened:
        return
    valid = checklists.valid_of(patient.pk)
    language = get_language() or "en"
    problems = []
    for pointer, modality in screened:
        row, items = valid.get(modality), reference.CHECKLISTS[modality]
        problems += [
            Problem(
                pointer,
                "unanswered",
                format_lazy(_("Screening list, not answered yet: {item}"), item=items[code].text(language)),
            )
            for code in unanswered(row, modality)
        ]
        problems += [
            Problem(
                pointer,
                "contraindication",
                format_lazy(_("Screening list, contraindication: {item}"), item=item.text(language)),
            )
            for item in (contraindications(row) if row else [])
        ]
    if problems:
        raise NotCleared(problems)
