"""Search finds what people look for, in both languages and on both engines, in a constant number of statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.library import Reader, find
from content.search import notions_of, ranked, weights
from content.synonyms import CHINESE as CHINESE_GROUPS
from content.synonyms import ENGLISH as ENGLISH_GROUPS
from tests.content.queries import CHINESE, CHINESE_QUESTIONS, ENGLISH, ENGLISH_QUESTIONS

pytestmark = pytest.mark.django_db

TOP = 3
ASKED = 60
QUESTIONS = 50
FIXED = [
    ("en", ENGLISH, ASKED), ("zh-hans", CHINESE, ASKED),
    ("en", ENGLISH_QUESTIONS, QUESTIONS), ("zh-hans", CHINESE_QUESTIONS, QUESTIONS),
]  # fmt: skip


def slugs_found(query: str, language: str, *, limit: int = TOP) -> list[str]:
    reader = Reader(language=language, clinic_id=None, conditions=frozenset(), today=date(2026, 11, 21))
    return [one.listed.slug for one in find(query, reader, limit=limit)]


@pytest.mark.parametrize(("language", "queries", "asked"), FIXED)
def test_nine_in_ten_queries_find_their_article_among_the_first_three(
    language: str, queries: dict[str, str], asked: int
) -> None:
    assert len(queries) == asked
    missed = {}
    for query, wanted in queries.items():
        found = slugs_found(query, language)
        if wanted not in found:
            missed[query] = (wanted, found)
    assert 1 - len(missed) / asked >= 0.9, missed


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("爬楼梯没劲", "shoulders-and-hips-first"),
        ("肌肉为什么会萎缩", "how-muscle-fibres-shrink"),
        ("为什么肌肉会萎缩呢？", "how-muscle-fibres-shrink"),
        ("请问怎么量腿围", "measuring-girth-at-home"),
    ],
)
def test_what_only_asks_does_not_hide_what_is_asked_about(query: str, wanted: str) -> None:
    assert wanted in slugs_found(query, "zh-hans", limit=5)


def test_letters_as_a_chinese_keyboard_types_them_are_letters() -> None:
    assert slugs_found("ＦＥＳ", "zh-hans") == slugs_found("FES", "zh-hans") == slugs_found("fes", "zh-hans") != []


def test_a_question_that_names_nothing_still_finds_something() -> None:
    assert slugs_found("为什么", "zh-hans")
    assert slugs_found("怎么办", "zh-hans")
    assert [notion.ways for notion in notions_of("的")] == [((("的",), 1.0),)]


def test_what_has_all_that_was_asked_comes_before_what_has_one_thing_often() -> None:
    texts = {
        "both": {"title": "Cold hands", "keywords": "hands"},
        "often": {"title": "Cold, cold, cold", "keywords": "cold, colder, coldest"},
        "other": {"title": "Rest", "keywords": "bed"},
    }
    found = ranked(notions_of("cold hands"), weights(texts))
    assert sorted(found, key=lambda key: -found[key]) == ["both", "often"]


def test_another_word_for_the_same_counts_less_than_what_was_typed() -> None:
    texts = {"typed": {"title": "没劲"}, "other": {"title": "乏力"}, "neither": {"title": "麻木"}}
    found = ranked(notions_of("没劲"), weights(texts))
    assert list(found) == ["typed", "other"]
    assert found["typed"] > found["other"] > 0


def test_the_queries_look_for_most_of_the_library() -> None:
    assert len(set(ENGLISH.values()) | set(CHINESE.values())) > 50
    assert len([query for query in CHINESE if len(query) == 1]) >= 2
    assert len([query for query in CHINESE if len(query) == 2]) >= 10


@pytest.mark.parametrize("query", ["康复", "痛", "药", "水", "手", "腿", "吃", "老", "无力", "萎缩"])
def test_words_of_one_and_two_characters_are_found(query: str) -> None:
    assert slugs_found(query, "zh-hans")


def test_groups_of_synonyms_hold_words_once_and_as_they_are_typed() -> None:
    for groups in (ENGLISH_GROUPS, CHINESE_GROUPS):
        for group in groups:
            assert len(group) > 1
            assert len(set(group)) == len(group)
            assert all(word == word.strip().lower() for word in group), group


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
