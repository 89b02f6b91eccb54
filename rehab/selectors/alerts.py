"""Reading alerts: a page of them, one with its reasons, counts, who is told, and who was."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from accounts.models import Membership, User
from accounts.roles import ClinicRole, Permission
from rehab.errors import NotFound
from rehab.models import Alert, AlertCause, AlertMessage, AlertMute
from rehab.reference.alert_rules import is_worse
from rehab.selectors import access, patients

UNFINISHED = (Alert.Status.OPEN, Alert.Status.ACKNOWLEDGED)
MESSAGES_AT_ONCE = 100


def causes_of_sources(source_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str, str, str], AlertCause]:
    """Return the causes that some records raised, by (source id, kind, rule, subject)."""
    rows = AlertCause.objects.filter(source_id__in=source_ids).select_related("alert").order_by("id")
    return {(row.source_id, row.source_kind, row.rule, row.subject): row for row in rows}


def unfinished_for_update(patient_ids: Collection[uuid.UUID]) -> QuerySet[Alert]:
    return (
        Alert.objects.select_for_update(no_key=True)
        .filter(patient_id__in=patient_ids, status__in=UNFINISHED)
        .order_by("id")
    )


def without_causes_for_update(alert_ids: Collection[uuid.UUID]) -> QuerySet[Alert]:
    """Return those of some unfinished alerts whose causes are all withdrawn."""
    left = AlertCause.objects.filter(alert=OuterRef("pk"), withdrawn_at__isnull=True)
    return (
        Alert.objects.select_for_update(no_key=True, of=("self",))
        .filter(~Exists(left), pk__in=alert_ids, status__in=UNFINISHED)
        .select_related("patient")
        .order_by("id")
    )


def mutes_not_ended(patient_ids: Iterable[uuid.UUID]) -> QuerySet[AlertMute]:
    return AlertMute.objects.filter(patient_id__in=list(patient_ids), ended_at__isnull=True).order_by("id")


def therapists_of(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return who is to answer an alert of each patient; a patient whom nobody treats is left out."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for patient_id, user_id in access.treating(patient_ids).order_by("id").values_list("patient_id", "user_id"):
        found[patient_id].append(user_id)
    return dict(found)


def administrators_of(clinic_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return who looks after each clinic; no query for none."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    rows = Membership.objects.filter(
        clinic_id__in=clinic_ids, role=ClinicRole.CLINIC_ADMIN, ended_at__isnull=True, user__is_active=True
    )
    for clinic_id, user_id in rows.order_by("id").values_list("clinic_id", "user_id"):
        found[clinic_id].append(user_id)
    return dict(found)


def messages_due(*, now: datetime) -> list[AlertMessage]:
    """Return the messages whose e-mail is due, those waiting longest first."""
    return list(
        AlertMessage.objects.filter(sent_at__isnull=True, dropped_at__isnull=True, send_after__lte=now)
        .select_related("alert__patient__clinic", "recipient")
        .order_by("send_after", "id")[:MESSAGES_AT_ONCE]
    )


def get(*, viewer: User, alert_id: uuid.UUID) -> Alert:
    """Return an alert for a therapist of its patient; ``NotFound`` if the viewer does not see the patient,
    ``NotPermitted`` for the patient and for caregivers."""
    alert = (
        Alert.objects.filter(pk=alert_id)
        .select_related("patient", "acknowledged_by", "assigned_to", "closed_by")
        .first()
    )
    if alert is None:
        raise NotFound
    patients.get(viewer=viewer, patient_id=alert.patient_id, to=Permission.HANDLE_ALERTS)
    return alert


@dataclass(frozen=True)
class OpenAlerts:
    """The unfinished alerts of one patient: how many, and the worst level among them."""

    count: int
    worst: str


def open_by_patient(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, OpenAlerts]:
    """Return the unfinished alerts of patients, in one statement; a patient without any is left out."""
    found: dict[uuid.UUID, OpenAlerts] = {}
    rows = Alert.objects.filter(patient_id__in=patient_ids, status__in=UNFINISHED)
    for patient_id, level in rows.order_by("id").values_list("patient_id", "level"):
        before = found.get(patient_id)
        worst = level if before is None or is_worse(level=level, than=before.worst) else before.worst
        found[patient_id] = OpenAlerts((before.count if before else 0) + 1, worst)
    return found


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
    raised = Alert.objects.filter(
        Q(causes__source_kind=source_kind, causes__source_id=source_id, causes__withdrawn_at__isnull=True)
    ).distinct()
    moments = list(told_at_many(list(raised)).values())
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None
