"""Search finds what people look for, in both languages and on both engines, in a constant number of statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.library import Reader, find
from tests.content.queries import CHINESE, ENGLISH

pytestmark = pytest.mark.django_db

TOP = 3
ASKED = 60


def slugs_found(query: str, language: str, *, limit: int = TOP) -> list[str]:
    reader = Reader(language=language, clinic_id=None, conditions=frozenset(), today=date(2026, 11, 21))
    return [one.listed.slug for one in find(query, reader, limit=limit)]


@pytest.mark.parametrize(("language", "queries"), [("en", ENGLISH), ("zh-hans", CHINESE)])
def test_nine_in_ten_queries_find_their_article_among_the_first_three(language: str, queries: dict[str, str]) -> None:
    assert len(queries) == ASKED
    missed = {}
    for query, wanted in queries.items():
        found = slugs_found(query, language)
        if wanted not in found:
            missed[query] = (wanted, found)
    assert 1 - len(missed) / ASKED >= 0.9, missed


def test_the_queries_look_for_most_of_the_library() -> None:
    assert len(set(ENGLISH.values()) | set(CHINESE.values())) > 50
    assert len([query for query in CHINESE if len(query) == 1]) >= 2
    assert len([query for query in CHINESE if len(query) == 2]) >= 10


@pytest.mark.parametrize("query", ["康复", "痛", "药", "水", "手", "腿", "吃", "老", "无力", "萎缩"])
def test_words_of_one_and_two_characters_are_found(query: str) -> None:
    assert slugs_found(query, "zh-hans")


def test_help_for_a_crisis_is_found_first() -> None:
    for query in ("trouble breathing myasthenia", "myasthenia cannot breathe", "myasthenic crisis"):
        assert "myasthenic-crisis" in slugs_found(query, "en"), query
    for query in ("重症肌无力喘不上气", "肌无力危象", "无力呼吸困难"):
        assert "myasthenic-crisis" in slugs_found(query, "zh-hans"), query
    for query in ("saddle numbness", "numb bottom and leaking"):
        assert "cauda-equina-injury" in slugs_found(query, "en"), query
    for query in ("suicide", "I want to die", "kill myself", "self harm"):
        assert slugs_found(query, "en")[0] == "low-mood-and-motivation", query
    for query in ("自杀", "不想活了", "我想死", "活着没意思"):
        assert "low-mood-and-motivation" in slugs_found(query, "zh-hans"), query


def test_a_language_finds_its_own_texts_only() -> None:
    assert slugs_found("重症肌无力", "en") == []
    assert slugs_found("", "en") == slugs_found("   ", "en") == slugs_found("the of and", "en") == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_longer_queries_and_more_results_cost_no_more_statements(language: str) -> None:
    counts = set()
    for query in ("spasm 痉挛", "weak legs after bed rest 卧床以后腿没力气怎么办", "muscle 肌肉 " * 60):
        for limit in (1, 50):
            with CaptureQueriesContext(
                connection,
            ) as statements:
                slugs_found(query, language, limit=limit)
            counts.add(len(statements))
    assert counts == {2}
