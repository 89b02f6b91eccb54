"""Taking back what was raised: a record was entered in error, or amended so that it no longer holds."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts import audit
from rehab.models import Alert, AlertCause
from rehab.reference.alert_rules import ALERT_RULES, COMPUTED_SOURCES
from rehab.selectors import alerts
from rehab.services.alert_events import event_of
from rehab.services.alerts import Cause, lock, raise_all


@transaction.atomic
def withdraw(*, source_kind: str, source_id: uuid.UUID, now: datetime, keep: Collection[tuple[str, str]] = ()) -> None:
    """Take back what a source raised: it was entered in error, or amended so that it no longer holds.

    ``keep`` names the (rule, subject) that still hold. What becomes of an alert of which no cause is left:
    ``withdraw_causes``. A level never falls.
    """
    sources = alerts.causes_of_sources({source_id}).values()
    withdraw_causes(
        [cause for cause in sources if cause.source_kind == source_kind and (cause.rule, cause.subject) not in keep],
        now=now,
    )


@transaction.atomic
def restate(
    causes: Collection[Cause], *, source_kind: str, source_id: uuid.UUID, rules: Collection[str], now: datetime
) -> list[Alert]:
    """Say what an amended source amounts to now under some rules: raise that, and take back the rest of theirs."""
    raised = raise_all(causes, now=now)
    hold = {(cause.rule, cause.subject) for cause in causes}
    withdraw_causes(
        [
            cause
            for cause in alerts.causes_of_sources({source_id}).values()
            if cause.source_kind == source_kind and cause.rule in rules and (cause.rule, cause.subject) not in hold
        ],
        now=now,
    )
    return raised


@transaction.atomic
def withdraw_causes(causes: Collection[AlertCause], *, now: datetime) -> None:
    """Take causes back, and close the alerts that rest on data alone, that none is left of, and nobody took note of.

    What somebody reported stays open until a clinician closes it with a reason, whoever corrected the record it came
    from; and so does what somebody took note of, who may have acted on it.
    """
    ids = [cause.pk for cause in causes if cause.withdrawn_at is None]
    if not ids:
        return
    lock({cause.patient_id for cause in causes})
    AlertCause.objects.filter(pk__in=ids, withdrawn_at__isnull=True).update(withdrawn_at=now)
    empty = list(alerts.without_causes_for_update({cause.alert_id for cause in causes if cause.alert_id}))
    reported = alerts.reported_among([alert.pk for alert in empty], computed=COMPUTED_SOURCES) if empty else set()
    for alert in empty:
        rests_on_data = ALERT_RULES[alert.rule].derived or alert.pk not in reported
        is_closed = rests_on_data and alert.status == Alert.Status.OPEN
        if is_closed:
            alert.status, alert.closed_at = Alert.Status.WITHDRAWN, now
        alert.updated_at = now
        alert.version += 1
        alert.save(update_fields=["status", "closed_at", "updated_at", "version"])
        changes = {
            "rule": alert.rule,
            "level": alert.level,
            "version": alert.version,
            "reason": "data_changed" if rests_on_data else "record_changed",
        }
        action = "withdrawn" if is_closed else "causes_withdrawn"
        audit.write(event_of(action, alert, alert.patient, now=now, changes=changes))
