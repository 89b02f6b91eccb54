"""The pain rule over sessions: worst pain during, before, and the next morning (Thomeé 1997)."""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from rehab.analytics.symptoms import pain_during_exercise
from rehab.models import AlertCause
from rehab.reference.alert_rules import VERSION
from rehab.selectors import alert_sources
from rehab.services.alerts import Cause

RULE = "PAIN"
SOURCE_KIND = "sessions"
#: An old session that is imported is history, not news. A convention of this project.
NEWS = timedelta(days=30)


@dataclass(frozen=True)
class _Ratings:
    worst_during: int
    before: int | None
    next_morning: int | None


def causes(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
    """Return a cause for each session of the last 30 days whose pain goes to the therapist, in two statements."""
    patients = alert_sources.patients_by_id(patient_ids)
    found = []
    for row in alert_sources.painful_sessions(patient_ids, rule=RULE, since=now - NEWS):
        evidence = _evidence(row.details)
        if evidence is not None:
            found.append(
                Cause(
                    patient=patients[row.patient_id],
                    rule=RULE,
                    level="review",
                    source_kind=SOURCE_KIND,
                    source_id=row.pk,
                    occurred_at=row.performed_at,
                    rule_version=VERSION,
                    evidence=evidence | {"modality": row.modality},
                )
            )
    return found


def rechecked(
    standing: Collection[AlertCause], *, found: Collection[Cause], now: datetime
) -> dict[uuid.UUID, Cause | None]:
    """Return none: of a session that it raised for, however old, ``causes`` answers itself whether it still hurts."""
    return {}


def _evidence(details: dict[str, Any]) -> dict[str, Any] | None:
    ratings = _Ratings(details["pain_during_max"], details.get("pain_before"), details.get("pain_next_morning"))
    rule = pain_during_exercise(**asdict(ratings))
    return asdict(ratings) | {"state": rule.state} if rule.note_to_therapist else None
