"""Who is to answer an alert: the therapists of the patient, or who answers item 9 for their clinic."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from accounts.models import Membership, User
from accounts.roles import ClinicRole
from rehab.models import Alert
from rehab.reference.alert_rules import is_reserved
from rehab.selectors import access


def therapists_of(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return who is to answer an alert of each patient; a patient whom nobody treats is left out."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for patient_id, user_id in access.treating(patient_ids).order_by("id").values_list("patient_id", "user_id"):
        found[patient_id].append(user_id)
    return dict(found)


def responsible_for(found: Iterable[Alert]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return who is to answer each alert: the therapists of the patient, or who answers item 9 for their clinic.

    An alert that nobody answers is left out.
    """
    reserved: list[Alert] = []
    others: list[Alert] = []
    for alert in found:
        (reserved if is_reserved(rule=alert.rule, subject=alert.subject) else others).append(alert)
    teams = therapists_of({alert.patient_id for alert in others}) if others else {}
    named = _responders_of({alert.patient_id for alert in reserved}) if reserved else {}
    return {
        alert.pk: users[alert.patient_id]
        for alerts, users in ((others, teams), (reserved, named))
        for alert in alerts
        if alert.patient_id in users
    }


def _responders_of(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    rows = access.responders_for(patient_ids).order_by("id").values_list("clinic__patients", "user_id")
    for patient_id, user_id in rows:
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


def therapists_to_assign(alert: Alert) -> list[User]:
    """Return who may take an alert, by name: the therapists of the patient's care team, or who answers item 9."""
    if is_reserved(rule=alert.rule, subject=alert.subject):
        named = access.responders_for({alert.patient_id}).select_related("user").order_by("user__name", "id")
        return [responder.user for responder in named]
    rows = access.treating({alert.patient_id}).select_related("user").order_by("user__name", "id")
    return [member.user for member in rows]
