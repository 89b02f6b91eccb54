"""Emphasis in Chinese text: CommonMark looks for spaces around ``**``, and Chinese has none.

By its rules the second ``**`` of ``**病因。**它可能`` closes nothing, since punctuation stands before it and a letter
after it, and readers would see the asterisks.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token

_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # names of the parser
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if not canSplitWord or not (_CHINESE.match(before) or _CHINESE.match(after)):
            return scanned
        return Scanned(can_open=not after.isspace(), can_close=not before.isspace(), length=scanned.length)


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def parser() -> MarkdownIt:
    """Return a CommonMark parser with tables and without raw HTML, for English and Chinese.

    >>> parser().render("**病因。**它可能会结束，问清楚**“该找谁？”**，再记下来。")
    '<p><strong>病因。</strong>它可能会结束，问清楚<strong>“该找谁？”</strong>，再记下来。</p>\\n'
    """
    made = MarkdownIt("commonmark", {"html": False})
    made.inline = _Inline()
    made.configure("commonmark", {"html": False})
    return made.enable("table")
