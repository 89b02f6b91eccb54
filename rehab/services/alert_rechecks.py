"""Whether what derived rules raised still holds after records were amended or entered in error."""

import logging
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from rehab.models import AlertCause
from rehab.selectors import alerts
from rehab.services import decline_alerts, pain_alerts, rapid_loss
from rehab.services.alerts import Cause

logger = logging.getLogger(__name__)

#: Takes causes that stand and are not found now, what is found now, and ``now``; returns by row those that hold.
Recheck = Callable[..., dict[uuid.UUID, Cause | None]]
RECHECKS: dict[str, Recheck] = {
    pain_alerts.RULE: pain_alerts.rechecked,
    decline_alerts.RULE: decline_alerts.rechecked,
    rapid_loss.RULE: rapid_loss.rechecked,
}
#: The kind of source of each: a patient may have reported something under the same rule.
_SOURCES = {
    pain_alerts.RULE: pain_alerts.SOURCE_KIND,
    decline_alerts.RULE: decline_alerts.SOURCE_KIND,
    rapid_loss.RULE: rapid_loss.SOURCE_KIND,
}


@dataclass(frozen=True)
class Rechecked:
    """``corrected`` holds, and may say something else than before; ``gone`` does not hold any more."""

    corrected: list[Cause] = field(default_factory=list)
    gone: list[AlertCause] = field(default_factory=list)


def of_patients(
    patient_ids: Collection[uuid.UUID], *, found: Collection[Cause], failed: Collection[str], now: datetime
) -> Rechecked:
    """Look again at every cause that stands for some patients and is not among what was found now.

    A rule that fails takes nothing back, and neither does one that failed before.
    """
    result = Rechecked()
    if not patient_ids:
        return result
    holds_now = {cause.key for cause in found}
    asked = {rule: kind for rule, kind in _SOURCES.items() if rule not in failed}
    standing = [
        row
        for row in alerts.standing_causes(patient_ids, of=asked)
        if (row.source_id, row.source_kind, row.rule, row.subject) not in holds_now
    ]
    for rule in asked:
        rows = [row for row in standing if row.rule == rule]
        if not rows:
            continue
        try:
            holds = RECHECKS[rule](rows, found=found, now=now)
        except Exception:  # whatever a rule of any area raises
            logger.exception("The rule %s failed for causes raised before; none of them is taken back.", rule)
            continue
        result.corrected.extend(cause for cause in holds.values() if cause is not None)
        result.gone.extend(row for row in rows if row.pk not in holds)
    return result
