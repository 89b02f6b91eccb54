"""A hundred hostile texts in an article, its title, keywords, drawings and in the search box: what comes out is inert.

The HTML is read as a browser reads it. Pages in a real browser have a test of their own.
"""

from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.models import User
from content import library
from content.documents import ARTICLES, ArticleError, load, load_all
from content.library import Reader
from content.loading import load_library
from content.rendering import ADDRESS, plain, segments
from tests.conftest import Cast
from tests.content.hostile import HOSTILE

ELEMENTS = {
    "p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "img", "table", "thead", "tbody", "tr", "th", "td",
    "blockquote", "br", "hr", "code",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "rel"}, "img": {"src", "alt"}, "h2": {"id"}, "h3": {"id"}, "th": {"align"}, "td": {"align"}}


class _Faults(HTMLParser):
    """Collects what could run, load or lead astray."""

    def __init__(self, html: str, *, elements: set[str] | None = None) -> None:
        super().__init__()
        self.elements = elements
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.elements is not None and tag not in self.elements:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.faults.append(f"{tag} {name}")
            elif name in ("href", "src") and not self._leads_well(value or "", own=tag == "img"):
                self.faults.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}")

    @staticmethod
    def _leads_well(value: str, *, own: bool) -> bool:
        at = urlsplit(value.strip())
        if at.scheme == "https" and at.netloc:
            return not own
        return not at.scheme and not at.netloc and value.startswith(ADDRESS) and ".." not in value


def faults_in(html: str) -> list[str]:
    return _Faults(html, elements=ELEMENTS).faults


def test_there_are_a_hundred_and_the_parser_sees_them() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) == 100
    assert sum(1 for text in HOSTILE if faults_in(text)) > 55
    assert faults_in('<p><a href="javascript:x">x</a></p>') == ["a href=javascript:x"]
    assert faults_in('<p><a href="/learn/x/">x</a><img src="/learn/x/y.svg" alt="z"></p>') == []


#: Where a text may stand in Markdown.
AROUND = (
    "{}", "Before {} after.", "- {}", "## {}", "> {}", "**{}**", "[{}](article:rest)", "![{}](leg.svg)", "[x]({})",
    "[x](article:{})", "![x]({})", "    {}", "```\n{}\n```", "::: not-for stroke\n{}\n:::",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_is_inert(text: str) -> None:
    for around in AROUND:
        html = "".join(piece.html for piece in segments(around.replace("{}", text), slug="rest"))
        assert faults_in(html) == [], around


def test_links_that_were_meant_stay() -> None:
    html = "".join(piece.html for piece in segments("[a](article:rest) [b](https://who.int/x?y=1)", slug="rest"))
    assert 'href="/learn/rest/"' in html
    assert 'href="https://who.int/x?y=1"' in html


@pytest.mark.parametrize("text", HOSTILE)
def test_words_for_the_search_are_only_words(text: str) -> None:
    """What is taken out of the HTML for searching is never shown as HTML; shown as text it is what was typed."""
    html = "".join(piece.html for piece in segments(text, slug="rest"))
    assert faults_in(escape(plain(html))) == []


@pytest.mark.django_db
def test_search_takes_anything() -> None:
    reader = Reader(language="en", clinic_id=None, conditions=frozenset(), today=date(2026, 11, 21))
    for text in HOSTILE:
        for query in (text, text * 50):
            assert len(library.find(query, reader)) <= 20


def copy_of(folder: Path, **changes: str) -> Path:
    """Copy an article and write other text into its English file: ``title`` and more, quoted as YAML."""
    source = ARTICLES / "work-and-society"
    target = folder / "hostile"
    target.mkdir(parents=True)
    (target / "zh-hans.md").write_text((source / "zh-hans.md").read_text(encoding="utf-8"), encoding="utf-8")
    lines = (source / "en.md").read_text(encoding="utf-8").split("\n")
    for name, value in changes.items():
        quoted = "'" + value.replace("'", "''").replace("\n", " ").replace("\0", "") + "'"
        written = f"[{quoted}, two, three]" if name == "keywords" else quoted
        lines = [f"{name}: {written}" if line.startswith(f"{name}:") else line for line in lines]
    (target / "en.md").write_text("\n".join(lines), encoding="utf-8")
    return target


@pytest.mark.parametrize("text", HOSTILE)
def test_front_matter_stays_text(tmp_path: Path, text: str) -> None:
    """Title, answer and keywords are read as they stand: pages escape them, and nothing becomes code on the way."""
    short = text[:80].strip()
    one = load(copy_of(tmp_path, title=f"T {short}", answer=f"An answer. {short}", keywords=f"k {short}"))
    front = one.original.front
    assert front.title == f"T {short}".replace("\n", " ").replace("\0", "").strip()
    assert faults_in(f"<p>{escape(front.title)} {escape(front.answer)} {escape(' '.join(front.keywords))}</p>") == []


@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.system ['true']", "!!python/name:os.system", "&a [*a, *a]"]
)
def test_front_matter_makes_no_objects(tmp_path: Path, value: str) -> None:
    target = copy_of(tmp_path)
    text = (target / "en.md").read_text(encoding="utf-8")
    (target / "en.md").write_text(text.replace("title: Work", f"title: {value} #"), encoding="utf-8")
    with pytest.raises(ArticleError):
        load(target)


@pytest.mark.django_db
def test_a_hostile_article_is_shown_as_words(tmp_path: Path, cast: Cast) -> None:
    """Titles, answers, keywords and bodies of an article that was loaded, as the pages show them."""
    texts = [text for text in HOSTILE if "\0" not in text and "![" not in text and len(text) < 60]
    assert len(texts) > 70
    why = "## Why it happens"
    for number, text in enumerate(texts):
        target = copy_of(tmp_path / str(number), title=f"Zq {text}", answer=f"An answer. {text}", keywords=f"zq {text}")
        body = (target / "en.md").read_text(encoding="utf-8")
        (target / "en.md").write_text(body.replace(why, f"{text}\n\n{why}"), encoding="utf-8")
        target.rename(tmp_path / f"hostile-{number}")
        (tmp_path / str(number)).rmdir()
    browser = signed_in(cast.patient_user)
    assert executable_in("<script>alert(1)</script>")
    assert executable_in("<p onclick=alert(1)><a href=javascript:alert(1)>x</a>")
    usual = set[str]().union(
        *(executable_in(browser.get(path).content.decode()) for path in ("/learn/?q=zq", "/learn/work-and-society/"))
    )
    load_library(tmp_path)
    pages = ["/learn/", "/learn/topics/mind-and-people/", "/learn/?q=zq"]
    for path in [*pages, *(f"/learn/hostile-{number}/" for number in range(len(texts)))]:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert executable_in(answer.content.decode()) <= usual, path
    for text in HOSTILE:
        answer = browser.get("/learn/", {"q": text})
        assert executable_in(answer.content.decode()) <= usual, text


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


class _Executable(HTMLParser):
    """Collects what a page can run: scripts, handlers, styles, frames, addresses with a scheme of their own."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "base", "style", "math", "form", "link", "meta"):
            kept = sorted(f"{name}={value}" for name, value in attrs if name in ("src", "href", "action", "http-equiv"))
            self.found.add(f"{tag} {kept}" if tag != "form" else f"form {[each for each in kept if ':' in each]}")
        for name, value in attrs:
            scheme = urlsplit((value or "").strip()).scheme if name in ("href", "src", "action", "formaction") else ""
            if name.startswith("on") or name == "srcdoc" or scheme not in ("", "https"):
                self.found.add(f"{tag} {name}={value}")


def executable_in(html: str) -> set[str]:
    return _Executable(html).found


def test_the_files_that_are_shipped_are_inert() -> None:
    for one in load_all():
        for text in (one.original, one.translation):
            assert faults_in("".join(piece.html for piece in segments(text.markdown, slug=one.slug))) == [], one.slug
