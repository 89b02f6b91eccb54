"""The document of one answered questionnaire."""

import uuid
from typing import Annotated, Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.errors import Problem, pointer_to
from rehab.reference.questionnaires import OPTIONS, QUESTIONNAIRES, SELF_HARM_ITEM, Questionnaire
from rehab.services.inputs.base import Document, Moment, RecordId, Ui

#: The form whose answers a longer one takes over.
SHORT_OF = {"phq8": "phq2", "phq9": "phq2", "gad7": "gad2"}

HIGHEST = OPTIONS[-1].value


class QuestionnaireInput(Document):
    """Answers 0-3 by LOINC code; an item left out or null was not answered.

    ``follows`` is the id of the PHQ-2 or GAD-2 that opened a longer form: for 24 hours its two answers are taken over,
    so they need not be sent again; what comes later is kept with the answers that it holds. ``language`` is that of
    the wording which the patient read.
    """

    id: RecordId | None = None
    patient: uuid.UUID
    performed_at: Annotated[Moment, Ui(_("Date and time"))]
    instrument: Annotated[Literal["phq2", "phq8", "phq9", "gad2", "gad7"], Ui(_("Questionnaire"))]
    language: Annotated[Literal["en"], Ui(_("Language"))] = "en"
    answers: Annotated[dict[str, int | None], Ui(_("Answers"))]
    difficulty: Annotated[int | None, Ui(_("Difficulty"))] = None
    follows: Annotated[uuid.UUID | None, Ui(_("Follows"))] = None

    @property
    def form(self) -> Questionnaire:
        return QUESTIONNAIRES[self.instrument]

    @property
    def reports_self_harm(self) -> bool:
        """Whether item 9 of the PHQ-9 was answered with 1 or more."""
        return (self.answers.get(SELF_HARM_ITEM) or 0) >= 1

    def problems(self) -> list[Problem]:
        """Return what cannot be, whoever the patient is."""
        asked = {item.loinc for item in self.form.items}
        found = []
        for code, value in self.answers.items():
            pointer = pointer_to("answers", code)
            if code not in asked:
                message = format_lazy(_("{label}: unknown field."), label=code[:40])
                found.append(Problem(pointer, "extra_forbidden", message))
            elif value is not None and not 0 <= value <= HIGHEST:
                found.append(_out_of_range(pointer, code, value))
        if self.difficulty is not None:
            if self.form.difficulty is None:
                message = format_lazy(_("Difficulty: {title} does not ask for it."), title=self.form.title)
                found.append(Problem("/difficulty", "not_allowed", message))
            elif not 0 <= self.difficulty <= HIGHEST:
                found.append(_out_of_range("/difficulty", str(_("Difficulty")), self.difficulty))
        if not found and all(value is None for value in self.answers.values()):
            found.append(Problem("/answers", "missing", _("Answers: at least one is needed.")))
        short = SHORT_OF.get(self.instrument)
        if short is None and self.follows is not None:
            message = format_lazy(_("Follows: {title} follows nothing."), title=self.form.title)
            found.append(Problem("/follows", "not_allowed", message))
        if short is not None and self.follows is None:
            message = format_lazy(
                _("Follows: missing. {title} opens after {short} with 3 points or more; name that one."),
                title=self.form.title,
                short=QUESTIONNAIRES[short].title,
            )
            found.append(Problem("/follows", "missing", message))
        return found


def _out_of_range(pointer: str, label: str, value: int) -> Problem:
    message = format_lazy(
        _("{label}: {value} is not possible. Allowed: {range}."), label=label, value=str(value)[:20], range="0-3"
    )
    return Problem(pointer, "out_of_range", message)
