"""Derived rules, evaluated by workers for the patients whose records changed, and once a day for everybody active.

What changed is read from the audit trail in the order of its seals (``sealed_events``). Raising and moving the
watermark share a transaction: a worker killed anywhere leaves the batch to the next.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction

from accounts.models import Event
from rehab.models import AlertWatermark
from rehab.selectors import alert_sources
from rehab.services import adherence_rules, alert_rechecks, decline_alerts, pain_alerts, rapid_loss, sealed_events
from rehab.services.alert_withdrawals import withdraw_causes
from rehab.services.alerts import Cause, raise_all
from rehab.services.kinds import KINDS

logger = logging.getLogger(__name__)

#: A rule takes patients and ``now``, and returns every cause that holds for them. It is asked again and again: what it
#: returned before raises nothing. It costs a few statements, whatever the number of patients.
Rule = Callable[..., list[Cause]]

RULES: dict[str, Rule] = {
    pain_alerts.RULE: pain_alerts.causes,
    adherence_rules.RULE: adherence_rules.adherence_drop,
    decline_alerts.RULE: decline_alerts.causes,
    rapid_loss.RULE: rapid_loss.causes,
}

EVENTS_AT_ONCE = 200
PATIENTS_AT_ONCE = 200
ACTIVE_WITHIN = timedelta(days=60)
_CHANGES = (".amended", ".entered_in_error")


def evaluate(*, now: datetime) -> int:
    """Evaluate every rule for the patients of the sealed events not read yet; return how many events were read."""

    def prepare(events: list[Event]) -> Callable[[], None]:
        patient_ids = {
            event.patient_id for event in events if event.patient_id is not None and _is_about_records(event)
        }
        found, failed = _causes_of(patient_ids, now=now)

        changed = {event.patient_id for event in events if event.action.endswith(_CHANGES)}
        corrected = {patient_id for patient_id in patient_ids if patient_id in changed}
        rechecked = alert_rechecks.of_patients(corrected, found=found, failed=failed, now=now)

        def write() -> None:
            raise_all([*found, *rechecked.corrected], now=now, corrected=corrected)
            withdraw_causes(rechecked.gone, now=now)

        return write

    return sealed_events.follow(AlertWatermark.Name.EVENTS, prepare, at_once=EVENTS_AT_ONCE, now=now)


def _is_about_records(event: Event) -> bool:
    return not event.target_kind.startswith("alert")


def _causes_of(patient_ids: Collection[uuid.UUID], *, now: datetime) -> tuple[list[Cause], frozenset[str]]:
    """Return what every rule finds, and the rules that failed. A rule that fails for one patient must hold up neither
    the other rules nor the other patients; it is asked again for that patient by the next event and by the sweep."""
    found: list[Cause] = []
    failed = set()
    for name, rule in RULES.items() if patient_ids else ():
        try:
            found += rule(patient_ids, now=now)
        except Exception:  # whatever a rule of any area raises
            logger.exception("The rule %s failed for %s patients; it is asked for each alone.", name, len(patient_ids))
            failed.add(name)
            found += _one_by_one(name, rule, patient_ids, now=now)
    return found, frozenset(failed)


def _one_by_one(name: str, rule: Rule, patient_ids: Iterable[uuid.UUID], *, now: datetime) -> list[Cause]:
    found: list[Cause] = []
    for patient_id in sorted(patient_ids):
        try:
            found += rule([patient_id], now=now)
        except Exception:
            logger.exception("The rule %s failed for the patient %s.", name, patient_id)
    return found


def sweep(*, now: datetime) -> int:
    """Once a day (UTC), evaluate every rule for all who were active in the last 60 days; return how many patients.

    It goes through the patients by id, a batch a transaction, and goes on where a killed worker left off.
    """
    swept, today = 0, now.astimezone(UTC).date()
    while True:
        mark = sealed_events.watermark(AlertWatermark.Name.SWEEP, now=now)
        if mark.swept_on == today:
            return swept
        models = [kind.model for kind in KINDS.values()]
        patient_ids = alert_sources.active_patients(
            models, since=now - ACTIVE_WITHIN, after=mark.patient_id, limit=PATIENTS_AT_ONCE
        )
        found, _failed = _causes_of(patient_ids, now=now)
        with transaction.atomic():
            at_end = len(patient_ids) < PATIENTS_AT_ONCE
            columns = {"swept_on": today, "patient_id": None} if at_end else {"patient_id": patient_ids[-1]}
            if not sealed_events.move(mark, updated_at=now, **columns):
                return swept
            raise_all(found, now=now, corrected=())
        swept += len(patient_ids)
