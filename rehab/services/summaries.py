"""Computing summaries: claim a chunk, compute it with a bounded number of statements, write it in one transaction.

The row is the truth and the broker only a hint: whoever comes next computes what is due or stale and claimed by nobody.
A claim ends by itself, and what is written is conditional on it, so a worker may be killed anywhere, or be so slow that
another takes over: the payload is a pure function of the records, whoever computes it.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db import transaction
from django.db.models import F, Q

from accounts.ids import new_id
from rehab.analytics.summaries import CaseloadSummary, ClinicSummary, PatientSummary
from rehab.models import Summary, SummaryVersion
from rehab.selectors import summary_work
from rehab.services import summary_deliveries, summary_store, week_totals

logger = logging.getLogger(__name__)

#: How many patients' summaries are computed together.
CHUNK = 200
#: How long a claim on them holds: much longer than they take, shorter than people wait for what a killed worker left.
LEASE = timedelta(seconds=30)
#: The same by audience. One therapist has some hundred patients, a clinic may have some thousands.
_CHUNKS = {
    Summary.Audience.PATIENT.value: (CHUNK, LEASE),
    Summary.Audience.THERAPIST.value: (5, timedelta(seconds=60)),
    Summary.Audience.CLINIC.value: (1, timedelta(minutes=8)),
}
#: A long queue must not keep a sweep until its task is killed, in the middle of a chunk. The next sweep goes on.
LONGEST_SWEEP = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
_LONGEST_ERROR = 500

Payload: TypeAlias = PatientSummary | CaseloadSummary | ClinicSummary
#: Takes rows of one audience and period, and ``now``; returns the payload of each by the row's id.
Compute: TypeAlias = Callable[..., Mapping[uuid.UUID, Payload]]
#: Takes rows that were computed for the first time, and ``now``; writes the e-mails to be sent.
Enqueue: TypeAlias = Callable[..., object]


@dataclass(frozen=True)
class Chunk:
    """What became of the rows that were claimed; what another worker did meanwhile is in neither."""

    claimed: int = 0
    computed: int = 0
    failed: int = 0


def compute_waiting(*, clock: Callable[[], datetime]) -> int:
    """Compute what waits, chunk after chunk, each claimed at its own moment; return how many were computed."""
    now = began = clock()
    computed = 0
    while now - began <= LONGEST_SWEEP and (chunk := compute_some(now=now)).claimed:
        computed += chunk.computed
        now = clock()
    return computed


def compute_some(
    *,
    now: datetime,
    only: Q | None = None,
    compute: Compute = week_totals.compute,
    enqueue: Enqueue = summary_deliveries.enqueue,
) -> Chunk:
    """Claim and compute one chunk of what waits; ``claimed`` is 0 when there is nothing to do.

    Call it until then, with the clock of the moment each time: a claim holds for some time from ``now``.
    """
    rows = _claim(now=now, only=only or Q())
    if not rows:
        return Chunk()
    payloads, errors = _payloads_of(rows, compute, now=now)
    return _write(rows, payloads, errors, enqueue, now=now)


def _claim(*, now: datetime, only: Q) -> list[Summary]:
    """Claim rows of one audience and period. After failed attempts in ever smaller chunks, so that rows which kill
    their worker end up alone."""
    waiting = summary_work.waiting(now=now).filter(only)
    first = waiting.values("status", "audience", "period", "attempts").first()
    if first is None:
        return []
    most, lease = _CHUNKS[first["audience"]]
    size = max(1, most // 10 ** first["attempts"])
    claim = new_id()
    with transaction.atomic():
        # Rows that another worker is claiming at this moment are passed over; SQLite lets one claim at a time.
        found = list(waiting.filter(**first).select_for_update(skip_locked=True).values_list("pk", flat=True)[:size])
        Summary.objects.filter(pk__in=found).update(claim=claim, claimed_until=now + lease, attempts=F("attempts") + 1)
    return list(Summary.objects.filter(pk__in=found, claim=claim).order_by("id"))


def _payloads_of(
    rows: Sequence[Summary], compute: Compute, *, now: datetime
) -> tuple[dict[uuid.UUID, Payload], dict[uuid.UUID, str]]:
    """Return the payloads, and what went wrong for those that have none. One bad patient must not hold up the others:
    a chunk that fails is computed in halves, down to the row that is to blame."""
    try:
        found = dict(compute(rows, now=now))
        return found, {row.pk: "No payload." for row in rows if row.pk not in found}
    except Exception as error:  # whatever the records of a patient make any computation raise
        if len(rows) == 1:
            logger.exception("The summary %s could not be computed; it is tried again.", rows[0].pk)
            return {}, {rows[0].pk: f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]}
        logger.warning("%s summaries could not be computed together; halving them.", len(rows))
    middle = len(rows) // 2
    found, errors = _payloads_of(rows[:middle], compute, now=now)
    more, more_errors = _payloads_of(rows[middle:], compute, now=now)
    return found | more, errors | more_errors


@transaction.atomic
def _write(
    claimed: Sequence[Summary],
    payloads: Mapping[uuid.UUID, Payload],
    errors: Mapping[uuid.UUID, str],
    enqueue: Enqueue,
    *,
    now: datetime,
) -> Chunk:
    """Write what was computed where the claim still holds: it does not if it ran out, or if a late record broke it."""
    mine = list(
        Summary.objects.select_for_update()
        .filter(pk__in=[row.pk for row in claimed], claim=claimed[0].claim)
        .order_by("id")
    )
    replaced, first, failed = [], [], 0
    for row in mine:
        if row.pk in errors:
            failed += 1
            _postpone(row, errors[row.pk], now=now)
            continue
        if before := _take(row, payloads[row.pk], now=now):
            replaced.append(before)
        elif row.version == 1 and row.computed_at == now:
            first.append(row)
    SummaryVersion.objects.bulk_create(replaced)
    summary_store.save(mine)
    if first:
        enqueue(first, now=now)
    return Chunk(claimed=len(claimed), computed=len(mine) - failed, failed=failed)


def _take(row: Summary, payload: Payload, *, now: datetime) -> SummaryVersion | None:
    """Put a payload into a row; return the version that it replaces, None if it is the first or says the same."""
    content = payload.model_dump(mode="json")
    before = None
    if content != row.payload:
        if row.version:
            before = _version_of(row, now=now)
        row.payload, row.version = content, row.version + 1
        row.schema_version, row.inputs_digest = payload.schema_version, payload.inputs.digest
        row.computed_at = now
    row.status = Summary.Status.COMPUTED
    row.stale_since = row.stale_until_quiet = row.claim = row.claimed_until = None
    row.attempts, row.last_error = 0, ""
    return before


def _version_of(row: Summary, *, now: datetime) -> SummaryVersion:
    if row.computed_at is None:
        raise ValueError(f"The summary {row.pk} has a version and was never computed.")
    return SummaryVersion(
        summary=row,
        version=row.version,
        schema_version=row.schema_version,
        payload=row.payload,
        inputs_digest=row.inputs_digest,
        computed_at=row.computed_at,
        replaced_at=now,
    )


def _postpone(row: Summary, error: str, *, now: datetime) -> None:
    wait = min(FIRST_WAIT * 2 ** min(max(row.attempts - 1, 0), 10), LONGEST_WAIT)
    row.claim, row.claimed_until, row.last_error = None, now + wait, error


def ask_again(rows: Iterable[uuid.UUID], *, now: datetime) -> int:
    """Have computed summaries computed anew at once, whether or not a record came late; return how many."""
    found = Summary.objects.filter(pk__in=list(rows))
    waiting = found.filter(status=Summary.Status.STALE).update(stale_until_quiet=now)
    return waiting + found.filter(status=Summary.Status.COMPUTED).update(
        status=Summary.Status.STALE, stale_since=now, stale_until_quiet=now
    )
