"""The library in a browser: accessible on phone and desktop in both languages, whole without JavaScript."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from rehab.models import ArticleReading, Patient
from rehab.selectors.library_reviews import version_of
from rehab.services import library, library_reviews
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("library")]
SLUG = "strength-training"


def _filled(cast: Cast, now: datetime) -> str:
    """Give an article, read one, ask, answer, review; return the question that waits."""
    about = str(cast.patient.pk)
    Patient.objects.filter(pk=cast.patient.pk).update(conditions=["stroke"])
    given = {"patient": about, "article": SLUG, "note": "Look at the drawing first.\nThen we talk."}
    library.assign(given, language="en", by=cast.therapist, now=now)
    library.mark_read("warning-signs", patient_id=cast.patient.pk, language="en", by=cast.patient_user, now=now)
    question = {"patient": about, "article": SLUG, "text": "How often in a week?"}
    done = library.ask(question, language="en", by=cast.patient_user, now=now)
    library.answer(done.pk, {"text": "As planned."}, expected_version=1, by=cast.therapist, now=now)
    library.answer_check(
        SLUG, {"answers": [0, 0, 0]}, patient_id=cast.patient.pk, language="en", by=cast.patient_user, now=now
    )
    due_on = (now.date() + timedelta(days=365)).isoformat()
    step = {
        "article": SLUG,
        "language": "en",
        "text_version": version_of(SLUG, language="en"),
        "state": "approved",
        "due_on": due_on,
    }
    library_reviews.review(step, clinic_id=cast.clinic.pk, by=cast.admin, now=now)
    waiting = library.ask({**question, "text": "And when I am ill?"}, language="en", by=cast.patient_user, now=now)
    return str(waiting.pk)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    waiting = _filled(cast, now)
    patient, clinic = cast.patient.pk, cast.clinic.pk
    pages = {
        "patient_user": [
            "/learn/", "/learn/?q=spasm", "/learn/?q=zzzz", "/learn/topics/symptoms/",
            "/learn/topics/what-helps/bands/",
            f"/learn/{SLUG}/", "/learn/stroke-and-muscle/", "/learn/warning-signs/", f"/patients/{patient}/reading/",
            f"/questions/{waiting}/", "/portal/", f"/patients/{patient}/log/sessions/fes/",
        ],
        "therapist": [
            "/learn/muscle-relaxants/", "/learn/why-spasm-happens/", f"/learn/{SLUG}/give/",
            f"/patients/{patient}/reading/", f"/patients/{patient}/reading/give/", "/dashboard/questions/",
            f"/questions/{waiting}/", "/dashboard/",
        ],
        "admin": [f"/clinic/{clinic}/library/", f"/clinic/{clinic}/library/{SLUG}/zh-hans/",
                  f"/clinic/{clinic}/library/{SLUG}/en/"],
    }  # fmt: skip
    found = []
    for role, paths in pages.items():
        page = page_as(cast.user(role), language=language, width=width)
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            for summary in page.locator("main summary").all():
                summary.click()
            found += axe_violations(page)
            name = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[0-9a-f-]{36}", "", path))
            shoot(page, f"{language}-{width}-{role}{name}")
    own = page_as(cast.patient_user, language=language, width=width)
    for action in ("check", "ask"):
        own.goto(f"/learn/{SLUG}/")
        for summary in own.locator("main summary").all():
            summary.click()
        own.locator(f"form[action$='/{action}/'] button.button").click()
        found += axe_violations(own)
        shoot(own, f"{language}-{width}-{action}-errors")
    assert found == []


def test_the_switch_of_language_keeps_the_place(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user)
    page.goto(f"/learn/{SLUG}/")
    headings = page.locator("#article h2[id]")
    third = headings.nth(2)
    place = third.get_attribute("id")
    third.evaluate("node => node.scrollIntoView()")
    page.locator("a[data-keep-place]").evaluate("node => node.click()")
    page.wait_for_url(f"**/learn/{SLUG}/?language=zh-hans#{place}")
    expect(page.locator(f"#{place}")).to_be_in_viewport()
    assert page.locator("article").get_attribute("lang") == "zh-Hans"
    page.locator(f"#{place}").evaluate("node => node.scrollIntoView()")
    page.locator(".language-switch button[value='zh-hans']").evaluate("node => node.click()")
    page.wait_for_url(f"**/learn/{SLUG}/#{place}")
    assert page.locator("html").get_attribute("lang") == "zh-hans"


def test_everything_works_without_javascript_on_a_phone(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto("/learn/")
    page.get_by_label("Search the library").fill("elastic bands")
    page.get_by_role("button", name="Search").click()
    page.locator(".article-list a").first.click()
    page.locator("a[data-keep-place]").click()
    expect(page.locator("article")).to_have_attribute("lang", "zh-Hans")
    page.go_back()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("Marked as read.")).to_be_visible()
    page.get_by_role("button", name="Yes").click()
    page.locator("summary", has_text="Three questions").click()
    for group in page.locator("form[action$='/check/'] fieldset").all():
        group.locator("label").first.click()
    page.get_by_role("button", name="See the answers").click()
    expect(page.get_by_text("of 3 right.")).to_be_visible()
    page.get_by_label("Your question").fill("Which colour do I take?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("Which colour do I take?")).to_be_visible()
    row = ArticleReading.objects.get()
    assert (row.helped, len(row.check_answers)) == (True, 3)
    assert row.read_at is not None
