"""Questionnaires in a browser: accessible at both widths in both languages; the crisis message without scripts."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from rehab.services import people
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast
from tests.questionnaires import answer, switch_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Featherstonehaugh-Wolfeschlegelsteinhausen Maria del Carmen Concepción de los Ángeles"
CRISIS = "You told us about thoughts of being better off dead"


@pytest.fixture
def on(cast: Cast, now: datetime) -> Cast:
    cast.colleague.name = LONG
    cast.colleague.save()
    cast.clinic.crisis_line = "Lifeline 0800 1111, day and night, free of charge"
    cast.clinic.save()
    switch_on(cast.clinic, admin=cast.admin, responder=cast.colleague, now=now)
    return cast


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible(
    on: Cast, page_as: PageAs, axe_violations: Axe, now: datetime, width: int, language: str
) -> None:
    people.add_therapist(patient_id=on.patient.pk, therapist_id=on.colleague.pk, by=on.therapist, now=now)
    early = now - timedelta(days=30)
    answer(on.patient, "phq9", 3, 3, 3, 3, 2, 2, 2, 2, 0, by=on.patient_user, now=early)
    fired = answer(on.patient, "phq9", 3, 2, 3, 3, 1, 1, None, 1, 1, by=on.patient_user, now=now)
    answer(on.patient, "gad7", 2, 1, 0, 0, 0, 1, 0, by=on.patient_user, now=now)
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    overview = f"/patients/{on.patient.pk}/questionnaires/"
    pages = {
        "patient_user": {
            "portal": "/portal/",
            "overview": overview,
            "form": f"{overview}phq2/",
            "long_form": f"{overview}phq9/?after={short}",
            "closed": f"{overview}gad7/",
            "result": f"/questionnaires/{fired}/",
            "open": f"/questionnaires/{short}/",
            "in_error": f"/questionnaires/{fired}/in-error/",
        },
        "therapist": {"overview": overview, "result": f"/questionnaires/{fired}/"},
        "colleague": {"overview": overview, "result": f"/questionnaires/{fired}/"},
        "admin": {
            "clinic": f"/clinic/{on.clinic.pk}/questionnaires/",
            "add": f"/clinic/{on.clinic.pk}/responders/add/",
            "end": f"/clinic/{on.clinic.pk}/responders/{on.colleague.pk}/end/",
            "settings": f"/clinic/{on.clinic.pk}/edit/",
        },
    }
    found = []
    for role, addresses in pages.items():
        page = page_as(on.user(role), language, width)
        for name, address in addresses.items():
            page.goto(address)
            found += axe_violations(page)
            shoot(page, f"questionnaires-{role}-{name}-{language}-{width}")
    assert found == []


def test_the_message_shows_as_soon_as_the_answer_is_chosen_without_scripts(
    on: Cast, page_as: PageAs, now: datetime
) -> None:
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    page = page_as(on.patient_user, javascript=False)
    page.goto(f"/patients/{on.patient.pk}/questionnaires/phq9/?after={short}")
    message = page.get_by_text(CRISIS)
    expect(message).to_be_hidden()
    item_9 = page.get_by_role("group", name="Thoughts that you would be better off dead")
    item_9.get_by_label("Not at all").check()
    expect(message).to_be_hidden()
    for words in ("Several days", "More than half the days", "Nearly every day"):
        item_9.get_by_label(words).check()
        expect(message).to_be_visible()
    shoot(page, "questionnaires-crisis-chosen")
    item_9.get_by_label("Not at all").check()
    expect(message).to_be_hidden()


def test_answering_on_a_phone_keeps_what_was_chosen(
    on: Cast, page_as: PageAs, axe_violations: Axe, now: datetime
) -> None:
    page = page_as(on.patient_user)
    page.goto("/portal/")
    page.get_by_role("link", name="Questionnaires").click()
    page.get_by_role("link", name="Mood").click()
    page.get_by_role("group", name="Little interest").get_by_label("Nearly every day").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the answers.")
    assert axe_violations(page) == []
    shoot(page, "questionnaires-error")
    expect(page.get_by_role("group", name="Little interest").get_by_label("Nearly every day")).to_be_checked()
    page.get_by_role("group", name="Feeling down").get_by_label("Several days").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="PHQ-9")).to_be_visible()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_label("Leave the questions that I have not answered open")).to_be_visible()
    shoot(page, "questionnaires-long-error")
    page.get_by_role("group", name="Thoughts").get_by_label("Several days").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("There is no score, because some questions are open.")).to_be_visible()
    expect(page.get_by_text(CRISIS)).to_be_in_viewport()
    shoot(page, "questionnaires-crisis-result")
