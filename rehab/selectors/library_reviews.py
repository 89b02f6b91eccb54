"""The library as a clinic's administrators review it: every text in both languages, drafts and gated ones too."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Clinic, User
from content import catalogue, library
from content.documents import LANGUAGES
from content.errors import NotHere
from content.library import Listed, Reader, Text
from content.models import ArticleReview, ArticleText
from rehab.errors import NotFound
from rehab.selectors import people


@dataclass(frozen=True)
class ReviewedArticle:
    """An article with the state of each of its languages, the original first."""

    texts: tuple[Listed, ...]

    @property
    def original(self) -> Listed:
        return self.texts[0]


@dataclass(frozen=True)
class ClinicShelves:
    clinic: Clinic
    requires_approval: bool
    articles: list[ReviewedArticle]


@dataclass(frozen=True)
class ReviewedText:
    """A text to review, with the steps of the clinic's review, the latest first."""

    clinic: Clinic
    requires_approval: bool
    text: Text
    steps: list[ArticleReview]


def version_of(slug: str, *, language: str) -> int | None:
    """Return the version of a listed text, or None if there is none."""
    found = ArticleText.objects.filter(article_id=slug, language=language, article__is_listed=True)
    return found.values_list("version", flat=True).first()


def shelves(*, by: User, clinic_id: uuid.UUID, now: datetime) -> ClinicShelves:
    """Return every article with the clinic's review of it, in a constant number of statements."""
    clinic = people.administered_clinic(by=by, clinic_id=clinic_id)
    texts: dict[str, list[Listed]] = {}
    for language in LANGUAGES:
        for one in library.articles(_reader(clinic, language, now=now)):
            texts.setdefault(one.slug, []).append(one)
    articles = [ReviewedArticle(tuple(found)) for found in texts.values()]
    return ClinicShelves(clinic, library.requires_approval(clinic_id), articles)


def text(*, by: User, clinic_id: uuid.UUID, slug: str, language: str, now: datetime) -> ReviewedText:
    """Return a text with its review; ``NotFound`` if there is none, or for whoever does not administer the clinic."""
    clinic = people.administered_clinic(by=by, clinic_id=clinic_id)
    try:
        found = library.article(slug, _reader(clinic, language, now=now))
    except NotHere:
        raise NotFound from None
    steps = catalogue.review_steps(found.listed.slug, language=language, clinic_id=clinic_id)
    return ReviewedText(clinic, library.requires_approval(clinic_id), found, steps)


def _reader(clinic: Clinic, language: str, *, now: datetime) -> Reader:
    today = now.astimezone(ZoneInfo(clinic.time_zone)).date()
    return Reader(language=language, clinic_id=clinic.pk, conditions=None, today=today)
