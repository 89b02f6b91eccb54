"""Writing programmes and their items. An amendment counts from the day it is made; earlier days keep what was due."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotCleared, NotPermitted, Problem, VersionConflict
from rehab.models import Patient, Program, ProgramItem, ProgramItemVersion, RecordVersion
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.services import checklists, documents, rows
from rehab.services.inputs.programs import (
    MOST_ITEMS,
    ItemInput,
    ItemState,
    ProgramInput,
    ProgramState,
    TemplateItem,
    columns_of,
)
from rehab.services.program_changes import check_reason, merged
from rehab.services.program_events import digest_of, event_of

#: What of an item cannot be amended: then it is another item.
FIXED = ("id", "modality")
#: Another writer may add an item between our look and our insert.
ATTEMPTS = 5


@dataclass(frozen=True)
class CreatedProgram:
    program: Program
    created: bool


@dataclass(frozen=True)
class CreatedItem:
    item: ProgramItem
    created: bool


def document_of(program: Program) -> dict[str, Any]:
    """Return what may be amended in a programme, as it stands."""
    end_on = program.end_on.isoformat() if program.end_on else None
    return {"title": program.title, "note": program.note, "end_on": end_on}


def item_document(item: ProgramItem | ProgramItemVersion) -> dict[str, Any]:
    """Return an item as it was written."""
    return {
        **item.details,
        "start_on": item.start_on.isoformat(),
        "end_on": item.end_on.isoformat() if item.end_on else None,
    }


def is_over(program: Program, *, today: date) -> bool:
    return program.ended_on is not None or (program.end_on is not None and program.end_on < today)


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
    _check_order(start_on, parsed.end_on, "/end_on")
    title, note, items = _content(parsed, by=by)
    _check_days(items, start_on=start_on, end_on=parsed.end_on)
    digest = digest_of(parsed)
    program = Program(
        id=parsed.id or new_id(), patient=patient, title=title, note=note, start_on=start_on, end_on=parsed.end_on,
        created_by=by, created_digest=digest, created_at=now, updated_at=now,
    )  # fmt: skip
    for i, item in enumerate(items):
        _check_order(item.start_on or start_on, item.end_on, f"/items/{i}/end_on")
    made = [
        _item(item, program, position=position, start_on=item.start_on or start_on, today=today, by=by, now=now)
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


def _check_order(first: date, last: date | None, pointer: str) -> None:
    if last is not None and last < first:
        message = format_lazy(
            _("Last day: {value} is before the first day, {low}."), value=last.isoformat(), low=first.isoformat()
        )
        raise Invalid([Problem(pointer, "out_of_range", message)])


def _check_days(items: Sequence[ItemState], *, start_on: date, end_on: date | None, at: str = "/items/{i}") -> None:
    """An item lies within its programme."""
    problems = []
    for i, item in enumerate(items):
        for name, label, day in (("start_on", _("First day"), item.start_on), ("end_on", _("Last day"), item.end_on)):
            if day is not None and (day < start_on or (end_on is not None and day > end_on)):
                message = format_lazy(
                    _("{label}: {value} is outside the programme, {low} to {high}."),
                    label=label,
                    value=day.isoformat(),
                    low=start_on.isoformat(),
                    high=end_on.isoformat() if end_on else "…",
                )
                problems.append(Problem(f"{at.format(i=i)}/{name}", "out_of_range", message))
    if problems:
        raise Invalid(problems)


def _item(
    parsed: ItemState, program: Program, *, position: int, start_on: date, today: date, by: User, now: datetime
) -> ProgramItem:
    return ProgramItem(
        id=getattr(parsed, "id", None) or new_id(),
        program=program,
        position=position,
        modality=parsed.modality,
        start_on=start_on,
        end_on=parsed.end_on,
        # The first version holds from the first day on, be it past or to come.
        valid_from=min(start_on, today),
        created_by=by,
        created_digest=digest_of(parsed),
        created_at=now,
        updated_at=now,
        **columns_of(parsed),
    )


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


def check_goes_on(program: Program, *, today: date) -> None:
    if is_over(program, today=today):
        raise Invalid([Problem("", "ended", _("This programme is over and stays as it is. Write a new one."))])


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


def add_item(program_id: uuid.UUID, document: Any, *, by: User, now: datetime) -> CreatedItem:
    """Add an item to a programme. As ``create`` in what it refuses and how it answers a repetition."""
    program, seen = selectors.get(viewer=by, program_id=program_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    parsed = documents.read(ItemInput, document)
    if problems := parsed.problems():
        raise Invalid(problems)
    digest = digest_of(parsed)
    if parsed.id is not None and (stored := ProgramItem.objects.filter(pk=parsed.id).first()) is not None:
        return _item_replayed(stored, program, digest)
    patient, today = seen.patient, rows.local_date(now, seen.patient)
    check_goes_on(program, today=today)
    _check_days([parsed], start_on=program.start_on, end_on=program.end_on, at="")
    checklists.check_cleared(patient, [("/modality", parsed.modality)])
    start_on = parsed.start_on or max(program.start_on, today)
    _check_order(start_on, parsed.end_on, "/end_on")
    for _attempt in range(ATTEMPTS):
        last = ProgramItem.objects.filter(program=program).aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        if position >= MOST_ITEMS:
            message = format_lazy(_("Items: too many. Allowed: up to {max_length}."), max_length=MOST_ITEMS)
            raise Invalid([Problem("", "too_long", message)])
        item = _item(parsed, program, position=position, start_on=start_on, today=today, by=by, now=now)
        try:
            with transaction.atomic():
                item.save(force_insert=True)
                written = {"version": 1, "program": str(program.pk), "digest": digest}
                audit.write(event_of("program_item.created", item, patient, by=by, now=now, changes=written))
        except IntegrityError:
            if (stored := ProgramItem.objects.filter(pk=item.pk).first()) is not None:
                return _item_replayed(stored, program, digest)
            continue
        return CreatedItem(item, created=True)
    raise RuntimeError("Other writers kept adding items.")


def _item_replayed(stored: ProgramItem, program: Program, digest: str) -> CreatedItem:
    if stored.created_digest != digest or stored.program_id != program.pk:
        raise IdInUse
    stored.program = program
    return CreatedItem(stored, created=False)


def amend_item(
    program_id: uuid.UUID, item_id: uuid.UUID, changes: Any, *, reason: str, expected_version: int, by: User,
    now: datetime,
) -> ProgramItem:  # fmt: skip
    """Change what an item asks for, from today on; days before keep what was due on them."""
    item, patient = _item_to_change(
        program_id, item_id, reason=reason, expected_version=expected_version, by=by, now=now
    )
    parsed = merged(ItemState, item_document(item), changes, fixed=FIXED)
    start_on = parsed.start_on or item.start_on
    try:
        _check_order(start_on, parsed.end_on, "/end_on")
        days = parsed.model_copy(update={"start_on": start_on})
        _check_days([days], start_on=item.program.start_on, end_on=item.program.end_on, at="/changes")
    except Invalid as error:
        raise Invalid([_in_changes(problem) for problem in error.problems]) from None
    columns = {**columns_of(parsed), "start_on": start_on, "end_on": parsed.end_on}
    written = {"fields": sorted(changes)}
    return _change_item(item, patient, columns, "program_item.amended", written, reason=reason, by=by, now=now)


def _in_changes(problem: Problem) -> Problem:
    inside = problem.pointer.startswith("/changes")
    return problem if inside else Problem(f"/changes{problem.pointer}", problem.code, problem.message)


def end_item(
    program_id: uuid.UUID, item_id: uuid.UUID, *, reason: str, expected_version: int, by: User, now: datetime
) -> ProgramItem:
    """End an item: from today on it is not due. What was due before stays."""
    item, patient = _item_to_change(
        program_id, item_id, reason=reason, expected_version=expected_version, by=by, now=now
    )
    columns = {"ended_on": rows.local_date(now, patient)}
    return _change_item(item, patient, columns, "program_item.ended", {}, reason=reason, by=by, now=now)


def _item_to_change(
    program_id: uuid.UUID, item_id: uuid.UUID, *, reason: str, expected_version: int, by: User, now: datetime
) -> tuple[ProgramItem, Patient]:
    item, seen = selectors.get_item(viewer=by, program_id=program_id, item_id=item_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    check_reason(reason)
    if item.version != expected_version:
        raise VersionConflict(item.version)
    check_goes_on(item.program, today=rows.local_date(now, seen.patient))
    if item.ended_on is not None:
        raise Invalid([Problem("", "ended", _("This item has ended and stays as it is. Add a new one."))])
    return item, seen.patient


def _change_item(
    item: ProgramItem, patient: Patient, columns: dict[str, Any], action: str, written: dict[str, Any], *,
    reason: str, by: User, now: datetime,
) -> ProgramItem:  # fmt: skip
    # A patient who moved a time zone westwards may be a day earlier than the version before.
    today = max(rows.local_date(now, patient), item.valid_from)
    before = ProgramItemVersion(
        item=item,
        version=item.version,
        details=item.details,
        weekdays=item.weekdays,
        times_per_week=item.times_per_week,
        dose=item.dose,
        dose_unit=item.dose_unit,
        start_on=item.start_on,
        end_on=item.end_on,
        valid_from=item.valid_from,
        replaced_on=today,
        change_reason=item.change_reason,
        changed_by_id=item.changed_by_id or item.created_by_id,
        recorded_at=item.updated_at,
    )
    columns |= {
        "version": item.version + 1,
        "valid_from": today,
        "changed_by": by,
        "change_reason": reason,
        "updated_at": now,
    }
    with transaction.atomic():
        if not ProgramItem.objects.filter(pk=item.pk, version=item.version).update(**columns):
            raise VersionConflict(ProgramItem.objects.values_list("version", flat=True).get(pk=item.pk))
        before.save(force_insert=True)
        changes = {"version": columns["version"], "program": str(item.program_id), "reason": reason, **written}
        audit.write(event_of(action, item, patient, by=by, now=now, changes=changes))
    for name, value in columns.items():
        setattr(item, name, value)
    return item
