"""What the tests of alerts share: causes, alerts in every state, and sessions that hurt."""

from datetime import datetime, timedelta
from typing import Any

from accounts import audit
from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert, Patient, Record
from rehab.services import alert_handling, alert_rules, alerts, records
from rehab.services.alerts import Cause
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

SESSIONS = KINDS["sessions"]


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


def untreated(cast: Cast) -> None:
    """The last therapist cannot leave a team through the service; an account that was switched off has left."""
    User.objects.filter(pk=cast.therapist.pk).update(is_active=False)


def session(cast: Cast, now: datetime, *, patient: Patient | None = None, ago: int = 1, **pains: Any) -> Record:
    sent = document(
        "sessions",
        "aerobic",
        (patient or cast.patient).pk,
        performed_at=(now - timedelta(days=ago)).isoformat(),
        **{f"pain_{name}": rating for name, rating in pains.items()},
    )
    by = cast.other_therapist if patient == cast.other_patient else cast.therapist
    return records.create(SESSIONS, sent, by=by, source="api", now=now).record


def amend_pains(cast: Cast, record: Record, now: datetime, **pains: Any) -> None:
    records.amend(
        SESSIONS,
        record.pk,
        {f"pain_{name}": rating for name, rating in pains.items()},
        reason="added later",
        expected_version=record.version,
        confirm=True,
        by=cast.therapist,
        now=now,
    )


def seal_and_evaluate(now: datetime) -> int:
    audit.seal(now=now)
    return alert_rules.evaluate(now=now)
