"""Comparable readings: of every kind of measurement, of one patient or many, in a constant number of statements."""

import statistics
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Lower, NullIf

from rehab.analytics.readings import Reading
from rehab.analytics.series import SeriesDescription, describe, kind_of
from rehab.models import Measurement, Record

#: More descriptions than this are not kept; a clinic has some hundred.
_CACHE_SIZE = 20_000
_descriptions: dict[str, SeriesDescription] = {}


class Measured(NamedTuple):
    """One reading in the canonical unit of its series (a rank if ordinal)."""

    id: uuid.UUID
    on: date  # in the patient's own time zone
    at: datetime
    value: float
    rater: str  # who measured: the name given in the record, else the id of who recorded it


@dataclass(frozen=True, slots=True)
class Series:
    """The readings of one patient that may be compared, in order of time."""

    patient_id: uuid.UUID
    key: str
    description: SeriesDescription
    measured: tuple[Measured, ...]

    @property
    def days(self) -> int:
        """Return how many days were measured on."""
        return len({one.on for one in self.measured})

    @property
    def latest(self) -> dict[str, Any]:
        """Return the median of the last day, with the ids of its readings."""
        on = self.measured[-1].on
        last = [one for one in self.measured if one.on == on]
        return {"on": on, "value": statistics.median(one.value for one in last), "ids": [one.id for one in last]}

    def until(self, on: date) -> "Series":
        """Return the series as it was after a day; it may be left without readings."""
        return replace(self, measured=tuple(one for one in self.measured if one.on <= on))

    def readings(self) -> tuple[Reading, ...]:
        """Return the readings as ``rehab.analytics`` takes them."""
        by_eye = self.description.visual_estimate
        return tuple(Reading(str(one.id), one.on, one.value, one.rater, by_eye) for one in self.measured)


@cache
def models() -> tuple[type[Measurement], ...]:
    """Return every table of measurements: the one place that says what is read as a series."""
    return tuple(model for model in apps.get_models() if issubclass(model, Measurement))


def _named(field: str) -> NullIf:
    # SQLite calls a JSON null "null" when it reads it as text.
    return NullIf(NullIf(Lower(KT(f"details__{field}")), Value("")), Value("null"))


def rater() -> Coalesce:
    """Return the expression for who measured: the name given in the record, else who recorded it."""
    return Coalesce(
        _named("tester"),
        _named("rater"),
        Cast("recorded_by_id", TextField()),
        output_field=TextField(),
    )


def counted(
    model: type[Measurement], patient_ids: Iterable[uuid.UUID], *, keys: Iterable[str] | None = None
) -> QuerySet[Measurement]:
    """Return the records of a table that count in a series: measured, and not entered in error."""
    found = model._default_manager.filter(patient_id__in=list(patient_ids), series_value__isnull=False).exclude(
        status=Record.Status.ENTERED_IN_ERROR
    )
    return found if keys is None else found.filter(series_key__in=list(keys))


def of_patients(
    patient_ids: Iterable[uuid.UUID],
    *,
    keys: Iterable[str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> dict[uuid.UUID, list[Series]]:
    """Return the series of patients by key, each with its readings from ``since`` to ``until``, both included.

    A patient without readings is not in the answer. One statement for the readings, and one more per table if
    a key was never seen by this process before. Whoever asks has made sure that the patients may be seen.
    """
    ids = list(patient_ids)
    wanted = None if keys is None else list(keys)
    parts = []
    for model in models():
        found = counted(model, ids, keys=wanted)
        if since is not None:
            found = found.filter(performed_on__gte=since)
        if until is not None:
            found = found.filter(performed_on__lte=until)
        parts.append(
            found.order_by()
            .annotate(rater=rater())
            .values_list("patient_id", "series_key", "id", "performed_on", "performed_at", "series_value", "rater")
        )
    rows = parts[0].union(*parts[1:], all=True).order_by("patient_id", "series_key", "performed_at", "id")
    grouped: dict[tuple[uuid.UUID, str], list[Measured]] = {}
    for patient_id, key, *measured in rows:
        grouped.setdefault((patient_id, key), []).append(Measured(*measured))
    described = descriptions({key: readings[0].id for (_patient, key), readings in grouped.items()})
    answer: dict[uuid.UUID, list[Series]] = {}
    for (patient_id, key), readings in grouped.items():
        if key in described:
            answer.setdefault(patient_id, []).append(Series(patient_id, key, described[key], tuple(readings)))
    return answer


_OF_ONE = """
SELECT id, performed_on, performed_at, series_value,
       COALESCE(NULLIF(LOWER(details->>'tester'), ''), NULLIF(LOWER(details->>'rater'), ''),
                CAST(recorded_by_id AS text))
FROM {table}
WHERE patient_id = %s AND series_key = %s AND series_value IS NOT NULL AND status <> 'entered_in_error'
ORDER BY performed_at, id
"""


def of_patient(patient_id: uuid.UUID, *, key: str) -> Series | None:
    """Return one series of a patient, or None if nothing was measured in it; one statement, without Django's ORM."""
    model = next((model for model in models() if model.kind == kind_of(key)), None)
    if model is None:
        return None
    with connection.cursor() as cursor:
        bound = patient_id if connection.vendor == "postgresql" else patient_id.hex
        cursor.execute(_OF_ONE.format(table=model._meta.db_table), [bound, key])
        rows = cursor.fetchall()
    if connection.vendor == "sqlite":  # it keeps ids as text and moments without their zone
        rows = [(uuid.UUID(one[0]), one[1], one[2].replace(tzinfo=UTC), *one[3:]) for one in rows]
    measured = tuple(map(Measured._make, rows))
    if not measured:
        return None
    description = descriptions({key: measured[0].id}).get(key)
    return None if description is None else Series(patient_id, key, description, measured)


def descriptions(record_of: dict[str, uuid.UUID]) -> dict[str, SeriesDescription]:
    """Return what each series is, by key, given the id of any of its records.

    The key says all that a description says, and so it is worked out once in the life of a process. A record that
    was amended this very moment, and so left its series, describes none.
    """
    unknown = {record_id: key for key, record_id in record_of.items() if key not in _descriptions}
    found: dict[str, SeriesDescription] = {}
    for model in models() if unknown else ():
        rows = model._default_manager.filter(pk__in=list(unknown)).values_list("pk", "series_key", "details")
        for record_id, key, details in rows:
            if unknown[record_id] == key:
                found[key] = describe(kind=kind_of(key), details=details)
    return remember(found, record_of)


def is_described(key: str) -> bool:
    return key in _descriptions


def remember(found: dict[str, SeriesDescription], wanted: Collection[str]) -> dict[str, SeriesDescription]:
    """Keep new descriptions, and return those that are wanted, as far as they are known."""
    answer = {key: known for key in wanted if (known := _descriptions.get(key))} | found
    if found:
        if len(_descriptions) > _CACHE_SIZE:
            _descriptions.clear()
        _descriptions.update(found)
    return answer
