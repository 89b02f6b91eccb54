"""How programmes, items, templates, excused days and screening lists look in JSON."""

import uuid
from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel

from rehab.api.schema import Change, Person
from rehab.models import ChecklistAnswers, Excusal, Program, ProgramItem, ProgramItemVersion, ProgramTemplate
from rehab.reference.checklists import CHECKLISTS
from rehab.services import checklists, program_templates, programs
from rehab.services.inputs.base import Document
from rehab.services.inputs.programs import Answer, ItemState, TemplateItem


class ItemAnswer(ItemState):
    """An item as it stands; ``valid_from`` is the day from which this version is due."""

    id: uuid.UUID
    program: uuid.UUID
    dose: float | None
    dose_unit: Literal["repetitions", "minutes"] | None
    ended_on: date | None
    valid_from: date
    version: int
    change: Change | None
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ItemVersionAnswer(BaseModel):
    """An item as it stood, with the days on which it was due so: until before ``replaced_on``, null for now."""

    version: int
    valid_from: date
    replaced_on: date | None
    changed_by: Person
    reason: str
    at: AwareDatetime
    document: dict[str, Any]


class ProgramAnswer(BaseModel):
    id: uuid.UUID
    patient: uuid.UUID
    title: str
    note: str
    start_on: date
    end_on: date | None
    ended_on: date | None
    status: Literal["active", "ended"]
    items: list[ItemAnswer]
    version: int
    change: Change | None
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ProgramVersionAnswer(BaseModel):
    version: int
    changed_by: Person
    reason: str
    at: AwareDatetime
    document: dict[str, Any]


class TemplateAnswer(BaseModel):
    id: uuid.UUID
    clinic: uuid.UUID
    title: str
    note: str
    items: list[TemplateItem]
    retired: bool
    version: int
    change: Change | None
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ExcusalAnswer(BaseModel):
    id: uuid.UUID
    patient: uuid.UUID
    first_on: date
    last_on: date
    reason: str
    withdrawn: bool
    created_by: Person
    version: int
    created_at: AwareDatetime


class ChecklistItemAnswer(BaseModel):
    code: str
    kind: Literal["contraindication", "precaution"]
    text: str


class ChecklistAnswer(BaseModel):
    """``valid``: no later answers took its place. ``cleared``: complete, and no contraindication applies."""

    id: uuid.UUID
    patient: uuid.UUID
    checklist: Literal["fes", "aquatic"]
    list_version: str
    answers: dict[str, Answer]
    note: str
    answered_by: Person
    answered_at: AwareDatetime
    superseded_at: AwareDatetime | None
    valid: bool
    cleared: bool
    unanswered: list[str]
    applying: list[ChecklistItemAnswer]


class DatedNote(Document):
    """Why something ends, in 3 to 500 characters."""

    reason: str


class ProgramAmendment(Document):
    """``changes`` is merged in (RFC 7396); lists are replaced whole."""

    reason: str
    changes: dict[str, Any]


def item(row: ProgramItem) -> dict[str, Any]:
    return {
        "id": row.pk,
        "program": row.program_id,
        **programs.item_document(row),
        "dose": row.dose,
        "dose_unit": row.dose_unit or None,
        "ended_on": row.ended_on,
        "valid_from": row.valid_from,
        "version": row.version,
        "change": _change(row),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def item_version(row: ProgramItemVersion) -> dict[str, Any]:
    return {
        "version": row.version,
        "valid_from": row.valid_from,
        "replaced_on": row.replaced_on,
        "changed_by": {"id": row.changed_by_id, "name": row.changed_by.name},
        "reason": row.change_reason,
        "at": row.recorded_at,
        "document": programs.item_document(row),
    }


def item_now(row: ProgramItem) -> dict[str, Any]:
    """Return an item's current version, as the last of its versions."""
    author = row.changed_by or row.created_by
    return {
        "version": row.version,
        "valid_from": row.valid_from,
        "replaced_on": row.ended_on,
        "changed_by": {"id": author.pk, "name": author.name},
        "reason": row.change_reason,
        "at": row.updated_at,
        "document": programs.item_document(row),
    }


def program(row: Program, items: list[ProgramItem]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "patient": row.patient_id,
        "title": row.title,
        "note": row.note,
        "start_on": row.start_on,
        "end_on": row.end_on,
        "ended_on": row.ended_on,
        "status": row.status,
        "items": [item(each) for each in items],
        "version": row.version,
        "change": _change(row),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def template(row: ProgramTemplate) -> dict[str, Any]:
    return {
        "id": row.pk,
        "clinic": row.clinic_id,
        **program_templates.document_of(row),
        "retired": row.retired_at is not None,
        "version": row.version,
        "change": _change(row),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def excusal(row: Excusal) -> dict[str, Any]:
    return {
        "id": row.pk,
        "patient": row.patient_id,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "reason": row.reason,
        "withdrawn": row.withdrawn_at is not None,
        "created_by": {"id": row.created_by_id, "name": row.created_by.name},
        "version": row.version,
        "created_at": row.created_at,
    }


def answers(row: ChecklistAnswers, *, language: str) -> dict[str, Any]:
    lacking = checklists.unanswered(row, row.checklist)
    return {
        "id": row.pk,
        "patient": row.patient_id,
        "checklist": row.checklist,
        "list_version": row.list_version,
        "answers": row.answers,
        "note": row.note,
        "answered_by": {"id": row.answered_by_id, "name": row.answered_by.name},
        "answered_at": row.answered_at,
        "superseded_at": row.superseded_at,
        "valid": row.superseded_at is None,
        "cleared": not lacking and not checklists.contraindications(row),
        "unanswered": list(lacking),
        "applying": [
            {"code": one.code, "kind": one.kind, "text": CHECKLISTS[row.checklist][one.code].text(language)}
            for one in checklists.applying(row)
        ],
    }


def _change(row: Program | ProgramItem | ProgramTemplate) -> dict[str, Any] | None:
    return {"by": row.changed_by_id, "reason": row.change_reason} if row.version > 1 else None
