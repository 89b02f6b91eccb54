"""What nobody acknowledges in time is told once more, under a moved clock."""

from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from accounts.models import Event
from rehab.models import Alert, CareTeamMember
from rehab.selectors import alerts as alert_selectors
from rehab.services import alert_escalation, alert_handling, alerts, people
from tests.alerts import acknowledged, cause, closed, raised, untreated
from tests.conftest import Cast

WAITS = {"emergency": 15, "same_day": 120, "review": 4320}


@pytest.mark.parametrize(("level", "minutes"), WAITS.items())
def test_what_nobody_acknowledges_in_time_is_told_once_more(
    cast: Cast, now: datetime, level: str, minutes: int
) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    alert = raised(cast.patient, now=now, level=level)
    on_time = now + timedelta(minutes=minutes)
    assert alert_escalation.escalate(now=on_time - timedelta(seconds=1)) == 0
    assert alert_escalation.escalate(now=on_time) == 1
    assert alert_escalation.escalate(now=on_time + timedelta(days=9)) == 0
    told = set(alert.messages.filter(step="escalated").values_list("recipient__email", "audience"))
    assert told == {
        (cast.therapist.email, "care_team"), (cast.colleague.email, "care_team"), (cast.admin.email, "clinic"),
    }  # fmt: skip
    stored = Alert.objects.get(pk=alert.pk)
    assert (stored.escalated_at, stored.status, stored.version) == (on_time, "open", 1)
    assert Event.objects.filter(action="alert.escalated", target_id=alert.pk, actor_id=None).count() == 1


@pytest.mark.parametrize("answer", [acknowledged, closed])
def test_what_was_answered_is_not_escalated(cast: Cast, now: datetime, answer: object) -> None:
    answer(cast.patient, by=cast.therapist, now=now)  # type: ignore[operator]
    assert alert_escalation.escalate(now=now + timedelta(days=30)) == 0


def test_the_clock_starts_anew_when_an_alert_gets_worse(cast: Cast, now: datetime) -> None:
    alert = acknowledged(cast.patient, by=cast.therapist, now=now, level="review")
    worse_at = now + timedelta(hours=5)
    alerts.raise_all([cause(cast.patient, now=worse_at)], now=worse_at)
    assert alert_escalation.escalate(now=worse_at + timedelta(minutes=14)) == 0
    assert alert_escalation.escalate(now=worse_at + timedelta(minutes=15)) == 1
    again_at = worse_at + timedelta(hours=1)
    stored = Alert.objects.get(pk=alert.pk)
    alert_handling.acknowledge(alert.pk, expected_version=stored.version, by=cast.therapist, now=again_at)
    alerts.raise_all([cause(cast.patient, now=again_at)], now=again_at)
    assert alert_escalation.escalate(now=again_at + timedelta(minutes=15)) == 1


def test_a_therapist_who_administers_the_clinic_is_told_once(cast: Cast, now: datetime) -> None:
    alert = raised(cast.other_patient, now=now)
    alert_escalation.escalate(now=now + timedelta(hours=1))
    [told] = alert.messages.filter(step="escalated")
    assert (told.recipient, told.audience) == (cast.other_therapist, "care_team")


def test_minutes_are_settings(cast: Cast, now: datetime) -> None:
    raised(cast.patient, now=now)
    with override_settings(ALERT_EMERGENCY_MINUTES=3):
        assert alert_escalation.escalate(now=now + timedelta(minutes=3)) == 1


def test_a_backlog_is_escalated_in_batches(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_selectors, "ESCALATED_AT_ONCE", 2)
    alerts.raise_all([cause(cast.patient, now=now, subject=str(i)) for i in range(5)], now=now)
    assert alert_escalation.escalate(now=now + timedelta(hours=1)) == 5


def test_an_alert_of_a_patient_without_a_therapist_is_escalated_to_the_administrators(
    cast: Cast, now: datetime
) -> None:
    untreated(cast)
    alert = raised(cast.patient, now=now)
    assert CareTeamMember.objects.filter(patient=cast.patient, role="therapist").exists()
    alert_escalation.escalate(now=now + timedelta(hours=1))
    [told] = alert.messages.filter(step="escalated")
    assert (told.recipient, told.audience) == (cast.admin, "clinic")
