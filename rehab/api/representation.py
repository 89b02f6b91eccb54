"""How a record looks in JSON: what was typed, what was derived, and who, when and which version."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from rehab.models import Measurement
from rehab.reference import red_flag_texts
from rehab.services.emergencies import Reported
from rehab.services.kinds import Kind

_META = (
    "id", "patient_id", "performed_at", "performed_on", "source", "status", "version", "change_reason", "note",
    "derived", "details", "confirmed", "created_at", "updated_at", "recorded_by_id", "changed_by_id",
)  # fmt: skip


_AUTHOR = "recorded_by_name"
_EMERGENCY_NUMBER = "emergency_number"


def columns_of(kind: Kind) -> list[str]:
    """Return the columns that ``from_row`` needs."""
    own = ["series_key", "series_value"] if issubclass(kind.model, Measurement) else []
    joined = [_EMERGENCY_NUMBER] if kind.asks_red_flags else []
    return [*_META, *own, _AUTHOR, *joined]


def from_row(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's JSON from its columns."""
    found = {
        "id": row["id"],
        "kind": kind.name,
        "patient": row["patient_id"],
        "performed_at": row["performed_at"],
        "performed_on": row["performed_on"],
        "recorded_by": {"id": row["recorded_by_id"], "name": row["recorded_by_name"]},
        "source": row["source"],
        "record_status": row["status"],
        "version": row["version"],
        "change": {"by": row["changed_by_id"], "reason": row["change_reason"]} if row["version"] > 1 else None,
        "note": row["note"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "confirmed": row["confirmed"],
        **row["details"],
        "derived": _derived(row),
    }
    if "series_key" in row:
        found["series_key"] = row["series_key"]
        found["series_value"] = row["series_value"]
    return found


def reported(found: Reported) -> list[dict[str, Any]]:
    """Return what a document reports, with the words, for an answer that shows no record."""
    return with_texts(found.flags, found.emergency_number, crisis_line=found.crisis_line)


def with_texts(
    flags: Iterable[Mapping[str, Any]], emergency_number: str, *, crisis_line: str = ""
) -> list[dict[str, Any]]:
    """Return red flags, each with the words that the patient reads, in the caller's language."""
    language = get_language() or "en"
    return [
        {
            **flag,
            "text": red_flag_texts.message(
                flag=flag["flag"],
                level=flag["level"],
                answers=flag["answers"],
                language=language,
                emergency_number=emergency_number or red_flag_texts.EMERGENCY_UNNAMED.text(language),
                crisis_line=crisis_line,
            ),
        }
        for flag in flags
    ]


def _derived(row: Mapping[str, Any]) -> dict[str, Any]:
    derived: dict[str, Any] = row["derived"]
    if not derived.get("red_flags"):
        return derived
    return {**derived, "red_flags": with_texts(derived["red_flags"], row[_EMERGENCY_NUMBER])}


def from_record(kind: Kind, record: Any, *, red_flags: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return a record's JSON; ``red_flags`` are those of what was sent, if the record holds none any more."""
    row = {name: getattr(record, name) for name in columns_of(kind) if name not in (_AUTHOR, _EMERGENCY_NUMBER)}
    row[_AUTHOR] = record.recorded_by.name
    if red_flags and not record.derived.get("red_flags"):
        row["derived"] = {**record.derived, "red_flags": red_flags}
    if row["derived"].get("red_flags"):
        row[_EMERGENCY_NUMBER] = record.patient.clinic.emergency_number
    return from_row(kind, row)
