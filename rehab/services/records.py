"""Recording, amending, marking entered in error. Each write and its event share one transaction."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import (
    EnteredInError,
    IdInUse,
    Invalid,
    NeedsConfirmation,
    NotPermitted,
    Problem,
    VersionConflict,
    pointer_to,
)
from rehab.models import Patient, Record, RecordVersion
from rehab.selectors import patients, records
from rehab.selectors.records import Reading
from rehab.services import documents, flagging, red_flags, rows, session_items
from rehab.services.inputs.base import Document, RecordInput, Text
from rehab.services.inputs.rom import RomInput
from rehab.services.kinds import Kind

#: What an amendment may not touch: then it is another record.
FIXED_FIELDS = ("id", "patient", "confirm")


@dataclass(frozen=True)
class Created:
    """``red_flags``: what the document that was sent raises, whatever became of the record since."""

    record: Record
    created: bool
    red_flags: list[dict[str, Any]]


class Reason(Document):
    reason: Text


def create(kind: Kind, document: Any, *, by: User, source: str, now: datetime) -> Created:
    """Record a document for a patient whom ``by`` may log for.

    The same id with the same content again answers what is stored (``created`` is False); other content raises
    ``IdInUse``. ``Invalid`` if it cannot be, ``NeedsConfirmation`` if it is odd and ``confirm`` is not set, unless it
    reports an emergency: that is stored at once, and ``derived["unconfirmed"]`` says what is odd.
    """
    parsed = documents.parse(kind, document)
    seen = patients.get(viewer=by, patient_id=parsed.patient, to=kind.permission)
    rows.check_moment(parsed, seen.patient, now=now)
    session_items.check(parsed, seen.patient, session_items.named_in([parsed]))
    digest = documents.digest_of(parsed)
    earlier = _earlier(parsed, seen.patient, leaving_out=parsed.id)
    oddities = rows.oddities_of(parsed, seen.patient, now=now, earlier=earlier)
    flags = red_flags.derived(parsed, seen.patient).get("red_flags", [])
    if held := rows.to_confirm(parsed, seen.patient, oddities, confirmed=parsed.confirm):
        if parsed.id is not None and (stored := records.by_id(kind.model, parsed.id)) is not None:
            return _replayed(stored, digest, flags)
        raise NeedsConfirmation(held)
    row = rows.build(kind, parsed, seen.patient, digest=digest, oddities=oddities, by=by, source=source, now=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.write(rows.event_of("created", kind, row, seen.patient, by=by, now=now))
            flagging.recorded([(kind, row, seen.patient)], now=now)
    except IntegrityError:
        stored = records.by_id(kind.model, row.pk)
        if stored is None:
            raise
        return _replayed(stored, digest, flags)
    return Created(row, created=True, red_flags=flags)


def _replayed(stored: Record, digest: str, flags: list[dict[str, Any]]) -> Created:
    if stored.created_digest != digest:
        raise IdInUse
    return Created(stored, created=False, red_flags=flags)


def amend(
    kind: Kind,
    record_id: uuid.UUID,
    changes: Any,
    *,
    reason: str,
    expected_version: int,
    confirm: bool,
    by: User,
    now: datetime,
) -> Record:
    """Change a record, keeping the version before. ``changes`` is merged as RFC 7396; lists are replaced whole.

    ``VersionConflict`` if the record is no longer at ``expected_version``; of many at once, one wins.
    """
    record, patient = _to_change(kind, record_id, reason=reason, expected_version=expected_version, by=by)
    current = rows.document_of(record)
    merged = _merged(kind, current, changes)
    with _pointing_into_changes():
        parsed = documents.parse(kind, merged)
        rows.check_moment(parsed, patient, now=now)
        session_items.check(parsed, patient, session_items.named_in([parsed]))
    if rows.document_of_input(parsed) == current:
        raise Invalid([Problem("/changes", "nothing_changed", _("Changes: they change nothing."))])
    rows.check_moment(parsed, patient, now=now)
    earlier = _earlier(parsed, patient, leaving_out=record.pk)
    oddities = rows.oddities_of(parsed, patient, now=now, earlier=earlier)
    if held := rows.to_confirm(parsed, patient, oddities, confirmed=confirm):
        raise NeedsConfirmation(in_changes(held))
    columns = rows.columns_of(kind, parsed, patient, oddities=oddities, confirmed=confirm)
    if parsed.performed_at == record.performed_at:  # the day is that of where the patient lived then
        columns["performed_on"] = record.performed_on
    return _change(
        kind, record, patient, columns, status=Record.Status.AMENDED, reason=reason, by=by, now=now,
        fields=sorted(changes),
    )  # fmt: skip


def enter_in_error(
    kind: Kind, record_id: uuid.UUID, *, reason: str, expected_version: int, by: User, now: datetime
) -> Record:
    """Mark a record as entered in error: it stays readable, and counts for nothing."""
    record, patient = _to_change(kind, record_id, reason=reason, expected_version=expected_version, by=by)
    return _change(
        kind, record, patient, {}, status=Record.Status.ENTERED_IN_ERROR, reason=reason, by=by, now=now, fields=[]
    )  # fmt: skip


def _to_change(
    kind: Kind, record_id: uuid.UUID, *, reason: str, expected_version: int, by: User
) -> tuple[Record, Patient]:
    record, seen = records.get(kind.model, viewer=by, record_id=record_id)
    if not (seen.may(Permission.AMEND_RECORDS) and seen.may(kind.permission)):
        raise NotPermitted
    check_reason(reason)
    if record.version != expected_version:
        raise VersionConflict(record.version)
    if record.status == Record.Status.ENTERED_IN_ERROR:
        raise EnteredInError
    return record, seen.patient


def check_reason(reason: str) -> None:
    """Raise ``Invalid`` unless a reason for a change says something, in 3 to 500 characters."""
    documents.read(Reason, {"reason": reason})
    if len(reason.strip()) < 3 or len(reason) > 500:
        raise Invalid([Problem("/reason", "out_of_range", _("Reason: say why, in 3 to 500 characters."))])


def _change(
    kind: Kind,
    record: Record,
    patient: Patient,
    columns: dict[str, Any],
    *,
    status: str,
    reason: str,
    by: User,
    now: datetime,
    fields: list[str],
) -> Record:
    before = RecordVersion(
        kind=kind.name,
        record_id=record.pk,
        version=record.version,
        document={**rows.document_of(record), "derived": record.derived},
        status=record.status,
        changed_by_id=record.changed_by_id or record.recorded_by_id,
        change_reason=record.change_reason,
        recorded_at=record.updated_at,
    )
    columns |= {
        "status": status,
        "version": record.version + 1,
        "changed_by": by,
        "change_reason": reason,
        "updated_at": now,
    }
    with transaction.atomic():
        # The condition on the version is the lock: of many amendments of one version, one finds its row.
        if not records.update_if_at_version(kind.model, record.pk, record.version, columns):
            latest = records.by_id(kind.model, record.pk)
            raise VersionConflict(latest.version if latest else record.version)
        before.save(force_insert=True)
        for name, value in columns.items():
            setattr(record, name, value)
        action = "amended" if status == Record.Status.AMENDED else "entered_in_error"
        changes = {"version": record.version, "fields": fields, "reason": reason}
        audit.write(rows.event_of(action, kind, record, patient, by=by, now=now, changes=changes))
        if status == Record.Status.AMENDED:
            flagging.amended(kind, record, patient, now=now)
        else:
            flagging.entered_in_error(kind, record, patient, now=now)
    return record


@contextmanager
def _pointing_into_changes() -> Iterator[None]:
    """Let problems of the whole record point into ``changes``, which is what was sent."""
    try:
        yield
    except Invalid as error:
        raise Invalid(in_changes(error.problems)) from None


def in_changes(problems: Iterable[Problem]) -> list[Problem]:
    return [replace(problem, pointer=f"/changes{problem.pointer}") for problem in problems]


def _merged(kind: Kind, current: dict[str, Any], changes: Any) -> dict[str, Any]:
    if not isinstance(changes, dict) or not changes:
        raise Invalid([Problem("/changes", "missing", _("Changes: an object with at least one field."))])
    fixed = [*FIXED_FIELDS, kind.discriminator]
    refused = [
        Problem(
            pointer_to("changes", name),
            "not_allowed",
            format_lazy(_("{label}: cannot be amended."), label=name),
        )
        for name in changes
        if name in fixed
    ]
    if refused:
        raise Invalid(refused)
    merged: dict[str, Any] = rows.merge_patch(current, changes)
    return merged


def _earlier(parsed: RecordInput, patient: Patient, *, leaving_out: uuid.UUID | None) -> list[Reading]:
    if not isinstance(parsed, RomInput) or parsed.value_deg is None:
        return []
    on = rows.local_date(parsed.performed_at, patient)
    return records.rom_readings_near(patient, motion=parsed.motion, on=on, leaving_out=leaving_out)
