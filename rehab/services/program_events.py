"""What the services of programmes write into the trail, and what tells two documents apart."""

import hashlib
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Model
from pydantic import BaseModel

from accounts import audit
from accounts.models import Event, User
from rehab.models import Patient


def event_of(
    action: str, target: Model, patient: Patient | None, *, by: User, now: datetime, changes: dict[str, Any],
    clinic_id: Any = None,
) -> Event:  # fmt: skip
    return audit.event(
        action=action,
        target_kind=action.partition(".")[0],
        target_id=target.pk,
        patient_id=patient.pk if patient else None,
        clinic_id=patient.clinic_id if patient else clinic_id,
        by=by,
        at=now,
        changes=changes,
    )


def digest_of(parsed: BaseModel) -> str:
    """Return what tells content apart: SHA-256 of the document without its id and defaults."""
    content = parsed.model_dump(mode="json", exclude={"id"}, exclude_defaults=True)
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
