"""What goes out with a summary, and what becomes of what cannot be sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings

from accounts.models import Membership, User
from rehab.models import Summary, SummaryDelivery, SummaryPreference
from rehab.outbound import email
from rehab.outbound.email import Letter
from rehab.selectors import summary_deliveries as selectors
from rehab.selectors.summaries import SeenSummary
from rehab.services import people, summary_deliveries
from tests.conftest import Cast
from tests.summaries import of_patient
from tests.summary_mail import (
    LATER,
    NIGHT,
    enqueue,
    many_patients,
    month_of_clinic,
    reasons,
    recipients,
    send,
    wants,
    week_of_caseload,
    write,
)


@pytest.fixture(autouse=True)
def _admin_is_verified(cast: Cast) -> None:
    """Nobody invited the founder of a clinic, and so nothing has verified their address."""
    EmailAddress.objects.filter(user=cast.admin).update(verified=True)


# --- What goes out


def test_what_was_sent_is_kept_word_for_word(cast: Cast) -> None:
    wants(cast.patient_user)
    enqueue(of_patient(cast.patient, now=NIGHT))
    send()
    [message], row = mail.outbox, SummaryDelivery.objects.get()
    assert (row.subject, row.text) == (message.subject, message.body)
    assert isinstance(message, EmailMultiAlternatives)
    assert message.alternatives[0][:2] == (row.html, "text/html")
    assert (row.address, row.language, row.sent_at, row.summary_version) == (cast.patient_user.email, "en", LATER, 1)


def test_the_headers_say_whose_it_is_and_how_to_get_no_more(cast: Cast) -> None:
    wants(cast.patient_user)
    enqueue(of_patient(cast.patient, now=NIGHT))
    send()
    sent = mail.outbox[0].message()
    key = SummaryPreference.objects.get(user=cast.patient_user).unsubscribe_key
    assert sent["List-Unsubscribe"] == f"<http://127.0.0.1:8000/unsubscribe/{key}/weekly/>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Message-ID"] == f"<summary.{SummaryDelivery.objects.get().pk}@localhost>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in sent.get_payload()] == ["text/plain", "text/html"]  # type: ignore[union-attr]


def test_the_version_that_holds_when_it_goes_out_is_sent(cast: Cast) -> None:
    wants(cast.patient_user)
    row = of_patient(cast.patient, now=NIGHT)
    enqueue(row)
    Summary.objects.filter(pk=row.pk).update(version=2)
    send()
    assert mail.outbox[0].body == f"v2 for {cast.patient_user.name}"
    assert SummaryDelivery.objects.get().summary_version == 2


def test_a_subject_of_two_lines_is_sent_as_one(cast: Cast) -> None:
    wants(cast.patient_user)
    enqueue(of_patient(cast.patient, now=NIGHT))
    summary_deliveries.send_due(clock=lambda: LATER, write=lambda *_: Letter("One\nBcc: x@y.example", "t", "<p>"))
    assert mail.outbox[0].subject == "One Bcc: x@y.example"
    assert mail.outbox[0].recipients() == [cast.patient_user.email]


# --- What is not sent after all


def leave(cast: Cast, now: datetime) -> None:
    people.end_care_role(patient_id=cast.patient.pk, user_id=cast.caregiver.pk, by=cast.patient_user, now=now)


def switch_off(cast: Cast, now: datetime) -> None:
    User.objects.filter(pk=cast.caregiver.pk).update(is_active=False)


def opt_out(cast: Cast, now: datetime) -> None:
    wants(cast.caregiver, weekly=False)


def lose_address(cast: Cast, now: datetime) -> None:
    EmailAddress.objects.filter(user=cast.caregiver).update(verified=False)


@pytest.mark.parametrize(
    ("change", "reason"), [(leave, "left"), (switch_off, "left"), (opt_out, "opted_out"), (lose_address, "no_address")]
)
def test_who_is_not_to_have_it_any_more_does_not_get_it(
    cast: Cast, change: Callable[[Cast, datetime], None], reason: str
) -> None:
    wants(cast.caregiver)
    enqueue(of_patient(cast.patient, now=NIGHT))
    change(cast, NIGHT)
    assert send() == 0
    assert mail.outbox == []
    row = SummaryDelivery.objects.get()
    assert (row.drop_reason, row.dropped_at) == (reason, LATER)


def test_a_therapist_or_administrator_who_left_gets_nothing(cast: Cast) -> None:
    enqueue(week_of_caseload(cast))
    month_end = datetime(2026, 3, 31, 20, tzinfo=UTC)
    enqueue(month_of_clinic(cast), now=month_end)
    Membership.objects.filter(clinic=cast.clinic).update(ended_at=NIGHT)
    assert send() == 0
    assert send(month_end + timedelta(hours=5)) == 0
    assert set(reasons().values()) == {"left"}


def test_what_waited_too_long_is_not_sent(cast: Cast) -> None:
    wants(cast.patient_user)
    enqueue(of_patient(cast.patient, now=NIGHT))
    assert send(LATER + timedelta(days=9)) == 0
    assert reasons() == {cast.patient_user.email: "too_late"}


def test_without_a_mail_server_nothing_of_it_is_written_into_the_log(cast: Cast, capsys: Any) -> None:
    wants(cast.patient_user)
    enqueue(of_patient(cast.patient, now=NIGHT))
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
        assert send() == 0
    assert reasons() == {cast.patient_user.email: "no_mail"}
    assert capsys.readouterr().out == ""


# --- Failures and workers


def test_one_that_fails_is_tried_again_and_keeps_no_other_waiting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(cast.patient_user)
    wants(cast.caregiver)
    enqueue(of_patient(cast.patient, now=NIGHT))
    original = email.send_summary

    def fail_for_one(delivery: SummaryDelivery, **more: Any) -> None:
        if delivery.recipient_id == cast.patient_user.pk:
            raise OSError("no route")
        original(delivery, **more)

    monkeypatch.setattr(email, "send_summary", fail_for_one)
    assert send(LATER) == 1
    moment = LATER
    for wait in (40, 80, 160):
        waiting = SummaryDelivery.objects.get(recipient=cast.patient_user)
        assert waiting.send_after == moment + timedelta(seconds=wait)
        moment = waiting.send_after
        assert send(moment) == 0
    monkeypatch.undo()
    assert send(SummaryDelivery.objects.get(recipient=cast.patient_user).send_after) == 1


def test_words_that_cannot_be_written_hold_up_nobody(cast: Cast) -> None:
    wants(cast.patient_user)
    wants(cast.caregiver)
    enqueue(of_patient(cast.patient, now=NIGHT))

    def fail_for_one(_seen: SeenSummary, user: User, _unsubscribe: str) -> Letter:
        if user.pk != cast.caregiver.pk:
            raise KeyError("a state that nobody has words for")
        return Letter("a", "b", "c")

    assert summary_deliveries.send_due(clock=lambda: LATER, write=fail_for_one) == 1
    assert recipients() == [cast.caregiver.email]


class Killed(BaseException):
    """What a killed process looks like from inside: no code of the service runs after it."""


def test_killed_after_the_mail_server_took_it_the_same_letter_goes_out_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(cast.patient_user)
    row = of_patient(cast.patient, now=NIGHT)
    enqueue(row)
    original = email.send_summary

    def sent_and_killed(delivery: SummaryDelivery, **more: Any) -> None:
        original(delivery, **more)
        raise Killed

    monkeypatch.setattr(email, "send_summary", sent_and_killed)
    with pytest.raises(Killed):
        send(LATER)
    monkeypatch.undo()
    Summary.objects.filter(pk=row.pk).update(version=2)
    assert send(LATER) == 0, "the claim still stands"
    assert send(LATER + timedelta(seconds=40)) == 1
    first, second = (message.message() for message in mail.outbox)
    assert first["Message-ID"] == second["Message-ID"]
    assert mail.outbox[0].body == mail.outbox[1].body
    assert send(LATER + timedelta(days=1)) == 0


def test_two_workers_with_the_same_e_mail_at_hand_send_it_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(cast.patient_user)
    enqueue(of_patient(cast.patient, now=NIGHT))
    at_hand = selectors.next_due(now=LATER)
    assert send() == 1
    found = iter([at_hand])
    monkeypatch.setattr(selectors, "next_due", lambda **_: next(found, None))
    assert send() == 0
    assert len(mail.outbox) == 1


def test_many_go_out_over_one_connection_and_a_broken_one_is_dialled_anew(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    is_open = False

    def dial(_backend: EmailBackend) -> bool:
        nonlocal is_open
        if is_open:
            return False
        calls.append("open")
        is_open = True
        return True

    def hang_up(_backend: EmailBackend) -> None:
        nonlocal is_open
        calls.append("close")
        is_open = False
        raise SMTPServerDisconnected("gone")

    original = EmailBackend.send_messages

    def send_or_break(backend: EmailBackend, messages: Any) -> int:
        calls.append("send")
        if calls.count("send") == 2:
            raise SMTPServerDisconnected("gone")
        return int(original(backend, messages))

    monkeypatch.setattr(EmailBackend, "open", dial)
    monkeypatch.setattr(EmailBackend, "close", hang_up)
    monkeypatch.setattr(EmailBackend, "send_messages", send_or_break)
    enqueue(*many_patients(cast, 4))
    assert send() == 3
    assert calls == ["open", "send", "send", "close", "open", "send", "send", "close"]


def test_each_e_mail_is_claimed_at_its_own_moment(cast: Cast) -> None:
    """A slow mail server must not make the claims of a sweep run out before their turn."""
    wants(cast.patient_user)
    wants(cast.caregiver)
    enqueue(of_patient(cast.patient, now=NIGHT))
    moments = (LATER + timedelta(minutes=i) for i in range(99))
    assert summary_deliveries.send_due(clock=lambda: next(moments), write=write) == 2
    first, second = SummaryDelivery.objects.order_by("sent_at", "id")
    assert second.send_after - first.send_after >= timedelta(minutes=1)


def test_a_sweep_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary_deliveries, "SENT_AT_ONCE", 2)
    rows = many_patients(cast, 3)
    enqueue(*rows)
    assert (send(), send()) == (2, 1)


def test_a_sweep_ends_long_before_its_task_is_killed(cast: Cast) -> None:
    """Killed between the mail server's answer and the note of it, a letter would go out twice."""
    enqueue(*many_patients(cast, 12))
    moments = (LATER + timedelta(seconds=20 * i) for i in range(999))
    sent = summary_deliveries.send_due(clock=lambda: next(moments), write=write)
    assert 0 < sent < 12
    took = next(moments) - LATER
    assert took < timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT * 2 / 3)
    assert send(LATER + timedelta(hours=1)) == 12 - sent
