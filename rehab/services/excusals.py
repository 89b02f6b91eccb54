"""Days on which nothing is due: excused, and withdrawn again. They leave the denominator of adherence."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotPermitted, Problem, VersionConflict
from rehab.models import Excusal
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.services import documents
from rehab.services.inputs.programs import ExcusalInput
from rehab.services.program_events import digest_of, event_of


@dataclass(frozen=True)
class CreatedExcusal:
    excusal: Excusal
    created: bool


def excuse(document: Any, *, by: User, now: datetime) -> CreatedExcusal:
    """Excuse days of a patient, past or to come. The same id with the same content again answers what is stored."""
    parsed = documents.read(ExcusalInput, document)
    if problems := parsed.problems():
        raise Invalid(problems)
    patient = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.PLAN).patient
    row = Excusal(
        id=parsed.id or new_id(), patient=patient, first_on=parsed.first_on, last_on=parsed.last_on,
        reason=parsed.reason, created_by=by, created_digest=digest_of(parsed), created_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.write(event_of("excusal.created", row, patient, by=by, now=now, changes=_days(row)))
    except IntegrityError:
        stored = Excusal.objects.filter(pk=row.pk).select_related("created_by").first()
        if stored is None:
            raise
        if stored.created_digest != row.created_digest:
            raise IdInUse from None
        return CreatedExcusal(stored, created=False)
    return CreatedExcusal(row, created=True)


def withdraw(excusal_id: uuid.UUID, *, expected_version: int, by: User, now: datetime) -> Excusal:
    """Withdraw excused days: they count again. ``VersionConflict`` if somebody was faster."""
    excusal, seen = selectors.excusal(viewer=by, excusal_id=excusal_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    if excusal.version != expected_version:
        raise VersionConflict(excusal.version)
    if excusal.withdrawn_at is not None:
        raise Invalid([Problem("", "withdrawn", _("These days were withdrawn before."))])
    with transaction.atomic():
        changed = Excusal.objects.filter(pk=excusal.pk, version=expected_version).update(
            version=expected_version + 1, withdrawn_at=now, withdrawn_by=by
        )
        if not changed:
            raise VersionConflict(Excusal.objects.values_list("version", flat=True).get(pk=excusal.pk))
        audit.write(event_of("excusal.withdrawn", excusal, seen.patient, by=by, now=now, changes=_days(excusal)))
    excusal.version, excusal.withdrawn_at, excusal.withdrawn_by = expected_version + 1, now, by
    return excusal


def _days(excusal: Excusal) -> dict[str, str]:
    return {"first_on": excusal.first_on.isoformat(), "last_on": excusal.last_on.isoformat()}
