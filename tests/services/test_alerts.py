"""One event, one alert: raising, joining, reopening, muting, withdrawing."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from rehab.models import Alert, AlertCause, AlertMessage
from rehab.services import alert_escalation, alert_handling, alert_withdrawals, alerts
from tests.alerts import acknowledged, cause, closed, pain, raised
from tests.conftest import Cast

HOUR = timedelta(hours=1)


def actions(alert: Alert) -> list[str]:
    rows = Event.objects.filter(target_kind="alert", target_id=alert.pk).order_by("id")
    return [row.action.removeprefix("alert.") for row in rows]


def test_a_cause_raises_one_alert_however_often_it_is_evaluated(cast: Cast, now: datetime) -> None:
    once = cause(cast.patient, now=now)
    [alert] = alerts.raise_all([once, once], now=now)
    assert (alert.status, alert.level, alert.raised_at) == ("open", "emergency", now)
    assert alerts.raise_all([once], now=now + HOUR) == []
    assert Alert.objects.count() == AlertCause.objects.count() == 1
    assert actions(alert) == ["raised"]
    assert Alert.objects.get().version == 1


def test_an_open_alert_takes_further_causes_of_its_rule_and_subject(cast: Cast, now: datetime) -> None:
    first = raised(cast.patient, now=now, rule="SKIN", level="review")
    [same] = alerts.raise_all([cause(cast.patient, now=now, rule="SKIN", level="review")], now=now + HOUR)
    assert same.pk == first.pk
    assert same.version == 2
    assert same.waiting_since == now
    other_rule, other_subject = alerts.raise_all(
        [
            cause(cast.patient, now=now, rule="CARDIAC"),
            cause(cast.patient, now=now, rule="SKIN", level="review", subject="left foot"),
        ],
        now=now,
    )
    assert len({first.pk, other_rule.pk, other_subject.pk}) == 3
    assert first.causes.count() == 2
    assert actions(first) == ["raised", "cause_added"]


def test_two_patients_never_share_an_alert(cast: Cast, now: datetime) -> None:
    found = alerts.raise_all([cause(cast.patient, now=now), cause(cast.other_patient, now=now)], now=now)
    assert {alert.patient_id for alert in found} == {cast.patient.pk, cast.other_patient.pk}


def test_a_worse_level_makes_the_alert_unanswered_again(cast: Cast, now: datetime) -> None:
    alert = acknowledged(cast.patient, by=cast.therapist, now=now, rule="SKIN", level="review")
    [worse] = alerts.raise_all([cause(cast.patient, now=now, rule="SKIN", level="same_day")], now=now + HOUR)
    assert worse.pk == alert.pk
    stored = Alert.objects.get(pk=alert.pk)
    assert (stored.status, stored.level, stored.waiting_since) == ("open", "same_day", now + HOUR)
    assert (stored.acknowledged_by, stored.acknowledged_at) == (None, None)
    assert actions(alert) == ["raised", "acknowledged", "level_raised"]
    assert list(alert.messages.order_by("id").values_list("step", "level")) == [
        ("raised", "review"), ("raised", "same_day"),
    ]  # fmt: skip


def test_a_milder_cause_never_lowers_the_level(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    alerts.raise_all([cause(cast.patient, now=now, level="review")], now=now)
    assert Alert.objects.get(pk=alert.pk).level == "emergency"


@pytest.mark.parametrize(("level", "status"), [("emergency", "open"), ("same_day", "open"), ("review", "acknowledged")])
def test_something_urgent_reported_again_is_unanswered_again(
    cast: Cast, now: datetime, level: str, status: str
) -> None:
    alert = acknowledged(cast.patient, by=cast.therapist, now=now, rule="CES", level=level)
    alerts.raise_all([cause(cast.patient, now=now, level=level)], now=now + HOUR)
    assert Alert.objects.get(pk=alert.pk).status == status
    assert alert.messages.count() == (1 if status == "acknowledged" else 2)


def test_a_closed_alert_is_not_opened_by_its_own_cause_and_a_new_one_opens_a_new_alert(
    cast: Cast, now: datetime
) -> None:
    source = cause(cast.patient, now=now)
    [alert] = alerts.raise_all([source], now=now)
    alert_handling.close(alert.pk, reason="Seen in clinic.", expected_version=1, by=cast.therapist, now=now)
    assert alerts.raise_all([source], now=now + HOUR) == []
    [new] = alerts.raise_all([cause(cast.patient, now=now)], now=now + HOUR)
    assert new.pk != alert.pk
    assert Alert.objects.get(pk=alert.pk).status == "closed"


def test_a_source_that_gets_worse_raises_again_even_after_closing(cast: Cast, now: datetime) -> None:
    """A check-in is amended: what was a review is an emergency now."""
    mild = cause(cast.patient, now=now, level="review")
    [alert] = alerts.raise_all([mild], now=now)
    alert_handling.close(alert.pk, reason="Known back pain.", expected_version=1, by=cast.therapist, now=now)
    [new] = alerts.raise_all([cause(cast.patient, now=now, source_id=mild.source_id)], now=now)
    assert (new.pk != alert.pk, new.level) == (True, "emergency")
    assert AlertCause.objects.get().alert_id == new.pk


def test_a_red_flag_stays_for_a_clinician_whoever_takes_its_record_back(cast: Cast, now: datetime) -> None:
    source = cause(cast.patient, now=now)
    [alert] = alerts.raise_all([source], now=now)
    alert_withdrawals.withdraw(source_kind="check-ins", source_id=source.source_id, now=now + HOUR)
    stored = Alert.objects.get(pk=alert.pk)
    assert (stored.status, stored.closed_at, stored.version) == ("open", None, 2)
    assert AlertCause.objects.get().withdrawn_at == now + HOUR
    assert actions(alert)[-1] == "causes_withdrawn"
    assert AlertMessage.objects.filter(alert=alert, dropped_at__isnull=True).exists()


def test_an_emergency_reported_after_the_last_escalation_is_told_anew(cast: Cast, now: datetime) -> None:
    [alert] = alerts.raise_all([cause(cast.patient, now=now)], now=now)
    assert alert_escalation.escalate(now=now + HOUR) == 1
    before = AlertMessage.objects.count()
    [again] = alerts.raise_all([cause(cast.patient, now=now)], now=now + 20 * 24 * HOUR)
    assert (again.pk, again.escalated_at, again.waiting_since) == (alert.pk, None, now + 20 * 24 * HOUR)
    assert AlertMessage.objects.count() > before
    assert alert_escalation.escalate(now=now + 21 * 24 * HOUR) == 1


def test_what_is_entered_in_error_takes_the_alert_of_a_derived_rule_back(cast: Cast, now: datetime) -> None:
    one, two = pain(cast.patient, now=now), pain(cast.patient, now=now)
    [alert] = alerts.raise_all([one, two], now=now)
    alert_withdrawals.withdraw(source_kind="sessions", source_id=one.source_id, now=now + HOUR)
    assert Alert.objects.get(pk=alert.pk).status == "open"
    alert_withdrawals.withdraw(source_kind="sessions", source_id=two.source_id, now=now + HOUR)
    stored = Alert.objects.get(pk=alert.pk)
    assert (stored.status, stored.closed_at, stored.closed_by) == ("withdrawn", now + HOUR, None)
    alert_withdrawals.withdraw(source_kind="sessions", source_id=two.source_id, now=now + 2 * HOUR)
    assert actions(alert)[-1] == "withdrawn"
    assert actions(alert).count("withdrawn") == 1


def test_another_kind_of_record_with_the_same_id_is_another_source(cast: Cast, now: datetime) -> None:
    one = cause(cast.patient, now=now)
    [alert] = alerts.raise_all([one], now=now)
    alert_withdrawals.withdraw(source_kind="sessions", source_id=one.source_id, now=now)
    assert Alert.objects.get(pk=alert.pk).status == "open"


def test_withdrawing_after_closing_leaves_the_decision_as_it_is(cast: Cast, now: datetime) -> None:
    alert = closed(cast.patient, by=cast.therapist, now=now)
    source = AlertCause.objects.get()
    alert_withdrawals.withdraw(source_kind=source.source_kind, source_id=source.source_id, now=now)
    assert Alert.objects.get(pk=alert.pk).status == "closed"
    again = cause(cast.patient, now=now, source_id=source.source_id)
    assert alerts.raise_all([again], now=now) == []


def test_a_sign_taken_back_before_the_alert_was_closed_raises_again(cast: Cast, now: datetime) -> None:
    source = cause(cast.patient, now=now)
    [alert] = alerts.raise_all([source], now=now)
    alert_withdrawals.withdraw(source_kind=source.source_kind, source_id=source.source_id, now=now + HOUR)
    alert_handling.close(
        alert.pk, reason="Ticked by mistake.", expected_version=2, by=cast.therapist, now=now + 2 * HOUR
    )
    [again] = alerts.raise_all([source], now=now + 3 * HOUR)
    assert (again.pk != alert.pk, again.status) == (True, "open")


def test_what_was_withdrawn_and_holds_again_raises_again(cast: Cast, now: datetime) -> None:
    source = pain(cast.patient, now=now)
    [alert] = alerts.raise_all([source], now=now)
    alert_withdrawals.withdraw(source_kind=source.source_kind, source_id=source.source_id, now=now)
    [again] = alerts.raise_all([source], now=now + HOUR)
    assert again.pk != alert.pk
    assert AlertCause.objects.get().withdrawn_at is None


def test_an_amended_source_is_restated(cast: Cast, now: datetime) -> None:
    first = cause(cast.patient, now=now)
    skin = cause(cast.patient, now=now, rule="SKIN", level="review", source_id=first.source_id)
    other = pain(cast.patient, now=now, source_kind="check-ins", source_id=first.source_id)
    alerts.raise_all([first, skin, other], now=now)
    alert_withdrawals.restate(
        [skin], source_kind="check-ins", source_id=first.source_id, rules=["CES", "SKIN", "STROKE"], now=now
    )
    held = dict(AlertCause.objects.values_list("rule", "withdrawn_at"))
    assert held == {"CES": now, "SKIN": None, "PAIN": None}
    assert set(Alert.objects.values_list("status", flat=True)) == {"open"}


def test_what_is_raised_is_undone_with_the_record_that_raised_it(cast: Cast, now: datetime) -> None:
    def record_that_fails() -> None:
        with transaction.atomic():
            alerts.raise_all([cause(cast.patient, now=now)], now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record_that_fails()
    assert not Alert.objects.exists()
    assert not AlertMessage.objects.exists()
    assert not Event.objects.filter(target_kind="alert").exists()


@pytest.mark.parametrize("wrong", [{"rule": "NONE"}, {"level": "urgent"}])
def test_an_unknown_rule_or_level_is_refused(cast: Cast, now: datetime, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        alerts.raise_all([cause(cast.patient, now=now, **wrong)], now=now)


def test_raising_costs_the_same_for_many_causes(cast: Cast, now: datetime) -> None:
    def cost(count: int) -> int:
        causes = [pain(cast.patient, now=now, subject=f"{count} {i}") for i in range(count)]
        with CaptureQueriesContext(connection) as captured:
            alerts.raise_all(causes, now=now)
        return len(captured)

    assert cost(2) == cost(40) <= 12
