"""E-mails about the level of review are grouped: one to a person and sweep. What is urgent goes out at once, alone."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.models import Alert, AlertMessage
from rehab.outbound import email
from rehab.selectors import alert_messages as message_selectors
from rehab.services import (
    alert_escalation,
    alert_handling,
    alert_messages,
    alerts,
    mailings,
    people,
    preferences,
)
from tests.alerts import cause, pain, raised, untreated
from tests.conftest import Cast

SITE = "http://127.0.0.1:8000"


def reviews(cast: Cast, now: datetime, count: int) -> list[Alert]:
    return alerts.raise_all([pain(cast.patient, now=now, subject=f"{n:02}") for n in range(count)], now=now)


def links(text: object) -> list[str]:
    return [line for line in str(text).splitlines() if line.startswith("http")]


def test_thirty_reviews_are_one_e_mail_that_lists_them(cast: Cast, now: datetime) -> None:
    found = reviews(cast, now, 30)
    assert alert_messages.send_due(now=now) == 30
    [message] = mail.outbox
    assert message.to == [cast.therapist.email]
    assert set(links(message.body)) == {f"{SITE}/dashboard/alerts/{alert.pk}/" for alert in found}
    assert "30 alerts" in str(message.subject)
    assert AlertMessage.objects.filter(sent_at=now).count() == 30
    assert alert_messages.send_due(now=now + timedelta(days=1)) == 0
    for secret in ("Pat", "Ient", "PAIN", "pain", "session"):
        assert secret not in f"{message.subject} {message.body}".replace("patient", "")


def test_what_is_urgent_goes_out_alone_and_first(cast: Cast, now: datetime) -> None:
    reviews(cast, now, 3)
    raised(cast.patient, now=now)
    raised(cast.patient, now=now, rule="DVT_PE", level="same_day")
    assert alert_messages.send_due(now=now) == 5
    assert [len(links(message.body)) for message in mail.outbox] == [1, 1, 3]
    assert "(Emergency)" in str(mail.outbox[0].subject)


def test_a_backlog_of_reviews_holds_up_nothing_urgent(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_selectors, "MESSAGES_AT_ONCE", 2)
    reviews(cast, now - timedelta(days=1), 5)
    raised(cast.patient, now=now)
    assert alert_messages.send_due(now=now) == 6
    assert [len(links(message.body)) for message in mail.outbox] == [1, 5]


def test_one_review_alone_reads_as_any_other(cast: Cast, now: datetime) -> None:
    reviews(cast, now, 1)
    alert_messages.send_due(now=now)
    assert "waiting for you or a colleague" in str(mail.outbox[0].body)


def test_every_receiver_has_an_e_mail_of_their_own(cast: Cast, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    preferences.change({"language": "zh-hans"}, by=cast.colleague, now=now)
    reviews(cast, now, 3)
    assert alert_messages.send_due(now=now) == 6
    assert sorted(message.to for message in mail.outbox) == sorted([[cast.therapist.email], [cast.colleague.email]])


def test_what_waited_too_long_and_what_was_assigned_stand_under_their_own_words(cast: Cast, now: datetime) -> None:
    first, second, _third = reviews(cast, now, 3)
    AlertMessage.objects.update(sent_at=now)
    later = now + timedelta(days=4)
    alert_handling.acknowledge(first.pk, expected_version=1, by=cast.therapist, now=now)
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    AlertMessage.objects.filter(recipient=cast.colleague).update(sent_at=now)
    alert_handling.assign(first.pk, therapist_id=cast.colleague.pk, expected_version=2, by=cast.therapist, now=later)
    alert_escalation.escalate(now=later)
    alert_messages.send_due(now=later)
    [own] = [message for message in mail.outbox if message.to == [cast.colleague.email]]
    text = str(own.body)
    assert text.index("Assigned to you") < text.index(str(first.pk))
    assert text.index("Not answered in time") < text.index(str(second.pk))
    [told] = [message for message in mail.outbox if message.to == [cast.admin.email]]
    assert links(told.body) == [f"{SITE}/patients/{cast.patient.pk}/care-team/"], "One page of names, however many."


def test_administrators_read_of_their_clinic_and_nothing_clinical(cast: Cast, now: datetime) -> None:
    untreated(cast)
    reviews(cast, now, 3)
    alert_messages.send_due(now=now)
    [told] = mail.outbox
    assert (told.to, cast.clinic.name in str(told.body)) == ([cast.admin.email], True)
    assert "/dashboard/alerts/" not in str(told.body)


def test_what_was_answered_meanwhile_is_not_listed(cast: Cast, now: datetime) -> None:
    first, *_others = reviews(cast, now, 3)
    alert_handling.acknowledge(first.pk, expected_version=1, by=cast.therapist, now=now)
    assert alert_messages.send_due(now=now) == 2
    assert str(first.pk) not in str(mail.outbox[0].body)
    assert first.messages.get().drop_reason == "answered"


def test_a_worker_that_is_killed_leaves_the_whole_group_to_the_next(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviews(cast, now, 4)

    def killed(_messages: list[AlertMessage]) -> None:
        raise SystemExit

    monkeypatch.setattr(email, "send_alerts", killed)
    with pytest.raises(SystemExit):
        alert_messages.send_due(now=now)
    monkeypatch.undo()
    assert alert_messages.send_due(now=now + timedelta(seconds=90)) == 0
    assert alert_messages.send_due(now=now + timedelta(minutes=2)) == 4
    assert len(mail.outbox) == 1


def test_a_group_that_fails_is_tried_again_whole_and_others_do_not_wait(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviews(cast, now, 2)
    alerts.raise_all([pain(cast.other_patient, now=now, subject=str(n)) for n in range(2)], now=now)
    original = email.send_alerts

    def fail_for_one(messages: list[AlertMessage]) -> None:
        if messages[0].recipient_id == cast.therapist.pk:
            raise OSError("no route")
        original(messages)

    monkeypatch.setattr(email, "send_alerts", fail_for_one)
    assert alert_messages.send_due(now=now) == 2
    monkeypatch.undo()
    assert alert_messages.send_due(now=now + timedelta(minutes=2)) == 2
    assert [len(links(message.body)) for message in mail.outbox] == [2, 2]


def test_two_workers_with_the_same_receiver_at_hand_send_once(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviews(cast, now, 3)
    at_hand = message_selectors.receivers_due(now=now)
    assert alert_messages.send_due(now=now) == 3
    monkeypatch.setattr(message_selectors, "receivers_due", lambda **_: at_hand)
    assert alert_messages.send_due(now=now) == 0
    assert len(mail.outbox) == 1


def test_only_what_is_urgent_hurries_the_workers(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(mailings, "hurry", asked.append)
    reviews(cast, now, 2)
    assert asked == []
    alerts.raise_all([cause(cast.patient, now=now)], now=now)
    assert len(asked) == 1


def test_a_group_costs_the_same_whatever_its_size(cast: Cast, now: datetime) -> None:
    def cost(count: int, moment: datetime) -> int:
        alerts.raise_all([pain(cast.patient, now=moment, subject=f"{count} {n}") for n in range(count)], now=moment)
        with CaptureQueriesContext(connection) as captured:
            assert alert_messages.send_due(now=moment) == count
        return len(captured)

    assert cost(2, now) == cost(40, now + timedelta(minutes=1)) <= 16
