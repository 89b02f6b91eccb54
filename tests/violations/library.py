"""How the tables of the library and of what people do with it are violated."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from content.models import Article, ArticleReview, ArticleText, SearchTerm
from rehab.models import ArticleAssignment, ArticleQuestion, ArticleReading
from tests.conftest import Cast

SLUG = "strength-training"


def article(**changes: Any) -> Article:
    return Article.objects.create(
        **{"slug": "made-up", "category": "causes", "kind": "guide", "position": 1, **changes}
    )


def text(**changes: Any) -> ArticleText:
    today = timezone.now().date()
    fields = {
        "article": changes.pop("article", None) or article(),
        "language": "en",
        "title": "Made up",
        "answer": "It is made up.",
        "version": 1,
        "updated_on": today,
        "review_due_on": today,
        "digest": "d",
        **changes,
    }
    return ArticleText.objects.create(**fields)


def term(**changes: Any) -> SearchTerm:
    return SearchTerm.objects.create(
        **{"text": changes.pop("text", None) or text(), "term": "zzz", "weight": 1.0, **changes}
    )


def term_twice() -> None:
    term(text=term().text)


def review(cast: Cast, **changes: Any) -> ArticleReview:
    now = timezone.now()
    fields = {
        "clinic": cast.clinic,
        "article_id": SLUG,
        "language": "en",
        "text_version": 1,
        "state": "approved",
        "due_on": now.date() + timedelta(days=1),
        "reviewer": cast.admin,
        "reviewed_at": now,
        **changes,
    }
    return ArticleReview.objects.create(**fields)


def reading(cast: Cast, **changes: Any) -> ArticleReading:
    fields = {
        "patient": cast.patient,
        "reader": cast.patient_user,
        "article_id": SLUG,
        "language": "en",
        "updated_at": timezone.now(),
        **changes,
    }
    return ArticleReading.objects.create(**fields)


def question(cast: Cast, **changes: Any) -> ArticleQuestion:
    fields = {
        "patient": cast.patient,
        "article_id": SLUG,
        "asked_by": cast.patient_user,
        "text": "Why?",
        "asked_at": timezone.now(),
        **changes,
    }
    return ArticleQuestion.objects.create(**fields)


def assignment(cast: Cast, **changes: Any) -> ArticleAssignment:
    fields = {
        "patient": cast.patient,
        "article_id": SLUG,
        "assigned_by": cast.therapist,
        "assigned_at": timezone.now(),
        **changes,
    }
    return ArticleAssignment.objects.create(**fields)


def twice(make: Callable[[Cast], Any]) -> Callable[[Cast], Any]:
    def violate(cast: Cast) -> None:
        make(cast)
        make(cast)

    return violate


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "article_kind_known": lambda _cast: article(kind="poem"),
    "article_slug_not_empty": lambda _cast: article(slug=""),
    "article_text_once_per_language": lambda _cast: text(article=text().article),
    "article_text_language_known": lambda _cast: text(language="fr"),
    "article_text_version_from_one": lambda _cast: text(version=0),
    "article_text_reviewed_by_someone": lambda _cast: text(reviewed_by="Somebody"),
    "search_term_once_per_text": lambda _cast: term_twice(),
    "search_term_weighs_something": lambda _cast: term(weight=0.0),
    "article_review_approval_has_due_day": lambda cast: review(cast, due_on=None),
    "article_review_language_known": lambda cast: review(cast, language="fr"),
    "article_reading_once": twice(reading),
    "article_reading_checked_at_a_time": lambda cast: reading(cast, check_right=2),
    "article_question_not_empty": lambda cast: question(cast, text=""),
    "article_question_answered_by_someone": lambda cast: question(cast, answer="Because."),
    "article_assigned_once": twice(assignment),
    "article_assignment_ended_by_someone": lambda cast: assignment(cast, ended_at=timezone.now()),
}
