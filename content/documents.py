"""Articles as files: ``content/articles/<slug>/en.md`` and ``zh-hans.md``, read and checked whole.

The English file is the original: its front matter holds what both languages share (category, topics, conditions,
gating, sources). The Chinese file holds its own words and the version of the original it was written from. Drawings
are SVG files without words beside them. What is wrong in a file is an :class:`ArticleError` that names file and line
of thought; nothing is loaded from a folder in which one file is wrong.
"""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from content.topics import CATEGORIES, PLACES, TOPICS

ARTICLES = Path(__file__).parent / "articles"
LANGUAGES = ("en", "zh-hans")

#: Headings that an article of each kind must have, in this order, by language; others may stand between them.
SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "explanation": {
        "en": ("What you may notice", "Why it happens", "What helps, and who decides", "When to get help now"),
        "zh-hans": ("您可能会注意到", "为什么会这样", "什么有帮助，由谁决定", "何时立即求助"),
    },
    "guide": {
        "en": ("What you need", "Step by step", "Common mistakes", "When to get help now"),
        "zh-hans": ("需要准备什么", "一步一步来", "常见错误", "何时立即求助"),
    },
}

Line = Annotated[str, Field(min_length=1, max_length=300)]
Codes = Annotated[tuple[str, ...], Field(max_length=60)]


class ArticleError(ValueError):
    """A file of the library that cannot be used; the message names the file and what is wrong in it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(_Part):
    """Where a reader can find it: a guideline, textbook or paper, or the organisation where nothing else is certain."""

    text: Line
    url: Annotated[str, Field(pattern=r"^https://[^\s]+$")] | None = None


class Review(_Part):
    """Who reviewed the text (nobody yet: ``by`` and ``on`` are empty) and when the next review is due."""

    by: Line | None = None
    on: dt.date | None = None
    due: dt.date


class Check(_Part):
    """A question of the check of understanding: options, the right one (0-based), and why."""

    ask: Line
    options: Annotated[tuple[Line, ...], Field(min_length=2, max_length=4)]
    correct: Annotated[int, Field(ge=0)]
    because: Annotated[str, Field(min_length=1, max_length=600)]

    @model_validator(mode="after")
    def _correct_is_an_option(self) -> "Check":
        if self.correct >= len(self.options):
            raise ValueError(f"correct: {self.correct} is not one of {len(self.options)} options (counted from 0)")
        return self


class _Front(_Part):
    title: Annotated[str, Field(min_length=3, max_length=90)]
    answer: Annotated[str, Field(min_length=10, max_length=260)]
    keywords: Annotated[tuple[Line, ...], Field(min_length=3, max_length=40)]
    check: Annotated[tuple[Check, ...], Field(min_length=3, max_length=3)]
    version: Annotated[int, Field(ge=1)]
    updated: dt.date
    review: Review
    changes: Annotated[tuple[Line, ...], Field(min_length=1)]


class OriginalFront(_Front):
    """Front matter of ``en.md``; condition, muscle and session codes are those of the clinical tables."""

    category: str
    kind: Literal["explanation", "guide"]
    covers: Annotated[tuple[str, ...], Field(min_length=1)]
    conditions: Codes = ()
    not_for: Codes = ()
    muscles: Codes = ()
    session_types: Codes = ()
    places: Codes = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _codes_are_known(self) -> "OriginalFront":
        if self.category not in CATEGORIES:
            raise ValueError(f"category: {self.category!r} is not one of {', '.join(CATEGORIES)}")
        for field, known in (("covers", frozenset(TOPICS)), ("places", PLACES)):
            if unknown := sorted(set(getattr(self, field)) - known):
                raise ValueError(f"{field}: {', '.join(unknown)} not in {', '.join(sorted(known))}")
        return self


class TranslationFront(_Front):
    """Front matter of a translation; ``of_version`` is the version of the original that it was written from."""

    of_version: Annotated[int, Field(ge=1)]


F = TypeVar("F", OriginalFront, TranslationFront)


@dataclass(frozen=True, slots=True)
class Text(Generic[F]):
    """One language of an article: its front matter and its Markdown."""

    language: str
    front: F
    markdown: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article in its languages, with the names of its drawings."""

    slug: str
    original: Text[OriginalFront]
    translation: Text[TranslationFront]
    drawings: tuple[str, ...]


_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")


def load(folder: Path) -> Article:
    """Read and check the article in ``folder``. Raises :class:`ArticleError` naming the file and the fault."""
    slug = folder.name
    if not _SLUG.match(slug):
        raise ArticleError(f"{slug}: a folder's name is lower-case words joined by hyphens")
    drawings = tuple(sorted(path.name for path in folder.glob("*.svg")))
    original = _read(folder / "en.md", "en", OriginalFront)
    translation = _read(folder / "zh-hans.md", "zh-hans", TranslationFront)
    for text in (original, translation):
        _check_sections(f"{slug}/{text.language}.md", original.front.kind, text.language, text.markdown)
        _check_drawings(f"{slug}/{text.language}.md", drawings, text.markdown)
    if translation.front.of_version > original.front.version:
        raise ArticleError(
            f"{slug}/zh-hans.md: of_version {translation.front.of_version} is newer than "
            f"the original ({original.front.version})"
        )
    # Answers are kept by their numbers and shown again in either language.
    forms = [[(len(each.options), each.correct) for each in one.front.check] for one in (original, translation)]
    if forms[0] != forms[1]:
        raise ArticleError(f"{slug}/zh-hans.md: check: the options do not stand in the order of the original")
    return Article(slug=slug, original=original, translation=translation, drawings=drawings)


def load_all(root: Path = ARTICLES) -> tuple[Article, ...]:
    """Read every article under ``root``, by slug. Raises :class:`ArticleError` with all faults found."""
    articles, faults = [], []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        try:
            articles.append(load(folder))
        except ArticleError as error:
            faults.append(str(error))
    if faults:
        raise ArticleError("\n".join(faults))
    return tuple(articles)


def _read(path: Path, language: str, front: type[F]) -> Text[F]:
    where = f"{path.parent.name}/{path.name}"
    try:
        whole = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ArticleError(f"{where} is missing") from None
    if not (match := _FRONT.match(whole)):
        raise ArticleError(f"{where}: the file starts with front matter between two lines of ---")
    try:
        return Text(language=language, front=front.model_validate(yaml.safe_load(match[1])), markdown=match[2].strip())
    except yaml.YAMLError as error:
        raise ArticleError(f"{where}: front matter is not YAML: {error}") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ArticleError(f"{where}: {faults}") from None


def _check_sections(where: str, kind: str, language: str, markdown: str) -> None:
    present = [heading for heading in _HEADING.findall(markdown) if heading in SECTIONS[kind][language]]
    if tuple(present) != SECTIONS[kind][language]:
        raise ArticleError(f"{where}: sections are {present}; needed in this order: {list(SECTIONS[kind][language])}")


def _check_drawings(where: str, drawings: tuple[str, ...], markdown: str) -> None:
    shown = _IMAGE.findall(markdown)
    for alternative, name in shown:
        if name not in drawings:
            raise ArticleError(f"{where}: the drawing {name!r} is not beside it")
        if len(alternative) < 10:
            raise ArticleError(f"{where}: the drawing {name!r} needs a text alternative that says what it shows")
    if unused := sorted(set(drawings) - {name for _, name in shown}):
        raise ArticleError(f"{where}: {', '.join(unused)} is not shown")
