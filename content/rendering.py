"""Markdown of an article to pieces of HTML that are safe to show, each with the conditions it is not for.

Raw HTML in the Markdown stays text; what the renderer makes is cleaned once more. Passages between ``::: not-for a, b``
and ``:::`` become pieces of their own, so that a reader with one of these conditions never gets them.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html import escape

import nh3
from markdown_it.token import Token

from content.emphasis import parser

ADDRESS = "/learn/"
EMERGENCY_NUMBER = "{emergency_number}"

_FENCE = re.compile(r"^:::[ \t]*(?:not-for[ \t]+([a-z_, \t]+?))?[ \t]*$", re.MULTILINE)
_OWN = re.compile(rf"{ADDRESS}[a-z0-9-]+/(?:[a-z0-9-]+\.svg)?")
_LINK = re.compile(rf'<a href="{ADDRESS}([a-z0-9-]+)/"[^>]*>(.*?)</a>', re.DOTALL)
_TAGS = {
    "p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "img", "table", "thead", "tbody", "tr", "th", "td",
    "blockquote", "br", "hr", "code",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(), "a": {"href"}, "img": {"src", "alt"}, "h2": {"id"}, "h3": {"id"}, "th": {"align"}, "td": {"align"},
}  # fmt: skip
_MARKDOWN = parser()


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of an article; nobody with one of the conditions in ``not_for`` gets it."""

    not_for: tuple[str, ...]
    html: str


def segments(markdown: str, *, slug: str) -> tuple[Segment, ...]:
    """Render an article. ``ValueError`` for a gated passage that does not begin or end as it should.

    >>> [piece.html for piece in segments("Rest *well*. <b>x</b>", slug="rest")]
    ['<p>Rest <em>well</em>. &lt;b&gt;x&lt;/b&gt;</p>\\n']
    """
    counter = iter(range(1, 1000))
    return tuple(
        Segment(not_for=not_for, html=_render(text, slug=slug, numbers=counter)) for not_for, text in passages(markdown)
    )


def passages(markdown: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the passages of a Markdown text with the conditions each is not for.

    >>> passages("a\\n\\n::: not-for stroke, polio\\nb\\n:::\\n\\nc")
    [((), 'a'), (('stroke', 'polio'), 'b'), ((), 'c')]
    """
    found: list[tuple[tuple[str, ...], str]] = []
    start = 0
    gate: tuple[str, ...] = ()
    for fence in _FENCE.finditer(markdown):
        codes = tuple(code.strip() for code in (fence[1] or "").split(",") if code.strip())
        if bool(codes) == bool(gate):
            raise ValueError("a gated passage begins with '::: not-for <conditions>' and ends with ':::'")
        if text := markdown[start : fence.start()].strip():
            found.append((gate, text))
        start, gate = fence.end(), codes
    if gate:
        raise ValueError("a gated passage has no end")
    if text := markdown[start:].strip():
        found.append(((), text))
    return found


def shown(pieces: Iterable[Segment], *, conditions: Collection[str], emergency_number: str) -> str:
    """Join what a patient with these conditions may read, with the number of their clinic."""
    html = "".join(piece.html for piece in pieces if not set(piece.not_for) & set(conditions))
    return html.replace(EMERGENCY_NUMBER, escape(emergency_number))


def linked(pieces: Iterable[Segment]) -> set[str]:
    """Return the slugs of the articles that pieces link to."""
    return {slug for piece in pieces for slug, _words in _LINK.findall(piece.html)}


def without_links(piece: Segment, *, to: Collection[str]) -> Segment:
    """Return a piece with the links to some articles made plain words.

    >>> without_links(Segment((), '<p>See <a href="/learn/rest/" rel="x">rest</a>.</p>'), to={"rest"}).html
    '<p>See rest.</p>'
    """
    return Segment(piece.not_for, _LINK.sub(lambda link: link[2] if link[1] in to else link[0], piece.html))


def section(pieces: Iterable[Segment], *, heading: str) -> tuple[list[Segment], list[Segment]]:
    """Return the section under a heading, and what is around it.

    >>> whole = [Segment((), "<p>a</p><h2 id=\\"part-1\\">Now</h2><p>b</p><h2 id=\\"part-2\\">Then</h2>")]
    >>> [[piece.html for piece in pieces] for pieces in section(whole, heading="Now")]
    [['<h2 id="part-1">Now</h2><p>b</p>'], ['<p>a</p>', '<h2 id="part-2">Then</h2>']]
    """
    found: list[Segment] = []
    rest: list[Segment] = []
    opening = re.compile(rf"<h2[^>]*>{re.escape(escape(heading))}</h2>")
    is_inside = False
    for piece in pieces:
        for part in filter(None, re.split(r"(?=<h2[ >])", piece.html)):
            if part.startswith("<h2"):
                is_inside = opening.match(part) is not None
            (found if is_inside else rest).append(Segment(piece.not_for, part))
    return found, rest


def plain(html: str) -> str:
    """Return the words of rendered HTML, one line per block.

    >>> plain("<h2>Why</h2><p>It <em>is</em> so.</p>")
    'Why\\nIt is so.'
    """
    blocks = re.sub(r"</(?:p|h2|h3|li|td|th)>", "\n", html)
    words = nh3.clean(blocks, tags=set())
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(entity, character)
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())


def _render(text: str, *, slug: str, numbers: Iterable[int]) -> str:
    tokens = _MARKDOWN.parse(text)
    counter = iter(numbers)
    for token in tokens:
        if token.type == "heading_open":
            token.attrSet("id", f"part-{next(counter)}")
        for child in token.children or ():
            _address(child, slug=slug)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"https"},
        link_rel="noopener noreferrer",
    )


def _kept(_tag: str, name: str, value: str) -> str | None:
    """Keep addresses of articles, their drawings and, in links, of ``https``; another leads nowhere good."""
    if name not in ("href", "src") or _OWN.fullmatch(value) or (name == "href" and value.startswith("https://")):
        return value
    return None


def _address(token: Token, *, slug: str) -> None:
    href, src = token.attrGet("href"), token.attrGet("src")
    if token.type == "link_open" and isinstance(href, str) and href.startswith("article:"):
        token.attrSet("href", f"{ADDRESS}{href.removeprefix('article:')}/")
    elif token.type == "image" and isinstance(src, str):
        token.attrSet("src", f"{ADDRESS}{slug}/{src}")
