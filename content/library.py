"""What a reader finds in the library: shelves, one article, search, and what fits where they are.

One rule decides what anybody may read (``_may_read``), for pages, API, search, recommendations and summaries alike. A
patient's reader carries the patient's conditions: an article that is not for one of them is not there at all, and a
passage that is not is cut out. A clinician sees everything, with what is gated marked.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery

from content import rendering, search
from content.documents import ARTICLES, LANGUAGES
from content.errors import NotHere
from content.models import Article, ArticleReview, ArticleText, ClinicLibrary
from content.readers import Found, Listed, Reader, ReviewState, Shelf, Text
from content.renamed import current
from content.rendering import Segment
from content.topics import CATEGORIES, TOPICS

__all__ = [
    "Found",
    "Listed",
    "Reader",
    "ReviewState",
    "Shelf",
    "Text",
    "article",
    "articles",
    "drawing",
    "find",
    "fitting",
    "on_topic",
    "requires_approval",
    "shelves",
]

#: What a shelf does not show of a text.
_UNLISTED = ("segments", "keywords", "check_questions", "changes", "article__sources", "article__drawings")


def articles(reader: Reader) -> list[Listed]:
    """Return every article that the reader may read, in the order of the shelves; a constant number of statements."""
    texts = list(
        _texts(reader.language)
        .filter(article__is_listed=True)
        .order_by("article__position", "article_id")
        .defer(*_UNLISTED)
    )
    approval = _approval(reader)
    return [listed for listed in _listed(texts, reader) if _may_read(listed, reader, approval=approval)]


def shelves(reader: Reader) -> list[Shelf]:
    """Return the categories in their order, each with its articles; one without articles is left out."""
    every = articles(reader)
    found = (
        Shelf(category, tuple(one for one in every if one.category == category.code))
        for category in CATEGORIES.values()
    )
    return [shelf for shelf in found if shelf.articles]


def on_topic(reader: Reader, topic: str) -> list[Listed]:
    """Return the articles that cover a topic, or anything of a category. ``NotHere``: there is no such topic."""
    if topic in CATEGORIES:
        return [one for one in articles(reader) if any(each.startswith(f"{topic}/") for each in one.covers)]
    if topic not in TOPICS:
        raise NotHere(topic)
    return [one for one in articles(reader) if topic in one.covers]


def article(slug: str, reader: Reader) -> Text:
    """Return one article, under its present slug if it was renamed.

    ``NotHere`` if there is none for this reader, whatever the reason.
    """
    slug = current(slug)
    row = _texts(reader.language).filter(article_id=slug, article__is_listed=True).first()
    if row is None:
        raise NotHere(slug)
    [listed] = _listed([row], reader)
    approval = _approval(reader)
    if not _may_read(listed, reader, approval=approval):
        raise NotHere(slug)
    gated = reader.conditions or frozenset()
    whole = (Segment(tuple(piece["not_for"]), piece["html"]) for piece in row.segments)
    pieces = [piece for piece in whole if not gated & set(piece.not_for)]
    dead = _unreadable(rendering.linked(pieces), reader, approval=approval)
    return Text(
        listed=listed,
        pieces=tuple(rendering.without_links(piece, to=dead) for piece in pieces),
        sources=tuple(row.article.sources),
        drawings=frozenset(row.article.drawings),
        check=tuple(row.check_questions),
        changes=tuple(row.changes),
        review_due_on=row.review_due_on,
        languages=_languages(slug, reader, approval=approval),
    )


def drawing(slug: str, name: str, reader: Reader) -> bytes:
    """Return a drawing of an article, as SVG. ``NotHere`` unless it stands in what this reader gets."""
    slug = current(slug)
    if not article(slug, reader).shows(name):
        raise NotHere(f"{slug}/{name}")
    try:
        return (ARTICLES / slug / name).read_bytes()
    except FileNotFoundError:
        raise NotHere(f"{slug}/{name}") from None


def find(query: str, reader: Reader, *, limit: int = 20) -> list[Found]:
    """Return the articles in which a query is found, best first; a constant number of statements."""
    scores = search.scores(query, language=reader.language)
    found = [Found(one, scores[one.text_id]) for one in articles(reader) if one.text_id in scores] if scores else []
    return sorted(found, key=lambda one: (-one.score, one.listed.position, one.listed.slug))[:limit]


def fitting(
    every: Iterable[Listed],
    *,
    place: str | None = None,
    conditions: Collection[str] = (),
    session_types: Collection[str] = (),
    muscles: Collection[str] = (),
    but: Collection[str] = (),
    limit: int = 3,
) -> list[Listed]:
    """Return the articles that fit best, of those that the reader may read (``articles``).

    A place asks for articles of that place alone. Otherwise what is about one of the conditions counts most, then what
    is about the sessions and muscles; an article about other conditions only does not fit. ``but``: slugs to leave out.
    """
    wanted, types, parts = set(conditions), set(session_types), set(muscles)

    def fit(one: Listed) -> int:
        if place is not None and place not in one.places:
            return 0
        if one.conditions and not one.conditions & wanted and place is None:
            return 0
        about = 4 * len(one.conditions & wanted) + 2 * len(one.session_types & types) + len(one.muscles & parts)
        return about + (1 if place is not None else 0)

    ranked = sorted((-fit(one), one.position, one.slug, one) for one in every if one.slug not in set(but))
    return [one for score, _position, _slug, one in ranked if score < 0][:limit]


def requires_approval(clinic_id: uuid.UUID | None) -> bool:
    """Return whether a clinic shows its patients only what it has approved."""
    if clinic_id is None:
        return False
    return ClinicLibrary.objects.filter(clinic_id=clinic_id, requires_approval=True).exists()


def _texts(language: str) -> Any:
    original = ArticleText.objects.filter(article_id=OuterRef("article_id"), language="en").values("version")[:1]
    return (
        ArticleText.objects.filter(language=language)
        .select_related("article")
        .annotate(original_version=Subquery(original))
    )


def _approval(reader: Reader) -> bool:
    return not reader.is_clinician and requires_approval(reader.clinic_id)


def _may_read(listed: Listed, reader: Reader, *, approval: bool) -> bool:
    if reader.conditions is None:
        return True
    if listed.not_for & reader.conditions or listed.review_state == "draft":
        return False
    return not approval or listed.review_state in ("approved", "due")


def _unreadable(slugs: Collection[str], reader: Reader, *, approval: bool) -> set[str]:
    """Return which of some articles this reader may not read: a link to them would lead nowhere."""
    texts = _texts(reader.language).filter(article_id__in=slugs, article__is_listed=True).order_by("article_id")
    listed = _listed(list(texts.defer(*_UNLISTED)), reader)
    return set(slugs) - {one.slug for one in listed if _may_read(one, reader, approval=approval)}


def _languages(slug: str, reader: Reader, *, approval: bool) -> tuple[str, ...]:
    """Return in which languages an article that this reader reads in one may be read: a clinic releases each."""
    others = (each for each in LANGUAGES if each != reader.language)
    released = {one for one in others if not _unreadable([slug], replace(reader, language=one), approval=approval)}
    return tuple(each for each in LANGUAGES if each == reader.language or each in released)


def _listed(texts: list[Any], reader: Reader) -> list[Listed]:
    reviews = _reviews(reader, [text.article_id for text in texts])
    return [_one(text, reviews.get(text.article_id), reader.today) for text in texts]


def _reviews(reader: Reader, slugs: Collection[str]) -> dict[str, ArticleReview]:
    """Return the latest step of the clinic's review of each article in the reader's language."""
    if reader.clinic_id is None:
        return {}
    steps = ArticleReview.objects.filter(
        Q(clinic_id=reader.clinic_id, language=reader.language, article_id__in=list(slugs))
    ).select_related("reviewer", "clinic")
    return {step.article_id: step for step in steps.order_by("reviewed_at", "id")}


def _one(text: Any, review: ArticleReview | None, today: dt.date) -> Listed:
    shared: Article = text.article
    state: ReviewState = "not_reviewed"
    if review is not None and review.state == "approved":
        if review.text_version == text.version:
            state = "due" if review.due_on is not None and review.due_on < today else "approved"
    elif review is not None:
        state = "draft" if review.state == "draft" else "in_review"
    approved = review if state in ("approved", "due") else None
    return Listed(
        text_id=text.pk,
        slug=shared.slug,
        category=shared.category,
        kind=shared.kind,
        covers=tuple(shared.covers),
        conditions=frozenset(shared.conditions),
        not_for=frozenset(shared.not_for),
        muscles=frozenset(shared.muscles),
        session_types=frozenset(shared.session_types),
        places=frozenset(shared.places),
        position=shared.position,
        language=text.language,
        title=text.title,
        answer=text.answer,
        version=text.version,
        updated_on=text.updated_on,
        is_translation_old=text.of_version is not None and text.of_version < text.original_version,
        review_state=state,
        reviewed_by=approved.reviewer.name if approved else "",
        reviewed_on=approved.reviewed_at.astimezone(ZoneInfo(approved.clinic.time_zone)).date() if approved else None,
        digest=text.digest,
    )
