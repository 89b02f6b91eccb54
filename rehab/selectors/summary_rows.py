"""The rows behind summaries: one statement for a whole chunk, one JSON text per table and patient.

A text is one column to fetch and has the fastest parser there is; the days of a series come as one flat list. Each
patient has a period of their own, so that a chunk may mix weeks and time zones. Days are proleptic ordinals.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from django.db import connection

from rehab.models import (
    Alert,
    AlertCause,
    CheckIn,
    ExerciseSession,
    Goal,
    GoalReview,
    Measurement,
    QuestionnaireResponse,
    Record,
    SeriesBaseline,
    WeekTotal,
)
from rehab.reference.alert_rules import ITEM_9_MATTER, LEVELS
from rehab.selectors import readings

SERIES, LOGGED = "series_", "logged_"


class Wanted(NamedTuple):
    """A patient, the days that are asked for, and moments that fence them.

    Indexes are on the moment; a local day begins and ends within fourteen hours of UTC's, so a fence is a day off and
    the days decide. ``begins_at`` and ``ends_at`` are the period's own, to the second.
    """

    patient_id: uuid.UUID
    first_on: date
    last_on: date
    checked_from: date
    sessions_from: date
    totals_from: date
    first_fence: datetime
    checked_fence: datetime
    sessions_fence: datetime
    end_fence: datetime
    begins_at: datetime
    ends_at: datetime


class _Dialect(NamedTuple):
    """How a database says what both know. SQLite would write 15 digits of a number into JSON; ``quote`` loses none."""

    day: str
    array: str
    gather: str
    text: str
    number: str
    json: str
    hours_late: str
    channels: str


_DIALECTS: Mapping[str, _Dialect] = {
    "postgresql": _Dialect(
        day="({} - DATE '0001-01-01' + 1)",
        array="json_build_array({})",
        gather="json_agg({})",
        text="CAST({} AS text)",
        number="{}",
        json="{}",
        hours_late="(created_at - performed_at > INTERVAL '48 hours')",
        channels="(SELECT string_agg({}, ',') FROM jsonb_array_elements(details->'details'->'channels') AS channel)",
    ),
    "sqlite": _Dialect(
        day="CAST(julianday({}) - 1721424.5 AS INTEGER)",
        array="json_array({})",
        gather="json_group_array({})",
        text="{}",
        number="quote({})",
        json="json({})",
        hours_late="(ROUND((julianday(created_at) - julianday(performed_at)) * 86400000) > 172800000)",
        channels="(SELECT group_concat({}, ',') FROM json_each(details, '$.details.channels') AS channel)",
    ),
}
_RATER = """COALESCE(NULLIF(LOWER(details->>'tester'), ''), NULLIF(LOWER(details->>'rater'), ''),
                     CAST(recorded_by_id AS text))"""
_COUNTS = "patient_id = wanted.patient_id AND status <> 'entered_in_error'"


def rows(wanted: Sequence[Wanted], *, only: Collection[str] = ()) -> list[dict[str, list[Any]]]:
    """Return what was found for each, by name, in one statement; ``only``: these names alone.

    ``series_…`` and ``logged_…`` are named after the tables. See ``_queries`` for what stands in each list.
    """
    if not wanted:
        return []
    queries = {name: query for name, query in _queries(connection.vendor).items() if not only or name in only}
    # One parameter: the driver would read a statement with some thousand of them for longer than it runs.
    bound = [{"n": n, **dict(zip(Wanted._fields, map(_as_text, one), strict=True))} for n, one in enumerate(wanted)]
    statement = f"WITH wanted AS ({_wanted(connection.vendor)}) SELECT n, {', '.join(queries.values())} FROM wanted"
    with connection.cursor() as cursor:
        cursor.execute(statement, [orjson.dumps(bound).decode()])
        found = {n: texts for n, *texts in cursor.fetchall()}
    return [
        {name: orjson.loads(text) if text else [] for name, text in zip(queries, found[n], strict=True)}
        for n in range(len(wanted))
    ]


def _as_text(value: Any) -> str:
    """Return a value as the database writes it."""
    native = connection.vendor == "postgresql"
    if isinstance(value, uuid.UUID):
        return str(value) if native else value.hex
    if isinstance(value, datetime) and not native:
        return str(connection.ops.adapt_datetimefield_value(value))
    return str(value.isoformat())


@cache
def _wanted(vendor: str) -> str:
    if vendor == "sqlite":
        columns = ", ".join(f"value->>'{name}' AS {name}" for name in ("n", *Wanted._fields))
        return f"SELECT {columns} FROM json_each(%s)"
    types = {"n": "int", "patient_id": "uuid"}
    columns = ", ".join(
        f"{name} {types.get(name) or ('timestamptz' if name.endswith(('_fence', '_at')) else 'date')}"
        for name in ("n", *Wanted._fields)
    )
    return f"SELECT * FROM json_to_recordset(%s) AS wanted({columns})"


def record_models() -> tuple[type[Record], ...]:
    """Return every table of records. A summary counts no answers to questionnaires: the timeline shows none, and
    caregivers are not to learn that there are any."""
    return (*readings.models(), QuestionnaireResponse, CheckIn, ExerciseSession)


@cache
def _queries(vendor: str) -> dict[str, str]:
    """Return a correlated query for each list."""
    dialect = _DIALECTS[vendor]
    found = {SERIES + model._meta.db_table: _series(dialect, model) for model in readings.models()}
    on = dialect.day.format("performed_on")
    for model in readings.models():
        found[LOGGED + model._meta.db_table] = _query(
            dialect,
            on,
            f"{model._meta.db_table} WHERE {_COUNTS} AND performed_on BETWEEN wanted.first_on AND wanted.last_on "
            "AND performed_at >= wanted.first_fence AND performed_at < wanted.end_fence",
        )
    found["check_ins"] = _query(
        dialect,
        dialect.array.format(f"{on}, pain_max, fatigue"),
        f"{CheckIn._meta.db_table} WHERE {_COUNTS} AND performed_on BETWEEN wanted.checked_from AND wanted.last_on "
        "AND performed_at >= wanted.checked_fence AND performed_at < wanted.end_fence",
    )
    found["sessions"] = _sessions(dialect)
    found["totals"] = _query(
        dialect,
        dialect.array.format(f"{dialect.day.format('starts_on')}, sessions, {dialect.number.format('minutes')}"),
        f"{WeekTotal._meta.db_table} WHERE patient_id = wanted.patient_id "
        "AND starts_on >= wanted.totals_from AND starts_on < wanted.sessions_from",
    )
    found["alerts"] = _alerts(dialect)
    found["goals"] = _goals(dialect)
    found["baselines"] = _query(
        dialect,
        dialect.array.format(
            f"series_key, {dialect.day.format('starts_on')}, {dialect.number.format('value')}, "
            "ended_at IS NULL OR ended_at >= wanted.ends_at, ended_at IS NULL OR ended_at >= wanted.begins_at, "
            "set_at, id"
        ),
        f"{SeriesBaseline._meta.db_table} WHERE patient_id = wanted.patient_id AND starts_on <= wanted.last_on",
    )
    return found


def _query(dialect: _Dialect, row: str, source: str) -> str:
    return f"(SELECT {dialect.text.format(dialect.gather.format(row))} FROM {source})"


def _series(dialect: _Dialect, model: type[Measurement]) -> str:
    """Key, days, values, first and last rater by name, and each reading's rater if these are not the same.

    Girths of a swollen limb are left out, as they are of every state.
    """
    table, swollen = model._meta.db_table, readings.swelling(model.kind)
    row = dialect.array.format(
        f"series_key, {dialect.json.format('ons')}, {dialect.json.format('measured')}, first_rater, "
        f"CASE WHEN first_rater <> last_rater THEN {dialect.json.format('raters')} END"
    )
    return _query(
        dialect,
        row,
        f"(SELECT series_key, {dialect.gather.format('day')} AS ons, {dialect.gather.format('number')} AS measured, "
        f"MIN(rater) AS first_rater, MAX(rater) AS last_rater, {dialect.gather.format('rater')} AS raters "
        f"FROM (SELECT series_key, {dialect.day.format('performed_on')} AS day, "
        f"{dialect.number.format('series_value')} AS number, {_RATER} AS rater FROM {table} "
        f"WHERE {_COUNTS} AND performed_on <= wanted.last_on AND series_value IS NOT NULL AND NOT {swollen} "
        # So ordered the days come in order, and the raters are worked out once and not for each aggregate.
        "ORDER BY series_key, performed_on) AS reading "
        "GROUP BY series_key) AS series",
    )


def _sessions(dialect: _Dialect) -> str:
    """Day, item, modality, status, repetitions, minutes, load, whether it was logged late, and of FES the seconds and
    the muscle and side of each channel; by time."""
    place = "channel.value->>'muscle' || ' ' || (channel.value->>'side')"
    numbers = [dialect.number.format(name) for name in ("duration_minutes", "session_load", "fes_seconds")]
    row = dialect.array.format(
        f"day, program_item_id, modality, session_status, repetitions, {numbers[0]}, {numbers[1]}, late, {numbers[2]}, "
        "fes_places"
    )
    return _query(
        dialect,
        row,
        f"(SELECT {dialect.day.format('performed_on')} AS day, program_item_id, modality, session_status, "
        f"repetitions, duration_minutes, session_load, {dialect.hours_late} AS late, "
        "CASE WHEN modality = 'fes' THEN CAST(derived->>'on_time_seconds' AS double precision) END AS fes_seconds, "
        f"CASE WHEN modality = 'fes' THEN {dialect.channels.format(place)} END AS fes_places "
        f"FROM {ExerciseSession._meta.db_table} WHERE {_COUNTS} "
        "AND performed_on BETWEEN wanted.sessions_from AND wanted.last_on "
        "AND performed_at >= wanted.sessions_fence AND performed_at < wanted.end_fence "
        "ORDER BY performed_at, id) AS done",
    )


def _alerts(dialect: _Dialect) -> str:
    """Id, rule, level as a number and whether it was acknowledged at the end of the period, when raised, if open.

    Of those open at the end and those raised in the period, without what is reserved to who answers item 9. The level
    is the worst that was known by then.
    """
    rule, subject = ITEM_9_MATTER
    rank = "CASE {} " + " ".join(f"WHEN '{level}' THEN {n}" for n, level in enumerate(LEVELS)) + " END"
    level = (
        f"COALESCE((SELECT MIN({rank.format('cause.level')}) FROM {AlertCause._meta.db_table} cause "
        "WHERE cause.alert_id = alert.id AND cause.raised_at < wanted.ends_at "
        f"AND (cause.withdrawn_at IS NULL OR cause.withdrawn_at >= wanted.ends_at)), {rank.format('alert.level')})"
    )
    return _query(
        dialect,
        dialect.array.format(
            f"id, rule, {level}, acknowledged_at IS NOT NULL AND acknowledged_at < wanted.ends_at, raised_at, "
            "closed_at IS NULL OR closed_at >= wanted.ends_at"
        ),
        f"{Alert._meta.db_table} alert WHERE patient_id = wanted.patient_id AND status <> 'withdrawn' "
        f"AND NOT (rule = '{rule}' AND subject = '{subject}') AND raised_at < wanted.ends_at "
        "AND (closed_at IS NULL OR closed_at >= wanted.ends_at OR raised_at >= wanted.begins_at)",
    )


def _goals(dialect: _Dialect) -> str:
    """Id, title, last day, days of review, and level and day of the last rating that counts; of goals in force."""
    rating = (
        f"(SELECT {dialect.array.format('level, rated_on')} FROM {GoalReview._meta.db_table} review "
        "WHERE review.goal_id = goal.id AND rated_on <= wanted.last_on AND NOT EXISTS "
        f"(SELECT 1 FROM {GoalReview._meta.db_table} later WHERE later.corrects_id = review.id) "
        "ORDER BY rated_on DESC, created_at DESC, id DESC LIMIT 1)"
    )
    return _query(
        dialect,
        dialect.array.format(
            f"id, title, period_start, period_end, {dialect.json.format('review_dates')}, {dialect.json.format(rating)}"
        ),
        f"{Goal._meta.db_table} goal WHERE patient_id = wanted.patient_id AND status <> 'entered_in_error' "
        "AND period_start <= wanted.last_on AND period_end >= wanted.first_on "
        "AND (status = 'active' OR updated_at >= wanted.ends_at)",
    )
