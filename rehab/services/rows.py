"""From a checked document to the row that stands in its table, and back."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event, User
from rehab.errors import Invalid, Problem
from rehab.models import Patient, Record
from rehab.selectors.records import Reading
from rehab.services import documents, red_flags
from rehab.services.inputs.base import RecordInput
from rehab.services.inputs.rom import RomInput
from rehab.services.kinds import Kind

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
CLOCK_TOLERANCE = timedelta(minutes=10)
FUTURE_LIMIT = timedelta(hours=24)
LONG_AGO = timedelta(days=5 * 366)
_KEY_LENGTH = 512  # of the column series_key


def build(
    kind: Kind,
    parsed: RecordInput,
    patient: Patient,
    *,
    digest: str,
    oddities: list[Problem],
    by: User,
    source: str,
    now: datetime,
) -> Record:
    """Return the unsaved row of a document that passed every check."""
    return kind.model(
        id=parsed.id or new_id(),
        patient=patient,
        recorded_by=by,
        source=source,
        created_digest=digest,
        created_at=now,
        updated_at=now,
        **columns_of(kind, parsed, patient, oddities=oddities, confirmed=parsed.confirm),
    )


def columns_of(
    kind: Kind, parsed: RecordInput, patient: Patient, *, oddities: list[Problem], confirmed: bool
) -> dict[str, Any]:
    """Return every column that follows from the document and whether its oddities were confirmed."""
    odd = [{"pointer": odd.pointer, "code": odd.code} for odd in oddities]
    unconfirmed = {"unconfirmed": odd} if odd and not confirmed else {}
    columns = {
        "performed_at": parsed.performed_at,
        "performed_on": local_date(parsed.performed_at, patient),
        "note": parsed.note,
        "details": parsed.model_dump(mode="json", exclude=set(documents.COMMON_FIELDS)),
        "derived": {**parsed.derive(), **red_flags.derived(parsed, patient), **unconfirmed},
        "confirmed": odd if confirmed else [],
        **parsed.columns(),
    }
    series = parsed.series()
    if series is not None:
        columns["series_key"] = series_key(kind.name, getattr(parsed, kind.discriminator or "", ""), *series)
    return columns


def series_key(*parts: Any) -> str:
    """Return the key that comparable readings share: case and spacing of free text do not tell them apart.

    >>> series_key("girth", "", "CALF_MAX", "left", None, "Tape  A|B")
    'girth||calf_max|left||tape a/b'
    """
    key = "|".join("" if part is None else " ".join(str(part).replace("|", "/").casefold().split()) for part in parts)
    if len(key) <= _KEY_LENGTH:
        return key
    # Free text may grow threefold when its case is folded; what is cut off still tells two keys apart.
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: _KEY_LENGTH - len(digest) - 1]}|{digest}"


def document_of(record: Record) -> dict[str, Any]:
    """Return the document as it was typed, in canonical form."""
    return {
        "patient": str(record.patient_id),
        "performed_at": record.performed_at.astimezone(UTC).isoformat(),
        "note": record.note,
        **record.details,
    }


def document_of_input(parsed: RecordInput) -> dict[str, Any]:
    return {
        "patient": str(parsed.patient),
        "performed_at": parsed.performed_at.astimezone(UTC).isoformat(),
        "note": parsed.note,
        **parsed.model_dump(mode="json", exclude=set(documents.COMMON_FIELDS)),
    }


def merge_patch(target: Any, patch: Any) -> Any:
    """Merge as RFC 7396, but keep an explicit null: here it means "no value", and the field stays.

    >>> merge_patch({"a": {"b": 1, "c": 2}}, {"a": {"b": None}})
    {'a': {'b': None, 'c': 2}}
    """
    if not isinstance(patch, dict) or not isinstance(target, dict):
        return patch
    return {**target, **{key: merge_patch(target.get(key), value) for key, value in patch.items()}}


def local_date(moment: datetime, patient: Patient) -> date:
    """Return the date in the patient's own time zone at that moment."""
    return moment.astimezone(ZoneInfo(patient.time_zone)).date()


def check_moment(parsed: RecordInput, patient: Patient, *, now: datetime) -> None:
    check_performed_at(parsed.performed_at, patient, now=now)


def check_performed_at(moment: datetime, patient: Patient, *, now: datetime) -> None:
    """Raise ``Invalid`` for a moment before the patient was born, or more than a day ahead."""
    earliest = EARLIEST
    if patient.birth_date is not None:
        born = datetime.combine(patient.birth_date, datetime.min.time(), tzinfo=UTC)
        earliest = max(EARLIEST, born - timedelta(days=1))
    latest = now + FUTURE_LIMIT
    if earliest <= moment <= latest:
        return
    message = format_lazy(
        _("Date and time: {value} is not possible. Allowed: {low} to {high}."),
        value=moment.isoformat(),
        low=earliest.isoformat(timespec="minutes"),
        high=latest.isoformat(timespec="minutes"),
    )
    raise Invalid([Problem("/performed_at", "out_of_range", message)])


def oddities_of(parsed: RecordInput, patient: Patient, *, now: datetime, earlier: Iterable[Reading]) -> list[Problem]:
    """Return what is possible but odd, in itself, in this patient, or beside ``earlier`` readings of the motion."""
    found = [*parsed.oddities(), *parsed.oddities_with(patient.conditions)]
    if parsed.performed_at > now + CLOCK_TOLERANCE or parsed.performed_at < now - LONG_AGO:
        message = format_lazy(
            _("Date and time: {value} is in the future or more than 5 years ago. Please confirm that it is right."),
            value=parsed.performed_at.isoformat(timespec="minutes"),
        )
        found.append(Problem("/performed_at", "unusual", message))
    if isinstance(parsed, RomInput):
        found += parsed.oddities_against(earlier, performed_on=local_date(parsed.performed_at, patient))
    return found


def to_confirm(parsed: RecordInput, patient: Patient, oddities: list[Problem], *, confirmed: bool) -> list[Problem]:
    """Return what must be confirmed before a document is stored: nothing that reports an emergency waits for that."""
    if confirmed or red_flags.is_emergency(red_flags.derived(parsed, patient).get("red_flags", ())):
        return []
    return oddities


def event_of(
    action: str,
    kind: Kind,
    record: Record,
    patient: Patient,
    *,
    by: User,
    now: datetime,
    changes: dict[str, Any] | None = None,
) -> Event:
    return audit.event(
        action=f"{kind.name}.{action}",
        target_kind=kind.name,
        target_id=record.pk,
        patient_id=patient.pk,
        clinic_id=patient.clinic_id,
        by=by,
        at=now,
        changes=changes or {"version": record.version, "digest": record.created_digest},
    )
