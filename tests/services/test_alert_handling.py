"""What therapists do with an alert: every step from every state, and by whom."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Event
from rehab.errors import AlreadyClosed, Invalid, NotFound, NotPermitted, VersionConflict
from rehab.models import Alert, AlertMessage
from rehab.services import alert_handling, alert_withdrawals, alerts, people
from tests.alerts import acknowledged, cause, closed, pain, raised
from tests.conftest import Cast

LATER = timedelta(minutes=5)
Act = Callable[..., Alert]


def acknowledge(alert: Alert, **more: Any) -> Alert:
    return alert_handling.acknowledge(alert.pk, **{"expected_version": alert.version, **more})


def assign(alert: Alert, **more: Any) -> Alert:
    return alert_handling.assign(alert.pk, **{"expected_version": alert.version, "therapist_id": more["by"].pk, **more})


def close(alert: Alert, **more: Any) -> Alert:
    return alert_handling.close(alert.pk, **{"expected_version": alert.version, "reason": "Called them.", **more})


ACTS: list[Act] = [acknowledge, assign, close]


def last_event(alert: Alert) -> Event:
    event = Event.objects.filter(target_kind="alert", target_id=alert.pk).order_by("id").last()
    assert event is not None
    return event


def test_acknowledging_says_who_and_when_and_once(cast: Cast, now: datetime) -> None:
    alert = acknowledge(raised(cast.patient, now=now), by=cast.therapist, now=now + LATER)
    stored = Alert.objects.get(pk=alert.pk)
    assert (stored.status, stored.acknowledged_by, stored.acknowledged_at) == (
        "acknowledged", cast.therapist, now + LATER,
    )  # fmt: skip
    assert last_event(alert).actor_id == cast.therapist.pk
    again = acknowledge(stored, by=cast.therapist, now=now + 2 * LATER)
    assert (again.version, again.acknowledged_at) == (stored.version, now + LATER)


def test_assigning_tells_the_other_person_and_leaves_the_alert_unanswered(cast: Cast, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    alert = raised(cast.patient, now=now)
    alert = assign(alert, by=cast.therapist, now=now, therapist_id=cast.colleague.pk)
    assert (alert.status, alert.assigned_to_id, alert.version) == ("open", cast.colleague.pk, 2)
    [told] = alert.messages.filter(step="assigned")
    assert told.recipient == cast.colleague
    assert last_event(alert).changes["to"] == str(cast.colleague.pk)
    same = assign(alert, by=cast.therapist, now=now, therapist_id=cast.colleague.pk)
    assert same.version == 2
    assert alert.messages.filter(step="assigned").count() == 1


def test_taking_an_alert_oneself_tells_nobody(cast: Cast, now: datetime) -> None:
    alert = assign(raised(cast.patient, now=now), by=cast.therapist, now=now)
    assert not alert.messages.filter(step="assigned").exists()


@pytest.mark.parametrize("who", ["colleague", "patient_user", "caregiver", "admin", "other_therapist"])
def test_only_a_therapist_of_the_team_can_take_it(cast: Cast, now: datetime, who: str) -> None:
    with pytest.raises(Invalid) as raised_:
        assign(raised(cast.patient, now=now), by=cast.therapist, now=now, therapist_id=cast.user(who).pk)
    assert raised_.value.problems[0].pointer == "/therapist"


@pytest.mark.parametrize("first", [raised, acknowledged])
def test_closing_takes_a_reason(cast: Cast, now: datetime, first: Act) -> None:
    alert = first(cast.patient, now=now, **({"by": cast.therapist} if first is acknowledged else {}))
    for reason in ("", "  a ", "x" * 501):
        with pytest.raises(Invalid):
            close(alert, by=cast.therapist, now=now, reason=reason)
    closed_ = close(alert, by=cast.therapist, now=now + LATER, reason=" Seen in clinic. ")
    stored = Alert.objects.get(pk=closed_.pk)
    assert (stored.status, stored.closed_by, stored.closed_at, stored.close_reason) == (
        "closed", cast.therapist, now + LATER, "Seen in clinic.",
    )  # fmt: skip
    assert last_event(alert).changes["reason"] == "Seen in clinic."


def test_what_somebody_took_note_of_waits_again_when_they_leave(cast: Cast, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    taken = acknowledged(cast.patient, by=cast.therapist, now=now)
    kept = acknowledged(cast.patient, by=cast.colleague, now=now, rule="STROKE")
    people.end_care_role(patient_id=cast.patient.pk, user_id=cast.therapist.pk, by=cast.colleague, now=now + LATER)
    stored = Alert.objects.get(pk=taken.pk)
    assert (stored.status, stored.acknowledged_by, stored.waiting_since) == ("open", None, now + LATER)
    told = AlertMessage.objects.filter(alert=taken, created_at=now + LATER)
    assert [message.recipient for message in told] == [cast.colleague]
    assert Alert.objects.get(pk=kept.pk).status == "acknowledged"


@pytest.mark.parametrize("act", ACTS)
def test_what_is_finished_stays_as_it_is(cast: Cast, now: datetime, act: Act) -> None:
    done = closed(cast.patient, by=cast.therapist, now=now)
    with pytest.raises(AlreadyClosed):
        act(done, by=cast.therapist, now=now)
    source = pain(cast.patient, now=now)
    [withdrawn] = alerts.raise_all([source], now=now)
    alert_withdrawals.withdraw(source_kind=source.source_kind, source_id=source.source_id, now=now)
    with pytest.raises(AlreadyClosed):
        act(Alert.objects.get(pk=withdrawn.pk), by=cast.therapist, now=now)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_answers_an_alert_that_got_worse_while_they_read_it(cast: Cast, now: datetime, act: Act) -> None:
    read = raised(cast.patient, now=now, rule="SKIN", level="review")
    alerts.raise_all([cause(cast.patient, now=now, rule="SKIN", level="same_day")], now=now)
    with pytest.raises(VersionConflict) as conflict:
        act(read, by=cast.therapist, now=now)
    assert conflict.value.current == 2
    assert Alert.objects.get(pk=read.pk).status == "open"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("who", "error"),
    [("patient_user", NotPermitted), ("caregiver", NotPermitted), ("colleague", NotFound), ("admin", NotFound),
     ("other_therapist", NotFound)],
)  # fmt: skip
def test_only_therapists_of_the_patient_handle_alerts(
    cast: Cast, now: datetime, act: Act, who: str, error: type[Exception]
) -> None:
    alert = raised(cast.patient, now=now)
    with pytest.raises(error):
        act(alert, by=cast.user(who), now=now)


def test_a_failed_audit_undoes_the_step(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = raised(cast.patient, now=now)

    def fail(*_events: Event) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.audit.write", fail)
    with pytest.raises(RuntimeError):
        acknowledge(alert, by=cast.therapist, now=now)
    assert Alert.objects.get(pk=alert.pk).status == "open"
