"""Red flags that a record raises, in the transaction of its own write. Each kind says what its records raise."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rehab.models import Patient, Record
from rehab.reference.red_flags import FLAGS
from rehab.services import alert_withdrawals, alerts, contraindications
from rehab.services.alerts import Cause
from rehab.services.kinds import Kind

Recorded = tuple[Kind, Record, Patient]


def recorded(records: Iterable[Recorded], *, now: datetime) -> None:
    """Raise what new records amount to, all at once. Call after they are stored."""
    if causes := _causes(list(records)):
        alerts.raise_all(causes, now=now)


def amended(kind: Kind, record: Record, patient: Patient, *, now: datetime) -> None:
    """Raise what a record amounts to after a change, and take back the red flags that it does not raise any more."""
    if kind.raises is None:
        return
    causes = _causes([(kind, record, patient)])
    own = [cause for cause in causes if cause.source_id == record.pk]
    if others := [cause for cause in causes if cause.source_id != record.pk]:
        alerts.raise_all(others, now=now)
    alert_withdrawals.restate(own, source_kind=kind.name, source_id=record.pk, rules=FLAGS, now=now)


def entered_in_error(kind: Kind, record: Record, patient: Patient, *, now: datetime) -> None:
    """Take back everything that a record raised, whatever rule a worker read it for, and raise what others do now."""
    causes = kind.raises(record, patient) if kind.raises else []
    if others := [cause for cause in causes if cause.source_id != record.pk]:
        alerts.raise_all(others, now=now)
    alert_withdrawals.withdraw(source_kind=kind.name, source_id=record.pk, now=now)


def _causes(records: Sequence[Recorded]) -> list[Cause]:
    own = [cause for kind, record, patient in records if kind.raises for cause in kind.raises(record, patient)]
    return own + contraindications.causes_of((record, patient) for _kind, record, patient in records)
