"""Articles in words: lines of a list, an article to read, what was done with it, how a clinic reviewed it."""

import re
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from content.documents import SECTIONS
from content.library import Listed, Text
from content.rendering import EMERGENCY_NUMBER, Segment
from content.topics import CATEGORIES, TOPICS, Category
from rehab.reference.conditions import CONDITIONS
from rehab.selectors.library import Desk
from rehab.web.records import words

#: How a language calls itself, and its tag for reading aloud.
LANGUAGES: Mapping[str, tuple[str, str]] = {"en": ("English", "en"), "zh-hans": ("简体中文", "zh-Hans")}
#: A paragraph or list of rendered HTML, with what is between it and the next.
_BLOCK = re.compile(r"<(p|ul|ol)>.*?</\1>\s*", re.DOTALL)
TONES = {"approved": "tag--success", "due": "tag--amended", "draft": "tag--error"}


def language() -> str:
    return get_language() or "en"


def lang_of(text: Text) -> str:
    """Return the tag of the language of an article, for reading it aloud."""
    return LANGUAGES[text.listed.language][1]


def state_name(state: str) -> str:
    return {
        "not_reviewed": _("Not reviewed"),
        "draft": _("Draft"),
        "in_review": _("In review"),
        "approved": _("Approved"),
        "due": _("Review due"),
    }[state]


def condition_names(codes: Iterable[str]) -> str:
    here = language()
    return _(", ").join(CONDITIONS[code].name(here) if code in CONDITIONS else code for code in sorted(codes))


def local_day(moment: datetime, zone: ZoneInfo) -> str:
    return words.day(moment.astimezone(zone).date())


def address(slug: str) -> str:
    return reverse("learn-article", args=[slug])


def links(found: Iterable[Listed], *, patient: uuid.UUID | None = None) -> dict[str, tuple[str, str]]:
    """Return address and title by slug. The address names the language where it is not that of the page, and the
    patient for whom it is read if one is given.
    """
    return {one.slug: (_address_of(one, patient), one.title) for one in found}


def _address_of(one: Listed, patient: uuid.UUID | None) -> str:
    query = {"patient": str(patient)} if patient else {}
    if one.language != language():
        query["language"] = one.language
    return f"{address(one.slug)}{'?' if query else ''}{urlencode(query)}"


@dataclass(frozen=True)
class Line:
    """An article in a list. ``hidden_from``: the conditions of patients to whom it is not shown, for clinicians.

    ``lang``: the tag of its language, if that is not the language of the page.
    """

    url: str
    lang: str
    title: str
    answer: str
    state: str
    tone: str
    hidden_from: str


def line(one: Listed, *, is_clinician: bool = False, patient: uuid.UUID | None = None) -> Line:
    return Line(
        url=_address_of(one, patient),
        lang="" if one.language == language() else LANGUAGES[one.language][1],
        title=one.title,
        answer=one.answer,
        state=state_name(one.review_state) if is_clinician else "",
        tone=TONES.get(one.review_state, ""),
        hidden_from=condition_names(one.not_for) if is_clinician else "",
    )


def lines(found: Iterable[Listed], *, desk: Desk | None = None, patient: uuid.UUID | None = None) -> list[Line]:
    is_clinician = desk is not None and desk.reader.is_clinician
    return [line(one, is_clinician=is_clinician, patient=patient) for one in found]


def other_language(found: Iterable[Listed]) -> tuple[str, str] | None:
    """Return the name and the tag of the language in which something was found, if it is not that of the page."""
    return next((LANGUAGES[one.language] for one in found if one.language != language()), None)


@dataclass(frozen=True)
class ShelfLink:
    url: str
    name: str
    count: str


def shelf_links(every: Iterable[Listed]) -> list[ShelfLink]:
    """Return the shelves with how many articles are about something on them; one without any is left out."""
    counts = Counter(code for one in every for code in {topic.partition("/")[0] for topic in one.covers})
    return [
        ShelfLink(
            reverse("learn-category", args=[shelf.code]),
            shelf.name(language()),
            ngettext("%(n)d article", "%(n)d articles", counts[shelf.code]) % {"n": counts[shelf.code]},
        )
        for shelf in CATEGORIES.values()
        if counts[shelf.code]
    ]


@dataclass(frozen=True)
class TopicGroup:
    """A topic with the articles that cover it."""

    url: str
    name: str
    articles: list[Line]


def topic_groups(category: Category, found: Iterable[Listed], *, desk: Desk) -> list[TopicGroup]:
    """Return the topics of a category that have articles for this reader, each with them."""
    every = list(found)
    groups = (
        TopicGroup(
            reverse("learn-topic", args=topic.code.split("/")),
            topic.name(language()),
            lines((one for one in every if topic.code in one.covers), desk=desk),
        )
        for topic in category.topics
    )
    return [group for group in groups if group.articles]


@dataclass(frozen=True)
class Passage:
    """A piece of an article; ``hidden_from``: the conditions of patients who do not get it, for clinicians."""

    html: SafeString
    hidden_from: str


def passages(pieces: Iterable[Segment], *, emergency_number: str, is_clinician: bool) -> list[Passage]:
    number = escape(emergency_number)
    return [
        Passage(
            mark_safe(piece.html.replace(EMERGENCY_NUMBER, number)),  # noqa: S308  # cleaned by content.rendering
            condition_names(piece.not_for) if is_clinician else "",
        )
        for piece in pieces
    ]


@dataclass(frozen=True)
class Page:
    """An article to read. ``opening``: the emergency with which it begins, if it does.

    ``urgent_first``: whether "when to get help now" stands before everything else. It does where the article is about
    a condition of the reader, unless it begins with an emergency anyway. What is part of the article (``urgent_name``,
    its heading) is in the language of the article, not in that of the page.
    """

    slug: str
    title: str
    answer: str
    lang: str
    opening: list[Passage]
    urgent: list[Passage]
    rest: list[Passage]
    urgent_first: bool
    urgent_at: str
    urgent_name: str
    number: str
    category: ShelfLink
    topics: list[tuple[str, str]]
    others: list[tuple[str, str, str]]
    sources: list[Mapping[str, Any]]
    changes: list[str]
    updated_on: str
    review: str
    is_draft: bool
    is_reviewed: bool
    is_translation_old: bool
    original_url: str
    hidden_from: str


def page(text: Text, desk: Desk, *, conditions: Collection[str]) -> Page:
    """Return an article in words. ``conditions``: those of the reader, or of the reader's patients."""
    listed, is_clinician = text.listed, desk.reader.is_clinician
    urgent, others = text.urgent_and_rest()
    opening, rest = _opening_and_rest(others)
    number = desk.number_in(listed.language)
    first = urgent[0].html if urgent else ""
    here = language()
    return Page(
        slug=listed.slug,
        title=listed.title,
        answer=listed.answer,
        lang=lang_of(text),
        opening=passages(opening, emergency_number=number, is_clinician=is_clinician),
        urgent=passages(urgent, emergency_number=number, is_clinician=is_clinician),
        rest=passages(rest, emergency_number=number, is_clinician=is_clinician),
        urgent_first=bool(listed.conditions & set(conditions)) and not opening,
        urgent_at=first.partition('id="')[2].partition('"')[0],
        urgent_name=SECTIONS[listed.kind][listed.language][-1],
        number=desk.emergency_number,
        category=ShelfLink(reverse("learn-category", args=[listed.category]), listed.shelf.name(here), ""),
        topics=[(reverse("learn-topic", args=code.split("/")), TOPICS[code].name(here)) for code in listed.covers],
        others=[
            (f"{address(listed.slug)}?language={code}", *LANGUAGES[code])
            for code in text.languages
            if code != listed.language
        ],
        sources=list(text.sources),
        changes=list(text.changes),
        updated_on=words.day(listed.updated_on),
        review=review_note(listed, desk),
        is_draft=listed.review_state == "draft",
        is_reviewed=listed.review_state in ("approved", "due"),
        is_translation_old=listed.is_translation_old,
        original_url=f"{address(listed.slug)}?language=en"
        if listed.is_translation_old and "en" in text.languages
        else "",
        hidden_from=condition_names(listed.not_for) if is_clinician else "",
    )


def _opening_and_rest(pieces: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Return the emergency with which an article begins, and what follows. The section at the end refers to it.

    It goes as far as the last block that names the number to call, with the list below that.

    >>> called = "<p>Call {emergency_number} for:</p>"
    >>> begin, rest = _opening_and_rest([Segment((), called + "<ul><li>a</li></ul><p>b</p><h2>c</h2>")])
    >>> begin[0].html.count("<li>"), rest[0].html
    (1, '<p>b</p><h2>c</h2>')
    >>> _opening_and_rest([Segment((), "<p>b</p><h2>c</h2>" + called)])[0]
    []
    """
    first, *others = pieces
    blocks = [block[0] for block in _BLOCK.finditer(first.html.partition("<h2")[0])]
    called = [at for at, block in enumerate(blocks, start=1) if EMERGENCY_NUMBER in block]
    if not called:
        return [], list(pieces)
    below = blocks[called[-1] : called[-1] + 1]
    last = called[-1] + sum(block.startswith("<ul>") for block in below)
    opening = "".join(blocks[:last])
    return [Segment(first.not_for, opening)], [Segment(first.not_for, first.html.removeprefix(opening)), *others]


def review_note(listed: Listed, desk: Desk) -> str:
    """Return in a sentence how far the reader's clinic has reviewed a text."""
    if listed.review_state in ("approved", "due") and listed.reviewed_on is not None:
        said = {
            "clinic": desk.clinic.name if desk.clinic else "",
            "name": listed.reviewed_by,
            "day": words.day(listed.reviewed_on),
        }
        if listed.review_state == "due":
            return _("Reviewed by %(name)s, %(clinic)s, on %(day)s. The next review is due.") % said
        return _("Reviewed by %(name)s, %(clinic)s, on %(day)s.") % said
    if listed.review_state == "draft":
        return _("A draft for your clinic: patients do not see it.")
    return _("Not yet reviewed by your clinic.")
