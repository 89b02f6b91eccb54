"""Comparable readings: of every kind of measurement, of one patient or many, in a constant number of statements."""

import statistics
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from django.apps import apps
from django.db import connection
from django.db.models import BooleanField, Case, QuerySet, TextField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Lower, NullIf

from rehab.analytics.readings import Reading
from rehab.analytics.series import kind_of
from rehab.analytics.series_descriptions import SeriesDescription, describe
from rehab.models import Measurement, Record, RomMeasurement

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
    swelling: bool = False  # a girth of a swollen limb


@dataclass(frozen=True, slots=True)
class Series:
    """The readings of one patient that may be compared, in order of time."""

    patient_id: uuid.UUID
    key: str
    description: SeriesDescription
    measured: tuple[Measured, ...]
    coarse_on: frozenset[date] = frozenset()
    """Days of this patient on which every angle, of two or more, was a multiple of 5°; of angles alone."""

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
        coarse = self.coarse_on
        return tuple(
            Reading(str(one.id), one.on, one.value, one.rater, by_eye, one.swelling, one.on in coarse)
            for one in self.measured
        )


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


#: The field of a document that says that a limb was swollen, by kind of record.
_SWELLING = {"girth": "oedema"}


def swelling(kind: str) -> str:
    """Return the SQL for whether a record of a kind was taken of a swollen limb."""
    field = _SWELLING.get(kind)
    # SQLite has 1 for a true that is read out of a document, PostgreSQL "true".
    return f"COALESCE(CAST(details->>'{field}' AS text), '') IN ('true', '1')" if field else "(1 = 0)"


def _swollen(kind: str) -> Case | Value:
    field, no = _SWELLING.get(kind), Value(False, output_field=BooleanField())
    return Case(When(**{f"details__{field}": True}, then=Value(True)), default=no) if field else no


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
            .annotate(rater=rater(), swollen=_swollen(model.kind))
            .values_list(
                "patient_id", "series_key", "id", "performed_on", "performed_at", "series_value", "rater", "swollen"
            )
        )
    rows = parts[0].union(*parts[1:], all=True).order_by("patient_id", "series_key", "performed_at", "id")
    grouped: dict[tuple[uuid.UUID, str], list[Measured]] = {}
    for patient_id, key, *measured in rows:
        grouped.setdefault((patient_id, key), []).append(Measured(*measured))
    described = descriptions({key: readings[0].id for (_patient, key), readings in grouped.items()})
    coarse = coarse_days(ids) if any(kind_of(key) == RomMeasurement.kind for _patient, key in grouped) else {}
    answer: dict[uuid.UUID, list[Series]] = {}
    for (patient_id, key), readings in grouped.items():
        if key in described:
            coarse_on = (
                coarse.get(patient_id, frozenset()) if described[key].kind == RomMeasurement.kind else frozenset()
            )
            answer.setdefault(patient_id, []).append(
                Series(patient_id, key, described[key], tuple(readings), coarse_on)
            )
    return answer


_COARSE = """
SELECT CAST(patient_id AS text), performed_on
FROM {table}
WHERE patient_id IN ({patients}) AND series_value IS NOT NULL AND status <> 'entered_in_error'
GROUP BY patient_id, performed_on
HAVING COUNT(*) > 1 AND MIN(CASE WHEN series_value / 5 = ROUND(series_value / 5) THEN 1 ELSE 0 END) = 1
"""


def coarse_days(patient_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[date]]:
    """Return the days on which all angles of a patient were multiples of 5°, in one statement.

    As ``rehab.analytics.rom.is_low_resolution`` of a visit; an angle that is alone on its day cannot say, and makes
    none. Patients without such a day are not in the answer.
    """
    ids = list(patient_ids)
    if not ids:
        return {}
    bound = ids if connection.vendor == "postgresql" else [one.hex for one in ids]
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(_COARSE.format(table=RomMeasurement._meta.db_table, patients=marks), bound)
        rows = cursor.fetchall()
    patient_of = {str(one): one for one in ids} | {one.hex: one for one in ids}
    found: dict[uuid.UUID, set[date]] = {}
    for patient, on in rows:
        found.setdefault(patient_of[patient], set()).add(on)
    return {patient_id: frozenset(days) for patient_id, days in found.items()}


#: SQLite would write 15 digits of a number into JSON; ``quote`` loses nothing of it.
_AS_JSON = {
    "postgresql": "CAST(json_agg(json_build_array({columns}, series_value, {rater}, {swelling})) AS text)",
    "sqlite": "json_group_array(json_array({columns}, quote(series_value), {rater}, {swelling}))",
}
_RATER = """
COALESCE(NULLIF(LOWER(details->>'tester'), ''), NULLIF(LOWER(details->>'rater'), ''), CAST(recorded_by_id AS text))
"""


class OfOuterPatient(RawSQL):
    """What counts in one series of the patient of a care role, as one JSON text for ``from_rows``.

    Such a text is one column to fetch and has the fastest parser that there is. ``RawSQL``, because the ORM makes
    parameters of what is constant here, and a prepared query binds none but its own.
    """

    def __init__(self, model: type[Measurement]) -> None:
        super().__init__(model._meta.db_table, [""], TextField())
        self._swelling = swelling(model.kind)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        rows = _AS_JSON[connection.vendor].format(
            columns="id, performed_on, performed_at", rater=_RATER, swelling=self._swelling
        )
        return (
            f"(SELECT {rows} FROM {self.sql} measured "
            "WHERE measured.patient_id = rehab_careteammember.patient_id AND series_key = %s "
            "AND series_value IS NOT NULL AND status <> 'entered_in_error')",
            self.params,
        )


def from_rows(rows: str | None, *, patient_id: uuid.UUID, key: str) -> Series | None:
    """Take what ``OfOuterPatient`` found as a series, in order of time; None if nothing was measured in it.

    Of a series of angles a statement more finds the coarse visits.
    """
    measured = sorted(
        (
            Measured(uuid.UUID(id_), date.fromisoformat(on), _moment(at), float(value), rater, bool(swollen))
            for id_, on, at, value, rater, swollen in orjson.loads(rows or "[]")
        ),
        key=lambda one: (one.at, one.id),
    )
    description = descriptions({key: measured[0].id}).get(key) if measured else None
    if description is None:
        return None
    angles = description.kind == RomMeasurement.kind
    coarse = coarse_days([patient_id]).get(patient_id, frozenset()) if angles else frozenset()
    return Series(patient_id, key, description, tuple(measured), coarse)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite keeps moments in UTC without saying so


def model_of(key: str) -> type[Measurement] | None:
    """Return the table that holds the readings of a series."""
    return next((model for model in models() if model.kind == kind_of(key)), None)


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
