"""The page of the emergency texts and rules, and where it is said that they are not signed off."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from rehab.analytics import emergency_wording
from rehab.models import WordingSignOff
from rehab.reference.red_flag_texts import LEVEL_TEXTS
from tests.conftest import Cast
from tests.violations.wording import signature

Browser = Callable[[User | None], Client]
VERSION = emergency_wording.version()


def page_of(cast: Cast) -> str:
    return f"/clinic/{cast.clinic.pk}/wording/"


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_text_and_rule_is_shown_in_both_languages(cast: Cast, browser_of: Browser, language: str) -> None:
    User.objects.filter(pk=cast.therapist.pk).update(language=language)
    html = text(browser_of(User.objects.get(pk=cast.therapist.pk)), page_of(cast))
    for expected in (
        LEVEL_TEXTS["emergency"].en,
        LEVEL_TEXTS["emergency"].zh,
        "vital capacity below 20 mL/kg",
        VERSION,
    ):
        assert expected in html, expected


def test_it_is_signed_and_said_so_on_the_clinics_page_and_in_the_list_of_alerts(
    cast: Cast, browser_of: Browser
) -> None:
    browser, admin = browser_of(cast.therapist), browser_of(cast.admin)
    assert "This version is not signed off for this clinic." in text(browser, page_of(cast))
    assert f"Version {VERSION} is not signed off by a therapist of this clinic." in text(admin, "/clinic/")
    assert "this version is not signed off" in text(browser, "/dashboard/alerts/")
    answer = browser.post(page_of(cast), {"version": VERSION, "is_read": "on"}, follow=True)
    assert "The texts and rules are signed off." in answer.content.decode()
    assert f"This version is signed off: {cast.therapist.name}" in answer.content.decode()
    assert f"Version {VERSION}, signed off by {cast.therapist.name}" in text(admin, "/clinic/")
    assert "this version is not signed off" not in text(browser, "/dashboard/alerts/")


def test_a_box_that_is_not_ticked_and_a_version_that_changed_are_refused(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    unread = browser.post(page_of(cast), {"version": VERSION})
    assert (unread.status_code, "Read the texts and rules, then tick the box." in unread.content.decode()) == (
        422,
        True,
    )
    stale = browser.post(page_of(cast), {"version": "0", "is_read": "on"})
    html = stale.content.decode()
    assert (stale.status_code, "is not in force any more" in html) == (422, True)
    assert f'name="version" value="{VERSION}"' in html
    assert not WordingSignOff.objects.exists()


def test_an_administrator_who_is_no_clinician_sees_no_form(cast: Cast, browser_of: Browser, now: datetime) -> None:
    Membership.objects.filter(user=cast.admin, role="therapist").update(ended_at=now)
    browser = browser_of(cast.admin)
    html = text(browser, page_of(cast))
    assert "A therapist of the clinic can sign it off." in html
    assert "is_read" not in html
    assert browser.post(page_of(cast), {"version": VERSION, "is_read": "on"}).status_code == 403


def test_patients_read_the_texts_whether_or_not_they_are_signed(cast: Cast, browser_of: Browser) -> None:
    assert "Call 120" in text(browser_of(cast.patient_user), "/emergency/")


def test_the_page_costs_the_same_for_many_versions(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)

    def cost(*versions: str) -> int:
        for version in versions:
            signature(cast, version=version)
        with CaptureQueriesContext(connection) as captured:
            text(browser, page_of(cast))
        return len(captured)

    assert cost("0.1") == cost(*(f"0.{number}" for number in range(2, 12)))
    assert "Earlier versions" in text(browser, page_of(cast))
