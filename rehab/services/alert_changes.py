"""What a cause that is evaluated again changes: nothing, what is shown of it, or something that must be told."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

import orjson

from rehab.models import Alert, AlertCause
from rehab.reference.alert_rules import is_worse
from rehab.reference.alert_signs import signs_of

Signs = frozenset[tuple[str, str]]


class Change(Enum):
    NOTHING = 0
    CORRECTED = 1  # what it says changed, and nothing was added: nobody is told
    NEWS = 2


def change_of(*, level: str, evidence: Mapping[str, Any], known: AlertCause | None) -> Change:
    """Return what a cause changes against its row, apart from what other causes of the alert said before."""
    if known is None or is_worse(level=level, than=known.level):
        return Change.NEWS
    if known.withdrawn_at is not None:
        return Change.NEWS if _counts_again(known) else Change.NOTHING
    if signs_of(evidence) - signs_of(known.evidence):
        return Change.NEWS
    # What a clinician closed, or what was taken back, is kept as they saw it.
    is_finished = known.alert is not None and known.alert.is_finished
    return Change.NOTHING if is_finished or _as_stored(evidence) == known.evidence else Change.CORRECTED


def _counts_again(known: AlertCause) -> bool:
    # Closed while the cause stood, the decision was about it too; closed after it was taken back, it was not.
    closed_at = known.alert.closed_at if known.alert and known.alert.status == Alert.Status.CLOSED else None
    return closed_at is None or (known.withdrawn_at is not None and closed_at > known.withdrawn_at)


def _as_stored(evidence: Mapping[str, Any]) -> Any:
    return orjson.loads(orjson.dumps(evidence))


def signs_told(causes: Collection[AlertCause]) -> Signs:
    """Return the signs that the causes of an alert stand for, without those that were taken back."""
    return frozenset().union(*(signs_of(cause.evidence) for cause in causes if cause.withdrawn_at is None))
