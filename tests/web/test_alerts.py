"""The pages of alerts, as therapists use them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from rehab.models import Alert, AlertMute
from rehab.reference.wording import forbidden_in
from rehab.services import (
    alert_escalation,
    alert_messages,
    alert_mutes,
    alert_rules,
    alert_withdrawals,
    alerts,
    people,
    records,
)
from rehab.services.kinds import KINDS
from tests.alerts import acknowledged, cause, closed, pain, raised
from tests.conftest import Cast
from tests.documents import document

Browser = Callable[[User | None], Client]
LIST = "/dashboard/alerts/"


def text(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def page_of(alert: Alert, step: str = "") -> str:
    return f"{LIST}{alert.pk}/{step}"


def test_the_list_shows_what_is_not_closed_the_worst_first(cast: Cast, browser_of: Browser, now: datetime) -> None:
    raised(cast.patient, now=now - timedelta(hours=3), rule="PAIN", level="review",
           evidence={"state": "too_high", "worst_during": 8})  # fmt: skip
    raised(cast.patient, now=now)
    closed(cast.patient, by=cast.therapist, now=now, rule="CARDIAC")
    raised(cast.other_patient, now=now, rule="STROKE")
    html = text(browser_of(cast.therapist), LIST)
    assert html.index("Cauda equina warning signs") < html.index("Pain during exercise")
    assert "Worst pain in the session 8 of 10, above the limit of 5." in html
    assert "Waiting for 3 hours" in html
    assert "Alerts (2)" in html
    assert "Heart warning signs" not in html
    assert "Otto" not in html


def test_filters_and_an_address_that_somebody_mangled(cast: Cast, browser_of: Browser, now: datetime) -> None:
    raised(cast.patient, now=now)
    closed(cast.patient, by=cast.therapist, now=now, rule="CARDIAC")
    browser = browser_of(cast.therapist)
    assert "Heart warning signs" in text(browser, f"{LIST}?status=closed")
    every = text(browser, f"{LIST}?status=all")
    assert "Heart warning signs" in every
    assert "Cauda equina" in every
    assert "No alert fits this choice." in text(browser, f"{LIST}?level=review")
    assert "No alert fits this choice." in text(browser, f"{LIST}?mine=on")
    for mangled in ("?level=x", "?status=%00", "?after=x", "?after=" + "A" * 500):
        assert "Cauda equina" in text(browser, f"{LIST}{mangled}")


def test_an_empty_list_is_no_all_clear(cast: Cast, browser_of: Browser) -> None:
    html = text(browser_of(cast.therapist), LIST)
    assert "No alert of your patients is open." in html
    assert "says nothing about how a patient is" in html
    assert forbidden_in(html) == []


def test_page_by_page(cast: Cast, browser_of: Browser, now: datetime) -> None:
    alerts.raise_all([pain(cast.patient, now=now, subject=f"item {i:02}") for i in range(30)], now=now)
    browser = browser_of(cast.therapist)
    first = browser.get(LIST)
    assert len(first.context["lines"]) == 25
    second = browser.get(f"{LIST}?after={first.context['next']}")
    assert len(second.context["lines"]) == 5
    assert "Back to the most urgent" in second.content.decode()


def test_the_page_of_an_alert_says_reason_data_rule_and_history(cast: Cast, browser_of: Browser, now: datetime) -> None:
    sent = document("sessions", "aerobic", cast.patient.pk, pain_during_max=4, pain_before=1, pain_next_morning=3)
    record = records.create(KINDS["sessions"], sent, by=cast.therapist, source="api", now=now).record
    alert_rules.sweep(now=now)
    alert = Alert.objects.get()
    browser = browser_of(cast.therapist)
    html = text(browser, page_of(alert))
    for expected in (
        "Worst pain in the session 4 of 10, and 3 the next morning against 1 before the session.",
        "Pain the next morning (0-10)",
        "Thomeé 1997",
        f'href="/records/sessions/{record.pk}/"',
        "Raised. Level: Review",
        "No message has been delivered to a therapist yet.",
        "Nobody has answered for",
    ):
        assert expected in html, expected
    alert_messages.send_due(now=now)
    assert "No message has been delivered" not in text(browser, page_of(alert))


def test_every_step_of_its_life_stands_in_the_history(cast: Cast, browser_of: Browser, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    alert = raised(cast.patient, now=now, rule="SKIN", level="review")
    browser = browser_of(cast.therapist)
    answer = browser.post(page_of(alert, "acknowledge/"), {"version": "1"}, follow=True)
    assert "You have acknowledged the alert." in answer.content.decode()
    sent = {"version": "2", "therapist": str(cast.colleague.pk)}
    assert "The alert is assigned." in browser.post(page_of(alert, "assign/"), sent, follow=True).content.decode()
    alerts.raise_all([cause(cast.patient, now=now, rule="SKIN", level="same_day")], now=timezone.now())
    sent = {"version": "4", "reason": "Dressing changed."}
    html = browser.post(page_of(alert, "close/"), sent, follow=True).content.decode()
    for expected in (
        "The alert is closed.", "Acknowledged", "Assigned to Colleague", "The level rose to: Same day",
        "Closed: Dressing changed.",
    ):  # fmt: skip
        assert expected in html, expected
    assert "Close with a reason" not in html


def test_withdrawn_and_escalated_in_words(cast: Cast, browser_of: Browser, now: datetime) -> None:
    source = pain(cast.patient, now=now)
    early = now - timedelta(days=4)
    [alert] = alerts.raise_all([source, pain(cast.patient, now=now)], now=early)
    [flag] = alerts.raise_all([cause(cast.patient, now=now)], now=early)
    alert_escalation.escalate(now=now)
    browser = browser_of(cast.therapist)
    html = text(browser, page_of(alert))
    assert "Not answered in time" in html
    assert "A further cause was added" in html
    assert "Told again" in text(browser, LIST)
    for row in alert.causes.all():
        alert_withdrawals.withdraw(source_kind=row.source_kind, source_id=row.source_id, now=now)
    html = text(browser, page_of(alert))
    assert "Closed by the service: the data behind it changed, and nobody had taken note of it yet" in html
    [row] = flag.causes.all()
    alert_withdrawals.withdraw(source_kind=row.source_kind, source_id=row.source_id, now=now)
    html = text(browser, page_of(flag))
    assert "The records it came from were corrected or entered in error; it stays open" in html
    assert "Close with a reason" in html


@pytest.mark.parametrize(("step", "typed"), [("close/", {"reason": "My words"}), ("assign/", {})])
def test_a_lost_race_keeps_what_was_typed(
    cast: Cast, browser_of: Browser, now: datetime, step: str, typed: dict[str, str]
) -> None:
    alert = raised(cast.patient, now=now)
    raised(cast.patient, now=now)
    browser = browser_of(cast.therapist)
    sent = {"version": "1", "therapist": str(cast.therapist.pk), **typed}
    answer = browser.post(page_of(alert, step), sent)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "This alert changed after you opened it." in html
    assert 'name="version" value="2"' in html
    assert typed.get("reason", "") in html
    assert browser.post(page_of(alert, step), {**sent, "version": "2"}).status_code == 302


def test_acknowledging_what_changed_or_is_closed_says_so(cast: Cast, browser_of: Browser, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    raised(cast.patient, now=now)
    browser = browser_of(cast.therapist)
    html = browser.post(page_of(alert, "acknowledge/"), {"version": "1"}, follow=True).content.decode()
    assert "This alert changed after you opened it." in html
    browser.post(page_of(alert, "acknowledge/"), {"version": "nonsense"})
    assert Alert.objects.get().status == "open"
    assert browser.post(page_of(alert, "close/"), {"version": "2", "reason": "Seen."}).status_code == 302
    for step, sent in (("acknowledge/", {}), ("close/", {"reason": "Again."})):
        html = browser.post(page_of(alert, step), {"version": "3", **sent}, follow=True).content.decode()
        assert "This alert is closed already." in html


def test_acknowledging_from_the_list_leads_back_to_it(cast: Cast, browser_of: Browser, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    browser = browser_of(cast.therapist)
    sent = {"version": "1", "next": f"{LIST}?level=emergency"}
    assert browser.post(page_of(alert, "acknowledge/"), sent)["Location"] == f"{LIST}?level=emergency"


def test_a_reason_that_says_nothing_is_refused(cast: Cast, browser_of: Browser, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    answer = browser_of(cast.therapist).post(page_of(alert, "close/"), {"version": "1", "reason": "x"})
    assert (answer.status_code, "say why, in 3 to 500 characters" in answer.content.decode().lower()) == (422, True)


# --- Mutes


def mute_form(browser: Client, alert: Alert, **changes: Any) -> dict[str, Any]:
    form = browser.get(page_of(alert, "mute/")).context["form"]
    until_on = (timezone.now() + timedelta(days=5)).date().isoformat()
    return {"id": str(form["id"].value()), "until_on": until_on, "reason": "Known pain.", **changes}


def test_a_rule_is_muted_listed_and_ended(cast: Cast, browser_of: Browser, now: datetime) -> None:
    alert = raised(cast.patient, now=now, rule="PAIN", level="review", evidence={})
    browser = browser_of(cast.therapist)
    sent = mute_form(browser, alert)
    html = browser.post(page_of(alert, "mute/"), sent, follow=True).content.decode()
    assert "The rule is muted for this patient." in html
    assert "It silenced nothing so far." in html
    browser.post(page_of(alert, "mute/"), sent)
    assert AlertMute.objects.count() == 1
    other = browser.post(page_of(alert, "mute/"), {**sent, "reason": "Another reason."})
    assert (other.status_code, "This form was sent already" in other.content.decode()) == (422, True)
    again = browser.post(page_of(alert, "mute/"), mute_form(browser, alert))
    assert (again.status_code, "muted for this patient already" in again.content.decode()) == (422, True)
    alerts.raise_all([pain(cast.patient, now=now)], now=timezone.now())
    mutes = f"/patients/{cast.patient.pk}/alert-mutes/"
    assert "1 cause was silenced" in text(browser, mutes)
    end = f"/alert-mutes/{AlertMute.objects.get().pk}/end/"
    assert browser.post(end, {}).status_code == 404
    assert "The rule raises alerts again." in browser.post(end, {"version": "1"}, follow=True).content.decode()
    html = browser.post(end, {"version": "2"}, follow=True).content.decode()
    assert "This mute was ended before." in html
    assert "ended by Therapist" in html


@pytest.mark.parametrize("days", [-2, 95])
def test_a_mute_beyond_its_limits_is_refused(cast: Cast, browser_of: Browser, now: datetime, days: int) -> None:
    alert = raised(cast.patient, now=now)
    browser = browser_of(cast.therapist)
    until_on = (timezone.now() + timedelta(days=days)).date().isoformat()
    answer = browser.post(page_of(alert, "mute/"), mute_form(browser, alert, until_on=until_on))
    assert (answer.status_code, "is not possible" in answer.content.decode()) == (422, True)
    assert timedelta(days=90) == alert_mutes.LONGEST


# --- Around the pages


def test_the_patients_page_shows_open_alerts_to_therapists_alone(
    cast: Cast, browser_of: Browser, now: datetime
) -> None:
    alert = acknowledged(cast.patient, by=cast.therapist, now=now)
    path = f"/patients/{cast.patient.pk}/"
    assert page_of(alert) in text(browser_of(cast.therapist), path)
    for role in ("patient_user", "caregiver"):
        html = text(browser_of(cast.user(role)), path)
        assert "Open alerts" not in html
        assert "Cauda equina" not in html
        assert "/alerts/" not in html


def test_nobody_but_therapists_has_alerts_in_the_navigation(cast: Cast, browser_of: Browser, now: datetime) -> None:
    raised(cast.patient, now=now)
    assert "Alerts" not in text(browser_of(cast.patient_user), "/portal/")
    assert "Alerts (1)" in text(browser_of(cast.therapist), "/dashboard/")
    html = text(browser_of(cast.therapist), LIST)
    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_says_what_may_not_be_said(cast: Cast, browser_of: Browser, now: datetime, language: str) -> None:
    User.objects.filter(pk=cast.therapist.pk).update(language=language)
    browser = browser_of(User.objects.get(pk=cast.therapist.pk))
    for rule in alert_rules.RULES:
        raised(cast.patient, now=now, rule=rule, level="review", evidence={"state": "too_high", "worst_during": 9})
    alert = raised(cast.patient, now=now)
    paths = [LIST, *(page_of(alert, step) for step in ("", "assign/", "close/", "mute/"))]
    for path in (*paths, f"/patients/{cast.patient.pk}/alert-mutes/"):
        assert forbidden_in(text(browser, path)) == []


def test_pages_cost_the_same_for_many_alerts(cast: Cast, browser_of: Browser, now: datetime) -> None:
    browser = browser_of(cast.therapist)
    paths = [LIST, f"/patients/{cast.patient.pk}/"]

    def costs() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            found.append(len(captured))
        return found

    alerts.raise_all([pain(cast.patient, now=now, subject=str(i)) for i in range(2)], now=now)
    few = costs()
    alerts.raise_all([pain(cast.patient, now=now, subject=f"more {i}") for i in range(20)], now=now)
    assert costs() == few
    assert max(few) <= 18
