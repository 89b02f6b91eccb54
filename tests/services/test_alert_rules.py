"""Derived rules: reading sealed events, once, whatever workers are killed and whatever rule fails."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event
from rehab.models import Alert, AlertCause, AlertWatermark, Patient
from rehab.services import alert_handling, alert_rules, patients
from rehab.services.alerts import Cause
from tests.alerts import amend_pains, cause, seal_and_evaluate, session
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("no_rule_fails_unnoticed")


def test_nothing_is_raised_twice_by_evaluating_and_sweeping_again_and_again(cast: Cast, now: datetime) -> None:
    for day in (1, 3, 5):
        session(cast, now, ago=day, during_max=8)
    for _ in range(3):
        seal_and_evaluate(now)
        AlertWatermark.objects.all().delete()
        alert_rules.sweep(now=now)
    assert Alert.objects.count() == 1
    assert AlertCause.objects.count() == 3
    assert Event.objects.filter(action="alert.raised").count() == 1


def test_events_that_are_not_sealed_yet_wait_and_are_not_stepped_over(cast: Cast, now: datetime) -> None:
    """An event with an early id that is committed late: another one with a later id is sealed and read before it."""
    early = new_id()
    session(cast, now, during_max=8, patient=cast.other_patient)
    late_event = Event.objects.filter(action="sessions.created").get()
    seal_and_evaluate(now)
    assert {alert.patient_id for alert in Alert.objects.all()} == {cast.other_patient.pk}
    assert early < late_event.pk
    session(cast, now, during_max=8)
    Event.objects.filter(action="sessions.created", sealed_in__isnull=True).update(id=early)
    row = Event.objects.get(pk=early)
    Event.objects.filter(pk=early).update(digest=audit.digest_of(row))
    assert alert_rules.evaluate(now=now) == 0
    seal_and_evaluate(now)
    assert Alert.objects.filter(patient=cast.patient).exists()
    audit.verify()


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_every_event_is_read_once_whatever_the_size_of_a_batch(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(alert_rules, "EVENTS_AT_ONCE", at_once)
    for _ in range(3):
        session(cast, now)
        audit.seal(now=now)
    session(cast, now)
    sealed = Event.objects.filter(sealed_in__isnull=False).count()
    assert alert_rules.evaluate(now=now) == sealed
    assert alert_rules.evaluate(now=now) == 0
    assert seal_and_evaluate(now) == 1


def test_a_worker_killed_between_raising_and_moving_on_leaves_both_undone(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(cast, now, during_max=8)
    audit.seal(now=now)

    def killed(*_args: Any, **_kwargs: Any) -> None:
        raise SystemExit

    for place in ("raise_all", "withdraw_causes"):
        monkeypatch.setattr(alert_rules, place, killed)
        with pytest.raises(SystemExit):
            alert_rules.evaluate(now=now)
        assert not Alert.objects.exists()
        monkeypatch.undo()
    assert alert_rules.evaluate(now=now) > 0
    assert Alert.objects.count() == 1


def test_of_two_workers_with_the_same_batch_at_hand_one_does_it(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(cast, now, during_max=8)
    audit.seal(now=now)
    rule = alert_rules.RULES["PAIN"]

    def other_worker_meanwhile(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
        found = rule(patient_ids, now=now)
        monkeypatch.setitem(alert_rules.RULES, "PAIN", rule)
        assert alert_rules.evaluate(now=now) > 0
        return found

    monkeypatch.setitem(alert_rules.RULES, "PAIN", other_worker_meanwhile)
    assert alert_rules.evaluate(now=now) == 0
    assert Event.objects.filter(action="alert.raised").count() == 1
    assert Alert.objects.get().version == 1


def test_a_rule_that_fails_for_one_patient_holds_up_nobody_else(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
        if cast.patient.pk in patient_ids:
            raise ZeroDivisionError
        by_id = Patient.objects.in_bulk(list(patient_ids))
        return [cause(row, now=now, rule="DECLINE", level="review", source_kind="series") for row in by_id.values()]

    monkeypatch.setitem(alert_rules.RULES, "DECLINE", broken)
    for patient in (cast.patient, cast.other_patient):
        session(cast, now, patient=patient, during_max=8)
    assert seal_and_evaluate(now) > 0
    found = set(Alert.objects.values_list("rule", "patient_id"))
    assert found == {
        ("PAIN", cast.patient.pk), ("PAIN", cast.other_patient.pk), ("DECLINE", cast.other_patient.pk),
    }  # fmt: skip
    assert str(cast.patient.pk) in caplog.text


def test_a_rule_that_failed_takes_nothing_back(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    record = session(cast, now, during_max=8)
    seal_and_evaluate(now)
    amend_pains(cast, record, now, before=1)

    def broken(_patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
        raise ZeroDivisionError

    monkeypatch.setitem(alert_rules.RULES, "PAIN", broken)
    seal_and_evaluate(now)
    assert Alert.objects.get().status == "open"


def test_a_derived_alert_that_was_closed_stays_closed_when_it_is_evaluated_again(cast: Cast, now: datetime) -> None:
    session(cast, now, during_max=8)
    seal_and_evaluate(now)
    alert = Alert.objects.get()
    alert_handling.close(alert.pk, reason="Load reduced.", expected_version=1, by=cast.therapist, now=now)
    session(cast, now, during_max=0)
    seal_and_evaluate(now)
    assert Alert.objects.get().status == "closed"


def test_evaluating_costs_the_same_for_many_patients(cast: Cast, now: datetime) -> None:
    def cost(count: int) -> int:
        for number in range(count):
            enrolled = patients.enrol({"name": f"P {number}"}, by=cast.therapist, now=now).patient
            session(cast, now, patient=enrolled, during_max=8)
        audit.seal(now=now)
        with CaptureQueriesContext(connection) as captured:
            alert_rules.evaluate(now=now)
        return len(captured)

    cost(1)  # the first makes the watermark
    assert cost(2) == cost(20) <= 20 + 6 * len(alert_rules.RULES)
