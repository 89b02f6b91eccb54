"""What made a rule fire, on the page of an alert: in plain words, with what it said before, and a way to its source."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.test import Client

from accounts.models import User
from rehab.models import Alert
from rehab.services import alerts
from tests.alerts import cause
from tests.conftest import Cast

Browser = Callable[[User | None], Client]


def page_of(browser: Client, alert: Alert) -> str:
    answer = browser.get(f"/dashboard/alerts/{alert.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_a_corrected_record_said_before_stays_on_the_page(cast: Cast, browser_of: Browser, now: datetime) -> None:
    first = cause(cast.patient, now=now, evidence={"answers": ["ces_pain", "ces_saddle"]})
    [alert] = alerts.raise_all([first], now=now)
    for answers in (["ces_pain", "ces_bladder"], ["ces_bladder"]):
        changed = replace(first, evidence={"answers": answers})
        alerts.raise_all([changed], now=now)
    html = page_of(browser_of(cast.therapist), alert)
    for expected in (
        "A further sign was reported: it waits for an answer again",
        "It said before: Reported: back or leg pain or a spine problem; new numbness around the saddle area.",
        "What it rests on was corrected",
    ):
        assert expected in html, expected
    assert html.count("It said before") == 2
