"""Telling people of alerts: an outbox written with the alert, and e-mails that are claimed, sent and tried again.

An e-mail leaves the building: it says a level and a link, no patient and nothing clinical.
"""

import logging
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from accounts.models import User
from rehab.models import Alert, AlertMessage, Patient
from rehab.outbound import email
from rehab.selectors import alert_messages as selectors
from rehab.selectors import alert_teams, alerts
from rehab.services import mailings

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=2)  # longer than a mail server may take to answer (EMAIL_TIMEOUT)
LONGEST_WAIT = timedelta(hours=2)
_SEND_TASK = "rehab.tasks.send_alert_messages"
Step: TypeAlias = AlertMessage.Step
Audience: TypeAlias = AlertMessage.Audience
Drop: TypeAlias = AlertMessage.Drop


def tell_of_raised(raised: Iterable[Alert], patients: Mapping[uuid.UUID, Patient], *, now: datetime) -> None:
    """Write a message to whoever is to answer each alert, or to the clinic's administrators if there is nobody."""
    raised = list(raised)
    teams = alert_teams.responsible_for(raised)
    untreated = {patients[alert.patient_id].clinic_id for alert in raised if alert.pk not in teams}
    administrators = alert_teams.administrators_of(untreated)
    messages = []
    for alert in raised:
        team = teams.get(alert.pk, [])
        messages += [_message(alert, user, Step.RAISED, Audience.CARE_TEAM, now=now) for user in team]
        if not team:
            told = administrators.get(patients[alert.patient_id].clinic_id, [])
            messages += [_message(alert, user, Step.RAISED, Audience.CLINIC, now=now) for user in told]
    _write(messages)


def tell_of_escalated(escalated: Iterable[Alert], *, now: datetime) -> None:
    """Write a message to whoever is to answer each alert, and to the clinic's administrators."""
    escalated = list(escalated)
    teams = alert_teams.responsible_for(escalated)
    administrators = alert_teams.administrators_of({alert.patient.clinic_id for alert in escalated})
    messages = []
    for alert in escalated:
        team, told = teams.get(alert.pk, []), administrators.get(alert.patient.clinic_id, [])
        messages += [_message(alert, user, Step.ESCALATED, Audience.CARE_TEAM, now=now) for user in team]
        others = [user for user in told if user not in team]  # who is both reads it as a therapist
        messages += [_message(alert, user, Step.ESCALATED, Audience.CLINIC, now=now) for user in others]
    _write(messages)


def tell_of_assigned(alert: Alert, *, now: datetime) -> None:
    """Write a message to the person that an alert was assigned to."""
    if alert.assigned_to_id is not None:
        _write([_message(alert, alert.assigned_to_id, Step.ASSIGNED, Audience.CARE_TEAM, now=now)])


def tell_who_joined(patient_id: uuid.UUID, *, user_id: uuid.UUID, now: datetime) -> None:
    """Write a message of each unanswered alert to a therapist who joined the care team: nobody else may have been."""
    waiting = [alert for alert in alerts.unfinished_of(patient_id) if alert.status == Alert.Status.OPEN]
    _write([_message(alert, user_id, Step.RAISED, Audience.CARE_TEAM, now=now) for alert in waiting])


def tell_who_answers(clinic_id: uuid.UUID, *, user_id: uuid.UUID, now: datetime) -> None:
    """Write a message of each unanswered reserved alert of a clinic to somebody who was named to answer them."""
    waiting = alerts.unanswered_reserved_of(clinic_id)
    _write([_message(alert, user_id, Step.RAISED, Audience.CARE_TEAM, now=now) for alert in waiting])


def _message(alert: Alert, user_id: uuid.UUID, step: Step, audience: Audience, *, now: datetime) -> AlertMessage:
    return AlertMessage(
        alert=alert,
        alert_version=alert.version,
        level=alert.level,
        step=step,
        audience=audience,
        recipient_id=user_id,
        created_at=now,
        send_after=now,
    )


def _write(messages: list[AlertMessage]) -> None:
    """Put messages into the outbox. One that is there already, to somebody who left and came back, stays as it is."""
    if messages:
        AlertMessage.objects.bulk_create(messages, batch_size=500, ignore_conflicts=True)
        mailings.hurry(_SEND_TASK)


def send_due(*, now: datetime) -> int:
    """Send every message that is due; return how many were sent. A failure is logged and tried again later."""
    sent = 0
    for message in selectors.messages_due(now=now):
        if not _claim(message, now=now):
            continue
        if reason := _reason_to_drop(message):
            _drop(message, reason, now=now)
            continue
        try:
            email.send_alert(message)
        except Exception:  # whatever a mail back end raises; one that fails must not keep the others waiting
            logger.exception("The message %s of an alert could not be sent; it is tried again.", message.pk)
        else:
            sent += _mark_sent(message, now=now)
    return sent


def _claim(message: AlertMessage, *, now: datetime) -> bool:
    """Claim one attempt; False if another worker has it. A claim ends by itself, so a killed worker loses nothing."""
    wait = min(FIRST_WAIT * 2 ** min(message.send_attempts, 10), LONGEST_WAIT)
    waiting = AlertMessage.objects.filter(
        pk=message.pk, sent_at__isnull=True, dropped_at__isnull=True, send_attempts=message.send_attempts
    )
    return waiting.update(send_attempts=message.send_attempts + 1, send_after=now + wait) == 1


def _reason_to_drop(message: AlertMessage) -> Drop | None:
    alert, recipient = message.alert, message.recipient
    answered = alert.status != Alert.Status.OPEN if message.step != Step.ASSIGNED else alert.is_finished
    if answered:
        return Drop.ANSWERED
    return None if _is_still_responsible(alert, recipient, message.audience) else Drop.LEFT


def _is_still_responsible(alert: Alert, recipient: User, audience: str) -> bool:
    if audience == Audience.CLINIC:
        return recipient.pk in alert_teams.administrators_of({alert.patient.clinic_id}).get(alert.patient.clinic_id, [])
    return recipient.pk in alert_teams.responsible_for([alert]).get(alert.pk, [])


def _drop(message: AlertMessage, reason: Drop, *, now: datetime) -> None:
    AlertMessage.objects.filter(pk=message.pk, sent_at__isnull=True).update(dropped_at=now, drop_reason=reason)


def _mark_sent(message: AlertMessage, *, now: datetime) -> int:
    """Note that the message went out; where no mail server is set up it went nowhere, and nobody was told."""
    if not email.reaches_people():
        _drop(message, Drop.NO_MAIL, now=now)
        return 0
    return AlertMessage.objects.filter(pk=message.pk, sent_at__isnull=True).update(sent_at=now)
