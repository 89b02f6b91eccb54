"""How articles look in JSON, and how the library is ordered."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from content.library import ReviewState

Language = Literal["en", "zh-hans"]


class ArticleReviewAnswer(BaseModel):
    """How far the reader's clinic has reviewed the text; \"due\" is approved and to be looked at again."""

    state: ReviewState
    by: str
    on: date | None


class ArticleSummary(BaseModel):
    """An article in a list. ``not_for``: conditions of patients who never get it, told to clinicians alone."""

    slug: str
    language: Language
    title: str
    answer: str
    kind: Literal["explanation", "guide"]
    category: str
    topics: list[str]
    conditions: list[str]
    not_for: list[str]
    muscles: list[str]
    session_types: list[str]
    places: list[str]
    version: int
    updated_on: date
    is_translation_old: bool
    review: ArticleReviewAnswer
    url: str
    page: str


class FoundArticle(ArticleSummary):
    score: float | None = None


class ArticlePage(BaseModel):
    next: str | None
    results: list[FoundArticle]


class ArticleSegment(BaseModel):
    """A passage; ``not_for``: conditions of patients who do not get it, told to clinicians alone."""

    not_for: list[str]
    html: str


class ArticleSource(BaseModel):
    text: str
    url: str | None


class ArticleDrawing(BaseModel):
    name: str
    url: str


class ArticleCheck(BaseModel):
    """A question of the check of understanding; ``correct`` is counted from 0."""

    ask: str
    options: list[str]
    correct: int
    because: str


class ArticleAnswer(ArticleSummary):
    """``html`` leaves out every passage that is not for some patients; for a patient it holds all that they get."""

    languages: dict[str, str]
    html: str
    segments: list[ArticleSegment]
    drawings: list[ArticleDrawing]
    sources: list[ArticleSource]
    check: list[ArticleCheck]
    changes: list[str]
    review_due_on: date


class TopicAnswer(BaseModel):
    code: str
    name: str


class CategoryAnswer(BaseModel):
    code: str
    name: str
    topics: list[TopicAnswer]


class CategoryList(BaseModel):
    results: list[CategoryAnswer]
