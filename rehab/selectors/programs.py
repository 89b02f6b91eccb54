"""Reading programmes, their items, templates and excused days."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Permission
from rehab.errors import NotFound, NotPermitted
from rehab.models import (
    Excusal,
    ExerciseSession,
    Program,
    ProgramItem,
    ProgramItemVersion,
    ProgramTemplate,
    RecordVersion,
)
from rehab.selectors import access, patients
from rehab.selectors.paging import Position, latest_first
from rehab.selectors.patients import Seen


def get(*, viewer: User, program_id: uuid.UUID) -> tuple[Program, Seen]:
    """Return a programme with its patient as the viewer sees them; else ``NotFound``."""
    program = Program.objects.filter(pk=program_id).select_related("created_by", "changed_by").first()
    if program is None:
        raise NotFound
    return program, patients.get(viewer=viewer, patient_id=program.patient_id)


def get_item(*, viewer: User, program_id: uuid.UUID, item_id: uuid.UUID) -> tuple[ProgramItem, Seen]:
    """Return an item of a programme; ``NotFound`` if it is another programme's."""
    program, seen = get(viewer=viewer, program_id=program_id)
    item = ProgramItem.objects.filter(pk=item_id, program=program).select_related("created_by", "changed_by").first()
    if item is None:
        raise NotFound
    item.program = program
    return item, seen


def items_of(program_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ProgramItem]]:
    """Return the items of programmes in their order, in one statement."""
    found: dict[uuid.UUID, list[ProgramItem]] = defaultdict(list)
    for item in ProgramItem.objects.filter(program_id__in=list(program_ids)).order_by("position", "id"):
        found[item.program_id].append(item)
    return found


def item_versions(item_id: uuid.UUID) -> QuerySet[ProgramItemVersion]:
    """Return the earlier versions of an item, oldest first. Ask ``get_item`` for the item itself before."""
    return ProgramItemVersion.objects.filter(item_id=item_id).select_related("changed_by").order_by("version", "id")


def versions(program_id: uuid.UUID) -> QuerySet[RecordVersion]:
    return (
        RecordVersion.objects.filter(kind="programs", record_id=program_id)
        .select_related("changed_by")
        .order_by("version", "id")
    )


def items_by_id(item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    """Return patient and modality of items, in one statement."""
    rows = ProgramItem.objects.filter(pk__in=set(item_ids)).values_list("pk", "program__patient_id", "modality")
    return {item_id: (patient_id, modality) for item_id, patient_id, modality in rows}


def item_of_session(item_id: uuid.UUID) -> ProgramItem | None:
    """Return the item that a session was done for, with its programme."""
    return ProgramItem.objects.filter(pk=item_id).select_related("program").first()


def items_of_sessions(session_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]]:
    """Return programme and item of those of some sessions that name one, in one statement."""
    named = ExerciseSession.objects.filter(pk__in=set(session_ids), program_item__isnull=False)
    rows = named.values_list("pk", "program_item__program_id", "program_item_id")
    return {session_id: (program_id, item_id) for session_id, program_id, item_id in rows}


def of_patient(*, viewer: User, patient_id: uuid.UUID) -> QuerySet[Program]:
    """Return a patient's programmes, the latest first."""
    patients.get(viewer=viewer, patient_id=patient_id)
    return Program.objects.filter(patient_id=patient_id).order_by("-created_at", "-id")


def has_programs(patient_id: uuid.UUID) -> bool:
    return Program.objects.filter(patient_id=patient_id).exists()


def page(
    *, viewer: User, patient_id: uuid.UUID | None, status: str | None, after: Position | None, limit: int
) -> tuple[list[Program], Position | None]:
    """Return a page of the programmes of one patient, or of all that the viewer sees, the latest first."""
    found: QuerySet[Program] = Program.objects.filter(**_of(viewer, patient_id))
    if status is not None:
        found = found.filter(status=status)
    return latest_first(found, after=after, limit=limit)


def excusals_page(
    *, viewer: User, patient_id: uuid.UUID | None, after: Position | None, limit: int
) -> tuple[list[Excusal], Position | None]:
    """Return a page of excused days, withdrawn ones too, the latest first."""
    found = Excusal.objects.filter(**_of(viewer, patient_id)).select_related("created_by")
    return latest_first(found, after=after, limit=limit)


def excusal(*, viewer: User, excusal_id: uuid.UUID) -> tuple[Excusal, Seen]:
    found = Excusal.objects.filter(pk=excusal_id).select_related("created_by").first()
    if found is None:
        raise NotFound
    return found, patients.get(viewer=viewer, patient_id=found.patient_id)


def excusals_of(patient_id: uuid.UUID, *, since: date) -> QuerySet[Excusal]:
    """Return the excused days of a patient that reach ``since``, the latest first."""
    return (
        Excusal.objects.filter(patient_id=patient_id, withdrawn_at__isnull=True, last_on__gte=since)
        .select_related("created_by")
        .order_by("-first_on", "-id")
    )


def templates(*, viewer: User) -> QuerySet[ProgramTemplate]:
    """Return the templates of the clinics that the viewer works for."""
    return ProgramTemplate.objects.filter(clinic__in=access.clinics_worked_for_by(viewer)).select_related("clinic")


def templates_page(
    *, viewer: User, retired: bool | None, after: Position | None, limit: int
) -> tuple[list[ProgramTemplate], Position | None]:
    found = templates(viewer=viewer)
    if retired is not None:
        found = found.filter(retired_at__isnull=not retired)
    return latest_first(found, after=after, limit=limit)


def template(*, viewer: User, template_id: uuid.UUID) -> ProgramTemplate:
    found = templates(viewer=viewer).filter(pk=template_id).first()
    if found is None:
        raise NotFound
    return found


def usable_templates(*, viewer: User, clinic_id: uuid.UUID) -> list[ProgramTemplate]:
    """Return the templates that a programme of a clinic's patient can be made from, by title."""
    return list(templates(viewer=viewer).filter(clinic_id=clinic_id, retired_at__isnull=True).order_by("title", "id"))


def templates_in_use(*, viewer: User) -> list[ProgramTemplate]:
    """Return the templates of a therapist's clinics that are not retired; ``NotPermitted`` for everybody else."""
    if not access.clinics_worked_for_by(viewer).exists():
        raise NotPermitted
    return list(templates(viewer=viewer).filter(retired_at__isnull=True).order_by("title", "id"))


def _of(viewer: User, patient_id: uuid.UUID | None) -> Mapping[str, Any]:
    if patient_id is None:
        return {"patient__in": access.patients_visible_to(viewer)}
    patients.get(viewer=viewer, patient_id=patient_id, to=Permission.VIEW_RECORDS)
    return {"patient_id": patient_id}
