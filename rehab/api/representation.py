"""How a record looks in JSON: what was typed, what was derived, and who, when and which version."""

from collections.abc import Mapping
from typing import Any

from rehab.models import Measurement
from rehab.services.kinds import Kind

_META = (
    "id", "patient_id", "performed_at", "performed_on", "source", "status", "version", "change_reason", "note",
    "derived", "details", "confirmed", "created_at", "updated_at", "recorded_by_id", "changed_by_id",
)  # fmt: skip


def columns_of(kind: Kind) -> list[str]:
    """Return the columns that ``from_row`` needs."""
    own = ["series_key", "series_value"] if issubclass(kind.model, Measurement) else []
    return [*_META, *own, "recorded_by__name"]


def from_row(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's JSON from its columns."""
    found = {
        "id": row["id"],
        "kind": kind.name,
        "patient": row["patient_id"],
        "performed_at": row["performed_at"],
        "performed_on": row["performed_on"],
        "recorded_by": {"id": row["recorded_by_id"], "name": row["recorded_by__name"]},
        "source": row["source"],
        "record_status": row["status"],
        "version": row["version"],
        "change": {"by": row["changed_by_id"], "reason": row["change_reason"]} if row["version"] > 1 else None,
        "note": row["note"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "confirmed": row["confirmed"],
        **row["details"],
        "derived": row["derived"],
    }
    if "series_key" in row:
        found["series_key"] = row["series_key"]
        found["series_value"] = row["series_value"]
    return found


def from_record(kind: Kind, record: Any) -> dict[str, Any]:
    row = {name: getattr(record, name) for name in columns_of(kind)[:-1]}
    return from_row(kind, {**row, "recorded_by__name": record.recorded_by.name})
