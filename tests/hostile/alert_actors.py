"""What the races over alerts run in a process of their own: ``python -m tests.hostile.alert_actors <what>``."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.hostile.actors import in_threads

from django.db import transaction  # isort: skip  # tests.hostile.actors sets Django up
from django.utils import timezone  # isort: skip

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event, User
from rehab.errors import DomainError
from rehab.models import Alert, AlertCause, AlertMessage, ExerciseSession, Patient
from rehab.services import alert_escalation, alert_handling, alert_messages, alert_mutes, alert_rules, alerts, records
from rehab.services.kinds import KINDS
from tests.alerts import cause, pain
from tests.documents import document

THREADS = 12


def people(patient_id: str, therapist_id: str) -> tuple[Patient, User, datetime]:
    return Patient.objects.get(pk=patient_id), User.objects.get(pk=therapist_id), timezone.now()


def same(*who: str) -> dict[str, Any]:
    """Many workers raise one cause at once."""
    patient, _therapist, now = people(*who)
    once = cause(patient, now=now, subject=str(new_id()))
    found = in_threads(THREADS, lambda _number: len(alerts.raise_all([once], now=now)))
    return {"raised": found, **stored(once.subject)}


def different(*who: str) -> dict[str, Any]:
    """Many workers raise a cause each, all of one matter, and each twice."""
    patient, _therapist, now = people(*who)
    subject = str(new_id())
    causes = [cause(patient, now=now, subject=subject) for _ in range(THREADS)]

    def act(number: int) -> int:
        first = len(alerts.raise_all([causes[number]], now=now))
        return first + len(alerts.raise_all([causes[number - 1]], now=now))

    found = in_threads(THREADS, act)
    return {"raised": found, "versions": list(versions(subject)), **stored(subject)}


def versions(subject: str) -> Any:
    return Alert.objects.filter(subject=subject).values_list("version", flat=True)


def stored(subject: str) -> dict[str, Any]:
    found = Alert.objects.filter(subject=subject)
    events = Event.objects.filter(target_kind="alert", target_id__in=found.values("pk"))
    return {
        "alerts": found.count(),
        "causes": AlertCause.objects.filter(subject=subject).count(),
        "events": dict(Counter(events.values_list("action", flat=True))),
        "messages": AlertMessage.objects.filter(alert__in=found).count(),
    }


def closing(*who: str) -> dict[str, Any]:
    """Therapists close an alert again and again while workers raise for the same matter."""
    patient, therapist, now = people(*who)
    subject = str(new_id())
    outcomes: Counter[str] = Counter()

    def act(number: int) -> int:
        for _ in range(5):
            if number % 3:
                alerts.raise_all([cause(patient, now=now, subject=subject)], now=now)
                continue
            for alert in Alert.objects.filter(subject=subject, status="open"):
                try:
                    alert_handling.close(
                        alert.pk, reason="Seen.", expected_version=alert.version, by=therapist, now=now
                    )
                except DomainError as error:
                    outcomes[type(error).__name__] += 1
        return 0

    found = in_threads(THREADS, act)
    causes = AlertCause.objects.filter(subject=subject)
    open_now = Alert.objects.filter(subject=subject, status__in=["open", "acknowledged"])
    return {
        "errors": [error for error in found if error != 0],
        "refused": dict(outcomes),
        "causes": causes.count(),
        "without_alert": causes.filter(alert__isnull=True).count(),
        "open": open_now.count(),
        "empty": Alert.objects.filter(subject=subject, causes__isnull=True).count(),
    }


def answering(*who: str) -> dict[str, Any]:
    """Many people acknowledge one version at once."""
    patient, therapist, now = people(*who)
    [alert] = alerts.raise_all([cause(patient, now=now, subject=str(new_id()))], now=now)

    def act(_number: int) -> str:
        try:
            alert_handling.acknowledge(alert.pk, expected_version=1, by=therapist, now=now)
        except DomainError as error:
            return type(error).__name__
        return "acknowledged"

    found = Counter(in_threads(THREADS, act))
    return {"answers": dict(found), "events": stored(alert.subject)["events"]}


def muting(*who: str) -> dict[str, Any]:
    """Many people mute one rule at once while workers raise for it."""
    patient, therapist, now = people(*who)
    until_on = (now + timedelta(days=3)).date().isoformat()
    sent = {"patient": str(patient.pk), "rule": "DECLINE", "reason": "Known.", "until_on": until_on}

    def act(number: int) -> str:
        if number % 2:
            alerts.raise_all([pain(patient, now=now, rule="DECLINE", subject=str(number))], now=now)
            return "raised"
        try:
            alert_mutes.create(sent, by=therapist, now=now)
        except DomainError as error:
            return type(error).__name__
        return "muted"

    found = Counter(in_threads(THREADS, act))
    causes = AlertCause.objects.filter(rule="DECLINE", patient=patient)
    return {"answers": dict(found), "causes": causes.count()}


def log_pain(patient_id: str, therapist_id: str, count: str) -> dict[str, Any]:
    """Log sessions with too much pain, one transaction each."""
    patient, therapist, now = people(patient_id, therapist_id)
    kind = KINDS["sessions"]
    for _ in range(int(count)):
        sent = document("sessions", "aerobic", patient.pk, pain_during_max=8, confirm=True)
        records.create(kind, sent, by=therapist, source="api", now=now)
    return {"logged": int(count)}


def work(*who: str) -> dict[str, Any]:
    """Many workers seal, evaluate, sweep and send at once, and three days later escalate and send again."""
    _patient, _therapist, now = people(*who)

    def act(_number: int) -> int:
        audit.seal(now=now)
        alert_rules.evaluate(now=now)
        alert_rules.sweep(now=now)
        alert_messages.send_due(now=now)
        alert_escalation.escalate(now=now + timedelta(days=3))
        alert_messages.send_due(now=now + timedelta(days=3))
        return 0

    return {"errors": [error for error in in_threads(4, act) if error != 0], **state(*who)}


def evaluate() -> dict[str, Any]:
    """Seal and evaluate, event by event, so that a kill meets a batch in the middle."""
    alert_rules.EVENTS_AT_ONCE = 1
    now = timezone.now()
    audit.seal(now=now)
    return {"read": alert_rules.evaluate(now=now)}


def state(patient_id: str, _therapist_id: str) -> dict[str, Any]:
    """Return what is stored about the pain of a patient, and whether the audit trail verifies."""
    now = timezone.now()
    audit.seal(now=now)
    with transaction.atomic():
        audit.verify()
    found = Alert.objects.filter(rule="PAIN", patient_id=patient_id)
    messages = AlertMessage.objects.filter(alert__in=found)
    painful = ExerciseSession.objects.filter(patient_id=patient_id, details__pain_during_max__gt=5)
    return {
        "painful": sorted(str(pk) for pk in painful.values_list("pk", flat=True)),
        "sources": sorted(str(pk) for pk in found.values_list("causes__source_id", flat=True) if pk is not None),
        "alerts": found.count(),
        "raised": Event.objects.filter(action="alert.raised", target_id__in=found.values("pk")).count(),
        "escalated": Event.objects.filter(action="alert.escalated", target_id__in=found.values("pk")).count(),
        "messages": dict(Counter(messages.values_list("step", flat=True))),
        "sent": messages.filter(sent_at__isnull=False).count(),
    }


if __name__ == "__main__":
    actions: dict[str, Callable[..., Any]] = {
        made.__name__: made for made in (same, different, closing, answering, muting, log_pain, work, evaluate, state)
    }
    print(json.dumps(actions[sys.argv[1]](*sys.argv[2:])))
