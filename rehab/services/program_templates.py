"""Templates of programmes: a clinic's therapists keep them, amend them, and retire them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.ids import new_id
from accounts.models import Clinic, User
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotFound, NotPermitted, Problem, VersionConflict
from rehab.models import ProgramItem, ProgramTemplate, RecordVersion
from rehab.selectors import access
from rehab.selectors import programs as selectors
from rehab.services import documents
from rehab.services.inputs.programs import MOST_ITEMS, TemplateInput, TemplateItem, TemplateState
from rehab.services.program_changes import check_reason, merged
from rehab.services.program_events import digest_of, event_of


@dataclass(frozen=True)
class CreatedTemplate:
    template: ProgramTemplate
    created: bool


def document_of(template: ProgramTemplate) -> dict[str, Any]:
    """Return what may be amended in a template, as it stands."""
    return {"title": template.title, "note": template.note, "items": template.items}


def create(document: Any, *, by: User, now: datetime) -> CreatedTemplate:
    """Keep items as a template of a clinic where ``by`` is a therapist.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``.
    """
    if not access.clinics_worked_for_by(by).exists():
        raise NotPermitted
    parsed = documents.read(TemplateInput, document)
    if problems := parsed.problems():
        raise Invalid(problems)
    clinic_id, items = parsed.clinic, [item.model_dump(mode="json") for item in parsed.items]
    if parsed.program is not None:
        program, seen = selectors.get(viewer=by, program_id=parsed.program)
        if not seen.may(Permission.PLAN):
            raise NotPermitted
        clinic_id = clinic_id or seen.patient.clinic_id
        items = [_of_item(item) for item in selectors.items_of([program.pk])[program.pk] if item.ended_on is None]
        if not items:
            raise Invalid([Problem("/program", "empty", _("This programme has no items to keep."))])
    template = ProgramTemplate(
        id=parsed.id or new_id(), clinic=_clinic_for(clinic_id, by=by), title=parsed.title, note=parsed.note,
        items=items, created_by=by, created_digest=digest_of(parsed), created_at=now, updated_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            template.save(force_insert=True)
            _tell("program_template.created", template, {"version": 1}, by=by, now=now)
    except IntegrityError:
        stored = ProgramTemplate.objects.filter(pk=template.pk).first()
        if stored is None:
            raise
        if stored.created_digest != template.created_digest:
            raise IdInUse from None
        return CreatedTemplate(stored, created=False)
    return CreatedTemplate(template, created=True)


def _of_item(item: ProgramItem) -> dict[str, Any]:
    return {**item.details, "start_on": None, "end_on": None}


def _clinic_for(clinic_id: uuid.UUID | None, *, by: User) -> Clinic:
    clinics = list(access.clinics_worked_for_by(by).order_by("name", "id"))
    if clinic_id is not None:
        found = next((clinic for clinic in clinics if clinic.pk == clinic_id), None)
        if found is None:
            raise NotFound
        return found
    if len(clinics) > 1:
        raise Invalid([Problem("/clinic", "missing", _("Clinic: you work for several; say which one."))])
    return clinics[0]


def amend(
    template_id: uuid.UUID, changes: Any, *, reason: str, expected_version: int, by: User, now: datetime
) -> ProgramTemplate:
    """Change a template; programmes made from it stay as they are, and the version before is kept."""
    template = _to_change(template_id, reason=reason, expected_version=expected_version, by=by)
    parsed = merged(TemplateState, document_of(template), changes)
    columns = {**parsed.model_dump(mode="json")}
    written = {"fields": sorted(changes)}
    return _change(template, columns, "program_template.amended", written, reason=reason, by=by, now=now)


def add_item(
    template_id: uuid.UUID, document: Any, *, reason: str, expected_version: int, by: User, now: datetime
) -> ProgramTemplate:
    """Add an item at the end, as ``amend`` does."""
    template = _to_change(template_id, reason=reason, expected_version=expected_version, by=by)
    parsed = documents.read(TemplateItem, document)
    if problems := parsed.problems():
        raise Invalid(problems)
    if len(template.items) >= MOST_ITEMS:
        message = format_lazy(_("A template holds at most {most} items."), most=MOST_ITEMS)
        raise Invalid([Problem("", "too_long", message)])
    items = [*template.items, parsed.model_dump(mode="json")]
    return _write_items(template, items, len(items), reason=reason, by=by, now=now)


def amend_item(
    template_id: uuid.UUID, number: int, changes: Any, *, reason: str, expected_version: int, by: User, now: datetime
) -> ProgramTemplate:
    """Change one item, counted from 1, as ``amend`` does; ``NotFound`` if the template has no such item.

    The version that is expected holds the number fast: the same item stands there.
    """
    template = _to_change(template_id, reason=reason, expected_version=expected_version, by=by)
    items = [*template.items]
    if not 1 <= number <= len(items):
        raise NotFound
    items[number - 1] = merged(TemplateItem, items[number - 1], changes).model_dump(mode="json")
    return _write_items(template, items, number, reason=reason, by=by, now=now)


def remove_item(
    template_id: uuid.UUID, number: int, *, reason: str, expected_version: int, by: User, now: datetime
) -> ProgramTemplate:
    """Leave out one item, counted from 1; the version before keeps it. The last one stays: retire the template."""
    template = _to_change(template_id, reason=reason, expected_version=expected_version, by=by)
    items = [*template.items]
    if not 1 <= number <= len(items):
        raise NotFound
    if len(items) == 1:
        raise Invalid([Problem("", "empty", _("It is the only item. Retire the template instead."))])
    del items[number - 1]
    return _write_items(template, items, number, reason=reason, by=by, now=now)


def _write_items(
    template: ProgramTemplate, items: list[dict[str, Any]], number: int, *, reason: str, by: User, now: datetime
) -> ProgramTemplate:
    written = {"fields": ["items"], "item": number}
    return _change(template, {"items": items}, "program_template.amended", written, reason=reason, by=by, now=now)


def retire(template_id: uuid.UUID, *, reason: str, expected_version: int, by: User, now: datetime) -> ProgramTemplate:
    """Retire a template: no programme is made from it any more."""
    template = _to_change(template_id, reason=reason, expected_version=expected_version, by=by)
    columns = {"retired_at": now}
    return _change(template, columns, "program_template.retired", {}, reason=reason, by=by, now=now)


def _to_change(template_id: uuid.UUID, *, reason: str, expected_version: int, by: User) -> ProgramTemplate:
    template = selectors.template(viewer=by, template_id=template_id)
    check_reason(reason)
    if template.version != expected_version:
        raise VersionConflict(template.version)
    if template.retired_at is not None:
        raise Invalid([Problem("", "retired", _("This template is retired and stays as it is."))])
    return template


def _change(
    template: ProgramTemplate, columns: dict[str, Any], action: str, written: dict[str, Any], *,
    reason: str, by: User, now: datetime,
) -> ProgramTemplate:  # fmt: skip
    before = RecordVersion(
        kind="templates",
        record_id=template.pk,
        version=template.version,
        document=document_of(template),
        status="final",
        changed_by_id=template.changed_by_id or template.created_by_id,
        change_reason=template.change_reason,
        recorded_at=template.updated_at,
    )
    columns |= {"version": template.version + 1, "changed_by": by, "change_reason": reason, "updated_at": now}
    with transaction.atomic():
        if not ProgramTemplate.objects.filter(pk=template.pk, version=template.version).update(**columns):
            raise VersionConflict(ProgramTemplate.objects.values_list("version", flat=True).get(pk=template.pk))
        before.save(force_insert=True)
        _tell(action, template, {"version": columns["version"], "reason": reason, **written}, by=by, now=now)
    for name, value in columns.items():
        setattr(template, name, value)
    return template


def _tell(action: str, template: ProgramTemplate, changes: dict[str, Any], *, by: User, now: datetime) -> None:
    audit.write(event_of(action, template, None, by=by, now=now, changes=changes, clinic_id=template.clinic_id))
