"""Baselines that clinicians set: the current ones of patients, one, and the history of a patient."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from rehab.analytics.series import SetBaseline
from rehab.errors import NotFound
from rehab.models import SeriesBaseline
from rehab.selectors import access, patients
from rehab.selectors.paging import Position, latest_first
from rehab.selectors.patients import Seen

#: By patient and series key.
Current = dict[tuple[uuid.UUID, str], SeriesBaseline]


def current(patient_ids: Iterable[uuid.UUID]) -> Current:
    """Return the baselines that hold now, in one statement."""
    found = SeriesBaseline.objects.filter(patient_id__in=list(patient_ids), ended_at__isnull=True)
    return {(row.patient_id, row.series_key): row for row in found.select_related("set_by")}


def as_set(row: SeriesBaseline | None) -> SetBaseline | None:
    """Return a baseline as ``rehab.analytics`` takes it."""
    return None if row is None else SetBaseline(on=row.starts_on, value=row.value)


def get(*, viewer: User, baseline_id: uuid.UUID) -> tuple[SeriesBaseline, Seen]:
    """Return a baseline with its patient as the viewer sees them; else ``NotFound``."""
    found = SeriesBaseline.objects.filter(pk=baseline_id).select_related("set_by", "ended_by").first()
    if found is None:
        raise NotFound
    return found, patients.get(viewer=viewer, patient_id=found.patient_id)


def by_id(baseline_id: uuid.UUID) -> SeriesBaseline | None:
    return SeriesBaseline.objects.filter(pk=baseline_id).select_related("set_by", "ended_by").first()


def current_id(*, patient_id: uuid.UUID, key: str) -> uuid.UUID | None:
    found: uuid.UUID | None = (
        SeriesBaseline.objects.filter(patient_id=patient_id, series_key=key, ended_at__isnull=True)
        .values_list("pk", flat=True)
        .first()
    )
    return found


def end_if_current(baseline_id: uuid.UUID, *, version: int | None, by: User, now: datetime) -> bool:
    """End a baseline that still holds (and stands at ``version``); return whether it did."""
    found = SeriesBaseline.objects.filter(pk=baseline_id, ended_at__isnull=True)
    if version is not None:
        found = found.filter(version=version)
    return found.update(ended_at=now, ended_by=by, version=2) == 1


def page(
    *, viewer: User, patient_id: uuid.UUID | None, key: str | None, after: Position | None, limit: int
) -> tuple[list[SeriesBaseline], Position | None]:
    """Return a page of baselines, latest set first, those that ended included."""
    if patient_id is not None:
        patients.get(viewer=viewer, patient_id=patient_id)
        found = SeriesBaseline.objects.filter(patient_id=patient_id)
    else:
        found = SeriesBaseline.objects.filter(patient__in=access.patients_visible_to(viewer))
    narrowed: dict[str, Any] = {} if key is None else {"series_key": key}
    found = found.filter(**narrowed).select_related("set_by", "ended_by")
    return latest_first(found, after=after, limit=limit, by="set_at")
