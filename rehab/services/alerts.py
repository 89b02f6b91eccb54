"""Raising alerts. One event, one alert: whoever evaluates it, however often, late or twice.

Callers raise red flags in the transaction of the record itself; workers raise derived rules (``alert_rules``). Taking
them back is in ``alert_withdrawals``, what people do with an alert in ``alert_handling``.
"""

import json
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import audit
from accounts.models import Event
from rehab.models import Alert, AlertCause, AlertMute, Patient
from rehab.reference.alert_rules import ALERT_RULES, LEVELS, is_reserved, is_worse
from rehab.reference.alert_signs import signs_of
from rehab.selectors import alerts
from rehab.services import alert_messages
from rehab.services.alert_changes import Change, Signs, change_of, signs_told
from rehab.services.alert_events import event_of, mute_event_of

LONGEST_SUBJECT, LONGEST_KIND = 128, 32
Key = tuple[uuid.UUID, str, str, str]
Matter = tuple[uuid.UUID, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing that made a rule fire.

    ``subject`` tells two alerts of one rule and patient apart. ``source_kind`` is the address segment of the API
    ("sessions"), ``source_id`` the record. ``evidence`` is JSON that the therapist is shown: the data that fired, never
    free text of item 9. ``rehab.reference.alert_texts`` says which keys have words. ``ValueError`` or ``TypeError`` for
    an unknown rule or level, for what is too long, and for evidence that is not JSON.
    """

    patient: Patient
    rule: str
    level: str
    source_kind: str
    source_id: uuid.UUID
    occurred_at: datetime
    evidence: dict[str, Any]
    subject: str = ""
    rule_version: str = "1"

    def __post_init__(self) -> None:
        """Refuse here, where the rule stands, what the database would refuse of a whole batch."""
        if self.rule not in ALERT_RULES or self.level not in LEVELS:
            raise ValueError(f"unknown rule or level: {self.rule}, {self.level}")
        if len(self.subject) > LONGEST_SUBJECT or len(self.source_kind) > LONGEST_KIND:
            raise ValueError(f"too long: {self.subject!r}, {self.source_kind!r}")
        json.dumps(self.evidence, allow_nan=False)

    @property
    def key(self) -> Key:
        return self.source_id, self.source_kind, self.rule, self.subject

    @property
    def matter(self) -> Matter:
        return self.patient.pk, self.rule, self.subject


@dataclass
class _Raising:
    """What one call changes; written at its end, table by table."""

    now: datetime
    new_alerts: list[Alert] = field(default_factory=list)
    changed_alerts: dict[uuid.UUID, Alert] = field(default_factory=dict)
    new_causes: list[AlertCause] = field(default_factory=list)
    changed_causes: list[AlertCause] = field(default_factory=list)
    to_tell: dict[uuid.UUID, Alert] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    #: What each unfinished alert stands for; a sign beyond them is news.
    signs: dict[uuid.UUID, Signs] = field(default_factory=dict)


@transaction.atomic
def raise_all(causes: Iterable[Cause], *, now: datetime, corrected: Collection[uuid.UUID] | None = None) -> list[Alert]:
    """Raise what is new among some causes; return the alerts that were raised or that took one, each once.

    A cause that was raised before does nothing, unless its level is worse now, it names a further sign, or it was
    withdrawn and holds again; where it only says less or other numbers, what is shown of it is corrected and nobody is
    told. An unfinished alert of the same patient, rule and subject takes it; a worse level, a sign that the alert did
    not name, or something urgent reported again makes that alert unanswered and tells the care team again. A closed
    alert stays closed: a new cause makes a new one. What a mute silences is kept with the mute. It costs a few
    statements, in batches, however many causes there are.

    ``corrected`` names the patients whose records were corrected, None all: for the others a cause that only says
    other numbers than before is left as it was raised, since a rule over many records does so with every record.

    Call once in a transaction with all there is to raise: patients are locked in the order of their ids.
    """
    wanted = _each_once(causes)
    if not wanted:
        return []
    patients = {cause.patient.pk: cause.patient for cause in wanted}
    lock(patients)
    known = alerts.causes_of_sources({cause.source_id for cause in wanted})
    judged = [(cause, _change_of(cause, known.get(cause.key))) for cause in wanted]
    fresh = [
        (cause, change)
        for cause, change in judged
        if change is Change.NEWS
        or (change is Change.CORRECTED and (corrected is None or cause.patient.pk in corrected))
    ]
    if not fresh:
        return []
    mutes = _mutes_in_force(patients, now=now)
    unfinished = {
        (alert.patient_id, alert.rule, alert.subject): alert
        for alert in alerts.unfinished_for_update({cause.patient.pk for cause, _change in fresh})
    }
    concerned = [unfinished[cause.matter] for cause, _change in fresh if cause.matter in unfinished]
    signs = {alert_id: signs_told(causes) for alert_id, causes in alerts.causes_of(concerned).items()}
    raising, touched = _Raising(now=now, signs=signs), {}
    for cause, change in fresh:
        # Whoever treats a patient may mute a rule, but not on behalf of those who answer item 9.
        reserved = is_reserved(rule=cause.rule, subject=cause.subject)
        mute = None if reserved else mutes.get((cause.patient.pk, cause.rule))
        row, alert = known.get(cause.key), unfinished.get(cause.matter)
        if row is not None and _is_quiet(row, change, alert, mute):
            _correct(cause, row, alert, raising)
            continue
        if mute is not None:
            alert = None
        elif alert is None:
            alert = unfinished[cause.matter] = _new_alert(cause, row, raising)
        elif row is not None and not _adds(alert, cause, row, raising):
            _correct(cause, row, alert, raising)
            continue
        else:
            _join(alert, cause, row, raising)
        _keep(cause, row, alert, mute, raising)
        if alert is not None:
            touched[alert.pk] = alert
    _write(raising, patients)
    return list(touched.values())


def _change_of(cause: Cause, known: AlertCause | None) -> Change:
    return change_of(level=cause.level, evidence=cause.evidence, known=known)


def _is_quiet(row: AlertCause, change: Change, alert: Alert | None, mute: AlertMute | None) -> bool:
    """Whether a cause that stands stays where it is: it is only corrected, or its rule was muted later."""
    stands = row.withdrawn_at is None
    return stands and (
        change is Change.CORRECTED or (mute is not None and alert is not None and row.alert_id == alert.pk)
    )


def _adds(alert: Alert, cause: Cause, row: AlertCause, raising: _Raising) -> bool:
    """Whether a cause of an alert says what no other cause of it said; one that was elsewhere always does."""
    if row.alert_id != alert.pk or row.withdrawn_at is not None or is_worse(level=cause.level, than=row.level):
        return True
    return bool(signs_of(cause.evidence) - raising.signs[alert.pk])


def _each_once(causes: Iterable[Cause]) -> list[Cause]:
    """Return the causes in an order that every caller shares, each key once, at its worst level."""
    found: dict[Key, Cause] = {}
    for cause in causes:
        before = found.get(cause.key)
        if before is None or is_worse(level=cause.level, than=before.level):
            found[cause.key] = cause
    return sorted(found.values(), key=lambda cause: (cause.occurred_at, cause.key))


def lock(patient_ids: Iterable[uuid.UUID]) -> None:
    """Let one transaction at a time raise, mute or withdraw for a patient. Records may be written meanwhile."""
    rows = Patient.objects.select_for_update(no_key=True).filter(pk__in=set(patient_ids)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _mutes_in_force(patients: dict[uuid.UUID, Patient], *, now: datetime) -> dict[tuple[uuid.UUID, str], AlertMute]:
    return {
        (mute.patient_id, mute.rule): mute
        for mute in alerts.mutes_not_ended(patients)
        if is_in_force(mute, patients[mute.patient_id], now=now)
    }


def is_in_force(mute: AlertMute, patient: Patient, *, now: datetime) -> bool:
    """Whether a mute silences: until the end of its last day in the patient's own time zone."""
    return mute.ended_at is None and now.astimezone(ZoneInfo(patient.time_zone)).date() <= mute.until_on


def _new_alert(cause: Cause, row: AlertCause | None, raising: _Raising) -> Alert:
    alert = Alert(
        patient_id=cause.patient.pk,
        rule=cause.rule,
        rule_version=cause.rule_version,
        subject=cause.subject,
        level=cause.level,
        raised_at=raising.now,
        waiting_since=raising.now,
        updated_at=raising.now,
    )
    raising.new_alerts.append(alert)
    raising.to_tell[alert.pk] = alert
    raising.signs[alert.pk] = signs_of(cause.evidence)
    _tell("raised", alert, cause, row, raising)
    return alert


def _join(alert: Alert, cause: Cause, row: AlertCause | None, raising: _Raising) -> None:
    """Add a cause to an unfinished alert. A worse level, a further sign or an urgent report makes it unanswered again,
    and its clock starts anew."""
    is_new = any(alert is new for new in raising.new_alerts)
    worse = is_worse(level=cause.level, than=alert.level)
    if worse:
        alert.level = cause.level
    further = signs_of(cause.evidence) - raising.signs[alert.pk]
    raising.signs[alert.pk] |= further
    # Somebody looked at what was before, or it was told for the last time: what is reported now is told anew.
    quiet = alert.status == Alert.Status.ACKNOWLEDGED or alert.escalated_at is not None
    if worse or further or (quiet and cause.level != Alert.Level.REVIEW):
        alert.status = Alert.Status.OPEN
        alert.acknowledged_at = alert.acknowledged_by_id = alert.escalated_at = None
        alert.waiting_since = raising.now
        raising.to_tell[alert.pk] = alert
    alert.rule_version = cause.rule_version
    _touch(alert, raising, is_new=is_new)
    action = "level_raised" if worse else "sign_added" if further else "cause_added"
    _tell(action, alert, cause, row, raising)


def _correct(cause: Cause, row: AlertCause, alert: Alert | None, raising: _Raising) -> None:
    """Show what a cause says now, and keep in the history what it said. Nobody is told, and no clock starts."""
    if alert is not None and row.alert_id == alert.pk:
        _touch(alert, raising, is_new=any(alert is new for new in raising.new_alerts))
        _tell("cause_corrected", alert, cause, row, raising)
    row.evidence, row.rule_version, row.occurred_at = cause.evidence, cause.rule_version, cause.occurred_at
    raising.changed_causes.append(row)


def _touch(alert: Alert, raising: _Raising, *, is_new: bool) -> None:
    alert.updated_at = raising.now
    if not is_new and alert.pk not in raising.changed_alerts:
        alert.version += 1
        raising.changed_alerts[alert.pk] = alert


def _tell(action: str, alert: Alert, cause: Cause, row: AlertCause | None, raising: _Raising) -> None:
    changes = {
        "rule": alert.rule,
        "level": alert.level,
        "version": alert.version,
        "source": [cause.source_kind, str(cause.source_id)],
    }
    if row is not None and row.evidence != cause.evidence:
        changes["before"] = row.evidence
    raising.events.append(event_of(action, alert, cause.patient, now=raising.now, changes=changes))


def _keep(
    cause: Cause, known: AlertCause | None, alert: Alert | None, mute: AlertMute | None, raising: _Raising
) -> None:
    row = known or AlertCause(
        patient_id=cause.patient.pk,
        rule=cause.rule,
        subject=cause.subject,
        source_kind=cause.source_kind,
        source_id=cause.source_id,
    )
    row.alert, row.mute = alert, mute
    row.level, row.rule_version, row.evidence = cause.level, cause.rule_version, cause.evidence
    row.occurred_at, row.raised_at, row.withdrawn_at = cause.occurred_at, raising.now, None
    (raising.new_causes if known is None else raising.changed_causes).append(row)
    if mute is not None:
        changes = {"rule": cause.rule, "level": cause.level, "source": [cause.source_kind, str(cause.source_id)]}
        raising.events.append(mute_event_of("silenced", mute, cause.patient, now=raising.now, changes=changes))


def _write(raising: _Raising, patients: dict[uuid.UUID, Patient]) -> None:
    Alert.objects.bulk_create(raising.new_alerts, batch_size=500)
    if raising.changed_alerts:
        fields = ["level", "status", "acknowledged_at", "acknowledged_by", "escalated_at", "waiting_since",
                  "rule_version", "version", "updated_at"]  # fmt: skip
        Alert.objects.bulk_update(raising.changed_alerts.values(), fields, batch_size=200)
    AlertCause.objects.bulk_create(raising.new_causes, batch_size=500)
    if raising.changed_causes:
        columns = ["alert", "mute", "level", "rule_version", "evidence", "occurred_at", "raised_at", "withdrawn_at"]
        AlertCause.objects.bulk_update(raising.changed_causes, columns, batch_size=200)
    alert_messages.tell_of_raised(raising.to_tell.values(), patients, now=raising.now)
    audit.write(*raising.events)
