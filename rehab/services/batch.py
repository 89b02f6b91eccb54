"""Many records of any kinds at once. Each item is answered for itself; sending the batch again changes nothing."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from rehab.errors import Invalid, Problem
from rehab.models import Patient, Record
from rehab.selectors import patients, records
from rehab.selectors.records import Reading
from rehab.services import documents, emergencies, flagging, rows, session_items
from rehab.services.emergencies import Reported
from rehab.services.inputs.base import RecordInput
from rehab.services.inputs.rom import RomInput
from rehab.services.kinds import KINDS, Kind

MAX_ITEMS = 1000
#: Another writer may create an id between our look and our insert; each attempt then sees what it made.
ATTEMPTS = 5


@dataclass
class Outcome:
    """``outcome``: created, same (stored already), conflict (id stands for other content) or problem.

    ``record`` is there if it was created, ``reported`` whatever came of the item if it reports a warning sign.
    """

    index: int
    kind: str = ""
    id: uuid.UUID | None = None
    outcome: str = "problem"
    code: str = ""
    problems: list[Problem] = field(default_factory=list)
    record: Record | None = None
    reported: Reported | None = None


@dataclass(frozen=True)
class _Item:
    outcome: Outcome
    kind: Kind
    parsed: RecordInput
    digest: str


def record_all(items: Sequence[Any], *, by: User, source: str, now: datetime) -> list[Outcome]:
    """Record every item that is right; answer for each in the order given. A bounded number of statements."""
    outcomes = [Outcome(index) for index in range(len(items))]
    readable = [
        item for outcome, raw in zip(outcomes, items, strict=True) if (item := _readable(outcome, raw)) is not None
    ]
    answers = {index: found for index, raw in enumerate(items) if (found := emergencies.answers_in(raw)) is not None}
    named_by_answers = [found.patient for found in answers.values() if found.patient is not None]
    seen = patients.get_many(viewer=by, patient_ids=[*(item.parsed.patient for item in readable), *named_by_answers])
    own = patients.own_patient(by) if any(found.item_9 for found in answers.values()) else None
    for index, found in answers.items():
        whose = seen.get(found.patient) if found.patient else None
        outcomes[index].reported = emergencies.reported(found, whose.patient if whose else None, own=own)
    named = session_items.named_in(item.parsed for item in readable)
    allowed = [item for item in readable if _allowed(item, seen, named, now=now)]
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                _record(allowed, seen, by=by, source=source, now=now)
        except IntegrityError:
            continue
        return outcomes
    raise RuntimeError("Other writers kept creating the same ids.")


def _refuse(outcome: Outcome, code: str, *problems: Problem) -> None:
    outcome.outcome, outcome.code, outcome.problems = "problem", code, list(problems)


def _readable(outcome: Outcome, raw: Any) -> _Item | None:
    if not isinstance(raw, Mapping):
        _refuse(outcome, "invalid", Problem("", "not_an_object", _("Each record must be a JSON object.")))
        return None
    name = raw.get("kind")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        message = format_lazy(_("kind: one of {allowed} is needed."), allowed=", ".join(KINDS))
        _refuse(outcome, "invalid", Problem("/kind", "literal_error", message))
        return None
    outcome.kind = kind.name
    try:
        parsed = documents.parse(kind, {key: value for key, value in raw.items() if key != "kind"})
    except Invalid as error:
        _refuse(outcome, "invalid", *error.problems)
        return None
    outcome.id = parsed.id
    if parsed.id is None:
        message = _("id: a UUIDv7 of your own is needed, so that sending the batch again changes nothing.")
        _refuse(outcome, "invalid", Problem("/id", "missing", message))
        return None
    return _Item(outcome, kind, parsed, documents.digest_of(parsed))


def _allowed(
    item: _Item, seen: Mapping[uuid.UUID, patients.Seen], named: session_items.Items, *, now: datetime
) -> bool:
    patient = seen.get(item.parsed.patient)
    if patient is None:
        _refuse(item.outcome, "not-found")
    elif not patient.may(item.kind.permission):
        _refuse(item.outcome, "not-permitted")
    else:
        try:
            rows.check_moment(item.parsed, patient.patient, now=now)
            session_items.check(item.parsed, patient.patient, named)
        except Invalid as error:
            _refuse(item.outcome, "invalid", *error.problems)
        else:
            return True
    return False


def _record(
    items: Sequence[_Item], seen: Mapping[uuid.UUID, patients.Seen], *, by: User, source: str, now: datetime
) -> None:
    digests = _stored_digests(items)
    readings = _Readings(items, seen)
    new: dict[str, list[Record]] = defaultdict(list)
    events = []
    for item in items:
        key = (item.kind.name, item.parsed.id)
        if key in digests:
            item.outcome.outcome = "same" if digests[key] == item.digest else "conflict"
            item.outcome.code = "" if digests[key] == item.digest else "id-in-use"
            continue
        patient = seen[item.parsed.patient].patient
        oddities = rows.oddities_of(item.parsed, patient, now=now, earlier=readings.beside(item.parsed, patient))
        if held := rows.to_confirm(item.parsed, patient, oddities, confirmed=item.parsed.confirm):
            _refuse(item.outcome, "needs-confirmation", *held)
            continue
        row = rows.build(
            item.kind,
            item.parsed,
            patient,
            digest=item.digest,
            oddities=oddities,
            by=by,
            source=source,
            now=now,
        )
        new[item.kind.name].append(row)
        events.append(rows.event_of("created", item.kind, row, patient, by=by, now=now))
        digests[key] = item.digest
        readings.add(item.parsed, patient)
        item.outcome.outcome, item.outcome.code, item.outcome.record = "created", "", row
    # In one order for every writer: two batches with the same ids wait for one another, and never in a circle.
    for name, made in sorted(new.items()):
        records.insert_all(KINDS[name].model, sorted(made, key=lambda row: row.pk))
    if events:
        audit.write(*events)
    flagging.recorded(
        [(KINDS[name], row, seen[row.patient_id].patient) for name, made in new.items() for row in made], now=now
    )


def _stored_digests(items: Sequence[_Item]) -> dict[tuple[str, uuid.UUID | None], str]:
    ids: dict[str, list[uuid.UUID]] = defaultdict(list)
    for item in items:
        if item.parsed.id is not None:
            ids[item.kind.name].append(item.parsed.id)
    return {
        (name, record_id): digest
        for name, wanted in ids.items()
        for record_id, digest in records.digests(KINDS[name].model, wanted).items()
    }


class _Readings:
    """Earlier readings of the motions in a batch, read in one statement and added to as the batch goes."""

    def __init__(self, items: Sequence[_Item], seen: Mapping[uuid.UUID, patients.Seen]) -> None:
        measured = [item.parsed for item in items if isinstance(item.parsed, RomInput)]
        days = [self._day(parsed, seen[parsed.patient].patient) for parsed in measured]
        self._known: dict[tuple[uuid.UUID, str], list[Reading]] = defaultdict(list)
        if measured:
            stored = records.rom_readings_between(
                {parsed.patient for parsed in measured},
                motions={parsed.motion for parsed in measured},
                first=min(days),
                last=max(days),
            )
            for patient_id, motion, reading in stored:
                self._known[patient_id, motion].append(reading)

    @staticmethod
    def _day(parsed: RecordInput, patient: Patient) -> date:
        return rows.local_date(parsed.performed_at, patient)

    def beside(self, parsed: RecordInput, patient: Patient) -> list[Reading]:
        if not isinstance(parsed, RomInput):
            return []
        on = self._day(parsed, patient)
        return [reading for reading in self._known[patient.pk, parsed.motion] if reading.is_near(on)]

    def add(self, parsed: RecordInput, patient: Patient) -> None:
        if isinstance(parsed, RomInput) and parsed.value_deg is not None:
            self._known[patient.pk, parsed.motion].append(
                Reading(
                    self._day(parsed, patient),
                    parsed.side,
                    parsed.digit or "",
                    parsed.rom_type,
                    parsed.value_deg,
                )
            )
