"""What made a rule fire, on the page of an alert: in plain words, with what it said before, and a way to its source."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert, CareTeamMember, Measurement
from rehab.reference.alert_rules import ITEM_9_MATTER
from rehab.services import alert_mutes, alert_withdrawals, alerts
from tests import programs
from tests.alerts import acknowledged, cause, pain, raised
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, angle

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


def declined(cast: Cast, **changes: object) -> Alert:
    record = angle(cast, "KNE_FLEX", "left", 100, ago(9))
    assert isinstance(record, Measurement)
    key = record.series_key
    evidence = {
        "series_key": key, "series": {"measure": "rom", "code": "KNE_FLEX", "side": "left"}, "unit": "deg",
        "baseline": 110.0, "current": 91.5, "threshold": 10.0, "threshold_id": "ROM_FALLBACK_SAME",
        "from": "2026-06-01", "to": "2026-06-08", "method": "change/1, decline/1",
    }  # fmt: skip
    fields = {"rule": "DECLINE", "level": "review", "source_kind": "series", "evidence": evidence, **changes}
    return raised(cast.patient, now=NOW, **fields)


def in_chinese(user: User) -> User:
    User.objects.filter(pk=user.pk).update(language="zh-hans")
    return User.objects.get(pk=user.pk)


def test_a_decline_leads_to_its_series_and_speaks_plainly(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.therapist)
    html = page_of(browser, declined(cast))
    assert "Open the series: Knee flexion, left" in html
    url = html.split('">Open the series')[0].rsplit('"', 1)[1]
    assert browser.get(url).status_code == 200
    assert "June 8, 2026" in html
    assert "Worked out by: ROM_FALLBACK_SAME, change/1, decline/1" in html


def test_a_contraindication_leads_to_its_session_checklist_and_programmes(cast: Cast, browser_of: Browser) -> None:
    evidence = {"checklist": "aquatic", "items": ["open_wound"]}
    alert = raised(cast.patient, now=NOW, rule="CONTRA", level="review", subject="aquatic", source_kind="sessions",
                   evidence=evidence)  # fmt: skip
    browser = browser_of(cast.therapist)
    html = page_of(browser, alert)
    for expected in (
        "Open the record: ",
        f'href="/patients/{cast.patient.pk}/checklists/aquatic/">Open the checklist',
        f'href="/patients/{cast.patient.pk}/programs/">Open the programmes',
    ):
        assert expected in html, expected
    assert "<dd>aquatic</dd>" not in html
    assert "<dd>aquatic</dd>" not in page_of(browser_of(in_chinese(cast.therapist)), alert)
    for page in ("checklists/aquatic", "programs"):
        assert browser.get(f"/patients/{cast.patient.pk}/{page}/").status_code == 200


def test_a_drop_in_adherence_names_its_four_weeks_and_leads_to_the_programmes(cast: Cast, browser_of: Browser) -> None:
    evidence = {"planned": 12, "done": 3, "from": "2026-05-14", "to": "2026-06-10"}
    alert = raised(cast.patient, now=NOW, rule="ADHERENCE_DROP", level="review", subject="2026-05-14",
                   source_kind="programs", evidence=evidence)  # fmt: skip
    html = page_of(browser_of(cast.therapist), alert)
    assert "The four weeks from May 14, 2026" in html
    assert f'href="/patients/{cast.patient.pk}/programs/"' in html
    assert "2026-05-14" not in html


def test_a_rapid_loss_leads_to_the_analysis(cast: Cast, browser_of: Browser) -> None:
    losses = {"ANK_DF/right": {"from": "2026-06-04", "to": "2026-06-08"}}
    alert = raised(cast.patient, now=NOW, rule="RAPID_WEAK", source_kind="analytics/hints",
                   evidence={"losses": losses, "n": 4})  # fmt: skip
    assert f'href="/patients/{cast.patient.pk}/analysis/">Open the analysis' in page_of(
        browser_of(cast.therapist), alert
    )


def test_what_a_responder_may_not_see_is_not_linked(cast: Cast, browser_of: Browser, now: datetime) -> None:
    """They answer item 9 for the clinic and are not on the care team; the response is not there to be opened."""
    rule, subject = ITEM_9_MATTER
    alert = raised(cast.patient, now=now, rule=rule, subject=subject, level="same_day", evidence={},
                   source_kind="questionnaire-responses")  # fmt: skip
    cast.clinic.responders.create(user=cast.colleague, added_by=cast.admin)
    assert not CareTeamMember.objects.filter(user=cast.colleague).exists()
    html = page_of(browser_of(cast.colleague), alert)
    assert "Open the record" not in html
    assert f"/questionnaires/{alert.causes.get().source_id}/" not in html


@pytest.mark.parametrize("acknowledged_first", [False, True])
def test_an_alert_whose_data_changed_says_so(
    cast: Cast, browser_of: Browser, now: datetime, acknowledged_first: bool
) -> None:
    source = pain(cast.patient, now=now)
    [alert] = alerts.raise_all([source], now=now)
    if acknowledged_first:
        alert.status, alert.acknowledged_at, alert.acknowledged_by = "acknowledged", now, cast.therapist
        alert.save()
    alert_withdrawals.withdraw(source_kind="sessions", source_id=source.source_id, now=now)
    browser = browser_of(cast.therapist)
    html = page_of(browser, alert)
    assert "The data behind this changed: the pain no longer passes the limits of the rule (" in html
    assert ("It stays open because somebody took note of it" in html) is acknowledged_first
    assert ("Closed by the service" in html) is not acknowledged_first
    listed = browser.get("/dashboard/alerts/?status=all").content.decode()
    assert "The data behind this changed" in listed


def test_what_a_patient_reported_says_that_it_stays(cast: Cast, browser_of: Browser, now: datetime) -> None:
    alert = acknowledged(cast.patient, by=cast.therapist, now=now)
    row = alert.causes.get()
    alert_withdrawals.withdraw(source_kind=row.source_kind, source_id=row.source_id, now=now)
    html = page_of(browser_of(cast.therapist), alert)
    assert "What somebody reported stays open until a clinician closes it with a reason." in html


def test_the_series_of_a_withdrawn_decline_may_be_gone(cast: Cast, browser_of: Browser) -> None:
    alert = declined(cast)
    row = alert.causes.get()
    alert_withdrawals.withdraw(source_kind="series", source_id=row.source_id, now=NOW)
    html = page_of(browser_of(cast.therapist), alert)
    assert "The data behind this changed: no longer declined (June 10, 2026)." in html
    assert f'href="/patients/{cast.patient.pk}/series/">Open the measurements' in html


def test_pages_cost_the_same_for_many_causes(cast: Cast, browser_of: Browser, now: datetime) -> None:
    mute = {"patient": str(cast.patient.pk), "rule": "PAIN", "reason": "Known pain.",
            "until_on": (now + timedelta(days=5)).date().isoformat()}  # fmt: skip
    alert_mutes.create(mute, by=cast.therapist, now=now)
    browser, alert = browser_of(cast.therapist), raised(cast.patient, now=now)

    def costs(count: int) -> list[int]:
        alerts.raise_all([cause(cast.patient, now=now) for _ in range(count)], now=now)
        alerts.raise_all([pain(cast.patient, now=now, source_id=new_id()) for _ in range(count)], now=now)
        found = []
        for path in (f"/dashboard/alerts/{alert.pk}/", f"/patients/{cast.patient.pk}/alert-mutes/"):
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            found.append(len(captured))
        return found

    assert costs(1) == costs(12)


def test_a_session_of_a_programme_leads_to_its_item(cast: Cast, browser_of: Browser, now: datetime) -> None:
    program = programs.written(cast.patient, by=cast.therapist)
    [item] = programs.items_of(program)
    done = programs.session(cast.patient, programs.MONDAY, by=cast.therapist, item=item.pk)
    [alert] = alerts.raise_all([pain(cast.patient, now=now, source_id=done.pk)], now=now)
    browser = browser_of(cast.therapist)
    path = f"/programs/{program.pk}/items/{item.pk}/"
    assert f'href="{path}">Open the programme item' in page_of(browser, alert)
    assert browser.get(path).status_code == 200
