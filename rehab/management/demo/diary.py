"""Recording what was planned as its authors did: in the evening, so that nothing was logged late."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accounts.models import User
from rehab.management.demo.generator import Correction, Planned
from rehab.models import Record
from rehab.services import batch, records
from rehab.services.kinds import KINDS

EVENING = time(22)
#: What is older was recorded every other evening: a batch for each costs seconds, and start-up waits for them.
EVERY_EVENING = timedelta(days=14)


@dataclass(frozen=True)
class Entry:
    """A document, and the account that records it."""

    planned: Planned
    by: User


def record(entries: Iterable[Entry], *, now: datetime) -> int:
    """Record in the order of time, one batch for each evening and author; return how many records there are."""
    written: dict[tuple[datetime, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        written[_recorded_at(entry.planned, now=now), str(entry.by.pk)].append(entry)
    for (at, _author), together in sorted(written.items(), key=lambda item: item[0]):
        for start in range(0, len(together), batch.MAX_ITEMS):
            _record(together[start : start + batch.MAX_ITEMS], at=at)
    return sum(map(len, written.values()))


def _record(entries: list[Entry], *, at: datetime) -> None:
    items = [entry.planned.document for entry in entries]
    for outcome in batch.record_all(items, by=entries[0].by, source=Record.Source.DEMO, now=at):
        if outcome.outcome != "created":
            messages = "; ".join(f"{one.pointer} {one.message}" for one in outcome.problems)
            raise RuntimeError(f"{items[outcome.index]}: {outcome.outcome} {outcome.code} {messages}")


def correct(correction: Correction, by: User, *, now: datetime) -> None:
    """Correct a record two days later."""
    at = min(correction.performed_at + timedelta(days=2), now)
    kind = KINDS[correction.kind]
    if correction.changes is None:
        records.enter_in_error(kind, correction.id, reason=correction.reason, expected_version=1, by=by, now=at)
    else:
        records.amend(
            kind,
            correction.id,
            correction.changes,
            reason=correction.reason,
            expected_version=1,
            confirm=False,
            by=by,
            now=at,
        )


def _recorded_at(planned: Planned, *, now: datetime) -> datetime:
    """Return the evening of a document's day or of the next, in the zone that its moment is written in."""
    on = planned.performed_at.date()
    if planned.performed_at < now - EVERY_EVENING:
        on += timedelta(days=on.toordinal() % 2)
    evening = datetime.combine(on, EVENING, planned.performed_at.tzinfo)
    return min(max(evening, planned.performed_at), now)
