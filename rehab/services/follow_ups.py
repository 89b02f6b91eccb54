"""What a clinic takes of questionnaires, and how a long form goes on from the short one that opened it.

Nothing that was asked may be lost when it is answered late: a form that was opened is taken to its end, whatever the
clinic offers by then, and an answer of 1 or more to item 9 is taken whatever its short form came to.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.analytics import questionnaires as scoring
from rehab.errors import Invalid, Problem, pointer_to
from rehab.models import Patient, QuestionnaireResponse, Record
from rehab.reference.questionnaires import QUESTIONNAIRES, SELF_HARM_ITEM
from rehab.selectors import questionnaires
from rehab.services.inputs.questionnaires import SHORT_OF, QuestionnaireInput

#: A longer form belongs to the short one that opened it: both ask about the same two weeks.
OPEN_FOR = timedelta(hours=24)


def opened_by(instrument: str, short_id: uuid.UUID, patient: Patient, *, at: datetime) -> QuestionnaireResponse | None:
    """Return the short form that opens a longer one of the same patient at a moment, or None if it does not."""
    short = _short_of(instrument, short_id, patient)
    return short if short is not None and _opens(short, at=at) and at - short.performed_at <= OPEN_FOR else None


def answers_to_keep(parsed: QuestionnaireInput, patient: Patient) -> dict[str, int]:
    """Return the answers to store, those of the short form among them; ``Invalid`` if the form is not taken.

    The short form's answers are taken over for a day. What comes later, or after a short form that does not open it
    any more but reports item 9, is a response of its own: it holds what was given with it and nothing else.
    """
    given = {code: value for code, value in parsed.answers.items() if value is not None}
    if parsed.follows is None:
        _check_offered(parsed, patient, short=None)
        return given
    short = _short_of(parsed.instrument, parsed.follows, patient)
    opens = short is not None and _opens(short, at=parsed.performed_at)
    if short is None or not (opens or parsed.reports_self_harm):
        raise Invalid([_not_open(parsed)])
    _check_offered(parsed, patient, short=short)
    if not opens or parsed.performed_at - short.performed_at > OPEN_FOR:
        return given
    carried: dict[str, int] = short.details["answers"]
    changed = [code for code, value in carried.items() if given.get(code, value) != value]
    if changed and not parsed.reports_self_harm:
        raise Invalid([_taken_over(code, short) for code in changed])
    return {**carried, **given}


def _short_of(instrument: str, short_id: uuid.UUID, patient: Patient) -> QuestionnaireResponse | None:
    short = questionnaires.by_id(short_id)
    is_right = short is not None and short.patient_id == patient.pk and short.instrument == SHORT_OF[instrument]
    return short if is_right else None


def _opens(short: QuestionnaireResponse, *, at: datetime) -> bool:
    """Whether a longer form may follow, however late."""
    if short.status == Record.Status.ENTERED_IN_ERROR or at < short.performed_at:
        return False
    scored = scoring.score(questionnaire=QUESTIONNAIRES[short.instrument].code, answers=short.details["answers"])
    return scored.follow_up is not None


def _check_offered(parsed: QuestionnaireInput, patient: Patient, *, short: QuestionnaireResponse | None) -> None:
    offer = questionnaires.offer_of(patient.clinic_id)
    if parsed.instrument in offer.instruments or (short is not None and _was_asked(parsed, patient, short)):
        return
    if not offer.instruments:
        message: Any = _("Questionnaire: your clinic does not offer questionnaires at present.")
    else:
        message = format_lazy(
            _("Questionnaire: your clinic does not offer {title}. Offered: {offered}."),
            title=parsed.form.title,
            offered=", ".join(QUESTIONNAIRES[code].title for code in offer.instruments),
        )
    raise Invalid([Problem("/instrument", "not_offered", message)])


def _was_asked(parsed: QuestionnaireInput, patient: Patient, short: QuestionnaireResponse) -> bool:
    """Whether a long form was on offer after its short one: item 9 while somebody answered for it, the others then."""
    if SELF_HARM_ITEM not in {item.loinc for item in parsed.form.items} or parsed.reports_self_harm:
        return True
    return questionnaires.was_answered_for(patient.clinic_id, since=short.created_at)


def _not_open(parsed: QuestionnaireInput) -> Problem:
    message = format_lazy(
        _("Follows: {title} opens after {short} with 3 points or more, answered within 24 hours before."),
        title=parsed.form.title,
        short=QUESTIONNAIRES[SHORT_OF[parsed.instrument]].title,
    )
    return Problem("/follows", "not_open", message)


def _taken_over(code: str, short: QuestionnaireResponse) -> Problem:
    message = format_lazy(
        _("{label}: the answer is taken over from {short}."), label=code, short=QUESTIONNAIRES[short.instrument].title
    )
    return Problem(pointer_to("answers", code), "carried_over", message)
