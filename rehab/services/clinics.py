"""Clinics: founding one, and its settings."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic, Membership, User
from accounts.roles import ClinicRole
from accounts.zones import is_time_zone
from rehab.errors import Invalid, NotFound, Problem
from rehab.selectors import access
from rehab.services import events


@transaction.atomic
def found(*, name: str, time_zone: str, emergency_number: str, by: User, now: datetime) -> Clinic:
    """Create a clinic; its founder becomes administrator and therapist."""
    _check(name=name, time_zone=time_zone, emergency_number=emergency_number)
    clinic = Clinic.objects.create(
        name=name.strip(), time_zone=time_zone, emergency_number=emergency_number.strip(), created_at=now
    )
    for role in ClinicRole:
        Membership.objects.create(user=by, clinic=clinic, role=role, joined_at=now)
    events.tell_of_clinic("clinic.founded", clinic, ("clinic", clinic.pk), by=by, now=now)
    return clinic


@transaction.atomic
def change(
    *,
    clinic_id: uuid.UUID,
    name: str,
    time_zone: str,
    emergency_number: str,
    crisis_line: str | None = None,
    by: User,
    now: datetime,
) -> Clinic:
    """Change a clinic's settings; only its administrators may. The time zones of its patients stay as they are.

    ``crisis_line`` stays as it is if left out; an empty one takes it away.
    """
    clinic = access.clinics_administered_by(by).select_for_update(of=("self",)).filter(pk=clinic_id).first()
    if clinic is None:
        raise NotFound
    _check(name=name, time_zone=time_zone, emergency_number=emergency_number, crisis_line=crisis_line or "")
    wanted: dict[str, str | None] = {
        "name": name.strip(),
        "time_zone": time_zone,
        "emergency_number": emergency_number.strip(),
    }
    if crisis_line is not None:
        wanted["crisis_line"] = crisis_line.strip() or None
    changed = {field: value for field, value in wanted.items() if getattr(clinic, field) != value}
    if not changed:
        return clinic
    for field, value in changed.items():
        setattr(clinic, field, value)
    clinic.save(update_fields=list(changed))
    events.tell_of_clinic("clinic.changed", clinic, ("clinic", clinic.pk), by=by, now=now, changes=changed)
    return clinic


def _check(*, name: str, time_zone: str, emergency_number: str, crisis_line: str = "") -> None:
    problems = []
    if not 1 <= len(name.strip()) <= 120 or not name.strip().isprintable():
        message = _("Clinic's name: 1 to 120 characters, on one line.")
        problems.append(Problem("/clinic_name", "out_of_range", message))
    if not is_time_zone(time_zone):
        problems.append(Problem("/time_zone", "unknown_time_zone", _("Time zone: choose one of the list.")))
    if not 2 <= len(emergency_number.strip()) <= 20:
        problems.append(Problem("/emergency_number", "out_of_range", _("Local emergency number: 2 to 20 characters.")))
    if len(crisis_line.strip()) > 120 or not crisis_line.strip().isprintable():
        message = _("Crisis line: up to 120 characters, on one line.")
        problems.append(Problem("/crisis_line", "out_of_range", message))
    if problems:
        raise Invalid(problems)
