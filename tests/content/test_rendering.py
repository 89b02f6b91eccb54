"""Markdown in both languages becomes the HTML that was meant, in pieces that can be gated."""

import pytest

from content.rendering import Segment, linked, segments, shown, without_links


def html(markdown: str) -> str:
    return "".join(piece.html for piece in segments(markdown, slug="rest"))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**病因。**它可能会结束", "<strong>病因。</strong>它可能会结束"),
        ("问清楚**“该找谁？”**，再记", "问清楚<strong>“该找谁？”</strong>，再记"),
        ("**改善**或**下降：**最近", "<strong>改善</strong>或<strong>下降：</strong>最近"),
        ("有**受体（AChR）**抗体", "有<strong>受体（AChR）</strong>抗体"),
        ("到**髋部（1）** 时", "到<strong>髋部（1）</strong> 时"),
        ("**基线。** 0 表示", "<strong>基线。</strong> 0 表示"),
        ("2 * 3 和 **没有结尾", "2 * 3 和 **没有结尾"),
        ("**Why.** Because *it* is.", "<strong>Why.</strong> Because <em>it</em> is."),
        ("a**b.**c", "a**b.**c"),  # as CommonMark has it: only Chinese goes without spaces
    ],
)
def test_emphasis_needs_no_spaces_in_chinese(markdown: str, expected: str) -> None:
    assert html(markdown) == f"<p>{expected}</p>\n"


def test_links_to_articles_and_drawings_get_their_addresses() -> None:
    piece = html("[rest](article:disuse-and-bed-rest) ![A leg in a cast.](leg.svg)")
    assert '<a href="/learn/disuse-and-bed-rest/"' in piece
    assert '<img src="/learn/rest/leg.svg" alt="A leg in a cast.">' in piece
    pieces = segments("[a](article:x) [b](article:y-z)\n\n[c](https://who.int)", slug="rest")
    assert linked(pieces) == {"x", "y-z"}
    [plain] = [without_links(piece, to={"x"}) for piece in pieces]
    assert plain.html.startswith('<p>a <a href="/learn/y-z/"')
    assert 'href="https://who.int"' in plain.html


@pytest.mark.parametrize(
    "markdown",
    ["::: not-for stroke\na", "a\n:::", "::: not-for stroke\n::: not-for polio\na\n:::\n:::", ":::\na\n:::"],
)
def test_a_gate_that_does_not_open_or_close_is_an_error(markdown: str) -> None:
    with pytest.raises(ValueError, match="gated passage"):
        segments(markdown, slug="rest")


def test_the_number_of_the_clinic_is_escaped() -> None:
    piece = Segment((), "<p>Call {emergency_number}.</p>")
    assert shown([piece], conditions=(), emergency_number="<b>1") == "<p>Call &lt;b&gt;1.</p>"
