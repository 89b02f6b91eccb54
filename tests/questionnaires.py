"""Clinics that offer questionnaires, and answers as a patient would send them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from accounts.ids import new_id
from accounts.models import Clinic, User
from rehab.errors import Invalid
from rehab.models import Patient
from rehab.reference.questionnaires import QUESTIONNAIRES
from rehab.services import questionnaires, responders

ITEM_9 = "44260-8"
#: Items 1-8 make 12; item 9 makes the PHQ-9 14.
VALUES = (3, 3, 1, 1, 1, 1, 1, 1, 2)


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


def codes(error: Invalid) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


def refused(sent: Any, *, by: User, now: datetime) -> list[tuple[str, str]]:
    """Return what stands against an answer that is refused."""
    with pytest.raises(Invalid) as raised:
        questionnaires.create(sent, by=by, source="api", now=now)
    assert all(str(problem.message) for problem in raised.value.problems)
    return codes(raised.value)
