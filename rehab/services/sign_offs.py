"""Signing off the emergency texts and rules for a clinic. Patients read the texts whether or not it was done."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from rehab.analytics import emergency_wording
from rehab.errors import Invalid, NotPermitted, Problem
from rehab.models import WordingSignOff
from rehab.selectors import sign_offs


@transaction.atomic
def sign(*, clinic_id: uuid.UUID, version: str, by: User, now: datetime) -> WordingSignOff:
    """Sign the version that was read, which must be the one in force; doing so again answers what is stored.

    ``NotFound`` for who does not work for the clinic, ``NotPermitted`` for who is no therapist of it, ``Invalid`` for
    another version than the one in force.
    """
    in_force = emergency_wording.version()
    found = sign_offs.of_clinic(viewer=by, clinic_id=clinic_id, version=in_force)
    if not found.may_sign:
        raise NotPermitted
    if version != in_force:
        message = format_lazy(
            _("Version: {value} is not in force any more. Read version {current} and sign that."),
            value=version,
            current=in_force,
        )
        raise Invalid([Problem("/version", "not_in_force", message)])
    if found.current is not None:
        return found.current
    try:
        with transaction.atomic():
            row = WordingSignOff.objects.create(
                clinic=found.clinic, version=in_force, signed_by=by, signed_name=by.name, signed_at=now
            )
    except IntegrityError:
        stored = sign_offs.current_of(clinic_id, version=in_force)
        if stored is None:
            raise
        return stored
    audit.write(
        audit.event(
            action="clinic.wording_signed",
            target_kind="clinic",
            target_id=clinic_id,
            clinic_id=clinic_id,
            by=by,
            at=now,
            changes={"version": in_force, "name": by.name},
        )
    )
    return row
