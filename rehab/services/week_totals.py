"""Totals of ISO weeks, from the records in one statement: of some patients, or of everybody since ever.

A total says what the records say now, however often and by however many it is summed up. Only days count, so a week
is the patient's own.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction

from content import catalogue
from rehab.analytics.plans import monday_of
from rehab.models import CheckIn, ExerciseSession, Measurement, Record, Summary, WeekTotal
from rehab.selectors import summary_material, summary_rows
from rehab.selectors.summary_material import Payload

_DAY = timedelta(days=1)
_SUNDAY = timedelta(days=6)
_CHART = timedelta(weeks=12)
_TABLE = WeekTotal._meta.db_table
_SUMS = (
    "records", "measurements", "check_ins", "sessions", "sessions_completed", "active_days", "minutes", "load",
    "pain_max",
)  # fmt: skip
#: What one record adds, by kind: measurement, check-in, session, session completed, minutes, load, pain; and whether
#: its day was an active one, as it is not for a session that was skipped.
_MEASUREMENT = ("1", "0", "0", "0", "NULL", "NULL", "NULL")
_OTHER = ("0", "0", "0", "0", "NULL", "NULL", "NULL")
_CHECK_IN = ("0", "1", "0", "0", "NULL", "NULL", "pain_max")
_DONE = "CASE WHEN session_status <> 'skipped' THEN 1 ELSE 0 END"
_SESSION = (
    "0", "0", _DONE, "CASE WHEN session_status = 'completed' THEN 1 ELSE 0 END", "duration_minutes", "session_load",
    "NULL",
)  # fmt: skip
#: Sums of everybody spill to disk at the usual 4 MB, and then sorting is slower than hashing.
_WORK_MEMORY = "SET LOCAL work_mem = '128MB'"


class _Dialect(NamedTuple):
    """A week as a number or a day, a day within it, and how many days were active."""

    week: str
    starts_on: str
    day: str
    active_days: str


_DIALECTS = {
    # Whole numbers: a day since a Monday, cut into weeks, costs a twentieth of date_trunc. The bits are the weekdays.
    "postgresql": _Dialect(
        week="(performed_on - DATE '0001-01-01') / 7",
        starts_on="DATE '0001-01-01' + 7 * week",
        day="1 << ((performed_on - DATE '0001-01-01') %% 7)",
        active_days=" + ".join(f"(BIT_OR(day) >> {n} & 1)" for n in range(7)),
    ),
    "sqlite": _Dialect(
        week="date(performed_on, '-6 days', 'weekday 1')",
        starts_on="week",
        day="performed_on",
        active_days="COUNT(DISTINCT NULLIF(day, 0))",
    ),
}


@transaction.atomic
def refresh(patient_ids: Collection[uuid.UUID], *, first_on: date, last_on: date, now: datetime) -> None:
    """Sum up the ISO weeks that hold the days from ``first_on`` to ``last_on`` anew, in two statements.

    A week without any record left has no total.
    """
    if not patient_ids:
        return
    first, last = monday_of(first_on), monday_of(last_on) + _SUNDAY
    # One parameter: the driver would read a statement with some thousand of them for longer than it runs.
    if connection.vendor == "postgresql":
        some = "AND patient_id = ANY(%s)"
        ids: list[Any] = [list(patient_ids)]
    else:
        some = "AND patient_id IN (SELECT value FROM json_each(%s))"
        ids = [orjson.dumps([one.hex for one in patient_ids]).decode()]
    # The index is on the moment; a local day begins and ends within fourteen hours of UTC's.
    fences = [
        connection.ops.adapt_datetimefield_value(datetime.combine(day, time(), tzinfo=UTC))
        for day in (first - _DAY, last + 2 * _DAY)
    ]
    where = f"{some} AND performed_on BETWEEN %s AND %s AND performed_at >= %s AND performed_at < %s"
    bound = [*ids, *map(connection.ops.adapt_datefield_value, (first, last)), *fences]
    gone = (
        f"DELETE FROM {_TABLE} WHERE starts_on BETWEEN %s AND %s {some} "
        f"AND NOT EXISTS (SELECT 1 FROM ({_records(where)}) AS record "
        f"WHERE record.patient_id = {_TABLE}.patient_id AND {_dialect().starts_on} = {_TABLE}.starts_on)"
    )
    with connection.cursor() as cursor:
        cursor.execute(_upsert(where), [_moment(now), *bound * len(summary_rows.record_models())])
        days = map(connection.ops.adapt_datefield_value, (first, last))
        cursor.execute(gone, [*days, *ids, *bound * len(summary_rows.record_models())])


def compute(rows: Sequence[Summary], *, now: datetime) -> dict[uuid.UUID, Payload]:
    """Sum up the weeks of patients' weekly and four-weekly summaries, then compute the payloads of all ``rows``.

    Of a patient without any total yet, all weeks of the chart: after an upgrade or an import nobody need fill them.
    """
    patients: dict[tuple[date, date], set[uuid.UUID]] = defaultdict(set)
    for row in rows:
        if row.patient_id is not None and row.period != Summary.Period.DAY:
            patients[row.starts_on, row.ends_on].add(row.patient_id)
    for (first_on, last_on), patient_ids in sorted(patients.items()):
        new = patient_ids - _summed_up(patient_ids, before=first_on)
        refresh(new, first_on=first_on - _CHART, last_on=last_on, now=now)
        refresh(patient_ids - new, first_on=first_on, last_on=last_on, now=now)
    return summary_material.compute(rows, now=now, articles=catalogue.gates())


def _summed_up(patient_ids: Collection[uuid.UUID], *, before: date) -> set[uuid.UUID]:
    """Return the patients who have a total of one of the twelve weeks before a day."""
    found = WeekTotal.objects.filter(patient_id__in=patient_ids, starts_on__lt=before, starts_on__gte=before - _CHART)
    return set(found.values_list("patient_id", flat=True).distinct())


@transaction.atomic
def refresh_all(*, now: datetime) -> int:
    """Sum up every week of everybody in one statement; return how many totals were new or had changed.

    It is for the first time and after an import past the services: totals of weeks whose last record was since
    entered in error stay as they were until ``refresh`` meets them.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_WORK_MEMORY)
        cursor.execute(_upsert(""), [_moment(now)])
        return int(cursor.rowcount)


def _moment(now: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(now)


def _dialect() -> _Dialect:
    return _DIALECTS[connection.vendor]


def _upsert(where: str) -> str:
    dialect = _dialect()
    changed = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*_SUMS, "computed_at"))
    before, after = (", ".join(f"{table}.{name}" for name in _SUMS) for table in (_TABLE, "EXCLUDED"))
    return (
        f"INSERT INTO {_TABLE} (patient_id, starts_on, {', '.join(_SUMS)}, computed_at) "
        f"SELECT patient_id, {dialect.starts_on}, COUNT(*), SUM(measured), SUM(checked), SUM(done), SUM(completed), "
        f"{dialect.active_days}, SUM(minutes), "
        # A session without its load leaves the sum unknown, not smaller.
        "CASE WHEN COUNT(load) = SUM(done) THEN COALESCE(SUM(load), 0) END, MAX(pain), %s "
        # In the order of the index rows are written faster than sorting takes; and as they are locked in it too, of two
        # workers with the same patients none waits for the other in a circle.
        f"FROM ({_records(where)}) AS record GROUP BY patient_id, week ORDER BY patient_id, week "
        f"ON CONFLICT (patient_id, starts_on) DO UPDATE SET {changed} "
        f"WHERE ({before}) IS DISTINCT FROM ({after})"
    )


def _records(where: str) -> str:
    """Return the query for what each record adds; ``where`` narrows every table."""
    dialect = _dialect()
    parts = []
    for model in summary_rows.record_models():
        measured, checked, done, completed, minutes, load, pain = _adds(model)
        day = dialect.day
        if model is ExerciseSession:
            day = f"CASE WHEN session_status <> 'skipped' THEN {day} ELSE 0 END"
        parts.append(
            f"SELECT patient_id, {dialect.week} AS week, {day} AS day, {measured} AS measured, {checked} AS checked, "
            f"{done} AS done, {completed} AS completed, {_typed(minutes, 'double precision')} AS minutes, "
            f"{_typed(load, 'double precision')} AS load, {_typed(pain, 'smallint')} AS pain "
            f"FROM {model._meta.db_table} WHERE status <> 'entered_in_error' {where}"
        )
    return " UNION ALL ".join(parts)


def _typed(value: str, of: str) -> str:
    return f"CAST(NULL AS {of})" if value == "NULL" else value


def _adds(model: type[Record]) -> tuple[str, ...]:
    if issubclass(model, Measurement):
        return _MEASUREMENT
    if model is CheckIn:
        return _CHECK_IN
    return _SESSION if model is ExerciseSession else _OTHER
