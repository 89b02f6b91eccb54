"""Which articles serve which topic, and what is kept from whom: ``docs/articles.md``, made from the front matter."""

from collections.abc import Iterable, Sequence

from content.documents import Article
from content.rendering import passages
from content.topics import CATEGORIES, TOPICS

_HEAD = """# The learning library

Made from the front matter by `manage.py article_table`; a test holds that it is up to date and that every line of the
content brief is served. Each article stands in English and in Simplified Chinese.
"""


def table(articles: Sequence[Article]) -> str:
    """Return Markdown: each topic with its articles, by shelf, then what is not shown to whom."""
    lines = [_HEAD]
    for category in CATEGORIES.values():
        lines += [f"## {category.name_en} · {category.name_zh}", "", "| topic | articles |", "| --- | --- |"]
        for topic in category.topics:
            serving = [one for one in articles if topic.code in one.original.front.covers]
            lines.append(f"| {topic.name_en} · {topic.name_zh} | {'<br>'.join(map(_links, serving))} |")
        lines.append("")
    lines += ["## Not shown to patients with", "", "| condition | articles | passages of |", "| --- | --- | --- |"]
    conditions = sorted({code for one in articles for code in (*one.original.front.not_for, *_gates(one))})
    for code in conditions:
        whole = [one for one in articles if code in one.original.front.not_for]
        parts = [one for one in articles if code in _gates(one)]
        lines.append(f"| `{code}` | {_slugs(whole)} | {_slugs(parts)} |")
    return "\n".join(lines) + "\n"


def unserved(articles: Iterable[Article]) -> set[str]:
    """Return the codes of the topics that no article covers."""
    return set(TOPICS) - {topic for one in articles for topic in one.original.front.covers}


def _gates(one: Article) -> set[str]:
    return {code for gate, _text in passages(one.original.markdown) for code in gate}


def _links(one: Article) -> str:
    folder = f"../content/articles/{one.slug}"
    english, chinese = one.original.front.title, one.translation.front.title
    return f"[{english}]({folder}/en.md) · [{chinese}]({folder}/zh-hans.md)"


def _slugs(articles: Iterable[Article]) -> str:
    return ", ".join(one.slug for one in articles)
