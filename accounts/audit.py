"""The audit trail: who did what to whom and when, in the same transaction as the write itself.

Each event carries a keyed digest of its own content (HMAC-SHA-256 with ``AUDIT_KEY``), so an altered row is found.
Events are then sealed in batches: a seal's digest covers the digests of its events and the seal before it, so a removed
row or seal is found too. Sealing happens in a worker; writers never wait for one another.
"""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import orjson
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.errors import AuditBroken
from accounts.models import Event, EventSeal, User

#: The id of the HTTP request or task being served, set at the edge, so that a log line and an event find each other.
request_id: ContextVar[str] = ContextVar("request_id", default="")

SEAL_SIZE = 1000


def event(
    *,
    action: str,
    target_kind: str,
    target_id: uuid.UUID,
    by: User | None,
    at: datetime,
    patient_id: uuid.UUID | None = None,
    clinic_id: uuid.UUID | None = None,
    changes: dict[str, Any] | None = None,
) -> Event:
    """Return an unsaved event with its digest; ``by=None`` means the service itself acted."""
    row = Event(
        at=at,
        actor_id=by.pk if by else None,
        action=action,
        target_kind=target_kind,
        target_id=target_id,
        patient_id=patient_id,
        clinic_id=clinic_id,
        request_id=request_id.get(),
        changes=changes or {},
    )
    row.digest = digest_of(row)
    return row


def write(*events: Event) -> None:
    """Append events. Call inside the transaction of the write that they tell of; a failure rolls both back."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event must share the transaction of its write.")
    if len(events) == 1:
        events[0].save(force_insert=True)
    else:
        Event.objects.bulk_create(events, batch_size=500)


def digest_of(row: Event) -> str:
    """Return the keyed digest of an event's content: HMAC-SHA-256 over canonical JSON with sorted keys."""
    content = orjson.dumps(
        [
            str(row.pk),
            row.at.astimezone(UTC).isoformat(),
            row.actor_id and str(row.actor_id),
            row.action,
            row.target_kind,
            str(row.target_id),
            row.patient_id and str(row.patient_id),
            row.clinic_id and str(row.clinic_id),
            row.request_id,
            row.changes,
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return hmac.new(settings.AUDIT_KEY.encode(), content, hashlib.sha256).hexdigest()


def seal(*, now: datetime) -> int:
    """Seal what is not sealed yet, in batches of ``SEAL_SIZE``; return how many events were sealed.

    The last seal is locked, and ``previous_digest`` is unique, so two workers cannot fork the chain.
    """
    sealed = 0
    while True:
        try:
            batch = _seal_batch(now=now)
        except IntegrityError:
            continue  # another worker sealed from the same link first: go on from theirs
        if not batch:
            return sealed
        sealed += batch


@transaction.atomic
def _seal_batch(*, now: datetime) -> int:
    last = EventSeal.objects.select_for_update().order_by("-id").first()
    rows = list(Event.objects.filter(sealed_in__isnull=True).order_by("id")[:SEAL_SIZE])
    if not rows:
        return 0
    previous = last.digest if last else ""
    link = EventSeal.objects.create(
        sealed_at=now,
        count=len(rows),
        previous_digest=previous,
        digest=_chain(previous, (row.digest for row in rows)),
    )
    Event.objects.filter(pk__in=[row.pk for row in rows]).update(sealed_in=link.pk)
    return len(rows)


def _chain(previous: str, digests: Iterable[str]) -> str:
    chained = hmac.new(settings.AUDIT_KEY.encode(), previous.encode(), hashlib.sha256)
    for digest in digests:
        chained.update(digest.encode())
    return chained.hexdigest()


@dataclass(frozen=True)
class Verified:
    events: int
    seals: int
    unsealed: int


def verify() -> Verified:
    """Check every event and the whole chain; raise ``AuditBroken`` naming the first fault found."""
    # Workers go on sealing meanwhile. A seal and the mark on its events are one transaction, so all seals up to this
    # one are seen whole; events sealed later are checked with those that are not sealed yet.
    newest = EventSeal.objects.order_by("-id").values_list("id", flat=True).first() or 0
    later = Event.objects.filter(Q(sealed_in__isnull=True) | Q(sealed_in__gt=newest))
    unsealed = 0
    for row in later.order_by("id").iterator():
        _check(row)
        unsealed += 1
    sealed, previous, seals = 0, "", 0
    batches = _sealed_batches(newest)
    batch_id, rows = next(batches, (None, []))
    for link in EventSeal.objects.filter(id__lte=newest).order_by("id").iterator():
        if batch_id != link.pk or len(rows) != link.count:
            found = len(rows) if batch_id == link.pk else 0
            raise AuditBroken(f"Seal {link.pk} covers {link.count} events, {found} are there: a row was removed.")
        for row in rows:
            _check(row)
        if link.previous_digest != previous or link.digest != _chain(previous, (row.digest for row in rows)):
            raise AuditBroken(f"Seal {link.pk} does not fit the chain: a seal or the order of events was altered.")
        previous, sealed, seals = link.digest, sealed + len(rows), seals + 1
        batch_id, rows = next(batches, (None, []))
    if batch_id is not None:
        raise AuditBroken(f"Events name the seal {batch_id}, which is not there: a seal was removed.")
    orphan = (
        Event.objects.filter(sealed_in__gt=newest)
        .exclude(Exists(EventSeal.objects.filter(pk=OuterRef("sealed_in"))))
        .first()
    )
    if orphan is not None:
        raise AuditBroken(f"Events name the seal {orphan.sealed_in}, which is not there: a seal was removed.")
    return Verified(events=sealed + unsealed, seals=seals, unsealed=unsealed)


def _sealed_batches(newest: int) -> Iterator[tuple[int | None, list[Event]]]:
    rows = Event.objects.filter(sealed_in__lte=newest).order_by("sealed_in", "id").iterator()
    for batch_id, batch in groupby(rows, key=lambda row: row.sealed_in):
        yield batch_id, list(batch)


def _check(row: Event) -> None:
    if not hmac.compare_digest(row.digest, digest_of(row)):
        raise AuditBroken(f"Event {row.pk} ({row.action}) was altered.")
