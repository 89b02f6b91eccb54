"""What was done with articles in words: how a check went, what is given to read, what was read, asked and answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from content.library import Text
from rehab.models import ArticleAssignment, ArticleQuestion, ArticleReading
from rehab.web.learn.presenters import local_day

#: Address and title by slug, of the articles that may be named.
Links = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class CheckedQuestion:
    """A question of the check after it was answered."""

    ask: str
    chosen: str
    correct: str
    is_right: bool
    because: str


def checked(text: Text, row: ArticleReading | None, *, zone: ZoneInfo) -> list[CheckedQuestion]:
    """Return how the check went; nothing if it was not answered, or answered about an earlier version.

    The day is that of the patient: on the morning of a change it is the day before still in UTC.
    """
    if row is None or row.checked_at is None or row.checked_at.astimezone(zone).date() < text.listed.updated_on:
        return []
    if len(row.check_answers) != len(text.check):
        return []
    return [
        CheckedQuestion(
            ask=question["ask"],
            chosen=question["options"][answer] if answer < len(question["options"]) else "",
            correct=question["options"][question["correct"]],
            is_right=answer == question["correct"],
            because=question["because"],
        )
        for question, answer in zip(text.check, row.check_answers, strict=True)
    ]


def linked(slug: str, links: Links) -> tuple[str, str]:
    """Return address and title of an article; no address if it is not among those that may be named."""
    return links.get(slug) or ("", _("An article that is not here any more"))


@dataclass(frozen=True)
class GivenLine:
    """An article that a patient is given to read, with what became of it.

    ``is_hidden``: the patient may not read it now: gated for a condition since, a draft, withdrawn.
    """

    id: str
    url: str
    title: str
    note: str
    by: str
    on: str
    done: list[str]
    is_hidden: bool


def given(
    row: ArticleAssignment,
    readings: Iterable[ArticleReading],
    links: Links,
    *,
    zone: ZoneInfo,
    is_hidden: bool = False,
) -> GivenLine:
    url, title = linked(row.article_id, links)
    return GivenLine(
        id=str(row.pk),
        url=url,
        title=title,
        note=row.note,
        by=row.assigned_by.name,
        on=local_day(row.assigned_at, zone),
        done=[did(one, zone=zone) for one in readings],
        is_hidden=is_hidden,
    )


def did(row: ArticleReading, *, zone: ZoneInfo) -> str:
    """Return what one person did with an article, in one line."""
    parts = []
    if row.read_at is not None:
        parts.append(_("read on %(day)s") % {"day": local_day(row.read_at, zone)})
    if row.check_right is not None:
        parts.append(_("check: %(right)d of 3 right") % {"right": row.check_right})
    if row.helped is not None:
        parts.append(_("it helped") if row.helped else _("it did not help"))
    return f"{row.reader.name}: {_(', ').join(parts)}" if parts else row.reader.name


@dataclass(frozen=True)
class ReadLine:
    url: str
    title: str
    did: str


def read_lines(rows: Iterable[ArticleReading], links: Links, *, zone: ZoneInfo) -> list[ReadLine]:
    return [ReadLine(*linked(row.article_id, links), did(row, zone=zone)) for row in rows]


@dataclass(frozen=True)
class QuestionLine:
    id: str
    url: str
    title: str
    patient: str
    asked: str
    text: str
    answer: str
    answered: str


def question(row: ArticleQuestion, links: Links, *, zone: ZoneInfo, patient: str = "") -> QuestionLine:
    said = _("%(name)s, %(day)s")
    url, title = linked(row.article_id, links)
    answered = ""
    if row.answered_at is not None and row.answered_by is not None:
        answered = said % {"name": row.answered_by.name, "day": local_day(row.answered_at, zone)}
    return QuestionLine(
        id=str(row.pk),
        url=url,
        title=title,
        patient=patient,
        asked=said % {"name": row.asked_by.name, "day": local_day(row.asked_at, zone)},
        text=row.text,
        answer=row.answer,
        answered=answered,
    )
