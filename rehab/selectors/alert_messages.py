"""Messages of alerts: which are due, and when somebody had really been told."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Min, QuerySet

from rehab.models import Alert, AlertCause, AlertMessage

MESSAGES_AT_ONCE = 100


def messages_due(*, now: datetime) -> list[AlertMessage]:
    """Return the messages that go out at once and alone, and are due, those waiting longest first."""
    return list(
        _due(now)
        .exclude(level=Alert.Level.REVIEW)
        .select_related("alert__patient__clinic", "recipient")
        .order_by("send_after", "id")[:MESSAGES_AT_ONCE]
    )


def receivers_due(*, now: datetime) -> list[tuple[uuid.UUID, str]]:
    """Return to whom, and as what, messages of the level of review are due: they get one e-mail each."""
    rows = _due(now).filter(level=Alert.Level.REVIEW).order_by().values_list("recipient_id", "audience")
    waiting = rows.annotate(first=Min("send_after")).order_by("first", "recipient_id", "audience")
    return [(recipient_id, audience) for recipient_id, audience, _first in waiting[:MESSAGES_AT_ONCE]]


def reviews_due_for_update(*, recipient_id: uuid.UUID, audience: str, now: datetime) -> list[AlertMessage]:
    """Return all messages of the level of review that are due to one person, locked, the oldest first."""
    return list(
        _due(now)
        .select_for_update(no_key=True, of=("self",))
        .filter(level=Alert.Level.REVIEW, recipient=recipient_id, audience=audience)
        .select_related("alert__patient__clinic", "recipient")
        .order_by("id")
    )


def _due(now: datetime) -> QuerySet[AlertMessage]:
    return AlertMessage.objects.filter(sent_at__isnull=True, dropped_at__isnull=True, send_after__lte=now)


def told_at(alert: Alert) -> datetime | None:
    """Return when a therapist of the patient was first told: a message that was really sent, or their own answer.

    None until then, and nothing may say before that somebody has been told.
    """
    return told_at_many([alert])[alert.pk]


def told_at_many(found: Collection[Alert]) -> dict[uuid.UUID, datetime | None]:
    """Return ``told_at`` of several alerts, in one statement."""
    sent = dict(
        AlertMessage.objects.filter(
            alert__in=[alert.pk for alert in found],
            audience=AlertMessage.Audience.CARE_TEAM,
            sent_at__isnull=False,
        )
        .order_by()
        .values_list("alert_id")
        .annotate(first=Min("sent_at"))
    )
    return {
        alert.pk: min((at for at in (sent.get(alert.pk), alert.acknowledged_at) if at is not None), default=None)
        for alert in found
    }


def source_told_at(*, source_kind: str, source_id: uuid.UUID) -> datetime | None:
    """Return when therapists had been told of everything that a record raised; None if it is not so, or it raised
    nothing."""
    causes = AlertCause.objects.filter(
        source_kind=source_kind, source_id=source_id, withdrawn_at__isnull=True
    ).select_related("alert")
    moments = [_told_of(cause) for cause in causes.order_by("id")]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def _told_of(cause: AlertCause) -> datetime | None:
    """Return when therapists were told after a cause was raised; never of one that a mute silenced."""
    if cause.alert is None:
        return None
    sent = AlertMessage.objects.filter(
        alert=cause.alert,
        audience=AlertMessage.Audience.CARE_TEAM,
        created_at__gte=cause.raised_at,
        sent_at__isnull=False,
    ).aggregate(first=Min("sent_at"))["first"]
    answered = cause.alert.acknowledged_at
    moments = [sent, answered if answered is not None and answered >= cause.raised_at else None]
    return min((at for at in moments if at is not None), default=None)
