"""Summaries in Chromium: on a phone and a desk, in both languages, with axe; e-mails on a phone."""

from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, expect

from rehab.models import Summary
from rehab.selectors import summaries
from rehab.web.summaries import mail
from tests.browser.conftest import PageAs
from tests.conftest import Cast
from tests.summaries import (
    WEEK,
    caseload_payload,
    clinic_payload,
    due,
    empty_payload,
    looked,
    of_patient,
    patient_payload,
    stored,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "I want to walk all the way from my front door to Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


def made(cast: Cast, now: datetime) -> dict[str, Summary]:
    """Store a summary of each kind: full with long texts, empty, older versions, not computed."""
    goals = tuple(goal.model_copy(update={"title": LONG}) for goal in patient_payload().goals)
    before = {"starts_on": WEEK - timedelta(weeks=1), "ends_on": WEEK - timedelta(days=1)}
    better = looked(cast.patient, reasons=("improved",), declined=(), alerts=(), quality=())
    return {
        "full": of_patient(cast.patient, now=now, version=2, goals=goals),
        "empty": stored(empty_payload(**before), clinic=cast.clinic, patient=cast.patient, now=now),
        "day": of_patient(cast.patient, now=now, period="day", ends_on=WEEK),
        "due": due(cast.patient, now=now),
        "caseload": stored(
            caseload_payload(looked(cast.patient), better, patients_treated=14),
            clinic=cast.clinic,
            therapist=cast.therapist,
            now=now,
        ),
        "clinic": stored(clinic_payload(), clinic=cast.clinic, now=now),
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe_and_fits(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    found = {name: reverse("summary", args=[summary.pk]) for name, summary in made(cast, now).items()}
    older = f"{found['full']}versions/1/"
    listed = reverse("patient-summaries", args=[cast.patient.pk])
    months = reverse("clinic-summaries", args=[cast.clinic.pk])
    wrong: list[str] = []
    for who, paths in (
        (cast.patient_user, [listed, found["full"], found["empty"], found["day"], found["due"], older, "/portal/"]),
        (cast.therapist, [listed, found["full"], found["caseload"], found["clinic"], "/dashboard/summaries/", months]),
        (cast.other_patient_user, [reverse("patient-summaries", args=[cast.other_patient.pk])]),
    ):
        page = page_as(who, language=language, width=width)
        for path in paths:
            page.goto(path)
            for details in page.locator("summary").all():
                details.click()
            wrong += axe_violations(page)
    assert wrong == []


def test_on_paper_there_is_the_summary_and_nothing_around_it(cast: Cast, now: datetime, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, width=800, javascript=False)
    page.goto(reverse("summary", args=[made(cast, now)["full"].pk]))
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Your week")).to_be_visible()
    expect(page.get_by_role("heading", name="Am I really changing?")).to_be_visible()
    expect(page.get_by_text("In an emergency call 120.").first).to_be_visible()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.get_by_role("link", name="PDF to print or keep")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_emails_fit_a_phone_and_pass_axe(
    cast: Cast, now: datetime, chromium: Browser, axe_violations: Axe, language: str
) -> None:
    summaries_made = made(cast, now)
    wrong = []
    for user, name in ((cast.patient_user, "full"), (cast.patient_user, "empty"), (cast.therapist, "caseload")):
        user.language = language
        seen = summaries.get(user, summaries_made[name].pk)
        letter = mail.letter(seen, user, "https://rehab.example/unsubscribe/key/weekly/")
        context = chromium.new_context(viewport={"width": 360, "height": 800}, color_scheme="dark")
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))  # noqa: B023  # called before the next one
        page.set_content(letter.html)
        assert asked == []
        wrong += axe_violations(page)
        context.close()
    assert wrong == []
