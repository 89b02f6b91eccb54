"""Where words are found: terms with weights, written at loading, summed up in one statement when somebody searches.

English words are stemmed; their trigrams forgive slips of the finger. Chinese is searched by pairs of characters, since
neither SQLite's nor PostgreSQL's own word breaking finds a word of two in a clause; single characters count little.
Passages that are gated are not searched, so no result can show what a reader may not read.
"""

import math
import re
import uuid
from collections import Counter
from collections.abc import Hashable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

import snowballstemmer
from django.db.models import Sum

from content.models import SearchTerm

K = TypeVar("K", bound=Hashable)

MAX_QUERY = 200
MAX_TERMS = 120
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
_TRIGRAM = "~"
_SHARE_OF_TRIGRAMS = 0.5
_SHARE_OF_CHARACTERS = 0.15
_LEAST_SHARE = 0.25
"""A result below this share of the best one is not shown."""
#: How much a word says by where it stands.
FIELDS: Mapping[str, float] = {"title": 6.0, "keywords": 5.0, "answer": 3.0, "body": 1.0}


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
    logarithm of its count) times how rare it is among the texts: ln(1 + N / n).

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
                rare = math.log(1 + len(texts) / spread[term])
                found[term] = found.get(term, 0.0) + FIELDS[field] * rare * _saturated(count)
    return answer


def _saturated(count: float) -> float:
    return count if count <= 1 else 1 + math.log(count)


def terms_of(query: str) -> list[str]:
    """Return what to look for: of a single Chinese character itself, of more the pairs.

    >>> terms_of("康复"), terms_of("痛"), terms_of("the spasms")[0]
    (['康复'], ['痛'], 'spasm')
    """
    terms = _terms(query[:MAX_QUERY], with_trigrams=True)
    has_pairs = any(len(term) == 2 and _HAN.match(term) for term in terms)
    return [term for term in terms if not (has_pairs and len(term) == 1 and _HAN.match(term))][:MAX_TERMS]


def scores(query: str, *, language: str) -> dict[uuid.UUID, float]:
    """Return the texts of a language in which a query is found, with what speaks for each; one statement.

    What has less than a quarter of the best is left out, so that a slip of the finger finds what was meant and not
    everything that looks a little like it.
    """
    terms = terms_of(query)
    if not terms:
        return {}
    rows = (
        SearchTerm.objects.filter(term__in=terms, text__language=language)
        .values_list("text_id")
        .annotate(score=Sum("weight"))
        .order_by("-score", "text_id")
    )
    found = dict(rows)
    least = max(found.values(), default=0.0) * _LEAST_SHARE
    return {text_id: score for text_id, score in found.items() if score >= least}
