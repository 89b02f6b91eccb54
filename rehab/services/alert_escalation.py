"""What nobody acknowledged in time is told once more: to all therapists of the team and the clinic's administrators."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import audit
from rehab.models import Alert
from rehab.selectors import alerts
from rehab.services import alert_messages
from rehab.services.alert_events import event_of


def waits() -> dict[str, timedelta]:
    """Return how long an alert of each level may wait for an acknowledgement."""
    return {
        Alert.Level.EMERGENCY: timedelta(minutes=settings.ALERT_EMERGENCY_MINUTES),
        Alert.Level.SAME_DAY: timedelta(minutes=settings.ALERT_SAME_DAY_MINUTES),
        Alert.Level.REVIEW: timedelta(minutes=settings.ALERT_REVIEW_MINUTES),
    }


def escalate(*, now: datetime) -> int:
    """Escalate every alert that waited too long, each once for as long as it waits; return how many.

    The version stays: whoever is about to acknowledge it is not turned away.
    """
    escalated = 0
    while batch := _escalate_some(now=now):
        escalated += batch
    return escalated


@transaction.atomic
def _escalate_some(*, now: datetime) -> int:
    since = {level: now - wait for level, wait in waits().items()}
    due = list(alerts.waiting_too_long_for_update(since))
    if not due:
        return 0
    Alert.objects.filter(pk__in=[alert.pk for alert in due]).update(escalated_at=now, updated_at=now)
    alert_messages.tell_of_escalated(due, now=now)
    audit.write(
        *(
            event_of("escalated", alert, alert.patient, now=now, changes={"rule": alert.rule, "level": alert.level})
            for alert in due
        )
    )
    return len(due)
