"""Reading mutes: which rules are silent for whom, why, until when, and what they silenced."""

import uuid
from collections import defaultdict
from collections.abc import Collection

from accounts.models import User
from accounts.roles import Permission
from rehab.errors import NotFound
from rehab.models import AlertCause, AlertMute
from rehab.selectors import access, alerts, patients
from rehab.selectors.paging import Position, latest_first


def by_id(mute_id: uuid.UUID) -> AlertMute | None:
    return AlertMute.objects.filter(pk=mute_id).select_related("patient", "created_by", "ended_by").first()


def get(*, viewer: User, mute_id: uuid.UUID) -> AlertMute:
    """Return a mute for a therapist of its patient; ``NotPermitted`` for the patient and for caregivers."""
    mute = by_id(mute_id)
    if mute is None:
        raise NotFound
    patients.get(viewer=viewer, patient_id=mute.patient_id, to=Permission.HANDLE_ALERTS)
    return mute


def page(
    *, viewer: User, patient_id: uuid.UUID | None, after: Position | None, limit: int
) -> tuple[list[AlertMute], Position | None]:
    """Return a page of mutes of one patient or of all whom the viewer treats, latest first; ``NotPermitted`` for
    patients and caregivers."""
    alerts.check_may_handle(viewer, patient_id)
    found = AlertMute.objects.select_related("patient", "created_by", "ended_by")
    if patient_id is not None:
        found = found.filter(patient_id=patient_id)
    else:
        found = found.filter(patient__in=access.patients_treated_by(viewer))
    return latest_first(found, after=after, limit=limit)


def silenced_by(mutes: Collection[AlertMute]) -> dict[uuid.UUID, list[AlertCause]]:
    """Return what mutes silenced, latest first, in one statement."""
    found: dict[uuid.UUID, list[AlertCause]] = defaultdict(list)
    for cause in AlertCause.objects.filter(mute__in=[mute.pk for mute in mutes]).order_by("-occurred_at", "-id"):
        if cause.mute_id is not None:
            found[cause.mute_id].append(cause)
    return found
