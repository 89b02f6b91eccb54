"""Muting one rule for one patient until a day, with a reason: a therapist's decision, audited. Patients cannot."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from django.db import transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from accounts import audit
from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import AlreadyClosed, IdInUse, Invalid, Problem, VersionConflict
from rehab.models import AlertMute, Patient
from rehab.reference.alert_rules import ALERT_RULES
from rehab.selectors import alert_mutes, patients
from rehab.services import documents
from rehab.services.alert_events import mute_event_of
from rehab.services.alert_handling import check_reason
from rehab.services.alerts import is_in_force, lock
from rehab.services.inputs.base import Day, Document, RecordId, Text, Ui

#: A mute is looked at again after a quarter of a year at the latest. A convention of this project.
LONGEST = timedelta(days=90)


def _check_rule(value: str) -> str:
    if value not in ALERT_RULES:
        raise PydanticCustomError("unknown_code", "unknown rule")
    return value


RuleCode = Annotated[str, AfterValidator(_check_rule)]


class MuteInput(Document):
    """``until_on`` is the last day, in the patient's time zone, on which the rule is silent."""

    id: RecordId | None = None
    patient: uuid.UUID
    rule: Annotated[RuleCode, Ui(_("Rule"))]
    reason: Annotated[Text, Ui(_("Reason"))]
    until_on: Annotated[Day, Ui(_("Until the end of"))]


@dataclass(frozen=True)
class Muted:
    mute: AlertMute
    created: bool


def create(document: Any, *, by: User, now: datetime) -> Muted:
    """Mute a rule for a patient from now until the end of a day, 90 days ahead at most.

    Open alerts stay open. The same id with the same content again answers what is stored; other content raises
    ``IdInUse``. ``Invalid`` if the rule is muted already: end that one first.
    """
    parsed = documents.read(MuteInput, document)
    patient = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.HANDLE_ALERTS).patient
    check_reason(parsed.reason)
    content = parsed.model_dump(mode="json", exclude={"id"})
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    with transaction.atomic():
        lock({patient.pk})
        if parsed.id is not None and (stored := alert_mutes.by_id(parsed.id)) is not None:
            if stored.created_digest != digest:
                raise IdInUse
            return Muted(stored, created=False)
        _check_until(parsed, patient, now=now)
        _end_what_lapsed(patient, parsed.rule, now=now)
        mute = AlertMute.objects.create(
            id=parsed.id or new_id(),
            patient=patient,
            rule=parsed.rule,
            reason=parsed.reason.strip(),
            until_on=parsed.until_on,
            created_by=by,
            created_at=now,
            created_digest=digest,
        )
        changes = {"rule": mute.rule, "until_on": mute.until_on.isoformat(), "reason": mute.reason}
        audit.write(mute_event_of("created", mute, patient, now=now, changes=changes, by=by))
    return Muted(mute, created=True)


def _check_until(parsed: MuteInput, patient: Patient, *, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(patient.time_zone)).date()
    if today <= parsed.until_on <= today + LONGEST:
        return
    message = format_lazy(
        _("Until the end of: {value} is not possible. Allowed: {low} to {high}."),
        value=parsed.until_on.isoformat(),
        low=today.isoformat(),
        high=(today + LONGEST).isoformat(),
    )
    raise Invalid([Problem("/until_on", "out_of_range", message)])


def _end_what_lapsed(patient: Patient, rule: str, *, now: datetime) -> None:
    """Make room for a new mute: one that lapsed by itself is marked so; one in force stands in the way."""
    for mute in AlertMute.objects.filter(patient=patient, rule=rule, ended_at__isnull=True):
        if is_in_force(mute, patient, now=now):
            message = _("Rule: it is muted for this patient already. End that mute first.")
            raise Invalid([Problem("/rule", "already_muted", message)])
        AlertMute.objects.filter(pk=mute.pk).update(ended_at=now, version=F("version") + 1)
        audit.write(mute_event_of("lapsed", mute, patient, now=now, changes={"rule": rule}))


@transaction.atomic
def end(mute_id: uuid.UUID, *, expected_version: int, by: User, now: datetime) -> AlertMute:
    """End a mute before its day. What it silenced stays with it; what comes after raises alerts again."""
    mute = alert_mutes.get(viewer=by, mute_id=mute_id)
    if mute.version != expected_version:
        raise VersionConflict(mute.version)
    if not is_in_force(mute, mute.patient, now=now):
        raise AlreadyClosed
    waiting = AlertMute.objects.filter(pk=mute.pk, version=expected_version)
    if not waiting.update(ended_at=now, ended_by=by, version=expected_version + 1):
        raise VersionConflict(alert_mutes.get(viewer=by, mute_id=mute_id).version)
    mute.ended_at, mute.ended_by, mute.version = now, by, expected_version + 1
    audit.write(mute_event_of("ended", mute, mute.patient, now=now, changes={"rule": mute.rule}, by=by))
    return mute
