"""What is gated for a condition is not there for who has it: lists, search, pages, drawings, API, beside forms."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from content import library as shelves
from content.models import Article, ArticleText
from content.rendering import plain
from content.topics import PLACES
from rehab.models import ArticleAssignment, ArticleReading, CareTeamMember, Patient
from rehab.reference.conditions import CONDITIONS
from rehab.selectors import library, patients
from rehab.services.inputs.sessions import VARIANTS
from tests.conftest import Cast
from tests.summaries import of_patient

Api = Callable[[User | None], APIClient]
Browser = Callable[[User | None], Client]
GATED = ["muscle-relaxants"]


def sick(patient: Patient, code: str) -> None:
    Patient.objects.filter(pk=patient.pk).update(conditions=[code])


def gated_for(code: str) -> set[str]:
    """Return the slugs of the articles that are not for a condition."""
    rows = ArticleText.objects.filter(language="en", article__is_listed=True).select_related("article")
    return {row.article_id for row in rows.order_by("article_id") if code in row.article.not_for}


def passages_for(code: str, language: str) -> dict[str, list[str]]:
    """Return the words of the passages that are not for a condition, by slug."""
    rows = ArticleText.objects.filter(language=language).order_by("article_id")
    found = {
        row.article_id: [plain(piece["html"]).split("\n")[0] for piece in row.segments if code in piece["not_for"]]
        for row in rows
    }
    return {slug: words for slug, words in found.items() if words}


def words_of(answer: str) -> str:
    return plain(unescape(re.sub(r"\s+", " ", answer)))


def test_there_is_something_to_gate(cast: Cast) -> None:
    assert gated_for("myasthenia_gravis") >= set(GATED)
    assert len(passages_for("duchenne", "en")) > 3
    assert set(passages_for("duchenne", "en")) == set(passages_for("duchenne", "zh-hans"))


@pytest.mark.parametrize("code", CONDITIONS)
def test_articles_are_not_there(cast: Cast, api: Api, browser_of: Browser, code: str, now: datetime) -> None:
    gone = gated_for(code)
    titles = dict(ArticleText.objects.filter(article__in=gone).values_list("title", "article_id"))
    # Given and read before the condition was known.
    for slug in gone:
        ArticleAssignment.objects.create(
            patient=cast.patient, article_id=slug, assigned_by=cast.therapist, assigned_at=now
        )
        ArticleReading.objects.create(
            patient=cast.patient, reader=cast.patient_user, article_id=slug, language="en", updated_at=now
        )
    sick(cast.patient, code)
    cast.patient.refresh_from_db()
    for who in (cast.patient_user, cast.caregiver):
        client, browser = api(who), browser_of(who)
        listed = {row["slug"] for row in client.get("/api/v1/articles/").json()["results"]}
        assert not gone & listed
        assert len(listed) > 40
        seen = patients.get(viewer=who, patient_id=cast.patient.pk)
        offered = library.readable(seen, viewer=who, language="en", now=now)
        beside = {one.slug for place in PLACES for one in shelves.fitting(offered, place=place, limit=99)}
        assert not gone & beside
        assert not gone & {one.slug for one in shelves.fitting(offered, conditions=[code], limit=99)}
        for title, slug in titles.items():
            found = {row["slug"] for row in client.get("/api/v1/articles/", {"q": title}).json()["results"]}
            assert slug not in found
            address = reverse("learn-article", args=[slug])
            pages = ["/learn/", f"/learn/?q={title}", "/portal/", reverse("reading", args=[cast.patient.pk])]
            for page in pages:
                shown = browser.get(page).content.decode()
                assert address not in shown, page
            assert browser.get(address).status_code == 404
            assert browser.get(address, {"language": "zh-hans"}).status_code == 404
            assert client.get(f"/api/v1/articles/{slug}/").status_code == 404
            for drawing in ("where-they-act.svg",) if slug == GATED[0] else ():
                assert browser.get(f"/learn/{slug}/{drawing}").status_code == 404
    therapist = api(cast.therapist)
    for slug in gone:
        assert therapist.get(f"/api/v1/articles/{slug}/").status_code == 200
        about = {"patient": str(cast.patient.pk)}
        assert therapist.get(f"/api/v1/articles/{slug}/", about).status_code == 404
        assert slug not in {row["slug"] for row in therapist.get("/api/v1/articles/", about).json()["results"]}


def test_a_summary_names_no_article_that_its_reader_may_not_open(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    """A caregiver who has a condition of their own: what is gated for that is not offered beside another's week."""
    CareTeamMember.objects.filter(user=cast.other_patient_user).update(user=cast.caregiver)
    sick(cast.other_patient, "myasthenia_gravis")
    summary = of_patient(cast.patient, now=now, article=GATED[0])
    page, address = reverse("summary", args=[summary.pk]), reverse("learn-article", args=GATED)
    for user in (cast.patient_user, cast.therapist):
        assert address in browser_of(user).get(page).content.decode()
    caregiver = browser_of(cast.caregiver)
    assert caregiver.get(address).status_code == 404
    assert address not in caregiver.get(page).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("code", ["myasthenia_gravis", "duchenne", "motor_neuron_disease"])
def test_passages_are_cut_out(cast: Cast, api: Api, browser_of: Browser, code: str, language: str) -> None:
    passages, gone = passages_for(code, language), gated_for(code)
    browser, client, other = browser_of(cast.patient_user), api(cast.patient_user), api(cast.other_patient_user)
    shown_to_others = 0
    sick(cast.patient, code)
    for slug, cut in passages.items():
        if slug in gone:
            continue
        query = {"language": language}
        page = words_of(browser.get(f"/learn/{slug}/", query).content.decode())
        answer = client.get(f"/api/v1/articles/{slug}/", query).json()
        others = other.get(f"/api/v1/articles/{slug}/", query).json()
        for words in cut:
            assert words not in page
            assert words not in words_of(answer["html"])
            assert words not in words_of("".join(piece["html"] for piece in answer["segments"]))
            shown_to_others += words in words_of(others["html"])
        assert all(piece["not_for"] == [] for piece in (*answer["segments"], *others["segments"]))
    assert shown_to_others > 0


def test_clinicians_see_what_is_gated_marked(cast: Cast, api: Api, browser_of: Browser) -> None:
    page = browser_of(cast.therapist).get("/learn/why-spasm-happens/").content.decode()
    assert "Not shown to patients with: Myasthenia gravis" in page
    answer = api(cast.therapist).get("/api/v1/articles/why-spasm-happens/").json()
    [gated] = [piece for piece in answer["segments"] if piece["not_for"]]
    assert gated["not_for"] == ["myasthenia_gravis"]
    assert gated["html"] not in answer["html"]
    assert (
        "Not shown to patients with: Myasthenia gravis"
        in browser_of(cast.therapist).get("/learn/muscle-relaxants/").content.decode()
    )


def test_articles_name_conditions_and_sessions_of_the_service(db: None) -> None:
    for row in Article.objects.order_by("slug"):
        assert set(row.conditions) | set(row.not_for) <= set(CONDITIONS), row.slug
        assert set(row.session_types) <= set(VARIANTS), row.slug
    for text in ArticleText.objects.order_by("article_id", "language"):
        assert {code for piece in text.segments for code in piece["not_for"]} <= set(CONDITIONS), text
