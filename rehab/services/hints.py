"""Setting a pattern hint aside, with a reason. It does nothing to a red flag or an alert."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import User
from rehab.errors import IdInUse, Invalid, NotFound, Problem
from rehab.models import HintDismissal
from rehab.selectors.analyses import hints
from rehab.services import documents, events
from rehab.services.inputs.base import Document, RecordId, Text, Ui

REASON_LENGTH = (3, 500)


class DismissalInput(Document):
    """Why a hint of a patient is set aside until there are new data."""

    id: RecordId | None = None
    patient: uuid.UUID
    reason: Annotated[Text, Ui(_("Reason"))]


@dataclass(frozen=True)
class Dismissed:
    dismissal: HintDismissal
    created: bool


def dismiss(hint_key: str, document: Any, *, by: User, now: datetime) -> Dismissed:
    """Set aside a hint that holds now; ``NotFound`` for one that does not.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``.
    """
    parsed = documents.read(DismissalInput, document)
    found = hints.of_patient(viewer=by, patient_id=parsed.patient, now=now)
    digest = _digest(hint_key, parsed)
    if parsed.id is not None and (stored := hints.dismissal_by_id(parsed.id)) is not None:
        return _replayed(stored, digest)
    reason = parsed.reason.strip()
    if not REASON_LENGTH[0] <= len(reason) <= REASON_LENGTH[1]:
        raise Invalid([Problem("/reason", "out_of_range", _("Reason: say why, in 3 to 500 characters."))])
    hint = next((row for row in found.rows if row.key == hint_key), None)
    if hint is None:
        raise NotFound
    patient = found.seen.patient
    row = HintDismissal(
        id=parsed.id or new_id(),
        patient=patient,
        hint_key=hint_key,
        reason=reason,
        seen_ids=sorted(hint.ids),
        method=hint.method,
        created_digest=digest,
        dismissed_by=by,
        dismissed_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            changes = {"hint": hint_key, "reason": reason, "method": hint.method}
            events.tell_of_patient(
                "hint.dismissed", patient, ("hint-dismissal", row.pk), by=by, now=now, changes=changes
            )
    except IntegrityError:
        stored = hints.dismissal_by_id(row.pk)
        if stored is None:
            raise
        return _replayed(stored, digest)
    return Dismissed(row, created=True)


def _digest(hint_key: str, parsed: DismissalInput) -> str:
    content = parsed.model_dump(mode="json", exclude={"id"})
    return hashlib.sha256(orjson.dumps([hint_key, content], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _replayed(stored: HintDismissal, digest: str) -> Dismissed:
    if stored.created_digest != digest:
        raise IdInUse
    return Dismissed(stored, created=False)
