"""The event of a write about a clinic or a patient, for the trail; call inside the transaction of the write."""

import uuid
from datetime import datetime
from typing import Any

from accounts import audit
from accounts.models import Clinic, User
from rehab.models import Patient

#: Kind and id of what was written.
Target = tuple[str, uuid.UUID]


def tell_of_clinic(
    action: str, clinic: Clinic, target: Target, *, by: User, now: datetime, changes: dict[str, Any] | None = None
) -> None:
    _tell(action, target, clinic_id=clinic.pk, patient_id=None, by=by, now=now, changes=changes)


def tell_of_patient(
    action: str, patient: Patient, target: Target, *, by: User, now: datetime, changes: dict[str, Any] | None = None
) -> None:
    _tell(action, target, clinic_id=patient.clinic_id, patient_id=patient.pk, by=by, now=now, changes=changes)


def _tell(
    action: str,
    target: Target,
    *,
    clinic_id: uuid.UUID,
    patient_id: uuid.UUID | None,
    by: User,
    now: datetime,
    changes: dict[str, Any] | None,
) -> None:
    audit.write(
        audit.event(
            action=action,
            target_kind=target[0],
            target_id=target[1],
            patient_id=patient_id,
            clinic_id=clinic_id,
            by=by,
            at=now,
            changes=changes,
        )
    )
