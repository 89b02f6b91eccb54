"""The rule of rapid loss of strength: what the hint ACUTE_SUBACUTE rests on is a red flag, whoever set the hint aside.

Within 7 days it is an emergency, within 28 days it is for the same day.
"""

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from rehab.analytics import hints
from rehab.analytics.findings import Findings
from rehab.analytics.hints import Hint
from rehab.analytics.losses import RAPID_WITHIN_DAYS
from rehab.models import AlertCause
from rehab.selectors import alert_sources
from rehab.selectors.analyses import findings, material
from rehab.selectors.analyses.material import Material
from rehab.services.alerts import Cause

RULE = "RAPID_WEAK"
#: Many records make one event: its address is that of the hints.
SOURCE_KIND = "analytics/hints"
#: An event of the last 28 days may have begun 28 days before it, and hints look at what ended 28 days ago.
_DAYS = 3 * RAPID_WITHIN_DAYS
_LEVELS = {"acute": "emergency", "subacute": "same_day"}


def causes(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
    """Return a cause for each patient who lost strength rapidly; the statements do not grow with the patients."""
    patients = alert_sources.patients_by_id(patient_ids)
    return [
        _cause(one, hint)
        for one in material.of_patients(patients.values(), now=now, days=_DAYS)
        for hint in _hints(one)
    ]  # fmt: skip


def rechecked(
    standing: Collection[AlertCause], *, found: Collection[Cause], now: datetime
) -> dict[uuid.UUID, Cause | None]:
    """Return those of some causes that still hold, by their row, as they are now; None for as it was.

    Each is looked at on the day it occurred, with the readings up to then: strength that came back since was lost all
    the same. A loss of fewer groups than before is the same event, unless it is among ``found`` under another id.
    """
    holds: dict[uuid.UUID, Cause | None] = {row.pk: None for row in standing if not row.evidence.get("losses")}
    asked = [row for row in standing if row.pk not in holds]
    if not asked:
        return holds
    patients = alert_sources.patients_by_id({row.patient_id for row in asked})
    days = (now - min(row.occurred_at for row in asked)).days + _DAYS
    known = {one.patient.pk: one for one in material.of_patients(patients.values(), now=now, days=days)}
    replaced = {cause.patient.pk for cause in found if cause.rule == RULE}
    for row in asked:
        one = known[row.patient_id]
        then = _as_of(one, row.occurred_at.astimezone(one.zone).date())
        again = [_cause(then, hint) for hint in _hints(then)]
        same = [cause for cause in again if cause.source_id == row.source_id]
        if same or (again and row.patient_id not in replaced):
            holds[row.pk] = replace((same or again)[0], source_id=row.source_id)
    return holds


def _as_of(found: Material, on: date) -> Material:
    until = {key: row.until(on) for key, row in found.series.items()}
    return replace(found, today=on, series={key: row for key, row in until.items() if row.measured})


def _hints(found: Material) -> list[Hint]:
    rapid = (findings.rapid_of(found, row) for row in found.of("strength"))
    known = Findings(declines=tuple(decline for decline in rapid if decline is not None))
    return [hint for hint in hints.evaluate(findings=known, today=found.today) if hint.red_flag == RULE]


def _cause(found: Material, hint: Hint) -> Cause:
    at = {str(one.id): one.at for row in found.series.values() for one in row.measured}
    # The event is the day by which the last of the groups had fallen. Later readings that say the same are no other
    # event, nor is a group that drops out of the window; one more group that falls is.
    event = f"urn:rehab:{RULE}:{found.patient.pk}:{hint.last_on.isoformat()}"
    return Cause(
        patient=found.patient,
        rule=RULE,
        level=_LEVELS[str(hint.parameters["course"])],
        source_kind=SOURCE_KIND,
        source_id=uuid.uuid5(uuid.NAMESPACE_URL, event),
        occurred_at=max(at[record_id] for record_id in hint.ids),
        rule_version=hint.method,
        evidence={
            "losses": {
                f"{item.what}/{item.side}": {"from": item.first_on.isoformat(), "to": item.last_on.isoformat()}
                for item in hint.evidence
            },
            "n": len(hint.ids),
        },
    )
