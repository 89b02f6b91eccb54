"""Clinics that offer questionnaires, and answers as a patient would send them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.ids import new_id
from accounts.models import Clinic, User
from rehab.models import Patient
from rehab.reference.questionnaires import QUESTIONNAIRES
from rehab.services import questionnaires, responders

ITEM_9 = "44260-8"


def switch_on(clinic: Clinic, *, admin: User, responder: User | None, now: datetime) -> None:
    """Offer questionnaires: with item 9 if somebody answers for it."""
    if responder is not None:
        responders.add(clinic_id=clinic.pk, user_id=responder.pk, by=admin, now=now)
    mode = "without_item_9" if responder is None else "with_item_9"
    responders.offer(clinic_id=clinic.pk, mode=mode, by=admin, now=now)


def answers(instrument: str, *values: int | None) -> dict[str, int | None]:
    codes = [item.loinc for item in QUESTIONNAIRES[instrument].items]
    return dict(zip(codes, values, strict=True))


def document(patient: Patient, instrument: str, *values: int | None, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "patient": str(patient.pk),
        "performed_at": at.isoformat(),
        "instrument": instrument,
        "answers": answers(instrument, *values),
        **more,
    }


def answer(patient: Patient, instrument: str, *values: int | None, by: User, now: datetime, **more: Any) -> UUID:
    """Answer a questionnaire an hour ago; a long one after the short one that opens it."""
    if instrument in ("phq8", "phq9", "gad7") and "follows" not in more:
        short = "gad2" if instrument == "gad7" else "phq2"
        more["follows"] = str(answer(patient, short, *values[:2], by=by, now=now))
    sent = document(patient, instrument, *values, at=now - timedelta(hours=1), **more)
    return questionnaires.create(sent, by=by, source="api", now=now).response_id
