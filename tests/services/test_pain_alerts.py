"""The pain rule (Thomeé 1997): 0-2 nothing, 3-5 if not settled the next morning, above 5. It goes with its session."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from rehab.models import Alert
from rehab.services import alert_rules, alerts, records
from rehab.services.kinds import KINDS
from tests.alerts import amend_pains, seal_and_evaluate, session
from tests.conftest import Cast

SESSIONS = KINDS["sessions"]
pytestmark = pytest.mark.usefixtures("no_rule_fails_unnoticed")


@pytest.mark.parametrize(
    ("pains", "state"),
    [
        ({"during_max": 2, "before": 0, "next_morning": 9}, None),
        ({"during_max": 5, "before": 2, "next_morning": 2}, None),
        ({"during_max": 5, "before": 2, "next_morning": 1}, None),
        ({"during_max": 5, "before": 2}, None),
        ({"during_max": 4, "next_morning": 4}, None),
        ({"during_max": 3, "before": 2, "next_morning": 3}, "not_settled"),
        ({"during_max": 5, "before": 0, "next_morning": 1}, "not_settled"),
        ({"during_max": 6}, "too_high"),
        ({"during_max": 10, "before": 10, "next_morning": 0}, "too_high"),
        ({"before": 10, "next_morning": 10}, None),
    ],
)
def test_pain_goes_to_the_therapist(cast: Cast, now: datetime, pains: dict[str, Any], state: str | None) -> None:
    record = session(cast, now, **pains)
    seal_and_evaluate(now)
    if state is None:
        assert not Alert.objects.exists()
        return
    alert = Alert.objects.get()
    found = alert.causes.get()
    assert (alert.rule, alert.level, alert.patient) == ("PAIN", "review", cast.patient)
    assert (found.source_kind, found.source_id, found.occurred_at) == ("sessions", record.pk, record.performed_at)
    assert found.evidence == {
        "worst_during": pains["during_max"],
        "before": pains.get("before"),
        "next_morning": pains.get("next_morning"),
        "state": state,
        "modality": "aerobic",
    }


def test_pain_of_the_next_morning_that_is_added_later_counts(cast: Cast, now: datetime) -> None:
    record = session(cast, now, during_max=4, before=1)
    seal_and_evaluate(now)
    assert not Alert.objects.exists()
    amend_pains(cast, record, now, next_morning=3)
    seal_and_evaluate(now)
    assert Alert.objects.get().causes.get().evidence["state"] == "not_settled"


def test_sessions_of_long_ago_are_history_and_late_ones_of_this_month_are_news(cast: Cast, now: datetime) -> None:
    session(cast, now, ago=31, during_max=8)
    seal_and_evaluate(now)
    assert not Alert.objects.exists()
    session(cast, now, ago=29, during_max=8)
    seal_and_evaluate(now)
    assert Alert.objects.get().causes.count() == 1


def test_a_session_that_is_corrected_takes_its_alert_back(cast: Cast, now: datetime) -> None:
    record = session(cast, now, during_max=8)
    seal_and_evaluate(now)
    amend_pains(cast, record, now, during_max=1)
    seal_and_evaluate(now)
    assert Alert.objects.get().status == "withdrawn"


def test_a_note_on_an_old_session_takes_nothing_back(cast: Cast, now: datetime) -> None:
    record = session(cast, now, during_max=8)
    seal_and_evaluate(now)
    later = now + timedelta(days=45)
    records.amend(SESSIONS, record.pk, {"note": "knee"}, reason="a note", expected_version=1, confirm=True,
                  by=cast.therapist, now=later)  # fmt: skip
    seal_and_evaluate(later)
    assert Alert.objects.get().status == "open"


def test_a_session_entered_in_error_takes_its_alert_back_at_once(cast: Cast, now: datetime) -> None:
    record = session(cast, now, during_max=8)
    seal_and_evaluate(now)
    records.enter_in_error(SESSIONS, record.pk, reason="wrong patient", expected_version=1, by=cast.therapist, now=now)
    assert Alert.objects.get().status == "withdrawn"
    seal_and_evaluate(now)
    assert alert_rules.sweep(now=now) >= 0
    assert Alert.objects.get().status == "withdrawn"


def test_an_alert_raised_from_what_was_in_error_meanwhile_is_taken_back(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker read the session; before it raised, somebody marked the session."""
    record = session(cast, now, during_max=8)
    stale = alert_rules.RULES["PAIN"]([cast.patient.pk], now=now)
    records.enter_in_error(SESSIONS, record.pk, reason="wrong patient", expected_version=1, by=cast.therapist, now=now)
    alerts.raise_all(stale, now=now)
    assert Alert.objects.get().status == "open"
    seal_and_evaluate(now)
    assert Alert.objects.get().status == "withdrawn"
