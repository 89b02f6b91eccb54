"""Searching the library on its page: whatever is typed, in the language of the page and in the other."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import Cast
from tests.web.library_pages import condition, html

Browser = Callable[[User | None], Client]


@pytest.mark.parametrize(
    "query", ["spasms", "spasmm", "痉挛", "痛", "<script>alert(1)</script>", "a\0b", "x" * 400, ""]
)
def test_search_answers_whatever_is_typed(cast: Cast, browser_of: Browser, query: str) -> None:
    answer = browser_of(cast.patient_user).get("/learn/", {"q": query})
    assert answer.status_code == 200
    assert "<script>alert" not in html(answer)


def test_spaces_alone_ask_for_nothing(cast: Cast, browser_of: Browser) -> None:
    shown = html(browser_of(cast.patient_user).get("/learn/", {"q": "  "}))
    assert "Nothing found" not in shown
    assert 'id="shelves"' in shown


def test_search_finds_in_the_language_of_the_page(cast: Cast, browser_of: Browser) -> None:
    assert "/learn/spasm" in html(browser_of(cast.patient_user).get("/learn/", {"q": "spasms"}))
    User.objects.filter(pk=cast.patient_user.pk).update(language="zh-hans")
    assert "/learn/spasm" in html(browser_of(cast.patient_user).get("/learn/", {"q": "痉挛"}))


def test_what_is_typed_in_the_other_language_is_found_in_it(cast: Cast, browser_of: Browser) -> None:
    """A page in English on a phone that types Chinese, and the other way round."""
    client = browser_of(cast.patient_user)
    shown = html(client.get("/learn/", {"q": "痉挛"}))
    assert re.search(r'<a href="/learn/spasm[a-z-]+/\?language=zh-hans" lang="zh-Hans">', shown)
    assert "Found in" in shown
    condition(cast.patient, "myasthenia_gravis")
    assert "/learn/muscle-relaxants/" not in html(client.get("/learn/", {"q": "松弛药"}))
    User.objects.filter(pk=cast.patient_user.pk).update(language="zh-hans")
    assert 'href="/learn/within-measurement-error/?language=en" lang="en"' in html(
        client.get("/learn/", {"q": "measurement error"})
    )
    assert "?language=" not in html(client.get("/learn/", {"q": "痉挛"}))
