"""Who is told, when, how often; and what leaves the building."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import translation

from accounts.models import Membership
from rehab.models import AlertMessage
from rehab.outbound import email
from rehab.reference.alert_rules import ITEM_9_MATTER
from rehab.selectors import alert_messages as message_selectors
from rehab.services import alert_escalation, alert_handling, alert_messages, alert_mutes, alerts, people, preferences
from tests.alerts import acknowledged, cause, closed, raised, untreated
from tests.conftest import Cast


def recipients() -> set[str]:
    return {address for message in mail.outbox for address in message.to}


def test_every_therapist_of_the_team_is_told_and_nobody_else(cast: Cast, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    raised(cast.patient, now=now)
    assert alert_messages.send_due(now=now) == 2
    assert recipients() == {cast.therapist.email, cast.colleague.email}
    assert alert_messages.send_due(now=now + timedelta(days=1)) == 0


def test_the_e_mail_says_level_and_link_and_nothing_of_the_patient(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    alert_escalation.escalate(now=now + timedelta(hours=1))
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    assert alert.messages.filter(recipient=cast.colleague).count() == 1
    alert_handling.assign(alert.pk, therapist_id=cast.colleague.pk, expected_version=1, by=cast.therapist, now=now)
    alert_messages.send_due(now=now + timedelta(hours=1))
    assert len(mail.outbox) == 5  # raised to both, escalated to therapist and administrator, assigned
    for message in mail.outbox:
        text = f"{message.subject} {message.body}"
        assert "Emergency" in text
        for secret in ("Pat", "Ient", "CES", "auda", "saddle", "back"):
            assert secret not in text.replace("patient", ""), text
    links = {line for message in mail.outbox for line in str(message.body).splitlines() if line.startswith("http")}
    assert links == {
        f"http://127.0.0.1:8000/dashboard/alerts/{alert.pk}/",
        f"http://127.0.0.1:8000/patients/{cast.patient.pk}/care-team/",
    }


def test_the_e_mail_speaks_the_language_of_who_reads_it(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferences.change({"language": "zh-hans"}, by=cast.therapist, now=now)
    raised(cast.patient, now=now)
    languages = set()

    def render(_template: str, _context: dict[str, object]) -> str:
        languages.add(translation.get_language())
        return "text"

    monkeypatch.setattr(email, "render_to_string", render)
    assert alert_messages.send_due(now=now) == 1
    assert languages == {"zh-hans"}


def test_a_message_that_fails_is_tried_again_after_two_four_eight_minutes(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = raised(cast.patient, now=now)

    def fail(_message: AlertMessage) -> None:
        raise OSError("no route")

    monkeypatch.setattr(email, "send_alert", fail)
    moment = now
    for wait in (2, 4, 8):
        assert alert_messages.send_due(now=moment) == 0
        assert alert.messages.get().send_after == moment + timedelta(minutes=wait)
        assert alert_messages.send_due(now=moment) == 0
        moment += timedelta(minutes=wait)
    assert message_selectors.told_at(alert) is None
    monkeypatch.undo()
    assert alert_messages.send_due(now=moment) == 1
    assert message_selectors.told_at(alert) == moment


def test_one_message_that_fails_does_not_keep_the_others_waiting(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts.raise_all([cause(cast.patient, now=now), cause(cast.other_patient, now=now)], now=now)
    original = email.send_alert

    def fail_for_one(message: AlertMessage) -> None:
        if message.recipient_id == cast.therapist.pk:
            raise OSError("no route")
        original(message)

    monkeypatch.setattr(email, "send_alert", fail_for_one)
    assert alert_messages.send_due(now=now) == 1
    assert recipients() == {cast.other_therapist.email}


def test_a_worker_that_is_killed_while_sending_leaves_the_message_to_the_next(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised(cast.patient, now=now)

    def killed(_message: AlertMessage) -> None:
        raise SystemExit

    monkeypatch.setattr(email, "send_alert", killed)
    with pytest.raises(SystemExit):
        alert_messages.send_due(now=now)
    monkeypatch.undo()
    assert alert_messages.send_due(now=now) == 0
    assert alert_messages.send_due(now=now + timedelta(minutes=2)) == 1


def test_two_workers_with_the_same_message_at_hand_send_it_once(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised(cast.patient, now=now)
    at_hand = message_selectors.messages_due(now=now)
    assert alert_messages.send_due(now=now) == 1
    monkeypatch.setattr(message_selectors, "messages_due", lambda **_: at_hand)
    assert alert_messages.send_due(now=now) == 0
    assert len(mail.outbox) == 1


def test_what_was_answered_before_it_was_sent_is_not_sent(cast: Cast, now: datetime) -> None:
    acknowledged(cast.patient, by=cast.therapist, now=now)
    closed(cast.patient, by=cast.therapist, now=now, rule="SKIN")
    assert alert_messages.send_due(now=now) == 0
    assert set(AlertMessage.objects.values_list("drop_reason", flat=True)) == {"answered"}


def test_who_left_the_team_is_told_nothing(cast: Cast, now: datetime) -> None:
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    raised(cast.patient, now=now)
    people.end_care_role(patient_id=cast.patient.pk, user_id=cast.therapist.pk, by=cast.colleague, now=now)
    assert alert_messages.send_due(now=now) == 1
    assert recipients() == {cast.colleague.email}
    assert AlertMessage.objects.get(recipient=cast.therapist).drop_reason == "left"


def test_without_a_mail_server_nobody_has_been_told(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
        assert alert_messages.send_due(now=now) == 0
    assert alert.messages.get().drop_reason == "no_mail"
    assert message_selectors.told_at(alert) is None


def test_a_patient_without_a_therapist_has_the_administrators_told(cast: Cast, now: datetime) -> None:
    untreated(cast)
    alert = raised(cast.patient, now=now)
    assert alert_messages.send_due(now=now) == 1
    assert recipients() == {cast.admin.email}
    assert "has no therapist" in str(mail.outbox[0].body)
    assert message_selectors.told_at(alert) is None, "An administrator is no therapist."


def test_a_therapist_whom_an_administrator_adds_is_told_of_what_nobody_answered(cast: Cast, now: datetime) -> None:
    untreated(cast)
    alert = raised(cast.patient, now=now)
    acknowledged(cast.patient, by=cast.therapist, now=now, rule="SKIN", level="review")
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.admin, now=now)
    [told] = AlertMessage.objects.filter(recipient=cast.colleague)
    assert (told.alert, told.audience) == (alert, "care_team")
    alert_messages.send_due(now=now)
    assert cast.colleague.email in recipients()
    assert message_selectors.told_at(alert) == now


def test_who_joins_is_told_nothing_of_what_is_reserved_for_others(cast: Cast, now: datetime) -> None:
    raised(cast.patient, now=now, rule=ITEM_9_MATTER[0], subject=ITEM_9_MATTER[1], level="same_day", evidence={})
    people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
    assert not AlertMessage.objects.filter(recipient=cast.colleague).exists()


def test_who_leaves_and_comes_back_is_told_once(cast: Cast, now: datetime) -> None:
    raised(cast.patient, now=now)
    for _ in range(2):
        people.add_therapist(patient_id=cast.patient.pk, therapist_id=cast.colleague.pk, by=cast.therapist, now=now)
        people.end_care_role(patient_id=cast.patient.pk, user_id=cast.colleague.pk, by=cast.therapist, now=now)
    assert AlertMessage.objects.filter(recipient=cast.colleague).count() == 1


def test_an_administrator_who_left_is_told_nothing(cast: Cast, now: datetime) -> None:
    untreated(cast)
    raised(cast.patient, now=now)
    Membership.objects.filter(user=cast.admin).update(ended_at=now)
    assert alert_messages.send_due(now=now) == 0


def test_told_at_is_the_first_message_or_the_answer_of_a_therapist(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    assert message_selectors.told_at(alert) is None
    answered = acknowledged(cast.patient, by=cast.therapist, now=now, rule="SKIN", level="review")
    assert message_selectors.told_at(answered) == now
    alert_messages.send_due(now=now + timedelta(minutes=1))
    assert message_selectors.told_at(alert) == now + timedelta(minutes=1)


def test_of_a_record_everything_must_have_been_told(cast: Cast, now: datetime) -> None:
    one = cause(cast.patient, now=now)
    two = cause(cast.patient, now=now, rule="SKIN", level="review", source_id=one.source_id)
    source: dict[str, Any] = {"source_kind": one.source_kind, "source_id": one.source_id}
    assert message_selectors.source_told_at(**source) is None
    first, second = alerts.raise_all([one, two], now=now)
    AlertMessage.objects.filter(alert=first).update(sent_at=now)
    assert message_selectors.source_told_at(**source) is None
    AlertMessage.objects.filter(alert=second).update(sent_at=now + timedelta(minutes=3))
    assert message_selectors.source_told_at(**source) == now + timedelta(minutes=3)


def test_what_was_told_before_a_record_says_nothing_of_it(cast: Cast, now: datetime) -> None:
    skin = raised(cast.patient, now=now, rule="SKIN", level="review")
    AlertMessage.objects.filter(alert=skin).update(sent_at=now)
    later = now + timedelta(days=1)
    worse = cause(cast.patient, now=later, rule="SKIN", level="same_day")
    alerts.raise_all([worse], now=later)
    assert message_selectors.source_told_at(source_kind=worse.source_kind, source_id=worse.source_id) is None


def test_what_a_mute_silenced_was_told_to_nobody(cast: Cast, now: datetime) -> None:
    mute = {"patient": str(cast.patient.pk), "rule": "CES", "reason": "Known and assessed.",
            "until_on": (now + timedelta(days=9)).date().isoformat()}  # fmt: skip
    alert_mutes.create(mute, by=cast.therapist, now=now)
    silenced = cause(cast.patient, now=now)
    skin = cause(cast.patient, now=now, rule="SKIN", level="review", source_id=silenced.source_id)
    alerts.raise_all([silenced, skin], now=now)
    AlertMessage.objects.update(sent_at=now)
    assert message_selectors.source_told_at(source_kind=skin.source_kind, source_id=skin.source_id) is None
