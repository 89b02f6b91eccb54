"""Writing programmes. An amendment counts from the day it is made; earlier days keep what was due."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotCleared, NotPermitted, Problem, VersionConflict
from rehab.models import Patient, Program, ProgramItem, RecordVersion
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.services import checklists, documents, rows
from rehab.services.inputs.programs import (
    ItemState,
    ProgramInput,
    ProgramState,
    TemplateItem,
)
from rehab.services.program_changes import check_reason, merged
from rehab.services.program_events import digest_of, event_of
from rehab.services.program_items import build, check_days, check_goes_on, check_order


@dataclass(frozen=True)
class CreatedProgram:
    program: Program
    created: bool


def document_of(program: Program) -> dict[str, Any]:
    """Return what may be amended in a programme, as it stands."""
    end_on = program.end_on.isoformat() if program.end_on else None
    return {"title": program.title, "note": program.note, "end_on": end_on}


def create(document: Any, *, by: User, now: datetime) -> CreatedProgram:
    """Write a programme with its items, or from a template.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``. ``NotCleared``
    if a screening list is not complete or stands against an item.
    """
    parsed = documents.read(ProgramInput, document)
    if problems := parsed.problems():
        raise Invalid(problems)
    patient = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.PLAN).patient
    today = rows.local_date(now, patient)
    start_on = parsed.start_on or today
    check_order(start_on, parsed.end_on, "/end_on")
    title, note, items = _content(parsed, by=by)
    check_days(items, start_on=start_on, end_on=parsed.end_on)
    digest = digest_of(parsed)
    program = Program(
        id=parsed.id or new_id(), patient=patient, title=title, note=note, start_on=start_on, end_on=parsed.end_on,
        created_by=by, created_digest=digest, created_at=now, updated_at=now,
    )  # fmt: skip
    for i, item in enumerate(items):
        check_order(item.start_on or start_on, item.end_on, f"/items/{i}/end_on")
    made = [
        build(item, program, position=position, start_on=item.start_on or start_on, today=today, by=by, now=now)
        for position, item in enumerate(items)
    ]
    try:
        checklists.check_cleared(patient, [(f"/items/{i}/modality", item.modality) for i, item in enumerate(items)])
    except NotCleared:
        if (stored := Program.objects.filter(pk=program.pk).first()) is not None:
            return _replayed(stored, digest)
        raise
    try:
        with transaction.atomic():
            program.save(force_insert=True)
            ProgramItem.objects.bulk_create(made)
            written = {"version": 1, "items": [str(item.pk) for item in made], "digest": digest}
            audit.write(event_of("program.created", program, patient, by=by, now=now, changes=written))
    except IntegrityError:
        stored = Program.objects.filter(pk=program.pk).first()
        if stored is None:
            if ProgramItem.objects.filter(pk__in=[item.pk for item in made]).exists():
                raise IdInUse from None
            raise
        return _replayed(stored, digest)
    return CreatedProgram(program, created=True)


def _replayed(stored: Program, digest: str) -> CreatedProgram:
    if stored.created_digest != digest:
        raise IdInUse
    return CreatedProgram(stored, created=False)


def _content(parsed: ProgramInput, *, by: User) -> tuple[str, str, Sequence[ItemState]]:
    if parsed.template is None:
        return parsed.title or "", parsed.note, parsed.items
    template = selectors.template(viewer=by, template_id=parsed.template)
    if template.retired_at is not None:
        raise Invalid([Problem("/template", "retired", _("Template: it is retired. Choose another."))])
    items = [documents.read(TemplateItem, item) for item in template.items]
    return parsed.title or template.title, parsed.note or template.note, items


def amend(
    program_id: uuid.UUID, changes: Any, *, reason: str, expected_version: int, by: User, now: datetime
) -> Program:
    """Change title, note or last day of a programme that is not over; the version before is kept."""
    program, patient = _to_change(program_id, reason=reason, by=by, now=now)
    today = rows.local_date(now, patient)
    if program.version != expected_version:
        raise VersionConflict(program.version)
    parsed = merged(ProgramState, document_of(program), changes)
    if parsed.end_on != program.end_on and parsed.end_on is not None:
        # An earlier last day would take away what was due on days that are past.
        _check_last_day(parsed.end_on, low=max(today, program.start_on))
    columns = {"title": parsed.title, "note": parsed.note, "end_on": parsed.end_on}
    written = {"fields": sorted(changes)}
    return _change(program, patient, columns, "program.amended", written, reason=reason, by=by, now=now)


def _check_last_day(day: date, *, low: date) -> None:
    if day < low:
        message = format_lazy(
            _("Last day: {value} is past. Allowed: {low} or later."), value=day.isoformat(), low=low.isoformat()
        )
        raise Invalid([Problem("/changes/end_on", "out_of_range", message)])


def end(program_id: uuid.UUID, *, reason: str, expected_version: int, by: User, now: datetime) -> Program:
    """End a programme: from today on nothing of it is due. What was due before stays."""
    program, patient = _to_change(program_id, reason=reason, by=by, now=now)
    if program.version != expected_version:
        raise VersionConflict(program.version)
    columns = {"status": Program.Status.ENDED, "ended_on": rows.local_date(now, patient)}
    return _change(program, patient, columns, "program.ended", {}, reason=reason, by=by, now=now)


def _to_change(program_id: uuid.UUID, *, reason: str, by: User, now: datetime) -> tuple[Program, Patient]:
    program, seen = selectors.get(viewer=by, program_id=program_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    check_reason(reason)
    check_goes_on(program, today=rows.local_date(now, seen.patient))
    return program, seen.patient


def _change(
    program: Program, patient: Patient, columns: dict[str, Any], action: str, written: dict[str, Any], *,
    reason: str, by: User, now: datetime,
) -> Program:  # fmt: skip
    before = RecordVersion(
        kind="programs",
        record_id=program.pk,
        version=program.version,
        document=document_of(program),
        status=program.status,
        changed_by_id=program.changed_by_id or program.created_by_id,
        change_reason=program.change_reason,
        recorded_at=program.updated_at,
    )
    columns |= {"version": program.version + 1, "changed_by": by, "change_reason": reason, "updated_at": now}
    with transaction.atomic():
        # The condition on the version is the lock: of many changes of one version, one finds its row.
        if not Program.objects.filter(pk=program.pk, version=program.version).update(**columns):
            raise VersionConflict(Program.objects.values_list("version", flat=True).get(pk=program.pk))
        before.save(force_insert=True)
        changes = {"version": columns["version"], "reason": reason, **written}
        audit.write(event_of(action, program, patient, by=by, now=now, changes=changes))
    for name, value in columns.items():
        setattr(program, name, value)
    return program
