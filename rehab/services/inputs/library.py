"""What people send about articles: questions, answers, what to read, a check of understanding, a clinic's review."""

import uuid
from typing import Annotated, Literal

from annotated_types import Interval, MaxLen, MinLen
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from rehab.services.inputs.base import Day, Document, RecordId, Text, Ui

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_NOTE = 1000, 2000, 500
CHECKED = 3
"""Questions in the check of an article."""


def _words(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("string_too_short", "says nothing", {"min_length": 1})
    return value.strip()


Words = AfterValidator(_words)
Stripped = AfterValidator(str.strip)
Slug = Annotated[Text, MinLen(1), MaxLen(80), Ui(_("Article"))]
Language = Literal["en", "zh-hans"]
Option = Annotated[int, Interval(ge=0, le=3)]


class QuestionInput(Document):
    """A question to the therapists of a patient about an article."""

    id: RecordId | None = None
    patient: uuid.UUID
    article: Slug
    text: Annotated[Text, MinLen(1), MaxLen(LONGEST_QUESTION), Words, Ui(_("Your question"), rows=4)]


class AnswerInput(Document):
    text: Annotated[Text, MinLen(1), MaxLen(LONGEST_ANSWER), Words, Ui(_("Your answer"), rows=6)]


class AssignmentInput(Document):
    """An article that a patient is asked to read."""

    id: RecordId | None = None
    patient: uuid.UUID
    article: Slug
    note: Annotated[Text, MaxLen(LONGEST_NOTE), Stripped, Ui(_("Note to the patient"), rows=3)] = ""


class CheckInput(Document):
    """For each question of the check, the option chosen (counted from 0)."""

    answers: Annotated[tuple[Option, ...], MinLen(CHECKED), MaxLen(CHECKED), Ui(_("Answers"))]


class ArticleReviewInput(Document):
    """A step of a clinic's review of one version of a text. An approval says when it is looked at again."""

    article: Slug
    language: Annotated[Language, Ui(_("Language"))]
    text_version: Annotated[int, Interval(ge=1), Ui(_("Version"))]
    state: Annotated[Literal["draft", "in_review", "approved"], Ui(_("State"))]
    due_on: Annotated[Day | None, Ui(_("Next review"))] = None
    note: Annotated[Text, MaxLen(LONGEST_NOTE), Stripped, Ui(_("Note"), rows=3)] = ""
