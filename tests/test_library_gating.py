"""What is gated for a condition is not there for who has it: pages, drawings, API, search, in place, in summaries."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from content import catalogue
from content import library as shelves
from content.models import Article, ArticleText
from content.rendering import plain
from content.topics import PLACES
from rehab.analytics.summary_articles import BY_CONDITION, BY_MODALITY, choose
from rehab.models import ArticleAssignment, ArticleReading, CareTeamMember, Patient
from rehab.reference.conditions import CONDITIONS
from rehab.selectors import library, patients, summaries
from rehab.services import library_reviews
from rehab.services.inputs.sessions import VARIANTS
from rehab.web.summaries import mail
from tests.conftest import Cast
from tests.summaries import WEEK, of_patient
from tests.test_query_counts import recorded

Api = Callable[[User | None], APIClient]
Browser = Callable[[User | None], Client]
GATED = ["muscle-relaxants"]
UNSUBSCRIBE = "https://rehab.example/unsubscribe/key/weekly/"


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


def html(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


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


def test_in_place_stands_nothing_that_is_gated(cast: Cast, browser_of: Browser) -> None:
    """Beside the forms, under a chart, beside programme, goals and questionnaires; on the home, and in the library."""
    for _ in range(2):
        recorded(cast, "girth", 2)
    about = f"/patients/{cast.patient.pk}"
    series = html(browser_of(cast.patient_user).get(f"{about}/series/"))
    [chart] = re.findall(rf'href="({about}/series/[^"]+/)"', series)
    forms = ["sessions/resistance_band", "sessions/aquatic", "sessions/fes", "sessions/weights", "strength/grip",
             "strength/mrc", "rom/rom", "girth/girth", "check-ins/check-ins"]  # fmt: skip
    pages = [f"{about}/log/{form}/" for form in forms]
    pages += [chart, f"{about}/programs/", f"{about}/goals/"]

    def linked(who: User, path: str) -> set[str]:
        answer = browser_of(who).get(path)
        assert answer.status_code == 200, path
        return set(re.findall(r'href="/learn/([a-z0-9-]+)/"', html(answer)))

    sick(cast.patient, "sarcopenia")
    own = [f"{about}/questionnaires/", "/portal/", "/learn/"]
    offered = {path: linked(cast.patient_user, path) for path in [*pages, *own]}
    assert all(offered[path] for path in pages if "weights" not in path)
    for code in CONDITIONS:
        gone = gated_for(code)
        if not gone:
            continue
        assert gone & set[str]().union(*offered.values()), code
        Patient.objects.filter(pk=cast.patient.pk).update(conditions=["sarcopenia", code])
        for who, more in ((cast.patient_user, own), (cast.caregiver, ["/learn/"]), (cast.therapist, own[:1])):
            for path in (*pages, *more):
                assert not gone & linked(who, path), (code, path)


def test_a_draft_is_nowhere_for_patients(cast: Cast, api: Api, browser_of: Browser, now: datetime) -> None:
    """Shelves, search, topic, page, drawing, beside the form, on the home, in a summary, given to read; API too."""
    slug, path = "logging-a-band-session", "/learn/logging-a-band-session/"
    text = ArticleText.objects.get(article_id=slug, language="en")
    summary = of_patient(cast.patient, now=now, article=slug)
    ArticleAssignment.objects.create(patient=cast.patient, article_id=slug, assigned_by=cast.therapist, assigned_at=now)
    about, topic = f"/patients/{cast.patient.pk}", text.article.covers[0]
    pages = [f"/learn/?q={text.title}", f"/learn/topics/{topic}/", f"/learn/topics/{topic.partition('/')[0]}/",
             "/portal/", "/learn/", f"{about}/reading/", f"{about}/log/sessions/resistance_band/",
             reverse("summary", args=[summary.pk])]  # fmt: skip

    def where(who: User) -> list[str]:
        return [page for page in pages if path in html(browser_of(who).get(page))]

    def listed(who: User, **query: str) -> bool:
        return slug in {row["slug"] for row in api(who).get("/api/v1/articles/", query).json()["results"]}

    assert where(cast.patient_user) == pages
    for each in ArticleText.objects.filter(article_id=slug).order_by("language"):
        step = {"article": slug, "language": each.language, "text_version": each.version, "state": "draft"}
        library_reviews.review(step, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    for who in (cast.patient_user, cast.caregiver):
        assert where(who) == []
        assert browser_of(who).get(path).status_code == 404
        assert api(who).get(f"/api/v1{path.replace('learn', 'articles')}").status_code == 404
        assert not listed(who)
        assert not listed(who, q=text.title)
    assert listed(cast.therapist)
    assert not listed(cast.therapist, patient=str(cast.patient.pk))
    assert "A draft for your clinic" in html(browser_of(cast.therapist).get(path))
    assert browser_of(cast.other_patient_user).get(path).status_code == 200


@pytest.mark.parametrize("code", CONDITIONS)
def test_no_summary_names_an_article_that_is_gated(
    cast: Cast, api: Api, browser_of: Browser, code: str, now: datetime
) -> None:
    """It was named before the condition was known, or would be named now: page, e-mail, JSON, PDF."""
    gone = gated_for(code)
    sick(cast.patient, code)
    for i, slug in enumerate(sorted(gated_for("myasthenia_gravis") | {"warning-signs"})):
        start = WEEK + timedelta(weeks=i)
        summary = of_patient(cast.patient, now=now, starts_on=start, ends_on=start + timedelta(days=6), article=slug)
        title = ArticleText.objects.get(article_id=slug, language="en").title
        for who in (cast.patient_user, cast.caregiver, cast.therapist):
            page = html(browser_of(who).get(reverse("summary", args=[summary.pk])))
            assert (f"/learn/{slug}/" in page) == (title in page) == (slug not in gone)
            sent = api(who).get(f"/api/v1/summaries/{summary.pk}/").json()["payload"]
            every = api(who).get("/api/v1/summaries/", {"payload": "true"}).json()["results"]
            [listed] = [row["payload"] for row in every if row["id"] == str(summary.pk)]
            assert sent["article"] == listed["article"] == (None if slug in gone else slug)
        seen = summaries.get(cast.patient_user, summary.pk)
        letter = mail.letter(seen, cast.patient_user, UNSUBSCRIBE)
        assert all((title in part) == (slug not in gone) for part in (letter.text, unescape(letter.html)))
    gates = catalogue.gates()
    known = [slug for slug, not_for in gates.items() if code not in not_for]
    conditions = list(BY_CONDITION)
    for day, declined, notes in product(range(0, 70, 7), (True, False), ((), ("only_skipped",), ("first_period",))):
        chosen = choose(
            conditions={*conditions, code}, modalities=list(BY_MODALITY), declined=declined, notes=notes, day=day,
            known=known,
        )  # fmt: skip
        assert chosen not in gone


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
