"""What a new form starts with: how and where the last one was taken, never what was measured."""

import uuid
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from rehab.models import ProgramItem
from rehab.selectors import records
from rehab.selectors.records import Filters
from rehab.services.kinds import Kind

#: Fields that say what and how; the same again is the most likely, and keeps readings comparable.
SAFE = frozenset(
    {
        "muscle", "side", "scale", "protocol", "test_type", "stabilisation", "device", "pad_site", "handle_position",
        "aggregate", "motion", "digit", "rom_type", "instrument", "position", "neighbour_position", "site", "landmark",
        "product", "exercise", "setting", "activity", "entry", "wb_status", "type", "waveform", "aid", "surface",
    }
)  # fmt: skip
_GROUPS = ("details", "exercises", "channels")


def last_used(kind: Kind, variant: str, *, viewer: User, patient_id: uuid.UUID) -> dict[str, Any]:
    """Return the safe fields of the patient's latest record of a variant."""
    filters = Filters(columns={kind.discriminator: variant} if kind.discriminator else None)
    found = records.visible(kind.model, viewer=viewer, patient_id=patient_id)
    page = records.page(found, filters, after=None, limit=1, columns=["id", "performed_at", "details"])
    return _safe(page.rows[0]["details"]) if page.rows else {}


def _safe(document: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in document.items():
        if name in _GROUPS and isinstance(value, Mapping):
            found[name] = _safe(value)
        elif name in _GROUPS and isinstance(value, list):
            found[name] = [_safe(member) for member in value]
        elif name in SAFE and value is not None:
            found[name] = value
    return found


def of_item(item: ProgramItem, last: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of an item's session starts with: what it asks for, over what was used last."""
    asked = item.details
    found: dict[str, Any] = {name: value for name, value in last.items() if name != "details"}
    details = dict(last.get("details") or {})
    place = {name: asked[name] for name in ("muscle", "side") if asked[name] is not None}
    repetitions = asked["sets"] * asked["reps"] if asked["sets"] is not None else None
    if item.modality in ("resistance_band", "weights"):
        exercise = {**place, "exercise": asked["name"], "reps": [asked["reps"]] * (asked["sets"] or 0),
                    "hold_s": asked["hold_s"]}  # fmt: skip
        before = (details.get("exercises") or [{}])[0]
        details["exercises"] = [{**before, **_given(exercise)}]
    elif item.modality == "fes" and place:
        details["channels"] = [place]
    elif item.modality == "rom_stretch":
        details |= _given({"motion": asked["motion"], "side": asked["side"], "reps": repetitions,
                           "hold_s": asked["hold_s"]})  # fmt: skip
    elif item.modality == "breathing":
        details |= _given({"sets": asked["sets"], "reps": asked["reps"]})
    elif item.modality == "balance_gait":
        details |= _given({"task": asked["name"]})
    elif item.modality == "other":
        details |= _given({"description": asked["name"]})
    return {**found, **_given({"duration_min": asked["minutes"]}), "details": details}


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
