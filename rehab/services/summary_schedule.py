"""Which summaries there are to be: a row for every subject and local period that is over, written by the dispatcher.

It decides from UTC ``now`` alone and catches up what it missed, so running it twice, late or on many workers writes the
same rows. One statement writes the rows of all subjects whose period ended at the same moment.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, DateTimeField, F, Func, IntegerField, QuerySet, UUIDField, Value

from rehab.analytics import periods
from rehab.analytics.periods import Span
from rehab.models import AlertWatermark, Summary
from rehab.selectors import summary_work
from rehab.services import sealed_events, week_totals

logger = logging.getLogger(__name__)

Audience = Summary.Audience

#: How many periods that are over are looked at: what downtime of so long missed is caught up.
CAUGHT_UP: Mapping[periods.PeriodName, int] = {"day": 3, "week": 5, "four_weeks": 2, "month": 2}


class _NewId(Func):
    """A UUIDv7 made by the database for each row: the milliseconds of a moment, then chance (RFC 9562 §5.7)."""

    output_field = UUIDField()

    def __init__(self, at: datetime) -> None:
        super().__init__(Value(f"{int(at.timestamp() * 1000):012x}"))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        chance = "lower(substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(8)), 2))"
        return self.as_sql(compiler, connection, template=f"(%(expressions)s || '7' || {chance})", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # A random UUID has the same bits of variant and as much chance in the same places.
        chance = "substr(replace(gen_random_uuid()::text, '-', ''), 14)"
        return self.as_sql(compiler, connection, template=f"(%(expressions)s || '7' || {chance})::uuid", **context)


@dataclass(frozen=True)
class _Written:
    """Who gets a period summed up: the queryset of those who lack it, and the columns that name them; ``away``: who of
    them is not to have it after all."""

    lacking: Callable[..., QuerySet[Any]]
    subject: Mapping[str, Any]
    zone: str
    away: Callable[..., Collection[uuid.UUID]] = lambda *_, **__: ()


_WRITTEN: Mapping[str, _Written] = {
    Audience.PATIENT: _Written(
        summary_work.patients_without, {"clinic_id": F("clinic_id"), "patient_id": F("pk")}, "time_zone",
        summary_work.away,
    ),
    Audience.THERAPIST: _Written(
        summary_work.therapists_without, {"clinic_id": F("clinic_id"), "therapist_id": F("user_id")},
        "clinic__time_zone",
    ),
    Audience.CLINIC: _Written(summary_work.clinics_without, {"clinic_id": F("pk")}, "time_zone"),
}  # fmt: skip

#: The periods of each audience.
PERIODS: Mapping[str, tuple[periods.PeriodName, ...]] = {
    Audience.PATIENT: ("day", "week", "four_weeks"),
    Audience.THERAPIST: ("day", "week"),
    Audience.CLINIC: ("month",),
}


def dispatch(*, now: datetime) -> int:
    """Write the rows that are missing for the periods that ended lately, everywhere; return how many were written."""
    begin_following(now=now)
    over: dict[Span, list[str]] = {}
    for zone in sorted(summary_work.time_zones()):
        for period, count in CAUGHT_UP.items():
            for span in periods.latest_over(period, zone, now=now, count=count):
                over.setdefault(span, []).append(zone)
    written = sum(_write_missing(span, over[span]) for span in sorted(over))
    if written:
        logger.info("%s summaries are to be computed.", written)
    return written


def add_missing(span: Span, *, now: datetime, clinic_id: uuid.UUID | None = None) -> int:
    """Write the rows that are missing for one period, however long ago, where it is over; return how many."""
    begin_following(now=now)
    zones = [zone for zone in summary_work.time_zones() if periods.today_in(zone, now=now) > span.ends_on]
    return _write_missing(span, zones, clinic_id=clinic_id)


def begin_following(*, now: datetime) -> None:
    """Note from where the audit trail is to be followed, before there is a summary that could become stale; what was
    recorded until then is summed up once, by week."""
    name = AlertWatermark.Name.SUMMARY
    if not sealed_events.is_followed(name):
        sealed_events.watermark(name, now=now, seal_id=summary_work.newest_seal())
        week_totals.refresh_all(now=now)


def _write_missing(span: Span, zones: Collection[str], *, clinic_id: uuid.UUID | None = None) -> int:
    """Write the rows of a period for all whose clocks agree on when it was over, a statement for each audience."""
    together: dict[tuple[datetime, datetime], list[str]] = {}
    for zone in zones:
        together.setdefault((periods.over_at(span, zone), periods.due_at(span, zone)), []).append(zone)
    written = 0
    for (over_at, due_at), alike in sorted(together.items()):
        for audience, who in _WRITTEN.items():
            if span.period in PERIODS[audience]:
                lacking = who.lacking(span.period, span.starts_on, zones=alike, over_at=over_at, clinic_id=clinic_id)
                written += _insert(audience, span, lacking, who, over_at=over_at, due_at=due_at)
    return written


def _insert(
    audience: str, span: Span, lacking: QuerySet[Any], who: _Written, *, over_at: datetime, due_at: datetime
) -> int:
    if not lacking.exists():  # nothing to write most of the time, and on SQLite a statement that writes waits its turn
        return 0
    if away := who.away(lacking, span.starts_on, over_at=over_at):
        lacking = lacking.exclude(pk__in=away)
    columns = {
        "audience": Value(audience),
        "period": Value(span.period),
        "status": Value(Summary.Status.DUE.value),
        "inputs_digest": Value(""),
        "last_error": Value(""),
        "starts_on": Value(span.starts_on, DateField()),
        "ends_on": Value(span.ends_on, DateField()),
        "due_at": Value(due_at, DateTimeField()),
        "time_zone": F(who.zone),
        **{name: Value(0, IntegerField()) for name in ("version", "schema_version", "attempts")},
        **who.subject,
    }
    renamed = {f"new_{name}": expression for name, expression in columns.items()}
    selected = lacking.order_by().values(new_id=_NewId(due_at), **renamed)
    sql, parameters = selected.query.sql_with_params()
    quote = connection.ops.quote_name
    listed = ", ".join(quote(name) for name in ("id", *columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Summary._meta.db_table)} ({listed}) {sql} ON CONFLICT DO NOTHING",
            parameters,
        )
        return int(cursor.rowcount)
