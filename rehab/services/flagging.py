"""Red flags that a record raises, in the transaction of its own write. Each kind says what its records raise."""

from collections.abc import Iterable
from datetime import datetime

from rehab.models import Patient, Record
from rehab.reference.red_flags import FLAGS
from rehab.services import alerts
from rehab.services.alerts import Cause
from rehab.services.kinds import Kind

Recorded = tuple[Kind, Record, Patient]


def recorded(records: Iterable[Recorded], *, now: datetime) -> None:
    """Raise what new records amount to, all at once. Call after they are stored."""
    if causes := [cause for kind, record, patient in records for cause in _causes(kind, record, patient)]:
        alerts.raise_all(causes, now=now)


def amended(kind: Kind, record: Record, patient: Patient, *, now: datetime) -> None:
    """Raise what a record amounts to after a change, and take back the red flags that it does not raise any more."""
    if kind.raises is None:
        return
    causes = _causes(kind, record, patient)
    alerts.raise_all(causes, now=now)
    own = [cause for cause in causes if cause.source_id == record.pk]
    alerts.restate(own, source_kind=kind.name, source_id=record.pk, rules=FLAGS, now=now)


def entered_in_error(kind: Kind, record: Record, *, now: datetime) -> None:
    """Take back everything that a record raised, at its write or by workers later."""
    alerts.withdraw(source_kind=kind.name, source_id=record.pk, now=now)


def _causes(kind: Kind, record: Record, patient: Patient) -> list[Cause]:
    return kind.raises(record, patient) if kind.raises is not None else []
