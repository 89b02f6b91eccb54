"""Plain facts about articles that no gate depends on: for those who work with the library, not for its readers."""

import uuid
from collections.abc import Collection

from content.models import Article, ArticleReview, ArticleText
from content.renamed import current


def is_withdrawn(slug: str) -> bool:
    """Return whether there was such an article once. One that was renamed is there, whoever may read it."""
    return Article.objects.filter(slug=current(slug), is_listed=False).exists()


def gates() -> dict[str, frozenset[str]]:
    """Return the conditions that each listed article is not for, by slug; one statement."""
    rows = Article.objects.filter(is_listed=True).order_by("slug").values_list("slug", "not_for")
    return {slug: frozenset(not_for) for slug, not_for in rows}


def titles(slugs: Collection[str], *, language: str) -> dict[str, str]:
    """Return the titles of some articles, of withdrawn ones too, for whoever works with what people did with them."""
    rows = ArticleText.objects.filter(article_id__in=set(slugs), language=language).order_by("article_id")
    return dict(rows.values_list("article_id", "title"))


def review_steps(slug: str, *, language: str, clinic_id: uuid.UUID) -> list[ArticleReview]:
    """Return the steps of a clinic's review of a text, the latest first."""
    steps = ArticleReview.objects.filter(clinic_id=clinic_id, article_id=slug, language=language)
    return list(steps.select_related("reviewer").order_by("-reviewed_at", "-id"))
