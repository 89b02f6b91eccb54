"""Where words are found: terms with weights, written at loading, fetched in one statement when somebody searches.

English words are stemmed; their trigrams forgive slips of the finger. Chinese is searched by pairs of characters, since
neither SQLite's nor PostgreSQL's own word breaking finds a word of two in a clause; single characters count little.
A query is taken apart into notions. What only asks (为什么, 怎么办) is left out, words that stand in every text count
next to nothing, and what the articles call otherwise is looked for too, at a share (``content.synonyms``).
Passages that are gated are not searched, so no result can show what a reader may not read.
"""

import math
import re
import unicodedata
import uuid
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

import snowballstemmer

from content import synonyms
from content.models import SearchTerm

K = TypeVar("K", bound=Hashable)

MAX_QUERY = 200
MAX_NOTIONS = 40
_SHORT = 3
#: Fields whose words are found in spite of a slip of the finger.
_FORGIVING = frozenset({"title", "keywords"})

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_STOP = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "does", "for", "from", "has", "have", "how",
    "i", "if", "in", "is", "it", "its", "me", "my", "not", "of", "on", "or", "our", "should", "so", "than", "that",
    "the", "their", "them", "then", "there", "they", "this", "to", "was", "we", "what", "when", "where", "which",
    "who", "why", "will", "with", "you", "your",
})  # fmt: skip
#: Chinese words that make a question and say nothing of what it is about; longer ones before their parts.
_ASKING = re.compile(
    "为什么|是什么|什么时候|什么情况|什么原因|什么意思|有什么|要什么|做什么|什么样|什么|怎么回事|怎么办|怎么样|怎么|怎样|如何|"
    "是不是|能不能|会不会|要不要|可不可以|有没有|好不好|哪里|哪儿|哪些|哪个|哪种|多少|多久|几次|可以|应该|需要|一定|还能|还会|"
    "一点点|一点|一些|一个|一下|的话|这个|那个|自己|医生说|请问|想知道|想问|总是|老是|[的了吗呢吧啊呀嘛么是我你您他她它们]"
)
#: What stands between the parts of a word in a question (肌肉会掉 asks about 掉肌肉).
_IN_BETWEEN = re.compile(r"[会能要就都还也又很太真再在 ]")
_TRIGRAM = "~"
_SHARE_OF_TRIGRAMS = 0.5
_SHARE_OF_CHARACTERS = 0.15
_SHARE_OF_SYNONYMS = 0.5
_SHARE_OF_IN_BETWEEN = 0.3
_EVENLY = 0.7
"""The power of what is said of each notion: below 1, having something of all comes before having much of one."""
_LEAST_SHARE = 0.35
"""A result below this share of the best one is not shown."""
#: How much a word says by where it stands.
FIELDS: Mapping[str, float] = {"title": 6.0, "keywords": 5.0, "answer": 3.0, "topics": 2.0, "body": 1.0}


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(snowballstemmer.stemmer("english").stemWord(word))


def _trigrams(word: str) -> list[str]:
    padded = f"^{word}$"
    return [_TRIGRAM + padded[i : i + 3] for i in range(len(padded) - 2)]


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _STOP]


def _terms(text: str, *, with_trigrams: bool) -> dict[str, float]:
    """Return how often each term stands in a text; what is only a part of a word counts as a share of one."""
    found: dict[str, float] = {}

    def count(term: str, share: float = 1.0) -> None:
        found[term] = found.get(term, 0.0) + share

    for word in _words(text):
        count(_stem(word))
        if with_trigrams and len(word) > _SHORT:
            parts = _trigrams(word)
            for part in parts:
                count(part, _SHARE_OF_TRIGRAMS / len(parts))
    for run in _HAN.findall(text):
        for character in run:
            count(character, _SHARE_OF_CHARACTERS)
        for pair in pairwise(run):
            count("".join(pair))
    return found


def weights(texts: Mapping[K, Mapping[str, str]]) -> dict[K, dict[str, float]]:
    """Return the terms of texts of one language with what each says of its text.

    ``texts``: by any key, the words of each of ``FIELDS``. A term weighs what its fields weigh (a body's by the
    logarithm of its count) times how rare it is among the texts: ln(1 + (N - n + 0.5) / (n + 0.5)), the probabilistic
    inverse document frequency as Lucene has it, next to nothing for what stands in all of them.

    >>> found = weights({1: {"title": "Spasm"}, 2: {"title": "Spasm at night"}})
    >>> found[1]["spasm"] < found[2]["night"]
    True
    """
    counted = {
        key: {field: _terms(text, with_trigrams=field in _FORGIVING) for field, text in fields.items()}
        for key, fields in texts.items()
    }
    spread = Counter(
        term for fields in counted.values() for term in {term for each in fields.values() for term in each}
    )
    answer: dict[K, dict[str, float]] = {}
    for key, fields in counted.items():
        found = answer[key] = {}
        for field, terms in fields.items():
            for term, count in terms.items():
                rare = math.log(1 + (len(texts) - spread[term] + 0.5) / (spread[term] + 0.5))
                found[term] = found.get(term, 0.0) + FIELDS[field] * rare * _saturated(count)
    return answer


def _saturated(count: float) -> float:
    return count if count <= 1 else 1 + math.log(count)


@dataclass(frozen=True, slots=True)
class Notion:
    """One thing that a query speaks of: what stands for it, each a group of terms with its share; the best counts."""

    ways: tuple[tuple[tuple[str, ...], float], ...]

    def score(self, weights: Mapping[str, float]) -> float:
        """Return how much a text says of it. Of a way that stands there in part, that part counts."""
        return max(self._way(terms, share, weights) for terms, share in self.ways)

    @staticmethod
    def _way(terms: tuple[str, ...], share: float, weights: Mapping[str, float]) -> float:
        found = [weights[term] for term in terms if term in weights]
        return share * sum(found) * math.sqrt(len(found) / len(terms))


def notions_of(query: str) -> list[Notion]:
    """Return what a query speaks of.

    >>> [notion.ways for notion in notions_of("康复 痛")]
    [((('康复',), 1.0),), ((('痛',), 1.0),)]
    >>> [notion.ways[0] for notion in notions_of("肌肉会痛吗")]
    [(('肌肉',), 1.0), (('肉会',), 0.3), (('会痛',), 0.3)]
    """
    typed = unicodedata.normalize("NFKC", query[:MAX_QUERY]).lower()
    return [*_english(_WORD.findall(typed)), *_chinese(typed)][:MAX_NOTIONS]


def _english(words: Sequence[str]) -> Iterator[Notion]:
    others = synonyms.of_english(words)
    for word in dict.fromkeys(word for word in words if word not in _STOP):
        ways: list[tuple[tuple[str, ...], float]] = [((_stem(word),), 1.0)]
        if len(word) > _SHORT:
            ways.append((tuple(dict.fromkeys(_trigrams(word))), 1.0))
        for phrase in others.get(word, ()):
            if stems := tuple(_stem(each) for each in _words(phrase)):
                ways.append((stems, _SHARE_OF_SYNONYMS))
        yield Notion(tuple(ways))


def _chinese(typed: str) -> Iterator[Notion]:
    """Known words first, then the pairs of what is left of a question without what only asks."""
    asked = _ASKING.sub(" ", typed)
    subject = asked if _HAN.search(asked) else typed
    seen = set[str]()
    for word, phrases in {**synonyms.of_chinese(typed), **synonyms.of_chinese(_IN_BETWEEN.sub("", subject))}.items():
        ways = [(_pairs(word), 1.0), *((_pairs(phrase), _SHARE_OF_SYNONYMS) for phrase in phrases)]
        yield Notion(tuple((terms, share) for terms, share in ways if terms))
        seen.update(_pairs(word))
    for run in _HAN.findall(subject):
        for term in _pairs(run):
            if term not in seen:
                seen.add(term)
                yield Notion((((term,), _SHARE_OF_IN_BETWEEN if _IN_BETWEEN.search(term) else 1.0),))


def _pairs(text: str) -> tuple[str, ...]:
    """Return the pairs of a run of Chinese characters; a single one is itself."""
    runs = _HAN.findall(text)
    return tuple(term for run in runs for term in (["".join(pair) for pair in pairwise(run)] or [run]))


def ranked(notions: Sequence[Notion], weights: Mapping[K, Mapping[str, float]]) -> dict[K, float]:
    """Return what speaks for each text. The square root lets a text that has all that was asked for come before one
    that has a part of it often; what has less than ``_LEAST_SHARE`` of the best is left out.
    """
    found = {key: sum(notion.score(of) ** _EVENLY for notion in notions) for key, of in weights.items()}
    least = max(found.values(), default=0.0) * _LEAST_SHARE
    return {key: score for key, score in found.items() if score >= least and score > 0}


def scores(query: str, *, language: str) -> dict[uuid.UUID, float]:
    """Return the texts of a language in which a query is found, with what speaks for each; one statement."""
    notions = notions_of(query)
    terms = {term for notion in notions for way, _share in notion.ways for term in way}
    if not terms:
        return {}
    rows = SearchTerm.objects.filter(term__in=terms, text__language=language).order_by("text_id", "term")
    weights = defaultdict[uuid.UUID, dict[str, float]](dict)
    for text_id, term, weight in rows.values_list("text_id", "term", "weight"):
        weights[text_id][term] = weight
    return ranked(notions, weights)
