"""Derived rules: the pain rule, reading sealed events, the daily sweep, and workers that are killed."""

import uuid
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event
from rehab.models import Alert, AlertCause, AlertWatermark, Patient, Record
from rehab.services import alert_handling, alert_rules, alerts, patients, records
from rehab.services.alerts import Cause
from rehab.services.kinds import KINDS
from tests.alerts import cause
from tests.conftest import Cast
from tests.documents import document

SESSIONS = KINDS["sessions"]


@pytest.fixture(autouse=True)
def _no_rule_fails_unnoticed(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A rule that fails is logged and passed over; here that is a fault, but where a test breaks one."""
    yield
    if "fail" not in request.node.name:
        assert [record for record in caplog.get_records("call") if record.name == alert_rules.__name__] == []


def session(cast: Cast, now: datetime, *, patient: Patient | None = None, ago: int = 1, **pains: Any) -> Record:
    sent = document(
        "sessions",
        "aerobic",
        (patient or cast.patient).pk,
        performed_at=(now - timedelta(days=ago)).isoformat(),
        **{f"pain_{name}": rating for name, rating in pains.items()},
    )
    by = cast.other_therapist if patient == cast.other_patient else cast.therapist
    return records.create(SESSIONS, sent, by=by, source="api", now=now).record


def amend(cast: Cast, record: Record, now: datetime, **pains: Any) -> None:
    records.amend(
        SESSIONS,
        record.pk,
        {f"pain_{name}": rating for name, rating in pains.items()},
        reason="added later",
        expected_version=record.version,
        confirm=True,
        by=cast.therapist,
        now=now,
    )


def seal_and_evaluate(now: datetime) -> int:
    audit.seal(now=now)
    return alert_rules.evaluate(now=now)


# --- The pain rule (Thomeé 1997): 0-2 nothing, 3-5 if not settled the next morning, above 5


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
    amend(cast, record, now, next_morning=3)
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
    amend(cast, record, now, during_max=1)
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


# --- Reading events


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

    for place in ("raise_all", "_withdraw_what_no_longer_holds"):
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
    amend(cast, record, now, before=1)

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


# --- The daily sweep


def test_the_sweep_finds_what_no_event_told_of(cast: Cast, now: datetime) -> None:
    session(cast, now, during_max=8)
    assert alert_rules.sweep(now=now) == 1
    assert Alert.objects.count() == 1
    assert alert_rules.sweep(now=now) == 0
    tomorrow = now + timedelta(days=1)
    assert alert_rules.sweep(now=tomorrow) == 1
    assert alert_rules.sweep(now=now + timedelta(days=61)) == 0
    assert AlertWatermark.objects.get(name="sweep").swept_on == (now + timedelta(days=61)).astimezone(UTC).date()


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_the_sweep_goes_on_where_a_killed_worker_left_off(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(alert_rules, "PATIENTS_AT_ONCE", at_once)
    for number in range(4):
        enrolled = patients.enrol({"name": f"P {number}"}, by=cast.therapist, now=now).patient
        session(cast, now, patient=enrolled, during_max=8)
    asked: list[uuid.UUID] = []
    rule = alert_rules.RULES["PAIN"]

    def killed_at_the_third(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
        if len(asked) == 2:
            raise SystemExit
        asked.extend(patient_ids)
        return rule(patient_ids, now=now)

    monkeypatch.setitem(alert_rules.RULES, "PAIN", killed_at_the_third)
    if at_once < 4:
        with pytest.raises(SystemExit):
            alert_rules.sweep(now=now)
    monkeypatch.setitem(alert_rules.RULES, "PAIN", rule)
    alert_rules.sweep(now=now)
    assert Alert.objects.count() == 4
    assert AlertWatermark.objects.get(name="sweep").patient_id is None
