"""Item 9 at 1 or more alerts those who answer it, and them alone, in the transaction of the answer."""

import json
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError

from accounts.models import Event, User
from rehab.errors import Invalid, NotFound
from rehab.models import Alert, AlertCause, AlertMessage, QuestionnaireResponse
from rehab.selectors import alerts as reading
from rehab.selectors.alerts import AlertFilters
from rehab.services import (
    alert_escalation,
    alert_handling,
    alert_messages,
    alert_mutes,
    alerts,
    people,
    questionnaires,
    responders,
)
from tests.alerts import raised
from tests.conftest import Cast
from tests.questionnaires import answer, document

VALUES = (2, 2, *[0] * 6, 1)


def recipients() -> set[tuple[str, str]]:
    return {(message.recipient.name, message.audience) for message in AlertMessage.objects.select_related("recipient")}


def seen_by(user: User) -> set[str]:
    found, _next = reading.page(viewer=user, filters=AlertFilters(), after=None, limit=50)
    return {alert.rule for alert in found}


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_answer_but_not_at_all_alerts_whoever_answers(on: Cast, now: datetime, value: int) -> None:
    made = answer(on.patient, "phq9", *VALUES[:8], value, by=on.patient_user, now=now)
    alert = Alert.objects.get()
    assert (alert.rule, alert.level, alert.status) == ("SELF_HARM", "same_day", "open")
    cause = AlertCause.objects.get()
    assert (cause.source_kind, cause.source_id, cause.evidence) == ("questionnaire-responses", made, {})
    assert recipients() == {("Colleague", "care_team")}


@pytest.mark.parametrize("value", [0, None])
def test_no_thoughts_alert_nobody_whatever_the_total(on: Cast, now: datetime, value: int | None) -> None:
    answer(on.patient, "phq9", *[3] * 8, value, by=on.patient_user, now=now)
    assert not Alert.objects.exists()


def test_sent_again_it_alerts_once(on: Cast, now: datetime) -> None:
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)
    sent = document(on.patient, "phq9", *VALUES, at=now, follows=str(short))
    for _each in range(3):
        questionnaires.create(sent, by=on.patient_user, source="api", now=now)
    assert (Alert.objects.count(), AlertCause.objects.count(), AlertMessage.objects.count()) == (1, 1, 1)


def test_answered_again_it_joins_the_open_alert(on: Cast, now: datetime) -> None:
    for _each in range(2):
        answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    assert (Alert.objects.count(), AlertCause.objects.count()) == (1, 2)


def test_without_the_alert_there_is_no_answer(on: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    short = answer(on.patient, "phq2", 2, 2, by=on.patient_user, now=now)

    def fail(*_args: object, **_more: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(alerts, "raise_all", fail)
    with pytest.raises(DatabaseError):
        answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now, follows=str(short))
    assert not QuestionnaireResponse.objects.filter(instrument="phq9").exists()
    assert not Event.objects.filter(action__endswith="crisis_message_shown").exists()


def test_only_who_answers_opens_and_handles_it(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    alert = Alert.objects.get()
    for role in ("patient_user", "caregiver", "therapist", "admin", "other_therapist"):
        with pytest.raises(NotFound):
            reading.get(viewer=on.user(role), alert_id=alert.pk)
        with pytest.raises(NotFound):
            alert_handling.acknowledge(alert.pk, expected_version=1, by=on.user(role), now=now)
    assert reading.get(viewer=on.colleague, alert_id=alert.pk) == alert
    assert (seen_by(on.colleague), reading.unfinished_count(on.colleague)) == ({"SELF_HARM"}, 1)
    assert (seen_by(on.therapist), reading.unfinished_count(on.therapist)) == (set(), 0)
    with pytest.raises(Invalid) as raised_:
        alert_handling.assign(alert.pk, therapist_id=on.therapist.pk, expected_version=1, by=on.colleague, now=now)
    assert "answers item 9" in str(raised_.value.problems[0].message)
    done = alert_handling.acknowledge(alert.pk, expected_version=1, by=on.colleague, now=now)
    closed = alert_handling.close(
        alert.pk, reason="Phoned the patient.", expected_version=done.version, by=on.colleague, now=now
    )
    assert closed.status == Alert.Status.CLOSED


def test_who_answers_sees_no_other_alert_of_a_stranger(on: Cast, now: datetime) -> None:
    other = raised(on.patient, now=now)
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    assert (seen_by(on.colleague), seen_by(on.therapist)) == ({"SELF_HARM"}, {"CES"})
    with pytest.raises(NotFound):
        reading.get(viewer=on.colleague, alert_id=other.pk)


def test_the_lists_of_a_patient_and_a_caseload_leave_it_out_for_others(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    one = {on.patient.pk}
    assert reading.unfinished_of(on.patient.pk) == []
    assert reading.unfinished_of(on.patient.pk, viewer=on.therapist) == []
    assert [alert.rule for alert in reading.unfinished_of(on.patient.pk, viewer=on.colleague)] == ["SELF_HARM"]
    assert reading.open_by_patient(one) == {}
    assert reading.open_by_patient(one, viewer=on.therapist) == {}
    assert reading.open_by_patient(one, viewer=on.colleague)[on.patient.pk].count == 1


def test_whoever_treats_cannot_mute_it_for_those_who_answer(on: Cast, now: datetime) -> None:
    until = (now + timedelta(days=30)).date().isoformat()
    sent = {"patient": str(on.patient.pk), "rule": "SELF_HARM", "reason": "known", "until_on": until}
    alert_mutes.create(sent, by=on.therapist, now=now)
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    assert Alert.objects.count() == 1
    assert AlertCause.objects.filter(mute__isnull=False).count() == 0


def test_entered_in_error_it_stays_open(on: Cast, now: datetime) -> None:
    made = answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    questionnaires.enter_in_error(made, reason="I changed my mind", expected_version=1, by=on.patient_user, now=now)
    assert Alert.objects.get().status == Alert.Status.OPEN
    assert AlertCause.objects.get().withdrawn_at is None


def test_taken_note_of_by_somebody_who_leaves_it_waits_for_the_next(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    alert = Alert.objects.get()
    alert_handling.acknowledge(alert.pk, expected_version=1, by=on.colleague, now=now)
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    assert Alert.objects.get().status == Alert.Status.OPEN
    responders.add(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)
    assert AlertMessage.objects.filter(recipient=on.therapist, sent_at__isnull=True).exists()


def test_unanswered_it_is_told_to_the_clinic_as_well(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    assert alert_escalation.escalate(now=now + timedelta(days=2)) == 1
    escalated = AlertMessage.objects.filter(step="escalated").select_related("recipient")
    assert {(message.recipient.name, message.audience) for message in escalated} == {
        ("Colleague", "care_team"),
        ("Ada Min", "clinic"),
    }


def test_after_the_last_who_answers_the_clinic_is_told(on: Cast, now: datetime) -> None:
    """Nobody is left to see it, and whoever treats the patient still does not: the administrator names somebody."""
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    alert = Alert.objects.get()
    for role in ("therapist", "colleague", "admin"):
        with pytest.raises(NotFound):
            reading.get(viewer=on.user(role), alert_id=alert.pk)
    alert_escalation.escalate(now=now + timedelta(days=2))
    assert {m.recipient.name for m in AlertMessage.objects.filter(step="escalated")} == {"Ada Min"}
    responders.add(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)
    assert reading.get(viewer=on.therapist, alert_id=alert.pk) == alert


def test_whoever_is_named_is_told_of_what_nobody_answered(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    raised(on.patient, now=now)
    AlertMessage.objects.all().delete()
    responders.add(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)
    [message] = AlertMessage.objects.select_related("alert")
    assert (message.recipient_id, message.alert.rule) == (on.therapist.pk, "SELF_HARM")


def test_whoever_joins_the_team_is_not_told(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    AlertMessage.objects.all().delete()
    people.add_therapist(patient_id=on.patient.pk, therapist_id=on.colleague.pk, by=on.therapist, now=now)
    assert not AlertMessage.objects.exists()


def test_the_message_says_nothing_of_it(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    alert_messages.send_due(now=now + timedelta(minutes=1))
    [sent] = mail.outbox
    text = f"{sent.subject}\n{sent.body}"
    assert sent.to == [on.colleague.email]
    for word in (on.patient.name, "PHQ", "self-harm", "dead", "SELF_HARM"):
        assert word not in text


def test_an_administrator_learns_that_somebody_waits_and_not_who(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    late = now + timedelta(days=2)
    alert_escalation.escalate(now=late)
    alert_messages.send_due(now=late)
    [sent] = [each for each in mail.outbox if each.to == [on.admin.email]]
    assert f"/clinic/{on.clinic.pk}/questionnaires/" in str(sent.body)
    assert "who answers such alerts" in str(sent.body)
    for word in (str(on.patient.pk), on.patient.name, "PHQ", "self-harm"):
        assert word not in str(sent.body)


def test_a_message_is_dropped_for_whoever_answers_no_more(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    responders.add(clinic_id=on.clinic.pk, user_id=on.therapist.pk, by=on.admin, now=now)
    responders.end(clinic_id=on.clinic.pk, user_id=on.colleague.pk, by=on.admin, now=now)
    assert alert_messages.send_due(now=now + timedelta(minutes=1)) == 1
    assert [each.to for each in mail.outbox] == [[on.therapist.email]]
    assert AlertMessage.objects.get(recipient=on.colleague).drop_reason == "left"


def test_no_answer_stands_in_the_trail_of_the_alert(on: Cast, now: datetime) -> None:
    answer(on.patient, "phq9", *VALUES[:8], 3, by=on.patient_user, now=now)
    told = list(Event.objects.filter(target_kind="alert"))
    assert told
    for event in told:
        assert not {"answer", "answers", "evidence"} & set(event.changes)
        assert "44260-8" not in json.dumps(event.changes)


@pytest.mark.parametrize("count", [1, 3])
def test_who_treats_and_answers_gets_one_message(on: Cast, now: datetime, count: int) -> None:
    people.add_therapist(patient_id=on.patient.pk, therapist_id=on.colleague.pk, by=on.therapist, now=now)
    for _each in range(count):
        answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now)
    assert recipients() == {("Colleague", "care_team")}


def test_other_alerts_reach_the_team_as_before(on: Cast, now: datetime) -> None:
    raised(on.patient, now=now)
    assert recipients() == {("Therapist", "care_team")}
