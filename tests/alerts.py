"""What the tests of alerts share: causes, and alerts in every state."""

from datetime import datetime, timedelta
from typing import Any

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert, Patient
from rehab.services import alert_handling, alerts
from rehab.services.alerts import Cause


def cause(patient: Patient, *, now: datetime, **changes: Any) -> Cause:
    """Return a new cause: saddle numbness and back pain in a check-in an hour ago."""
    fields: dict[str, Any] = {
        "patient": patient,
        "rule": "CES",
        "level": "emergency",
        "source_kind": "check-ins",
        "source_id": new_id(),
        "occurred_at": now - timedelta(hours=1),
        "evidence": {"answers": ["ces_pain", "ces_saddle"], "measures": []},
        **changes,
    }
    return Cause(**fields)


def pain(patient: Patient, *, now: datetime, **changes: Any) -> Cause:
    evidence = {"worst_during": 7, "before": 2, "next_morning": None, "state": "too_high"}
    return cause(
        patient,
        now=now,
        **{"rule": "PAIN", "level": "review", "source_kind": "sessions", "evidence": evidence, **changes},
    )


def raised(patient: Patient, *, now: datetime, **changes: Any) -> Alert:
    [alert] = alerts.raise_all([cause(patient, now=now, **changes)], now=now)
    return alert


def acknowledged(patient: Patient, *, by: User, now: datetime, **changes: Any) -> Alert:
    alert = raised(patient, now=now, **changes)
    return alert_handling.acknowledge(alert.pk, expected_version=alert.version, by=by, now=now)


def closed(patient: Patient, *, by: User, now: datetime, **changes: Any) -> Alert:
    alert = raised(patient, now=now, **changes)
    return alert_handling.close(
        alert.pk, reason="Spoke to the patient.", expected_version=alert.version, by=by, now=now
    )
