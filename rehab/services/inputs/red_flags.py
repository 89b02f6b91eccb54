"""The red-flag part of a check-in or session: what is new or worse, what is as before, or none of these.

The codes are those of ``rehab.reference.red_flags``: of answers, or of a question that was picked without one. What
follows from them is decided in ``rehab.analytics.red_flags``.
"""

from typing import Annotated

from annotated_types import MaxLen
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from rehab.reference.red_flags import ANSWERS, QUESTIONS
from rehab.services.inputs.base import Document, Ui

#: What may be ticked: every answer, and every question that can be picked before an answer beneath it is.
CODES: frozenset[str] = frozenset(ANSWERS) | {code for code, question in QUESTIONS.items() if question.flag}


def _check_code(value: str) -> str:
    if value not in CODES:
        raise PydanticCustomError("unknown_code", "unknown red-flag answer")
    return value


Codes = Annotated[tuple[Annotated[str, AfterValidator(_check_code)], ...], MaxLen(len(CODES))]


class RedFlagAnswers(Document):
    """What was ticked. ``none_of_these`` is the one tap for the whole page; a box ticked beside it still counts."""

    new_or_worse: Annotated[Codes, Ui(_("New or worse"))] = ()
    unchanged: Annotated[Codes, Ui(_("The same as before"))] = ()
    none_of_these: Annotated[bool, Ui(_("None of the warning signs"))] = False

    @property
    def is_answered(self) -> bool:
        return bool(self.new_or_worse or self.unchanged or self.none_of_these)
