"""Who reads, and what they get to see: values, made in ``content.library``."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Literal

from content import rendering
from content.documents import SECTIONS
from content.rendering import Segment
from content.topics import CATEGORIES, Category

ReviewState = Literal["not_reviewed", "draft", "in_review", "approved", "due"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. ``conditions``: those of the patient; None for a clinician, who sees what is gated too."""

    language: str
    clinic_id: uuid.UUID | None
    conditions: frozenset[str] | None
    today: dt.date

    @property
    def is_clinician(self) -> bool:
        return self.conditions is None


@dataclass(frozen=True, slots=True)
class Listed:
    """An article on a shelf, in one language."""

    text_id: uuid.UUID
    slug: str
    category: str
    kind: str
    covers: tuple[str, ...]
    conditions: frozenset[str]
    not_for: frozenset[str]
    muscles: frozenset[str]
    session_types: frozenset[str]
    places: frozenset[str]
    position: int
    language: str
    title: str
    answer: str
    version: int
    updated_on: dt.date
    is_translation_old: bool
    review_state: ReviewState
    reviewed_by: str
    reviewed_on: dt.date | None
    digest: str

    @property
    def shelf(self) -> Category:
        return CATEGORIES[self.category]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with those of its articles that the reader may read."""

    category: Category
    articles: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One article to read. ``pieces``: for a patient without what is gated; ``languages``: what they may read it in."""

    listed: Listed
    pieces: tuple[Segment, ...]
    sources: tuple[dict[str, Any], ...]
    drawings: frozenset[str]
    check: tuple[dict[str, Any], ...]
    changes: tuple[str, ...]
    review_due_on: dt.date
    languages: tuple[str, ...]

    def html(self, *, emergency_number: str) -> str:
        """Return the article with the number of the reader's clinic."""
        return rendering.shown(self.pieces, conditions=(), emergency_number=emergency_number)

    def shows(self, drawing: str) -> bool:
        """Return whether a drawing stands in what this reader gets."""
        source = f'src="{rendering.ADDRESS}{self.listed.slug}/{drawing}"'
        return drawing in self.drawings and any(source in piece.html for piece in self.pieces)

    def urgent_and_rest(self) -> tuple[list[Segment], list[Segment]]:
        """Return the section on when to get help now, and all the others, in the order of the article."""
        heading = SECTIONS[self.listed.kind][self.listed.language][-1]
        return rendering.section(self.pieces, heading=heading)


@dataclass(frozen=True, slots=True)
class Found:
    """An article in which a query was found."""

    listed: Listed
    score: float
