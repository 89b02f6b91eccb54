"""Reading records: one, a page of one kind, a page of the timeline. Every list is ordered and ends in id."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import User
from rehab.errors import NotFound
from rehab.models import Record, RecordVersion, RomMeasurement
from rehab.models.patients import Patient
from rehab.selectors import access, patients
from rehab.selectors.paging import Position
from rehab.selectors.patients import Seen

R = TypeVar("R", bound=Record)

#: How far apart two readings may be to be compared when one is recorded.
NEAR = timedelta(days=7)
#: Columns of other tables, looked up for the rows that are sent. A join would come before the limit, and where the
#: database's statistics are behind, it sorts everything that a patient has (measured: 25 ms in place of 0.1).
_LOOKED_UP = {
    "recorded_by_name": Subquery(User.objects.filter(pk=OuterRef("recorded_by_id")).values("name")[:1]),
    "emergency_number": Subquery(
        Patient.objects.filter(pk=OuterRef("patient_id")).values("clinic__emergency_number")[:1]
    ),
}


@dataclass(frozen=True)
class Reading:
    """An earlier measured reading of a motion, for the checks against it."""

    performed_on: date
    side: str
    digit: str
    rom_type: str
    angle_degrees: float

    def is_near(self, day: date) -> bool:
        return abs(self.performed_on - day) <= NEAR


@dataclass(frozen=True)
class Filters:
    """What a list may be narrowed to; None means any. ``columns`` are equalities on columns of the kind."""

    performed_from: datetime | None = None
    performed_to: datetime | None = None
    updated_since: datetime | None = None
    columns: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Page:
    rows: list[dict[str, Any]]
    next: Position | None


def get(model: type[R], *, viewer: User, record_id: uuid.UUID) -> tuple[R, Seen]:
    """Return a record with its patient as the viewer sees them; else ``NotFound``."""
    record = model._default_manager.filter(pk=record_id).select_related("recorded_by", "changed_by").first()
    if record is None:
        raise NotFound
    return record, patients.get(viewer=viewer, patient_id=record.patient_id)


def by_id(model: type[R], record_id: uuid.UUID) -> R | None:
    return model._default_manager.filter(pk=record_id).select_related("recorded_by", "changed_by").first()


def digests(model: type[Record], record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the digests of the content that the ids were created with, of those that are there."""
    rows = model._default_manager.filter(pk__in=list(record_ids)).values_list("pk", "created_digest")
    return dict(rows)


def insert_all(model: type[Record], rows: list[Record]) -> None:
    model._default_manager.bulk_create(rows, batch_size=500)


def update_if_at_version(model: type[Record], record_id: uuid.UUID, version: int, columns: dict[str, Any]) -> bool:
    """Write columns if the row still stands at ``version``; return whether it did."""
    return model._default_manager.filter(pk=record_id, version=version).update(**columns) == 1


def visible(model: type[R], *, viewer: User, patient_id: uuid.UUID | None) -> QuerySet[R]:
    """Return the records of one patient (``NotFound`` if not visible), or of every patient the viewer sees."""
    if patient_id is not None:
        patients.get(viewer=viewer, patient_id=patient_id)
        return model._default_manager.filter(patient_id=patient_id)
    return model._default_manager.filter(patient__in=access.patients_visible_to(viewer))


def page(queryset: QuerySet[Any], filters: Filters, *, after: Position | None, limit: int, columns: list[str]) -> Page:
    """Return one page, latest first, as dictionaries of ``columns``; costs one statement whatever its size."""
    found = _with_columns(_narrowed(queryset, filters, after), columns).order_by("-performed_at", "-id")
    return _cut(list(found[: limit + 1]), limit)


def _with_columns(queryset: QuerySet[Any], columns: Collection[str]) -> Any:
    wanted = {name: column for name, column in _LOOKED_UP.items() if name in columns}
    return queryset.annotate(**wanted).values(*columns)


def _narrowed(queryset: QuerySet[Any], filters: Filters, after: Position | None) -> QuerySet[Any]:
    if filters.performed_from is not None:
        queryset = queryset.filter(performed_at__gte=filters.performed_from)
    if filters.performed_to is not None:
        queryset = queryset.filter(performed_at__lt=filters.performed_to)
    if filters.updated_since is not None:
        queryset = queryset.filter(updated_at__gte=filters.updated_since)
    if filters.columns:
        queryset = queryset.filter(**filters.columns)
    if after is not None:
        queryset = queryset.filter(performed_at__lte=after.at).filter(Q(performed_at__lt=after.at) | Q(id__lt=after.id))
    return queryset


def _cut(rows: list[dict[str, Any]], limit: int) -> Page:
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], Position(last["performed_at"], last["id"]))


def timeline_keys(
    models: Mapping[str, type[Record]],
    *,
    viewer: User,
    patient_id: uuid.UUID,
    filters: Filters,
    after: Position | None,
    limit: int,
) -> Page:
    """Return which records stand on a page of the timeline, of all kinds: one UNION ALL over their tables."""
    patients.get(viewer=viewer, patient_id=patient_id)
    parts = [
        _narrowed(model._default_manager.filter(patient_id=patient_id), filters, after)
        .annotate(kind=Value(name))
        .values("id", "performed_at", "kind")
        for name, model in models.items()
    ]
    merged = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return _cut(list(merged.order_by("-performed_at", "-id")[: limit + 1]), limit)


def rows_by_id(model: type[Record], ids: Iterable[uuid.UUID], columns: list[str]) -> dict[uuid.UUID, dict[str, Any]]:
    return {row["id"]: row for row in _with_columns(model._default_manager.filter(pk__in=list(ids)), columns)}


def versions(*, kind: str, record_id: uuid.UUID) -> QuerySet[RecordVersion]:
    """Return the earlier versions of a record, oldest first. Ask ``get`` for the record itself before."""
    return (
        RecordVersion.objects.filter(kind=kind, record_id=record_id)
        .select_related("changed_by")
        .order_by("version", "id")
    )


def rom_readings_near(patient: Patient, *, motion: str, on: date, leaving_out: uuid.UUID | None) -> list[Reading]:
    """Return the measured readings of a motion within a week of a day."""
    rows = rom_readings_between({patient.pk}, motions={motion}, first=on, last=on, leaving_out=leaving_out)
    return [reading for _, _, reading in rows]


def rom_readings_between(
    patient_ids: Iterable[uuid.UUID],
    *,
    motions: Iterable[str],
    first: date,
    last: date,
    leaving_out: uuid.UUID | None = None,
) -> list[tuple[uuid.UUID, str, Reading]]:
    """Return the measured readings of patients and motions, from a week before ``first`` to a week after ``last``."""
    found = (
        RomMeasurement.objects.filter(
            patient_id__in=set(patient_ids),
            motion__in=set(motions),
            angle_degrees__isnull=False,
            performed_on__range=(first - NEAR, last + NEAR),
        )
        .exclude(status=Record.Status.ENTERED_IN_ERROR)
        .order_by("performed_at", "id")
        .values_list("patient_id", "motion", "performed_on", "side", "digit", "rom_type", "angle_degrees")
    )
    rows = found if leaving_out is None else found.exclude(pk=leaving_out)
    return [
        (patient_id, motion, Reading(on, side, digit, rom_type, angle or 0.0))
        for patient_id, motion, on, side, digit, rom_type, angle in rows
    ]
