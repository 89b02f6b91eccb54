"""The pages of the library: reading in either language, what is released, and what lists cost."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from content.models import Article, ArticleText
from content.renamed import RENAMED
from rehab.models import ArticleQuestion, ArticleReading
from rehab.selectors import library as selectors
from rehab.selectors.library_reviews import version_of
from rehab.services import library, library_reviews, people
from tests.conftest import Cast, make_patient, make_user
from tests.web.library_pages import PAGE, SLUG, condition, html, post

Browser = Callable[[User | None], Client]


def test_an_article_speaks_the_readers_language_and_can_be_read_in_the_other(cast: Cast, browser_of: Browser) -> None:
    client = browser_of(cast.patient_user)
    own = html(client.get(PAGE))
    assert '<article class="article" lang="en"' in own
    assert f'href="{PAGE}?language=zh-hans"' in own
    other = html(client.get(PAGE, {"language": "zh-hans"}))
    assert '<html lang="en">' in other
    assert '<article class="article" lang="zh-Hans"' in other
    assert other.count('<h2 id="part-') == own.count('<h2 id="part-')
    assert html(client.get(PAGE, {"language": "fr"})).count('lang="en" id="article"') == 1
    User.objects.filter(pk=cast.patient_user.pk).update(language="zh-hans")
    assert '<article class="article" lang="zh-Hans"' in html(client.get(PAGE))


def test_what_is_part_of_an_article_is_in_its_language(cast: Cast, browser_of: Browser) -> None:
    """Whatever the language of the page: what is read aloud in Chinese is Chinese, and the other way round."""
    own = browser_of(cast.patient_user)
    chinese = html(own.get("/learn/ageing-and-sarcopenia/", {"language": "zh-hans"}))
    [jump] = re.findall(r'<a class="article__jump".*?</a>', chinese, re.DOTALL)
    assert "何时立即求助" in jump
    body = chinese.partition('<article class="article" lang="zh-Hans"')[2].partition("</article>")[0]
    assert "When to get help now" not in body
    assert 'lang="en"' not in body
    questions = chinese.partition('action="/learn/ageing-and-sarcopenia/check/"')[2].partition("</form>")[0]
    assert questions.count('<span lang="zh-Hans">') > 6
    User.objects.filter(pk=cast.patient_user.pk).update(language="zh-hans")
    english = html(own.get("/learn/ageing-and-sarcopenia/", {"language": "en"}))
    assert "When to get help now" in re.findall(r'<a class="article__jump".*?</a>', english, re.DOTALL)[0]
    User.objects.filter(pk=cast.therapist.pk).update(language="zh-hans")
    marked = html(browser_of(cast.therapist).get("/learn/why-spasm-happens/", {"language": "en"}))
    assert marked.count('<p class="gated__who" lang="zh-hans">') == marked.count('class="gated__who"') > 0


def test_who_belongs_to_no_clinic_is_told_to_call_their_local_number(db: None, browser_of: Browser) -> None:
    client = browser_of(make_user("new@nowhere.example", "New Comer"))
    assert "your local emergency number" in html(client.get("/learn/warning-signs/"))
    chinese = html(client.get("/learn/warning-signs/", {"language": "zh-hans"}))
    assert "your local emergency number" not in chinese.partition("<article")[2].partition("</article>")[0]


def test_the_switch_of_language_keeps_the_patient(cast: Cast, browser_of: Browser, now: datetime) -> None:
    second, user = make_patient("Ann Other", "ann@clinic.example", by=cast.therapist, now=now)
    invitation = people.invite_caregiver(
        patient_id=second.pk, email=cast.caregiver.email, permissions=[], language="en", by=user, now=now
    )
    people.accept(invitation, by=cast.caregiver, now=now)
    shown = html(browser_of(cast.caregiver).get(PAGE, {"patient": str(cast.patient.pk)}))
    assert f'name="next" value="{PAGE}?patient={cast.patient.pk}"' in shown
    assert f'href="{PAGE}?language=zh-hans&amp;patient={cast.patient.pk}"' in shown


def test_the_emergency_number_is_that_of_the_clinic(cast: Cast, browser_of: Browser) -> None:
    shown = html(browser_of(cast.patient_user).get("/learn/warning-signs/"))
    assert "120" in shown
    assert "{emergency_number}" not in shown
    cast.clinic.emergency_number = "<b>1</b>"
    cast.clinic.save(update_fields=["emergency_number"])
    shown = html(browser_of(cast.patient_user).get("/learn/warning-signs/"))
    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert "<b>1</b>" not in shown


def test_help_stands_first_where_the_article_is_about_the_reader(cast: Cast, browser_of: Browser) -> None:
    client, path = browser_of(cast.patient_user), "/learn/ageing-and-sarcopenia/"
    before = html(client.get(path))
    assert before.index("When to get help now</h2>") > before.index("Why it happens</h2>")
    assert 'class="article__jump"' in before
    condition(cast.patient, "sarcopenia")
    after = html(client.get(path))
    assert after.index("When to get help now</h2>") < after.index("Why it happens</h2>")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("slug", ["myasthenic-crisis", "stroke-and-muscle", "low-mood-and-motivation", "warning-signs"])
def test_an_emergency_at_the_beginning_is_marked_as_one(
    cast: Cast, browser_of: Browser, slug: str, language: str
) -> None:
    condition(cast.patient, "myasthenia_gravis", "stroke")
    page = html(browser_of(cast.patient_user).get(f"/learn/{slug}/", {"language": language}))
    article = page.partition('id="article"')[2].partition("</article>")[0]
    before, opening, rest = article.partition('<div class="article__urgent">')
    opening, end, rest = rest.partition("</div>")
    assert end
    assert before.strip().endswith("</header>")
    assert "article__jump" not in article
    assert "120" in opening
    assert ("<li>" in opening) == (slug != "stroke-and-muscle")
    assert "<img" not in opening
    assert "<h2" not in opening
    assert opening not in rest
    assert rest.count('<div class="article__urgent">') == 1


def test_the_review_is_told(cast: Cast, browser_of: Browser, now: datetime) -> None:
    client = browser_of(cast.patient_user)
    assert "Not yet reviewed by your clinic." in html(client.get(PAGE))
    due_on = (now.date() + timedelta(days=30)).isoformat()
    document = {
        "article": SLUG,
        "language": "en",
        "text_version": version_of(SLUG, language="en"),
        "state": "approved",
        "due_on": due_on,
    }
    library_reviews.review(document, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    assert "Reviewed by Ada Min, North Clinic" in html(client.get(PAGE))
    assert "Not yet reviewed" in html(client.get(PAGE, {"language": "zh-hans"}))


def test_the_day_of_a_review_is_that_of_the_clinic(cast: Cast, browser_of: Browser) -> None:
    """In Shanghai it is the next day already."""
    evening = datetime(2026, 3, 2, 20, tzinfo=UTC)
    document = {
        "article": SLUG,
        "language": "en",
        "text_version": version_of(SLUG, language="en"),
        "state": "approved",
        "due_on": "2026-12-01",
    }
    library_reviews.review(document, clinic_id=cast.clinic.pk, by=cast.admin, now=evening)
    desk = selectors.desk_of(cast.patient_user, language="en", now=evening)
    assert selectors.text(SLUG, desk).listed.reviewed_on == date(2026, 3, 3)


def test_a_translation_older_than_its_original_says_so(cast: Cast, browser_of: Browser) -> None:
    ArticleText.objects.filter(article_id=SLUG, language="en").update(version=9)
    client = browser_of(cast.patient_user)
    assert "This translation is older than its original." in html(client.get(PAGE, {"language": "zh-hans"}))
    admin = browser_of(cast.admin)
    path = reverse("clinic-library", args=[cast.clinic.pk])
    shown = html(admin.get(path, {"state": "old_translation"}))
    assert shown.count("/zh-hans/") == 1
    assert "Older than its original" in shown


def test_a_drawing_is_svg_that_runs_nothing(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(cast.patient_user).get(f"{PAGE}effort-rest-growth.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"<svg")
    for name in ("no-such-drawing", "en"):
        assert browser_of(cast.patient_user).get(f"{PAGE}{name}.svg").status_code == 404


def test_a_renamed_article_is_found_under_its_earlier_address(
    cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RENAMED, "getting-strong", SLUG)
    client = browser_of(cast.patient_user)
    answer: Any = client.get("/learn/getting-strong/", {"language": "zh-hans"})
    assert (answer.status_code, answer["Location"]) == (301, f"{PAGE}?language=zh-hans")
    assert client.get("/learn/getting-strong/effort-rest-growth.svg").status_code == 200
    about = {"patient": str(cast.patient.pk)}
    assert post(client, "/learn/getting-strong/read/", **about).status_code == 302
    assert ArticleReading.objects.get().article_id == SLUG
    # As the loader leaves it: the earlier one is there, not listed.
    Article.objects.create(slug="getting-strong", category="what-helps", kind="guide", position=0, is_listed=False)
    assert client.get("/learn/getting-strong/").status_code == 301
    condition(cast.patient, "duchenne")
    assert client.get("/learn/getting-strong/").status_code == 404


def test_what_is_withdrawn_says_so_and_what_never_was_is_not_there(cast: Cast, browser_of: Browser) -> None:
    Article.objects.filter(slug=SLUG).update(is_listed=False)
    client = browser_of(cast.patient_user)
    assert client.get(PAGE).status_code == 410
    assert client.get("/learn/no-such-article/").status_code == 404
    assert client.get("/learn/topics/nothing/").status_code == 404
    assert client.get("/learn/topics/what-helps/nothing/").status_code == 404


def test_a_library_from_which_nothing_is_released_says_so(cast: Cast, browser_of: Browser, now: datetime) -> None:
    told = "Your clinic has not released any article yet."
    client = browser_of(cast.patient_user)
    assert told not in html(client.get("/learn/"))
    library_reviews.require_approval(clinic_id=cast.clinic.pk, required=True, by=cast.admin, now=now)
    assert told in html(client.get("/learn/"))
    assert told not in html(browser_of(cast.therapist).get("/learn/"))


def test_no_switch_leads_to_a_language_that_is_held_back(cast: Cast, browser_of: Browser, now: datetime) -> None:
    ArticleText.objects.filter(article_id=SLUG, language="en").update(version=9)  # the translation is older, too
    step = {"article": SLUG, "language": "en", "text_version": 9, "state": "draft"}
    library_reviews.review(step, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    shown = html(browser_of(cast.patient_user).get(PAGE, {"language": "zh-hans"}))
    assert "This translation is older than its original." in shown
    assert f"{PAGE}?language=en" not in shown
    assert f"{PAGE}?language=en" in html(browser_of(cast.therapist).get(PAGE, {"language": "zh-hans"}))


def test_lists_cost_the_same_for_more_rows(cast: Cast, browser_of: Browser, now: datetime) -> None:
    own, therapist, admin = (browser_of(cast.user(role)) for role in ("patient_user", "therapist", "admin"))
    overview = reverse("reading", args=[cast.patient.pk])
    pages = [
        (own, overview), (therapist, overview), (therapist, "/dashboard/questions/"), (own, "/learn/"), (own, PAGE),
        (own, "/portal/"), (admin, reverse("clinic-library", args=[cast.clinic.pk])), (own, "/learn/topics/causes/"),
    ]  # fmt: skip
    slugs = [row.slug for row in Article.objects.order_by("slug") if not row.not_for]
    versions = dict(ArticleText.objects.filter(language="en").values_list("article_id", "version"))

    def add(some: list[str]) -> None:
        who: dict[str, Any] = {"patient_id": cast.patient.pk, "language": "en", "by": cast.patient_user, "now": now}
        for slug in some:
            library.mark_read(slug, **who)
            given = {"patient": str(cast.patient.pk), "article": slug}
            library.assign(given, language="en", by=cast.therapist, now=now)
            library.ask({**given, "text": "Why?"}, language="en", by=cast.patient_user, now=now)
            library_reviews.review(
                {"article": slug, "language": "en", "text_version": versions[slug], "state": "in_review"},
                clinic_id=cast.clinic.pk, by=cast.admin, now=now,
            )  # fmt: skip

    def costs() -> list[int]:
        found = []
        for client, path in pages:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            found.append(len(captured))
        return found

    add([SLUG, *slugs[:3]])
    few = costs()
    add([slug for slug in slugs[3:23] if slug != SLUG])
    assert costs() == few


def test_open_questions_come_in_pages(cast: Cast, browser_of: Browser, now: datetime) -> None:
    ArticleQuestion.objects.bulk_create(
        ArticleQuestion(
            patient=cast.patient, article_id=SLUG, asked_by=cast.patient_user, text=f"Number {i:03}", asked_at=now
        )
        for i in range(60)
    )
    client = browser_of(cast.therapist)
    first = html(client.get("/dashboard/questions/"))
    assert "60 open questions" in html(client.get("/dashboard/"))
    after = first.partition('href="?after=')[2].partition('"')[0]
    second = html(client.get(f"/dashboard/questions/?after={after}"))
    shown = [one for one in (f"Number {i:03}" for i in range(60)) if (one in first) != (one in second)]
    assert len(shown) == 60
    assert client.get("/dashboard/questions/?after=mangled").status_code == 200
