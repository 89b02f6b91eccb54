"""The pages of alerts in a browser: accessible on phone and desktop in both languages, usable without JavaScript."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from rehab.models import Alert
from rehab.reference.checklists import CHECKLISTS
from rehab.services import alert_escalation, alert_mutes, alert_withdrawals, alerts, people
from tests.alerts import acknowledged, cause, closed, pain, raised
from tests.browser.conftest import Axe, PageAs, shoot
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Featherstonehaugh-Wolfeschlegelsteinhausen Maria del Carmen Concepción de los Ángeles"


def _alerts_in_every_state(cast: Cast, now: datetime) -> list[Alert]:
    User.objects.filter(pk=cast.colleague.pk).update(name=LONG)
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    early = now - timedelta(hours=5)
    one = raised(cast.patient, now=early)
    alerts.raise_all([cause(cast.patient, now=early)], now=early)
    alert_escalation.escalate(now=now)
    two = acknowledged(
        cast.patient, by=cast.colleague, now=now, rule="SKIN", level="same_day",
        evidence={"answers": ["skin_infected", "skin_wound"], "measures": []},
    )  # fmt: skip
    [three] = alerts.raise_all([pain(cast.patient, now=now)], now=now)
    four = closed(cast.patient, by=cast.therapist, now=now, rule="CARDIAC", evidence={"answers": ["cardiac_fainting"]})
    sent = {
        "patient": str(cast.patient.pk),
        "rule": "DECLINE",
        "reason": f"Known: {LONG}",
        "until_on": (now + timedelta(days=9)).date().isoformat(),
    }
    alert_mutes.create(sent, by=cast.therapist, now=now)
    alerts.raise_all([pain(cast.patient, now=now, rule="DECLINE", evidence={"baseline": 210.0})], now=now)
    return [one, two, three, four, *_changed_alerts(cast, now)]


def _changed_alerts(cast: Cast, now: datetime) -> list[Alert]:
    """A report with a further sign, a rapid loss whose data changed, one taken back, and a contraindication."""
    stroke = cause(cast.patient, now=now, rule="STROKE", evidence={"answers": ["stroke_face"]})
    [five] = alerts.raise_all([stroke], now=now)
    alerts.raise_all([replace(stroke, evidence={"answers": ["stroke_face", "stroke_speech"]})], now=now)
    losses = {f"{muscle}/left": {"from": "2026-06-01", "to": "2026-06-05"} for muscle in ("KNE_EXT", "ANK_DF")}
    six = acknowledged(
        cast.patient, by=cast.therapist, now=now, rule="RAPID_WEAK", source_kind="analytics/hints",
        evidence={"losses": losses, "n": 8},
    )  # fmt: skip
    seven = raised(
        cast.patient, now=now, rule="CONTRA", level="review", subject="fes", source_kind="sessions",
        evidence={"checklist": "fes", "items": [next(iter(CHECKLISTS["fes"]))]},
    )  # fmt: skip
    eight = raised(
        cast.patient, now=now, rule="ADHERENCE_DROP", level="review", subject="2026-05-14", source_kind="programs",
        evidence={"planned": 12, "done": 3, "adherence_percent": 25.0, "from": "2026-05-14", "to": "2026-06-10"},
    )  # fmt: skip
    [source] = six.causes.all()
    alert_withdrawals.withdraw(source_kind=source.source_kind, source_id=source.source_id, now=now)
    nine = raised(cast.patient, now=now, rule="PAIN", subject="again", level="review", source_kind="sessions",
                  evidence={"state": "too_high", "worst_during": 8})  # fmt: skip
    [source] = nine.causes.all()
    alert_withdrawals.withdraw(source_kind="sessions", source_id=source.source_id, now=now)
    return [five, six, seven, eight, nine]


def _addresses(cast: Cast, found: list[Alert]) -> dict[str, str]:
    pages = {f"alert-{alert.rule}{alert.subject}": f"/dashboard/alerts/{alert.pk}/" for alert in found}
    steps = {step: f"/dashboard/alerts/{found[0].pk}/{step}/" for step in ("assign", "close", "mute")}
    return {
        "alerts": "/dashboard/alerts/",
        "alerts-closed": "/dashboard/alerts/?status=all",
        "wording": f"/clinic/{cast.clinic.pk}/wording/",
        "alerts-none": "/dashboard/alerts/?level=review&mine=on",
        **pages,
        **steps,
        "mutes": f"/patients/{cast.patient.pk}/alert-mutes/",
        "patient": f"/patients/{cast.patient.pk}/",
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_axe(
    cast: Cast, now: datetime, page_as: PageAs, axe_violations: Axe, width: int, language: str
) -> None:
    found = _alerts_in_every_state(cast, now)
    page = page_as(cast.therapist, language=language, width=width)
    wrong: list[str] = []
    for name, address in _addresses(cast, found).items():
        page.goto(address)
        shoot(page, f"{name}-{width}-{language}")
        wrong += axe_violations(page)
    for step in ("close", "mute"):
        page.goto(f"/dashboard/alerts/{found[0].pk}/{step}/")
        page.locator("main form button.button").click()
        shoot(page, f"{step}-error-{width}-{language}")
        wrong += axe_violations(page)
    page.goto(f"/dashboard/alerts/{found[0].pk}/close/")
    alerts.raise_all([cause(cast.patient, now=now)], now=timezone.now())
    page.locator("textarea").fill("Seen in clinic.")
    page.locator("main form button.button").click()
    shoot(page, f"close-conflict-{width}-{language}")
    wrong += axe_violations(page)
    admin = page_as(cast.admin, language=language, width=width)
    admin.goto("/clinic/")
    shoot(admin, f"clinic-{width}-{language}")
    wrong += axe_violations(admin)
    page.goto(f"/clinic/{cast.clinic.pk}/wording/")
    page.locator("main form button.button").click()
    shoot(page, f"wording-error-{width}-{language}")
    wrong += axe_violations(page)
    page.locator("main form input[type=checkbox]").check()
    page.locator("main form button.button").click()
    shoot(page, f"wording-signed-{width}-{language}")
    wrong += axe_violations(page)
    empty = page_as(cast.other_therapist, language=language, width=width)
    for name, address in (("alerts-empty", "/dashboard/alerts/"),
                          ("mutes-empty", f"/patients/{cast.other_patient.pk}/alert-mutes/")):  # fmt: skip
        empty.goto(address)
        shoot(empty, f"{name}-{width}-{language}")
        wrong += axe_violations(empty)
    assert wrong == []


def test_an_alert_is_answered_and_closed_without_javascript(cast: Cast, now: datetime, page_as: PageAs) -> None:
    raised(cast.patient, now=now)
    page = page_as(cast.therapist, javascript=False)
    page.goto("/dashboard/")
    page.get_by_role("link", name="Alerts (1)").click()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("You have acknowledged the alert.")).to_be_visible()
    page.get_by_role("link", name="Cauda equina warning signs").click()
    page.get_by_role("link", name="Close with a reason").click()
    page.get_by_label("Reason").fill("Sent to the emergency department.")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("The alert is closed.")).to_be_visible()
    page.goto("/dashboard/alerts/")
    expect(page.get_by_text("No alert of your patients is open.")).to_be_visible()
