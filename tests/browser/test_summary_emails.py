"""Choosing summaries by e-mail and turning them off, in a browser: in both languages, accessible, without scripts."""

from datetime import datetime

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from rehab.models import SummaryPreference
from rehab.services import summary_preferences
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast
from tests.summaries import of_patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    wrong: list[str] = []
    EmailAddress.objects.filter(user=cast.admin).update(verified=False)
    for role in ("patient_user", "admin"):
        page = page_as(cast.user(role), language=language, width=width)
        page.goto("/preferences/")
        shoot(page, f"summaries-{role}-{width}-{language}")
        wrong += axe_violations(page)
    page.locator("#id_summaries-quiet_from").fill("07:00")
    page.locator("form[action='/preferences/summaries/'] button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    shoot(page, f"summaries-error-{width}-{language}")
    wrong += axe_violations(page)
    page = page_as(cast.patient_user, language=language, width=width)
    page.goto(f"/summaries/{of_patient(cast.patient, now=now).pk}/")
    page.locator("form[action$='/send/'] button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    shoot(page, f"sent-{width}-{language}")
    wrong += axe_violations(page)
    key = summary_preferences.of(cast.patient_user, now=now).unsubscribe_key
    page = page_as(None, language=language, width=width)
    page.goto(f"/unsubscribe/{key}/weekly/")
    shoot(page, f"unsubscribe-{width}-{language}")
    wrong += axe_violations(page)
    page.locator("main form button").first.click()
    shoot(page, f"unsubscribed-{width}-{language}")
    wrong += axe_violations(page)
    assert wrong == []


def test_a_patient_asks_for_the_week_and_takes_it_back_by_the_link(cast: Cast, page_as: PageAs) -> None:
    page = page_as(cast.patient_user, javascript=False)
    page.goto("/preferences/")
    page.get_by_label("Every week, how it went").check()
    page.get_by_role("button", name="Save e-mail choices").click()
    expect(page.get_by_text("Your e-mail choices are saved.")).to_be_visible()
    expect(page.get_by_label("Every week, how it went")).to_be_checked()
    stored = SummaryPreference.objects.get(user=cast.patient_user)
    signed_out = page_as(None, javascript=False)
    signed_out.goto(f"/unsubscribe/{stored.unsubscribe_key}/weekly/")
    signed_out.get_by_role("button", name="Stop these e-mails").click()
    expect(signed_out.get_by_text("You do not get the weekly summary by e-mail any more.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Every week, how it went")).not_to_be_checked()
