"""Telling people of alerts: an outbox written with the alert, and e-mails that are claimed, sent and tried again.

An e-mail leaves the building: it says a level and a link, no patient and nothing clinical.
"""

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db import transaction
from django.db.models import F

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
    """Put messages into the outbox. One that is there already, to somebody who left and came back, stays as it is.

    What is for review waits for the sweep, which puts all of it to one person into one e-mail.
    """
    if messages:
        AlertMessage.objects.bulk_create(messages, batch_size=500, ignore_conflicts=True)
    if any(message.level != Alert.Level.REVIEW for message in messages):
        mailings.hurry(_SEND_TASK)


def send_due(*, now: datetime) -> int:
    """Send every message that is due; return how many were sent. A failure is logged and tried again later.

    What is urgent goes first, each alone; what is for review in one e-mail to each person.
    """
    sent = 0
    for message in selectors.messages_due(now=now):
        if _claim(message, now=now):
            sent += _send([message], now=now)
    for recipient_id, audience in selectors.receivers_due(now=now):
        sent += _send(_claim_reviews(recipient_id, audience, now=now), now=now)
    return sent


def _claim(message: AlertMessage, *, now: datetime) -> bool:
    """Claim one attempt; False if another worker has it. A claim ends by itself, so a killed worker loses nothing."""
    waiting = AlertMessage.objects.filter(
        pk=message.pk, sent_at__isnull=True, dropped_at__isnull=True, send_attempts=message.send_attempts
    )
    until = now + _wait_after([message])
    return waiting.update(send_attempts=message.send_attempts + 1, send_after=until) == 1


@transaction.atomic
def _claim_reviews(recipient_id: uuid.UUID, audience: str, *, now: datetime) -> list[AlertMessage]:
    """Claim all that is due to one person, none if another worker has it. They stay together when it fails."""
    found = selectors.reviews_due_for_update(recipient_id=recipient_id, audience=audience, now=now)
    if found:
        claimed = AlertMessage.objects.filter(pk__in=[message.pk for message in found])
        claimed.update(send_attempts=F("send_attempts") + 1, send_after=now + _wait_after(found))
    return found


def _wait_after(messages: Iterable[AlertMessage]) -> timedelta:
    attempts = max(message.send_attempts for message in messages)
    wait: timedelta = FIRST_WAIT * 2 ** min(attempts, 10)
    return min(wait, LONGEST_WAIT)


def _send(claimed: list[AlertMessage], *, now: datetime) -> int:
    """Send claimed messages to one person in one e-mail, without those that are not for them any more."""
    reasons = _reasons_to_drop(claimed)
    for reason in set(reasons.values()):
        _drop([message for message in claimed if reasons.get(message.pk) == reason], reason, now=now)
    messages = [message for message in claimed if message.pk not in reasons]
    if not messages:
        return 0
    try:
        if len(messages) == 1:
            email.send_alert(messages[0])
        else:
            email.send_alerts(messages)
    except Exception:  # whatever a mail back end raises; one that fails must not keep the others waiting
        ids = ", ".join(str(message.pk) for message in messages)
        logger.exception("The messages of alerts %s could not be sent; they are tried again.", ids)
        return 0
    return _mark_sent(messages, now=now)


def _reasons_to_drop(messages: Collection[AlertMessage]) -> dict[uuid.UUID, Drop]:
    teams = alert_teams.responsible_for([message.alert for message in messages])
    clinics = {message.alert.patient.clinic_id for message in messages if message.audience == Audience.CLINIC}
    administrators = alert_teams.administrators_of(clinics) if clinics else {}
    reasons = {}
    for message in messages:
        alert = message.alert
        answered = alert.status != Alert.Status.OPEN if message.step != Step.ASSIGNED else alert.is_finished
        if message.audience == Audience.CLINIC:
            responsible = administrators.get(alert.patient.clinic_id, [])
        else:
            responsible = teams.get(alert.pk, [])
        if answered:
            reasons[message.pk] = Drop.ANSWERED
        elif message.recipient_id not in responsible:
            reasons[message.pk] = Drop.LEFT
    return reasons


def _drop(messages: Iterable[AlertMessage], reason: Drop, *, now: datetime) -> None:
    waiting = AlertMessage.objects.filter(pk__in=[message.pk for message in messages], sent_at__isnull=True)
    waiting.update(dropped_at=now, drop_reason=reason)


def _mark_sent(messages: Collection[AlertMessage], *, now: datetime) -> int:
    """Note that messages went out; where no mail server is set up they went nowhere, and nobody was told."""
    if not email.reaches_people():
        _drop(messages, Drop.NO_MAIL, now=now)
        return 0
    waiting = AlertMessage.objects.filter(pk__in=[message.pk for message in messages], sent_at__isnull=True)
    return waiting.update(sent_at=now)
