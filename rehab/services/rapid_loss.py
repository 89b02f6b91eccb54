"""The rule of rapid loss of strength: what the hint ACUTE_SUBACUTE rests on is a red flag, whoever set the hint aside.

Within 7 days it is an emergency, within 28 days it is for the same day.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from rehab.analytics import hints
from rehab.analytics.findings import Findings
from rehab.analytics.hints import Hint
from rehab.analytics.losses import RAPID_WITHIN_DAYS
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
    found = []
    for one in material.of_patients(patients.values(), now=now, days=_DAYS):
        rapid = (findings.rapid_of(one, row) for row in one.of("strength"))
        known = Findings(declines=tuple(decline for decline in rapid if decline is not None))
        found += [
            _cause(one, hint)
            for hint in hints.evaluate(findings=known, today=one.today)
            if hint.red_flag == RULE
        ]  # fmt: skip
    return found


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
