"""A clinic's review of the library in words."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Clinic
from content.library import Listed, Reader, ReviewState
from content.topics import CATEGORIES
from rehab.selectors.library_reviews import ReviewedArticle, ReviewedText
from rehab.web.learn import presenters
from rehab.web.records import words

STATES: tuple[ReviewState, ...] = ("not_reviewed", "draft", "in_review", "approved", "due")
_OLD = "old_translation"


def today_of(clinic: Clinic, *, now: datetime) -> date:
    return now.astimezone(ZoneInfo(clinic.time_zone)).date()


def reader_of(found: ReviewedText, *, now: datetime) -> Reader:
    today = today_of(found.clinic, now=now)
    return Reader(found.text.listed.language, found.clinic.pk, conditions=None, today=today)


def state_choices() -> list[tuple[str, str]]:
    names = [(state, presenters.state_name(state)) for state in STATES]
    return [("", _("Every state")), *names, (_OLD, _("Translation older than its original"))]


def counts(found: Iterable[ReviewedArticle]) -> list[tuple[str, int]]:
    """Return how many texts stand in each state."""
    counted = Counter(text.review_state for article in found for text in article.texts)
    return [(presenters.state_name(state), counted[state]) for state in STATES]


@dataclass(frozen=True)
class TextLine:
    """One language of an article in the list of the review."""

    url: str
    language: str
    lang: str
    state: str
    tone: str
    is_old: bool


@dataclass(frozen=True)
class ArticleLine:
    title: str
    hidden_from: str
    texts: list[TextLine]


def _line(article: ReviewedArticle, *, clinic_id: uuid.UUID) -> ArticleLine:
    here = presenters.language()
    shown = next((text for text in article.texts if text.language == here), article.original)
    return ArticleLine(
        title=shown.title,
        hidden_from=presenters.condition_names(shown.not_for),
        texts=[
            TextLine(
                url=reverse("clinic-article", args=[clinic_id, text.slug, text.language]),
                language=presenters.LANGUAGES[text.language][0],
                lang=presenters.LANGUAGES[text.language][1],
                state=presenters.state_name(text.review_state),
                tone=presenters.TONES.get(text.review_state, ""),
                is_old=text.is_translation_old,
            )
            for text in article.texts
        ],
    )


def _fits(text: Listed, state: str) -> bool:
    return text.is_translation_old if state == _OLD else not state or text.review_state == state


def groups(
    found: Iterable[ReviewedArticle], *, state: str, clinic_id: uuid.UUID
) -> list[tuple[str, list[ArticleLine]]]:
    """Return the articles by category; with a state, those with a text in it."""
    kept = [article for article in found if any(_fits(text, state) for text in article.texts)]
    here = presenters.language()
    every = (
        (
            shelf.name(here),
            [_line(one, clinic_id=clinic_id) for one in kept if one.original.category == shelf.code],
        )
        for shelf in CATEGORIES.values()
    )
    return [(name, lines) for name, lines in every if lines]


def facts(found: ReviewedText) -> list[tuple[str, str]]:
    """Return what stands beside a text for whoever reviews it."""
    listed = found.text.listed
    lines = [
        (_("Language"), presenters.LANGUAGES[listed.language][0]),
        (_("State"), presenters.state_name(listed.review_state)),
        (_("Version"), str(listed.version)),
        (_("Last changed"), words.day(listed.updated_on)),
        (_("Authors' next review"), words.day(found.text.review_due_on)),
    ]
    if listed.not_for:
        lines.append((_("Not shown to patients with"), presenters.condition_names(listed.not_for)))
    if listed.is_translation_old:
        lines.append((_("Translation"), _("Older than its original")))
    return lines


@dataclass(frozen=True)
class StepLine:
    state: str
    tone: str
    who: str
    note: str


def steps(found: ReviewedText) -> list[StepLine]:
    """Return the steps of the clinic's review, the latest first."""
    zone = ZoneInfo(found.clinic.time_zone)
    lines = []
    for step in found.steps:
        said = {
            "name": step.reviewer.name,
            "day": presenters.local_day(step.reviewed_at, zone),
            "n": step.text_version,
        }
        who = _("%(name)s, %(day)s, version %(n)d") % said
        if step.due_on is not None:
            who = _("%(who)s; next review %(day)s") % {"who": who, "day": words.day(step.due_on)}
        lines.append(StepLine(presenters.state_name(step.state), presenters.TONES.get(step.state, ""), who, step.note))
    return lines
