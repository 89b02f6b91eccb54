"""What the database refuses of questionnaires and of who answers them."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.ids import new_id
from rehab.models import ClinicQuestionnaires, ClinicResponder, QuestionnaireResponse
from tests.conftest import Cast


def response(cast: Cast, **changes: Any) -> QuestionnaireResponse:
    now = timezone.now()
    fields: dict[str, Any] = {
        "patient": cast.patient,
        "performed_at": now,
        "performed_on": now.date(),
        "recorded_by": cast.patient_user,
        "source": "api",
        "instrument": "phq2",
        "details": {"language": "en", "answers": {}, "difficulty": None},
        "created_digest": "d",
        "created_at": now,
        "updated_at": now,
        **changes,
    }
    return QuestionnaireResponse.objects.create(**fields)


def long(cast: Cast, **changes: Any) -> QuestionnaireResponse:
    return response(cast, **{"instrument": "phq9", "follows": response(cast), **changes})


def responder(cast: Cast, **changes: Any) -> ClinicResponder:
    fields: dict[str, Any] = {"clinic": cast.clinic, "user": cast.colleague, "added_by": cast.admin, **changes}
    return ClinicResponder.objects.create(**fields)


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "questionnaire_status_known": lambda cast: response(cast, status="draft"),
    "questionnaire_version_fits_status": lambda cast: response(
        cast, version=2, change_reason="why", changed_by=cast.patient_user
    ),
    "questionnaire_change_has_reason": lambda cast: response(cast, version=2, status="entered_in_error"),
    "questionnaire_not_amended": lambda cast: response(
        cast, version=2, status="amended", change_reason="why", changed_by=cast.patient_user
    ),
    "questionnaire_instrument_known": lambda cast: response(cast, instrument="bdi"),
    "questionnaire_item_9_possible": lambda cast: long(cast, self_harm_answer=4),
    "questionnaire_long_follows_short": lambda cast: response(cast, follows=response(cast)),
    "clinic_questionnaires_mode_known": lambda cast: ClinicQuestionnaires.objects.create(
        clinic=cast.clinic, mode="sometimes"
    ),
    "responder_once_per_clinic": lambda cast: (responder(cast), responder(cast)),
    "responder_ended_by_someone": lambda cast: responder(cast, ended_at=timezone.now(), id=new_id()),
}
