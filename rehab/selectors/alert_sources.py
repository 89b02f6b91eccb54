"""What workers read to evaluate the derived rules: sealed events in order, active patients, painful sessions."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import Event
from rehab.models import AlertCause, ExerciseSession, Patient, Record

#: Listed, not compared: SQLite holds that the null of JSON is greater than any number.
_PAINFUL = list(range(3, 11))


def patients_by_id(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Patient]:
    return Patient.objects.in_bulk(list(patient_ids))


def sealed_events(*, after_seal: int, after_event: uuid.UUID | None, limit: int) -> list[Event]:
    """Return the events that follow one, by seal and id; from the start of the next seal for None."""
    later = Q(sealed_in__gt=after_seal)
    if after_event is not None:
        later |= Q(sealed_in=after_seal, id__gt=after_event)
    return list(Event.objects.filter(later, sealed_in__gte=after_seal).order_by("sealed_in", "id")[:limit])


def active_patients(
    models: Iterable[type[Record]], *, since: datetime, after: uuid.UUID | None, limit: int
) -> list[uuid.UUID]:
    """Return the next patients by id for whom something was performed since a moment."""
    active = Q()
    for model in models:
        active |= Q(Exists(model._default_manager.filter(patient=OuterRef("pk"), performed_at__gte=since)))
    found = Patient.objects.filter(active)
    if after is not None:
        found = found.filter(pk__gt=after)
    return list(found.order_by("pk").values_list("pk", flat=True)[:limit])


def painful_sessions(patient_ids: Collection[uuid.UUID], *, rule: str, since: datetime) -> list[ExerciseSession]:
    """Return the sessions with a pain above 2, performed since a moment or raised for by the rule before."""
    raised = AlertCause.objects.filter(rule=rule, source_kind="sessions", source_id=OuterRef("pk"))
    return list(
        ExerciseSession.objects.filter(
            Q(performed_at__gte=since) | Exists(raised),
            patient_id__in=patient_ids,
            details__pain_during_max__in=_PAINFUL,
        )
        .exclude(status=Record.Status.ENTERED_IN_ERROR)
        .order_by("performed_at", "id")
    )
