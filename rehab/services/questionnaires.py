"""Answering the PHQ and GAD questionnaires, and what an answer to item 9 sets off in the same transaction."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from accounts import audit
from accounts.ids import new_id
from accounts.models import Clinic, Event, User
from accounts.roles import Permission
from rehab.errors import EnteredInError, IdInUse, Invalid, NotFound, NotPermitted, VersionConflict
from rehab.models import Patient, QuestionnaireResponse, Record
from rehab.reference import red_flag_texts
from rehab.reference.alert_rules import ITEM_9_MATTER
from rehab.reference.questionnaires import SELF_HARM_ITEM
from rehab.selectors import patients, questionnaires, records
from rehab.selectors.questionnaires import Shown
from rehab.services import alerts, documents, follow_ups, rows
from rehab.services.alerts import Cause
from rehab.services.inputs.questionnaires import QuestionnaireInput
from rehab.services.records import check_reason

NAME = "questionnaire-responses"


@dataclass(frozen=True)
class Created:
    response_id: uuid.UUID
    version: int
    created: bool


def create(document: Any, *, by: User, source: str, now: datetime) -> Created:
    """Store what a patient answered about themself.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``. ``Invalid`` if
    it cannot be or the clinic does not take it; the words for an answer of 1 or more to item 9 come from
    ``services.emergencies``, whatever goes wrong.
    """
    parsed = documents.read(QuestionnaireInput, document)
    if problems := parsed.problems():
        raise Invalid(problems)
    patient = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.ANSWER_QUESTIONNAIRES).patient
    digest = _digest_of(parsed)
    if parsed.id is not None and (stored := questionnaires.by_id(parsed.id)) is not None:
        return _replayed(stored, digest)
    rows.check_performed_at(parsed.performed_at, patient, now=now)
    try:
        with transaction.atomic():
            row = _row(parsed, patient, digest=digest, by=by, source=source, now=now)
            row.save(force_insert=True)
            audit.write(_event("created", row, patient, by=by, now=now))
            if (row.self_harm_answer or 0) >= 1:
                _report_self_harm(row, patient, by=by, now=now)
    except IntegrityError:
        stored = questionnaires.by_id(parsed.id) if parsed.id else None
        if stored is None:
            raise
        return _replayed(stored, digest)
    return Created(row.pk, row.version, created=True)


def _row(
    parsed: QuestionnaireInput, patient: Patient, *, digest: str, by: User, source: str, now: datetime
) -> QuestionnaireResponse:
    # The lock keeps the last responder from leaving between this look, the insert and the alert.
    Clinic.objects.select_for_update(no_key=True).get(pk=patient.clinic_id)
    answers = follow_ups.answers_to_keep(parsed, patient)
    return QuestionnaireResponse(
        id=parsed.id or new_id(),
        patient=patient,
        performed_at=parsed.performed_at,
        performed_on=rows.local_date(parsed.performed_at, patient),
        recorded_by=by,
        source=source,
        instrument=parsed.instrument,
        self_harm_answer=answers.pop(SELF_HARM_ITEM, None),
        follows_id=parsed.follows,
        details={"language": parsed.language, "answers": answers, "difficulty": parsed.difficulty},
        created_digest=digest,
        created_at=now,
        updated_at=now,
    )


def _report_self_harm(row: QuestionnaireResponse, patient: Patient, *, by: User, now: datetime) -> None:
    """Alert those who answer item 9; no answer and no level of risk stands in the alert, and it is never withdrawn."""
    audit.write(_event("crisis_message_shown", row, patient, by=by, now=now))
    rule, subject = ITEM_9_MATTER
    cause = Cause(
        patient=patient,
        rule=rule,
        subject=subject,
        level="same_day",
        source_kind=NAME,
        source_id=row.pk,
        occurred_at=row.performed_at,
        evidence={},
    )
    alerts.raise_all([cause], now=now)


def crisis_of(document: Any, *, by: User) -> tuple[str, ...]:
    """Return the crisis message for a document in which a patient answers item 9 with 1 or more; else nothing.

    It asks for nothing else to be right: what was answered matters before all that may be wrong with the rest.
    """
    if not answers_item_9(document):
        return ()
    patient = patients.own_patient(by)
    return () if patient is None else crisis_message(patient)


def answers_item_9(document: Any) -> bool:
    """Whether something that may be no document at all answers item 9 with 1 or more."""
    answers = document.get("answers") if isinstance(document, Mapping) else None
    answer = answers.get(SELF_HARM_ITEM) if isinstance(answers, Mapping) else None
    return isinstance(answer, int) and not isinstance(answer, bool) and answer >= 1


def crisis_of_shown(shown: Shown) -> tuple[str, ...]:
    """Return the crisis message for the patient who reads their own answers, if they call for it."""
    if not (shown.is_own and shown.reports_self_harm):
        return ()
    return crisis_message(Patient.objects.select_related("clinic").get(pk=shown.patient_id))


def crisis_message(patient: Patient) -> tuple[str, ...]:
    """Return the paragraphs with the emergency number and crisis line of the patient's clinic."""
    return red_flag_texts.message(
        flag="SELF_HARM",
        level="same_day",
        answers=(),
        language=get_language() or "en",
        emergency_number=patient.clinic.emergency_number,
        crisis_line=patient.clinic.crisis_line or "",
    )


def _digest_of(parsed: QuestionnaireInput) -> str:
    content = parsed.model_dump(mode="json", exclude={"id"}, exclude_defaults=True)
    content["answers"] = {code: value for code, value in parsed.answers.items() if value is not None}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _replayed(stored: QuestionnaireResponse, digest: str) -> Created:
    if stored.created_digest != digest:
        raise IdInUse
    return Created(stored.pk, stored.version, created=False)


def enter_in_error(response_id: uuid.UUID, *, reason: str, expected_version: int, by: User, now: datetime) -> None:
    """Mark answers as entered in error: they stay readable, and count for nothing. An alert of item 9 stays open.

    The patient and their therapists may. ``VersionConflict`` if somebody was faster.
    """
    shown = questionnaires.get(viewer=by, response_id=response_id)
    patient = check_may_mark(shown, by=by)
    check_reason(reason)
    if shown.version != expected_version:
        raise VersionConflict(shown.version)
    if shown.is_in_error:
        raise EnteredInError
    columns = {
        "status": Record.Status.ENTERED_IN_ERROR,
        "version": shown.version + 1,
        "changed_by": by,
        "change_reason": reason,
        "updated_at": now,
    }
    with transaction.atomic():
        if not records.update_if_at_version(QuestionnaireResponse, response_id, expected_version, columns):
            latest = questionnaires.by_id(response_id)
            raise VersionConflict(latest.version if latest else expected_version)
        row = QuestionnaireResponse.objects.get(pk=response_id)
        changes = {"version": row.version, "reason": reason}
        audit.write(_event("entered_in_error", row, patient, by=by, now=now, changes=changes))


def check_may_mark(shown: Shown, *, by: User) -> Patient:
    """Return the patient if ``by`` may mark these answers as entered in error; else ``NotPermitted``."""
    try:
        seen = patients.get(viewer=by, patient_id=shown.patient_id, to=Permission.AMEND_RECORDS)
    except NotFound:
        raise NotPermitted from None  # who answers item 9 sees the answers, but not the patient
    if not seen.may(Permission.VIEW_QUESTIONNAIRES):
        raise NotPermitted  # and somebody who answers item 9 may be a caregiver besides
    return seen.patient


def _event(
    action: str,
    row: QuestionnaireResponse,
    patient: Patient,
    *,
    by: User,
    now: datetime,
    changes: dict[str, Any] | None = None,
) -> Event:
    """Return the event of a write. No answer stands in it, and no digest from which one could be guessed."""
    return audit.event(
        action=f"{NAME}.{action}",
        target_kind=NAME,
        target_id=row.pk,
        patient_id=patient.pk,
        clinic_id=patient.clinic_id,
        by=by,
        at=now,
        changes=changes or {"version": row.version, "instrument": row.instrument},
    )
