"""Following the audit trail: workers read each sealed event once, in the order of the seals, and note how far they are.

An id of an event says when it was begun, not when it was committed, so reading by id could step over one; a seal takes
in only what is committed, and seals follow one another. What a batch amounts to and moving the watermark share a
transaction: a worker killed anywhere leaves the batch to the next.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Event
from rehab.models import AlertWatermark
from rehab.selectors import alert_sources

#: Looks at a batch of events, without a transaction: on SQLite one would keep everybody else from writing. It returns
#: what to write, which is called in the transaction that moves the watermark.
Prepare = Callable[[list[Event]], Callable[[], None]]


def follow(name: AlertWatermark.Name, prepare: Prepare, *, at_once: int, now: datetime) -> int:
    """Read the sealed events that were not read under this name, in batches; return how many were read."""
    read = 0
    while True:
        mark = watermark(name, now=now)
        events = alert_sources.sealed_events(after_seal=mark.seal_id, after_event=mark.event_id, limit=at_once)
        if not events:
            return read
        write, last = prepare(events), events[-1]
        with transaction.atomic():
            if not move(mark, seal_id=last.sealed_in, event_id=last.pk, updated_at=now):
                return read  # another worker did
            write()
        read += len(events)


def is_followed(name: AlertWatermark.Name) -> bool:
    """Return whether anybody has begun to read under a name."""
    return AlertWatermark.objects.filter(name=name).exists()


def watermark(name: AlertWatermark.Name, *, now: datetime, **first: Any) -> AlertWatermark:
    """Return how far reading under a name is; ``first`` are the columns if nobody has read yet."""
    return AlertWatermark.objects.get_or_create(name=name, defaults={"updated_at": now, **first})[0]


def move(mark: AlertWatermark, **columns: Any) -> bool:
    """Move a watermark from where it was read. The condition is the lock: of two workers one moves it."""
    still_there = AlertWatermark.objects.filter(
        _is("event_id", mark.event_id),
        _is("swept_on", mark.swept_on),
        _is("patient_id", mark.patient_id),
        name=mark.name,
        seal_id=mark.seal_id,
    )
    return still_there.update(**columns) == 1


def _is(column: str, value: Any) -> Q:
    return Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
