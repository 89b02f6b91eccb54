"""What may harm somebody with a condition is nowhere for them: condition by condition, article by article.

What is expected is read from the files, not from the library. Pages and API have a test of their own.
"""

import re
from datetime import date
from itertools import product

import pytest

from content import library
from content.documents import LANGUAGES, Article, load_all
from content.errors import NotHere
from content.library import Listed, Reader
from content.rendering import ADDRESS, passages, plain, segments
from content.topics import PLACES
from rehab.reference.conditions import CONDITIONS
from rehab.services.inputs.sessions import VARIANTS

pytestmark = pytest.mark.django_db

FILES = {one.slug: one for one in load_all()}
TODAY = date(2026, 11, 21)
#: Who must never be told to train against load as general advice.
FRAGILE = ("duchenne", "motor_neuron_disease", "myasthenia_gravis")


def reader(*conditions: str, language: str = "en") -> Reader:
    return Reader(language=language, clinic_id=None, conditions=frozenset(conditions), today=TODAY)


def gated_for(*conditions: str) -> set[str]:
    return {slug for slug, one in FILES.items() if set(conditions) & set(one.original.front.not_for)}


def cut_from(one: Article, language: str, *conditions: str) -> list[str]:
    """Return the HTML of the passages of an article that are not for somebody."""
    text = one.original if language == "en" else one.translation
    return [piece.html for piece in segments(text.markdown, slug=one.slug) if set(piece.not_for) & set(conditions)]


def slugs(found: list[Listed]) -> set[str]:
    return {one.slug for one in found}


HAS_GATES = [
    slug
    for slug, one in FILES.items()
    if one.original.front.not_for or any(g for g, _ in passages(one.original.markdown))
]


TOPICS_WITH_GATES = {
    code
    for one in FILES.values()
    if one.original.front.not_for
    for topic in one.original.front.covers
    for code in (topic, topic.partition("/")[0])
}


def test_there_is_something_to_gate() -> None:
    assert len(HAS_GATES) > 10
    for code in FRAGILE:
        assert gated_for(code) >= {"strength-training", "resistance-bands", "weight-bearing-step-by-step"}
    assert "muscle-relaxants" in gated_for("myasthenia_gravis")


@pytest.mark.parametrize("code", CONDITIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gated_article_is_not_on_any_shelf(code: str, language: str) -> None:
    who, gone = reader(code, language=language), gated_for(code)
    left = set(FILES) - gone
    assert slugs(library.articles(who)) == left
    shelves = library.shelves(who)
    assert {one.slug for shelf in shelves for one in shelf.articles} == left
    for topic in TOPICS_WITH_GATES:
        assert not gone & slugs(library.on_topic(who, topic)), topic


@pytest.mark.parametrize("code", CONDITIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gated_article_is_not_found(code: str, language: str) -> None:
    who, gone = reader(code, language=language), gated_for(code)
    for slug in gone or {"muscle-relaxants"}:
        one = FILES[slug]
        text = one.original if language == "en" else one.translation
        for query in (text.front.title, *text.front.keywords[:3]):
            found = {each.listed.slug for each in library.find(query, who, limit=len(FILES))}
            assert not gone & found, query
            assert gone or slug in found, query


@pytest.mark.parametrize("code", CONDITIONS)
def test_a_gated_article_is_never_offered(code: str) -> None:
    every, gone = library.articles(reader(code)), gated_for(code)
    types, parts = set(VARIANTS), {muscle for one in every for muscle in one.muscles}
    offered = library.fitting(every, conditions=[code], session_types=types, muscles=parts, limit=len(FILES))
    assert not gone & slugs(offered)
    for place in PLACES:
        assert not gone & slugs(library.fitting(every, place=place, conditions=[code], limit=len(FILES)))


@pytest.mark.parametrize("code", CONDITIONS)
def test_gated_articles_and_passages_cannot_be_read(code: str) -> None:
    for slug, language in product(HAS_GATES, LANGUAGES):
        one, who = FILES[slug], reader(code, language=language)
        if slug in gated_for(code):
            with pytest.raises(NotHere):
                library.article(slug, who)
            for name in one.drawings:
                with pytest.raises(NotHere):
                    library.drawing(slug, name, who)
            continue
        text = library.article(slug, who)
        html = text.html(emergency_number="1")
        assert not [piece for piece in text.pieces if code in piece.not_for]
        for passage in cut_from(one, language, code):
            words = plain(passage).splitlines()[0]
            assert words not in plain(html), slug


@pytest.mark.parametrize(("code", "language"), list(product(FRAGILE, LANGUAGES)))
def test_no_link_leads_to_what_is_gated(code: str, language: str) -> None:
    who, gone = reader(code, language=language), gated_for(code)
    for slug in set(FILES) - gone:
        html = library.article(slug, who).html(emergency_number="1")
        linked = set(re.findall(rf'href="{ADDRESS}([^/"]+)/"', html))
        assert not gone & linked, slug
        assert linked <= set(FILES)


def test_the_words_of_a_link_stay_and_other_readers_have_the_link() -> None:
    link = f'<a href="{ADDRESS}resistance-bands/"'
    fragile = library.article("logging-a-band-session", reader("duchenne")).html(emergency_number="1")
    assert link not in fragile
    assert "More on the method is in resistance bands." in plain(fragile)
    assert link in library.article("logging-a-band-session", reader("stroke")).html(emergency_number="1")
    clinician = Reader(language="en", clinic_id=None, conditions=None, today=TODAY)
    assert link in library.article("logging-a-band-session", clinician).html(emergency_number="1")


def test_several_conditions_gate_together_and_a_clinician_sees_all() -> None:
    who = reader("stroke", "myasthenia_gravis", "duchenne")
    assert slugs(library.articles(who)) == set(FILES) - gated_for("myasthenia_gravis", "duchenne")
    clinician = Reader(language="en", clinic_id=None, conditions=None, today=TODAY)
    assert slugs(library.articles(clinician)) == set(FILES)
    assert any(piece.not_for for piece in library.article("why-spasm-happens", clinician).pieces)


#: Words that stand for what is gated; "medicines that relax muscles can make it worse" is a warning and stays.
RELAXANTS = re.compile(
    r"baclofen|tizanidine|dantrolene|diazepam|botulinum|muscle relaxants? (?:can|may) (?:help|ease|loosen)|"
    r"巴氯芬|替扎尼定|丹曲林|地西泮|乙哌立松|肉毒素注射|松弛药(?:能|可以)",
    re.IGNORECASE,
)
LOADS = re.compile(
    r"\b(?:do|try|practise|with|light|heavier|lift) (?:squats|weights)\b|weight training|dumbbell|barbell|"
    r"train\w* against resistance|\bsquats\b|做深蹲|练深蹲|深蹲训练|举重|哑铃|杠铃|轻的重物|抗阻训练|举铁",
    re.IGNORECASE,
)
HARMFUL = [("myasthenia_gravis", RELAXANTS), *((code, LOADS) for code in FRAGILE)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "words"), HARMFUL, ids=lambda each: each if isinstance(each, str) else "")
def test_nothing_that_harms_is_said_outside_the_gates(code: str, words: re.Pattern[str], language: str) -> None:
    who = reader(code, language=language)
    for slug in set(FILES) - gated_for(code):
        text = library.article(slug, who)
        said = [text.listed.title, text.listed.answer, plain(text.html(emergency_number="1"))]
        said += [str(question) for question in text.check]
        assert words.search("\n".join(said)) is None, slug
    hidden = [FILES[slug] for slug in gated_for(code)]
    texts = [one.original if language == "en" else one.translation for one in hidden]
    assert any(words.search(f"{text.front} {text.markdown}") for text in texts)
