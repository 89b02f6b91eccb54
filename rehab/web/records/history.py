"""Every field of a record in words, and what its versions changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import User
from rehab.models import Record, RecordVersion
from rehab.services.kinds import Kind
from rehab.web.records import words
from rehab.web.records.presenters import variant_of
from rehab.web.records.words import Fact


def facts_of(kind: Kind, document: Mapping[str, Any], user: User, zone: ZoneInfo) -> list[Fact]:
    """Return when, every field, and the note."""
    model = kind.variants[variant_of(kind, document)]
    at = Fact("/performed_at", _("Date and time"), words.moment(datetime.fromisoformat(document["performed_at"]), zone))
    found = [at, *words.facts(model, document, user)]
    return [*found, Fact("/note", _("Note"), document["note"])] if document.get("note") else found


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


def changes_between(before: list[Fact], after: list[Fact]) -> list[Change]:
    """Return the lines in which two states of a record differ."""
    old, new = {fact.path: fact for fact in before}, {fact.path: fact for fact in after}
    paths = [*old, *(path for path in new if path not in old)]
    return [
        Change((new.get(path) or old[path]).label, _text(old.get(path)), _text(new.get(path)))
        for path in paths
        if _text(old.get(path)) != _text(new.get(path))
    ]


def _text(fact: Fact | None) -> str:
    return fact.text if fact else "–"


@dataclass(frozen=True)
class VersionEntry:
    number: int
    status: str
    by: str
    at: str
    reason: str
    changes: list[Change]
    facts: list[Fact]


def versions(
    kind: Kind,
    record: Record,
    current: Mapping[str, Any],
    earlier: Iterable[RecordVersion],
    *,
    user: User,
    zone: ZoneInfo,
) -> list[VersionEntry]:
    """Return every version, the latest first, each with what it changed."""
    author = record.changed_by or record.recorded_by
    states: list[tuple[int, str, User, datetime, str, Mapping[str, Any]]] = [
        (v.version, v.status, v.changed_by, v.recorded_at, v.change_reason, v.document) for v in earlier
    ]
    states.append((record.version, record.status, author, record.updated_at, record.change_reason, current))
    found: list[VersionEntry] = []
    before: list[Fact] | None = None
    for number, status, by, at, reason, document in states:
        after = facts_of(kind, document, user, zone)
        changes = changes_between(before, after) if before is not None else []
        label = str(Record.Status(status).label)
        found.append(VersionEntry(number, label, by.name, words.moment(at, zone), reason, changes, after))
        before = after
    return found[::-1]
