"""What people do with an alert: acknowledge, assign, close with a reason. Each step names the version it was read at,
so that nobody closes an alert that got worse while they read it."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from rehab.errors import AlreadyClosed, Invalid, Problem, VersionConflict
from rehab.models import Alert
from rehab.reference.alert_rules import is_reserved
from rehab.selectors import alert_teams, alerts
from rehab.services import alert_messages
from rehab.services.alert_events import event_of
from rehab.services.inputs.base import Document, Text, Ui

SHORTEST_REASON, LONGEST_REASON = 3, 500


class Assignment(Document):
    therapist: Annotated[uuid.UUID, Ui(_("Therapist"), hint=_("Somebody of the patient's care team."))]


class Closing(Document):
    reason: Annotated[Text, Ui(_("Reason"), hint=_("What was found and done."))]


def acknowledge(alert_id: uuid.UUID, *, expected_version: int, by: User, now: datetime) -> Alert:
    """Take note of an alert: it is not escalated any more. Doing so again changes nothing."""
    alert = _to_change(alert_id, expected_version=expected_version, by=by)
    if alert.status == Alert.Status.ACKNOWLEDGED:
        return alert
    columns = {"status": Alert.Status.ACKNOWLEDGED, "acknowledged_at": now, "acknowledged_by": by}
    return _change("acknowledged", alert, columns, by=by, now=now)


@transaction.atomic
def assign(alert_id: uuid.UUID, *, therapist_id: uuid.UUID, expected_version: int, by: User, now: datetime) -> Alert:
    """Give an alert to a therapist of the care team, who is told; ``Invalid`` for anybody else.

    Assigning does not acknowledge: whoever gets it still has to answer.
    """
    alert = _to_change(alert_id, expected_version=expected_version, by=by)
    if therapist_id not in alert_teams.responsible_for([alert]).get(alert.pk, []):
        message = _("Therapist: only a therapist of the patient's care team can take an alert.")
        if is_reserved(rule=alert.rule, subject=alert.subject):
            message = _("Therapist: only somebody who answers item 9 for the clinic can take this alert.")
        raise Invalid([Problem("/therapist", "not_on_care_team", message)])
    if alert.assigned_to_id == therapist_id:
        return alert
    columns = {"assigned_to_id": therapist_id, "assigned_at": now}
    alert = _change("assigned", alert, columns, by=by, now=now, changes={"to": str(therapist_id)})
    if therapist_id != by.pk:
        alert_messages.tell_of_assigned(alert, now=now)
    return alert


def close(alert_id: uuid.UUID, *, reason: str, expected_version: int, by: User, now: datetime) -> Alert:
    """Close an alert with a reason of 3 to 500 characters. It stays closed; a new cause raises a new alert."""
    alert = _to_change(alert_id, expected_version=expected_version, by=by)
    check_reason(reason)
    columns = {
        "status": Alert.Status.CLOSED,
        "closed_at": now,
        "closed_by": by,
        "close_reason": reason.strip(),
    }
    return _change("closed", alert, columns, by=by, now=now, changes={"reason": reason.strip()})


@transaction.atomic
def hand_back(*, user_id: uuid.UUID, clinic_id: uuid.UUID, by: User, now: datetime) -> None:
    """Make unanswered again what somebody took note of and does not answer for any more; whoever does now is told.

    Call after their place on a care team, or their answering of item 9, has ended.
    """
    taken = list(alerts.acknowledged_by(user_id, clinic_id=clinic_id))
    responsible = alert_teams.responsible_for(taken)
    left = [alert for alert in taken if user_id not in responsible.get(alert.pk, [])]
    columns: dict[str, Any] = {"status": Alert.Status.OPEN, "acknowledged_at": None, "acknowledged_by": None,
                               "waiting_since": now, "escalated_at": None}  # fmt: skip
    changed = [_change("handed_back", alert, dict(columns), by=by, now=now) for alert in left]
    alert_messages.tell_of_raised(changed, {alert.patient_id: alert.patient for alert in changed}, now=now)


def check_reason(reason: str) -> None:
    """Raise ``Invalid`` for a reason that says nothing or too much."""
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid([Problem("/reason", "out_of_range", _("Reason: say why, in 3 to 500 characters."))])


def _to_change(alert_id: uuid.UUID, *, expected_version: int, by: User) -> Alert:
    alert = alerts.get(viewer=by, alert_id=alert_id)
    if alert.version != expected_version:
        raise VersionConflict(alert.version)
    if alert.is_finished:
        raise AlreadyClosed
    return alert


@transaction.atomic
def _change(
    action: str,
    alert: Alert,
    columns: dict[str, Any],
    *,
    by: User,
    now: datetime,
    changes: dict[str, Any] | None = None,
) -> Alert:
    columns |= {"version": alert.version + 1, "updated_at": now}
    # The condition on the version is the lock: of many at once one finds its row, and the workers count as one.
    if not Alert.objects.filter(pk=alert.pk, version=alert.version).update(**columns):
        raise VersionConflict(alerts.get(viewer=by, alert_id=alert.pk).version)
    for name, value in columns.items():
        setattr(alert, name, value)
    told = {"rule": alert.rule, "level": alert.level, "version": alert.version, **(changes or {})}
    audit.write(event_of(action, alert, alert.patient, now=now, changes=told, by=by))
    return alert
