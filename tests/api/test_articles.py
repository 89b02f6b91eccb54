"""Articles over HTTP: filters, search, languages, ETags, shapes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from content.models import ArticleReview, ArticleText
from content.renamed import RENAMED
from tests.conftest import Cast, make_user

Api = Callable[[User | None], APIClient]
PATH = "/api/v1/articles/"


def listed(client: APIClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get(PATH, query)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["next"] is None
    results: list[dict[str, Any]] = body["results"]
    return results


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"topic": "what-helps/bands"}, "topics", "what-helps/bands"),
        ({"condition": "stroke"}, "conditions", "stroke"),
        ({"session_type": "fes"}, "session_types", "fes"),
        ({"place": "log_aquatic"}, "places", "log_aquatic"),
    ],
)
def test_the_list_is_narrowed(cast: Cast, api: Api, query: dict[str, str], field: str, code: str) -> None:
    client = api(cast.patient_user)
    every = {row["slug"] for row in listed(client) if code in row[field]}
    found = listed(client, **query)
    assert {row["slug"] for row in found} == every != set()
    assert len(found) < len(listed(client))


def test_a_category_holds_what_is_about_its_topics(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    topics = {row["code"]: row for row in client.get("/api/v1/topics/").json()["results"]}
    assert topics["causes"]["name"] == "Causes"
    found = listed(client, category="prevention")
    codes = {topic["code"] for topic in topics["prevention"]["topics"]}
    assert all(codes & set(row["topics"]) for row in found)
    assert {topic for row in found for topic in row["topics"]} >= codes


def test_search_puts_the_best_first_in_both_languages(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    found = listed(client, q="elastic band")
    assert found[0]["slug"] in ("resistance-bands", "logging-a-band-session")
    assert [row["score"] for row in found] == sorted((row["score"] for row in found), reverse=True)
    assert listed(client, q="弹力带", language="zh-hans")[0]["slug"] in ("resistance-bands", "logging-a-band-session")
    assert listed(client, q="zzzzqqqq") == []
    assert len(listed(client, q="  ")) == len(listed(client))


@pytest.mark.parametrize(
    ("header", "query", "language"),
    [
        ("", {}, "en"),
        ("zh-CN,zh;q=0.9,en;q=0.5", {}, "zh-hans"),
        ("fr", {}, "en"),
        ("zh-Hans", {"language": "en"}, "en"),
        ("en", {"language": "zh-hans"}, "zh-hans"),
    ],
)
def test_the_language_is_negotiated(cast: Cast, api: Api, header: str, query: dict[str, str], language: str) -> None:
    for path in (PATH, f"{PATH}strength-training/", "/api/v1/topics/"):
        answer = api(cast.patient_user).get(path, query, HTTP_ACCEPT_LANGUAGE=header)
        assert answer["Content-Language"] == language
        assert "Accept-Language" in answer["Vary"]
    body = api(cast.patient_user).get(f"{PATH}strength-training/", query, HTTP_ACCEPT_LANGUAGE=header).json()
    assert body["language"] == language
    assert set(body["languages"]) == {"en", "zh-hans"}


@pytest.mark.parametrize("path", [PATH, f"{PATH}strength-training/", "/api/v1/topics/", f"{PATH}?q=spasm"])
def test_an_etag_spares_what_is_known(cast: Cast, api: Api, path: str) -> None:
    client = api(cast.patient_user)
    first = client.get(path)
    etag = first["ETag"]
    for sent in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = client.get(path, HTTP_IF_NONE_MATCH=sent)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert client.get(path, HTTP_IF_NONE_MATCH='"x"').status_code == 200
    assert client.get(path, HTTP_IF_NONE_MATCH=etag, HTTP_ACCEPT_LANGUAGE="zh-Hans").status_code == 200


def test_the_etag_follows_the_review(cast: Cast, api: Api) -> None:
    client, path = api(cast.patient_user), f"{PATH}strength-training/"
    etag = client.get(path)["ETag"]
    now = timezone.now()
    ArticleReview.objects.create(
        clinic=cast.clinic, article_id="strength-training", language="en", state="approved",
        text_version=ArticleText.objects.get(article_id="strength-training", language="en").version,
        due_on=now.date() + timedelta(days=9), reviewer=cast.admin, reviewed_at=now,
    )  # fmt: skip
    answer = client.get(path, HTTP_IF_NONE_MATCH=etag)
    assert answer.status_code == 200
    assert answer.json()["review"] == {"state": "approved", "by": "Ada Min", "on": now.date().isoformat()}


def test_an_article_names_the_languages_in_which_the_caller_may_read_it(cast: Cast, api: Api) -> None:
    """The clinic holds the Chinese text back: no address that answers 404 is given out for it."""
    ArticleReview.objects.create(
        clinic=cast.clinic, article_id="strength-training", language="zh-hans", state="draft", text_version=1,
        reviewer=cast.admin, reviewed_at=timezone.now(),
    )  # fmt: skip
    path = f"{PATH}strength-training/"
    for who, languages in ((cast.patient_user, ["en"]), (cast.therapist, ["en", "zh-hans"])):
        found = api(who).get(path).json()["languages"]
        assert list(found) == languages
        assert all(api(who).get(address).status_code == 200 for address in found.values())


def test_an_article_is_whole(cast: Cast, api: Api) -> None:
    body = api(cast.patient_user).get(f"{PATH}strength-training/").json()
    assert "{emergency_number}" not in str(body)
    assert "120" in body["html"]
    assert body["url"] == "http://testserver/api/v1/articles/strength-training/"
    assert body["page"] == "http://testserver/learn/strength-training/"
    assert [one["name"] for one in body["drawings"]] == ["effort-rest-growth.svg"]
    assert len(body["check"]) == 3
    assert body["sources"]
    assert body["review"]["state"] == "not_reviewed"


def test_the_earlier_address_of_an_article_leads_on(cast: Cast, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RENAMED, "getting-strong", "strength-training")
    client = api(cast.patient_user)
    answer = client.get(f"{PATH}getting-strong/", {"language": "zh-hans"})
    assert answer.status_code == 301
    assert answer["Location"] == f"http://testserver{PATH}strength-training/?language=zh-hans"
    assert client.get(answer["Location"]).json()["slug"] == "strength-training"
    assert client.get(f"{PATH}getting-stronger/").status_code == 404


def test_who_belongs_to_no_clinic_is_told_to_call_their_local_number(db: None, api: Api) -> None:
    client = api(make_user("new@nowhere.example", "New Comer"))
    assert "your local emergency number" in client.get(f"{PATH}warning-signs/").json()["html"]


@pytest.mark.parametrize(
    "query",
    [{"topic": "nothing"}, {"condition": "flu"}, {"place": "x"}, {"session_type": "stretching"}, {"language": "fr"},
     {"category": "x"}, {"q": "x" * 201}, {"q": "a\0b"}, {"patient": "1"}, {"unknown": "1"}],
)  # fmt: skip
def test_what_is_not_known_is_refused(cast: Cast, api: Api, query: dict[str, str]) -> None:
    answer = api(cast.patient_user).get(PATH, query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"?{next(iter(query))}"


def test_the_list_costs_the_same_whatever_it_holds(cast: Cast, api: Api) -> None:
    client, costs = api(cast.patient_user), []
    for query in ({}, {"topic": "what-helps/bands"}, {"q": "muscle"}, {"q": "band"}):
        with CaptureQueriesContext(connection) as captured:
            listed(client, **query)
        costs.append(len(captured))
    assert costs[0] == costs[1]
    assert costs[2] == costs[3] == costs[0] + 1
    assert costs[0] <= 6  # token and user, care roles, memberships, texts, approval, reviews
