"""Reading the answers to screening lists. They are for clinicians."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.roles import Permission
from rehab.errors import NotFound
from rehab.models import ChecklistAnswers
from rehab.selectors import access, patients
from rehab.selectors.paging import Position, latest_first


def get(*, viewer: User, answers_id: uuid.UUID) -> ChecklistAnswers:
    """Return answers for a clinician on the care team; ``NotPermitted`` for others on it, else ``NotFound``."""
    found = ChecklistAnswers.objects.filter(pk=answers_id).select_related("answered_by").first()
    if found is None:
        raise NotFound
    patients.get(viewer=viewer, patient_id=found.patient_id, to=Permission.PLAN)
    return found


def valid_of(patient_id: uuid.UUID) -> dict[str, ChecklistAnswers]:
    """Return the answers that hold now, by list."""
    found = ChecklistAnswers.objects.filter(patient_id=patient_id, superseded_at__isnull=True)
    return {row.checklist: row for row in found.select_related("answered_by").order_by("checklist", "id")}


def held_between(patient_ids: Iterable[uuid.UUID], *, first: datetime, last: datetime) -> list[ChecklistAnswers]:
    """Return the answers of patients that held at some moment of a span, in one statement, the earliest first."""
    return list(
        ChecklistAnswers.objects.filter(patient_id__in=set(patient_ids), answered_at__lte=last)
        .filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=first))
        .order_by("answered_at", "id")
    )


def page(
    *, viewer: User, patient_id: uuid.UUID | None, checklist: str | None, after: Position | None, limit: int
) -> tuple[list[ChecklistAnswers], Position | None]:
    """Return a page of answers of one patient, or of all whom the viewer treats, the latest first."""
    if patient_id is None:
        treated = access.care_roles(viewer).filter(role="therapist").values("patient_id")
        found = ChecklistAnswers.objects.filter(patient_id__in=treated)
    else:
        patients.get(viewer=viewer, patient_id=patient_id, to=Permission.PLAN)
        found = ChecklistAnswers.objects.filter(patient_id=patient_id)
    if checklist is not None:
        found = found.filter(checklist=checklist)
    found = found.select_related("answered_by")
    return latest_first(found, after=after, limit=limit, by="answered_at")
