"""A record that says more, or less, than it did when it raised an alert: what is news, and what only corrects."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Event
from rehab.models import Alert, AlertCause, AlertMessage, Record
from rehab.services import alert_escalation, alert_handling, alert_mutes, alerts, records
from rehab.services.kinds import KINDS
from tests.alerts import acknowledged, cause, closed, pain, raised
from tests.conftest import Cast
from tests.documents import document

HOUR = timedelta(hours=1)
KIND = KINDS["check-ins"]
CES = {"answers": ["ces_pain", "ces_saddle"], "measures": []}
MORE = {"answers": ["ces_pain", "ces_saddle", "ces_bladder"], "measures": []}
LESS = {"answers": ["ces_pain"], "measures": []}


def check_in(cast: Cast, now: datetime, *signs: str) -> Record:
    sent = document("check-ins", "check-ins", cast.patient.pk, red_flags={"new_or_worse": list(signs)})
    return records.create(KIND, sent, by=cast.patient_user, source="portal", now=now).record


def amended(cast: Cast, record: Record, now: datetime, *signs: str) -> None:
    records.amend(
        KIND,
        record.pk,
        {"red_flags": {"new_or_worse": list(signs)}},
        reason="looked again",
        expected_version=record.version,
        confirm=True,
        by=cast.patient_user,
        now=now,
    )


def last_event(alert: Alert) -> Event:
    return Event.objects.filter(target_kind="alert", target_id=alert.pk).latest("at", "id")


def again(alert: Alert, now: datetime, **changes: Any) -> list[Alert]:
    """Raise the one cause of an alert again, changed."""
    row = AlertCause.objects.get(alert=alert)
    fields = {"rule": row.rule, "level": row.level, "source_kind": row.source_kind, **changes}
    return alerts.raise_all([cause(row.patient, now=now, source_id=row.source_id, **fields)], now=now)


def test_an_amendment_that_adds_a_sign_is_told_anew_and_shown(cast: Cast, now: datetime) -> None:
    record = check_in(cast, now, "ces_pain", "ces_saddle")
    alert = Alert.objects.get()
    alert = alert_handling.acknowledge(alert.pk, expected_version=1, by=cast.therapist, now=now)
    later = now + HOUR
    amended(cast, record, later, "ces_pain", "ces_saddle", "ces_bladder")
    stored = Alert.objects.get()
    assert (stored.status, stored.waiting_since, stored.acknowledged_by, stored.level) == (
        "open", later, None, "emergency",
    )  # fmt: skip
    assert set(stored.causes.get().evidence["answers"]) == {"ces_pain", "ces_saddle", "ces_bladder"}
    assert stored.messages.filter(step="raised", created_at=later).count() == 1
    event = last_event(stored)
    assert event.action == "alert.sign_added"
    assert set(event.changes["before"]["answers"]) == {"ces_pain", "ces_saddle"}
    assert event.changes["source"] == ["check-ins", str(record.pk)]
    assert alert_escalation.escalate(now=later + timedelta(minutes=14)) == 0
    assert alert_escalation.escalate(now=later + timedelta(minutes=15)) == 1


def test_an_amendment_that_only_takes_away_corrects_what_is_shown_and_tells_nobody(cast: Cast, now: datetime) -> None:
    record = check_in(cast, now, "ces_pain", "ces_saddle", "ces_bladder")
    alert = Alert.objects.get()
    alert_handling.acknowledge(alert.pk, expected_version=1, by=cast.therapist, now=now)
    amended(cast, record, now + HOUR, "ces_pain", "ces_saddle")
    stored = Alert.objects.get()
    assert (stored.status, stored.version, stored.waiting_since) == ("acknowledged", 3, now)
    assert set(stored.causes.get().evidence["answers"]) == {"ces_pain", "ces_saddle"}
    assert AlertMessage.objects.count() == 1
    event = last_event(stored)
    assert event.action == "alert.cause_corrected"
    assert set(event.changes["before"]["answers"]) == {"ces_pain", "ces_saddle", "ces_bladder"}


def test_what_says_the_same_changes_nothing(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now, evidence=CES)
    assert again(alert, now + HOUR, evidence=CES) == []
    assert Alert.objects.get().version == 1


def test_another_record_with_a_new_sign_starts_the_clock_anew(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now, evidence=CES)
    later = now + timedelta(minutes=10)
    alerts.raise_all([cause(cast.patient, now=later, evidence=CES)], now=later)
    assert Alert.objects.get().waiting_since == now, "The same signs again wait no longer."
    alerts.raise_all([cause(cast.patient, now=later, evidence=MORE)], now=later)
    assert Alert.objects.get().waiting_since == later
    assert alert.messages.count() == 2
    alerts.raise_all([cause(cast.patient, now=later, evidence=MORE)], now=later + HOUR)
    assert Alert.objects.get().waiting_since == later


def test_a_new_sign_is_news_at_the_level_of_review_too(cast: Cast, now: datetime) -> None:
    alert = acknowledged(cast.patient, by=cast.therapist, now=now, rule="SKIN", level="review", evidence=LESS)
    [same] = again(alert, now + HOUR, evidence=CES)
    assert (same.pk, same.status) == (alert.pk, "open")


@pytest.mark.parametrize(("evidence", "found"), [(MORE, 2), (LESS, 1)])
def test_a_closed_alert_stays_as_it_was_left_and_a_new_sign_makes_a_new_one(
    cast: Cast, now: datetime, evidence: dict[str, Any], found: int
) -> None:
    alert = closed(cast.patient, by=cast.therapist, now=now, evidence=CES)
    assert len(again(alert, now + HOUR, evidence=evidence)) == found - 1
    assert Alert.objects.count() == found
    assert Alert.objects.get(pk=alert.pk).status == "closed"
    if found == 1:
        assert AlertCause.objects.get().evidence == CES


def test_a_sign_taken_away_and_reported_again_is_news(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now, evidence=MORE)
    assert again(alert, now + HOUR, evidence=CES) == []
    assert len(again(alert, now + 2 * HOUR, evidence=MORE)) == 1
    assert Alert.objects.get().waiting_since == now + 2 * HOUR


def test_numbers_that_change_are_corrected_silently(cast: Cast, now: datetime) -> None:
    source = pain(cast.patient, now=now)
    [alert] = alerts.raise_all([source], now=now)
    worst = {**source.evidence, "worst_during": 9}
    assert again(alert, now + HOUR, evidence=worst) == []
    assert (AlertCause.objects.get().evidence["worst_during"], alert.messages.count()) == (9, 1)
    assert last_event(alert).changes["before"]["worst_during"] == 7


def test_while_a_mute_is_in_force_what_changes_stays_where_it_is_and_tells_nobody(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now, evidence=CES)
    mute = {"patient": str(cast.patient.pk), "rule": "CES", "reason": "Known and assessed.",
            "until_on": (now + timedelta(days=9)).date().isoformat()}  # fmt: skip
    alert_mutes.create(mute, by=cast.therapist, now=now)
    again(alert, now + HOUR, evidence=MORE)
    row = AlertCause.objects.get()
    assert (row.alert_id, row.evidence, alert.messages.count()) == (alert.pk, MORE, 1)
    alerts.raise_all([cause(cast.patient, now=now, evidence=CES)], now=now)
    silenced = AlertCause.objects.get(alert__isnull=True)
    alerts.raise_all([cause(cast.patient, now=now, evidence=MORE, source_id=silenced.source_id)], now=now + HOUR)
    assert (AlertCause.objects.get(alert__isnull=True).evidence, Alert.objects.count()) == (MORE, 1)
