"""The material of summaries: of many patients, each with a period of their own, in a bounded number of statements.

It is what was performed by the end of the period, whenever it was logged.
"""

import hashlib
import itertools
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import lt
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import orjson

from rehab.analytics.series import Subject
from rehab.analytics.summary_build import streak_goes_on
from rehab.analytics.summary_material import (
    TWELVE_WEEKS,
    WEEK,
    WEEKS_BEFORE,
    AlertRow,
    CheckInOf,
    GoalRow,
    Material,
    PeriodName,
    RawSeries,
    SessionOf,
    SetRow,
    TotalRow,
    Window,
    monday_of,
)
from rehab.models import Patient, Summary
from rehab.reference.alert_rules import LEVELS
from rehab.selectors import plans, readings, states, summary_rows
from rehab.selectors.adherence import HISTORY
from rehab.selectors.summary_rows import LOGGED, SERIES, Wanted

#: So many patients are read with one statement.
BLOCK = 200

_DAY = timedelta(days=1)
_date = date.fromordinal


class Asked(NamedTuple):
    """A patient and the local period that is asked for. ``sessions_from``: a Monday (ordinal)."""

    patient_id: uuid.UUID
    time_zone: str
    window: Window
    sessions_from: int


def ask(patient_id: uuid.UUID, row: Summary, *, now: datetime, weeks_before: int = WEEKS_BEFORE) -> Asked:
    """Return what a summary asks for about a patient, with the sessions of so many weeks before the period."""
    window = window_of(row, now=now)
    return Asked(patient_id, row.time_zone, window, window.monday - weeks_before * WEEK)


def window_of(row: Summary, *, now: datetime) -> Window:
    """Return the period of a summary as it is looked at: once it is over, on the day after it, whenever that is."""
    last = row.ends_on.toordinal()
    today = now.astimezone(ZoneInfo(row.time_zone)).toordinal()
    return Window(cast("PeriodName", row.period), row.starts_on.toordinal(), last, min(today, last + 1))


def moment_after(row: Summary) -> datetime:
    """Return the moment at which a period is over."""
    return _midnight(row.ends_on + _DAY, ZoneInfo(row.time_zone))


def in_blocks(asked: Sequence[Asked]) -> Iterator[tuple[Asked, Material]]:
    """Yield the material of any number of patients without what only their own summary says; memory is that of a
    block, and so a caseload or a clinic may be of any size."""
    for start in range(0, len(asked), BLOCK):
        block = asked[start : start + BLOCK]
        yield from zip(block, materials(block, for_patient=False), strict=True)


def materials(asked: Sequence[Asked], *, for_patient: bool = True) -> list[Material]:
    """Return the material of each, in the order given. ``for_patient``: with the whole streak and the items' names.

    Five statements, one for the names, one where a streak goes far back, and some for series new to this process.
    """
    if not asked:
        return []
    found = summary_rows.rows([_wanted(one) for one in asked])
    ids = list({one.patient_id: None for one in asked})
    patients = {row[0]: row[1:] for row in Patient.objects.filter(pk__in=ids).order_by().values_list(*_OF_PATIENT)}
    keys = {series[0] for each in found for name in each if name.startswith(SERIES) for series in each[name]}
    described = states.described_by(keys, patient_ids=ids)
    planned = plans.without_sessions(
        ids,
        first=min(_date(one.window.first) for one in asked) - HISTORY,
        last=max(_date(one.window.last) for one in asked) + WEEK * _DAY,
    )
    answer = []
    for one, lists in zip(asked, found, strict=True):
        conditions, hand, discharged_on, created_at = patients[one.patient_id]
        material = Material(
            window=one.window,
            time_zone=one.time_zone,
            subject=Subject(conditions=frozenset(conditions), dominant_hand=hand),
            enrolled_on=created_at.astimezone(ZoneInfo(one.time_zone)).toordinal(),
            discharged_on=None if discharged_on is None else discharged_on.toordinal(),
            sessions_from=one.sessions_from,
        )
        _add_records(material, lists, described)
        _add_people(material, lists)
        _add_plan(material, planned[one.patient_id])
        answer.append(material)
    if for_patient:
        _read_long_streaks(asked, answer)
        _name_items(answer)
    for material in answer:
        material.digest = hashlib.sha256(orjson.dumps(material.inputs(), default=list)).hexdigest()
    return answer


_OF_PATIENT = ("pk", "conditions", "dominant_hand", "discharged_on", "created_at")


def _wanted(one: Asked) -> Wanted:
    window, zone = one.window, ZoneInfo(one.time_zone)
    return Wanted(
        patient_id=one.patient_id,
        first_on=_date(window.first),
        last_on=_date(window.last),
        checked_from=_date(window.before),
        sessions_from=_date(one.sessions_from),
        totals_from=_date(monday_of(window.last) - TWELVE_WEEKS + WEEK),
        first_fence=_midnight(_date(window.first - 1), UTC),
        checked_fence=_midnight(_date(window.before - 1), UTC),
        sessions_fence=_midnight(_date(one.sessions_from - 1), UTC),
        end_fence=_midnight(_date(window.last + 2), UTC),
        begins_at=_midnight(_date(window.first), zone),
        ends_at=_midnight(_date(window.last + 1), zone),
    )


def _midnight(day: date, zone: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _add_records(material: Material, lists: Mapping[str, list[Any]], described: Mapping[str, Any]) -> None:
    for measured in readings.models():
        for key, ons, values, rater, raters in lists[SERIES + measured._meta.db_table]:
            if key in described:
                material.series.append(_raw(key, described[key], ons, list(map(float, values)), raters or rater))
    material.series.sort(key=lambda raw: raw.key)
    for model in readings.models():
        days = sorted(lists[LOGGED + model._meta.db_table])
        material.logged[str(model._meta.model_name)] = days
        material.measured += len(days)
    material.check_ins = sorted(map(CheckInOf._make, lists["check_ins"]), key=_with_nothing_first)
    material.sessions = _sessions(lists["sessions"])
    material.totals = sorted(TotalRow(monday, count, _float(minutes)) for monday, count, minutes in lists["totals"])


def _with_nothing_first(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple((value is not None, value or 0) for value in row)


def _raw(key: str, description: Any, ons: list[int], values: list[float], raters: str | list[str]) -> RawSeries:
    if not all(map(lt, ons, itertools.islice(ons, 1, None))):
        named = [raters] * len(ons) if isinstance(raters, str) else raters
        ordered = sorted(zip(ons, values, named, strict=True))
        ons, values = [row[0] for row in ordered], [row[1] for row in ordered]
        raters = raters if isinstance(raters, str) else [row[2] for row in ordered]
    return RawSeries(key, description, ons, values, raters)


def _sessions(rows: Iterable[Sequence[Any]]) -> list[SessionOf]:
    return [
        SessionOf(on, item and _id(item), modality, status, repetitions, _float(minutes), _float(load), bool(late),
                  _float(seconds), places)
        for on, item, modality, status, repetitions, minutes, load, late, seconds, places in rows
    ]  # fmt: skip


def _float(value: float | str | None) -> float | None:
    """Take a number as the database wrote it; SQLite quotes it, and nothing as well."""
    return None if value is None or value == "NULL" else float(value)


def _id(text: str) -> str:
    return text if "-" in text else str(uuid.UUID(text))


def _add_people(material: Material, lists: Mapping[str, list[Any]]) -> None:
    zone = ZoneInfo(material.time_zone)
    alerts = sorted((rank, raised_at, _id(pk), rule, seen, is_open) for pk, rule, rank, seen, raised_at, is_open
                    in lists["alerts"])  # fmt: skip
    material.alerts = [
        AlertRow(pk, rule, LEVELS[rank], "acknowledged" if seen else "open", _local_day(raised_at, zone), bool(is_open))
        for rank, raised_at, pk, rule, seen, is_open in alerts
    ]
    goals = sorted(lists["goals"], key=lambda row: (row[2], _id(row[0])))
    material.goals = [
        GoalRow(_id(pk), title, period_end, review_dates, *(rating or (None, None)))
        for pk, title, _start, period_end, review_dates, rating in goals
    ]
    last, before = material.window.last, material.window.first - 1
    for key, starts_on, value, at_end, earlier, _set_at, _pk in sorted(lists["baselines"], key=lambda row: row[5:]):
        held = bool(at_end) and starts_on <= last, bool(earlier) and starts_on <= before
        material.baselines.append(SetRow(key, starts_on, _float(value), *held))


def _local_day(text: str, zone: ZoneInfo) -> date:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone).date()  # SQLite keeps UTC without saying so


def _add_plan(material: Material, rows: plans.PlanRows) -> None:
    """Keep what holds between the longest streak and the week after the period, whatever else the chunk needed."""
    first = monday_of(material.window.first - HISTORY.days)
    last = material.window.last + WEEK
    inside = sorted(
        (order, begin, str(rows.items[item]), modality, end, weekdays, times, dose, in_reps)
        for item, order, modality, begin, end, weekdays, times, dose, in_reps in rows.phases
        if begin <= last and end >= first
    )
    numbers = {item: n for n, item in enumerate(dict.fromkeys(row[2] for row in inside))}
    material.phases = [
        (item, numbers[item], modality, begin, end, weekdays, times, dose, in_reps)
        for _order, begin, item, modality, end, weekdays, times, dose, in_reps in inside
    ]
    material.excused = sorted((low, high) for low, high in rows.excused if low <= last and high >= first)


def _read_long_streaks(asked: Sequence[Asked], found: Sequence[Material]) -> None:
    """Read the sessions of up to 26 weeks where everything due was done for as long as the weeks read."""
    far = [(one, material) for one, material in zip(asked, found, strict=True) if streak_goes_on(material)]
    if not far:
        return
    wider = [one._replace(sessions_from=monday_of(one.window.first - HISTORY.days)) for one, _material in far]
    lists = summary_rows.rows([_wanted(one) for one in wider], only=("sessions",))
    for one, (_asked, material), each in zip(wider, far, lists, strict=True):
        material.read_sessions_from(one.sessions_from, _sessions(each["sessions"]))


def _name_items(found: Iterable[Material]) -> None:
    """Name the items that are due after the period; one statement, none if there are none."""
    due: dict[str, list[Material]] = {}
    for material in found:
        for phase in material.phases:
            if phase[4] > material.window.last:
                due.setdefault(phase[0], []).append(material)
    for item, name in plans.names_of([uuid.UUID(item) for item in due]).items() if due else ():
        for material in due[item]:
            material.names[item] = name
