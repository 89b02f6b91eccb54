"""The events of alerts and mutes: what happened, to be written with the change itself."""

import uuid
from datetime import datetime
from typing import Any

from accounts import audit
from accounts.models import Event
from rehab.models import Alert, AlertMute, Patient


def event_of(
    action: str, alert: Alert, patient: Patient, *, now: datetime, changes: dict[str, Any], by: Any = None
) -> Event:
    """Return the unsaved event of a step of an alert; ``by=None`` is the service itself."""
    return _event("alert", alert.pk, action, patient, now=now, changes=changes, by=by)


def mute_event_of(
    action: str, mute: AlertMute, patient: Patient, *, now: datetime, changes: dict[str, Any], by: Any = None
) -> Event:
    return _event("alert_mute", mute.pk, action, patient, now=now, changes=changes, by=by)


def _event(
    kind: str, target_id: uuid.UUID, action: str, patient: Patient, *, now: datetime, changes: dict[str, Any], by: Any
) -> Event:
    return audit.event(
        action=f"{kind}.{action}",
        target_kind=kind,
        target_id=target_id,
        patient_id=patient.pk,
        clinic_id=patient.clinic_id,
        by=by,
        at=now,
        changes=changes,
    )
