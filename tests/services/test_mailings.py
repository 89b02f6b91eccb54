"""Invitations by e-mail: sent once, tried again, and never in the way of who invites."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Invitation
from rehab.outbound import email
from rehab.services import clinics, mailings, people
from tests.conftest import Cast


def send_everything(now: datetime) -> int:
    return mailings.send_due_invitations(now=now)


def test_an_invitation_is_sent_once_with_its_link(invitation: Invitation, now: datetime) -> None:
    assert send_everything(now) == 1
    assert send_everything(now) == 0
    [message] = mail.outbox
    assert message.to == ["new@clinic.example"]
    assert email.invitation_url(invitation) in message.body
    assert "North Clinic" in message.subject
    assert "\n" not in message.subject


def test_plain_text_is_not_escaped_as_html(cast: Cast, now: datetime) -> None:
    clinics.change(
        clinic_id=cast.clinic.pk, name="Bone & Joint", time_zone="UTC", emergency_number="112", by=cast.admin, now=now
    )
    people.invite_staff(
        clinic_id=cast.clinic.pk, email="n@x.example", role="therapist", language="en", by=cast.admin, now=now
    )
    send_everything(now)
    assert "Bone & Joint" in mail.outbox[-1].subject
    assert "Bone & Joint" in mail.outbox[-1].body


@pytest.mark.parametrize("failure", [SMTPServerDisconnected("gone"), OSError("refused"), ValueError("bad header")])
def test_what_could_not_be_sent_is_tried_again_and_keeps_nobody_waiting(
    cast: Cast, invitation: Invitation, now: datetime, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(email, "send_invitation", fail)
        assert send_everything(now) == 0
        people.invite_staff(
            clinic_id=cast.clinic.pk, email="m@clinic.example", role="therapist", language="en", by=cast.admin, now=now
        )
        broken.setattr(email, "send_invitation", lambda invitation: None)
        assert send_everything(now + timedelta(minutes=1)) == 1  # the other one; this one waits its two minutes
    assert mail.outbox == []
    assert send_everything(now + timedelta(minutes=2)) == 1
    assert [message.to for message in mail.outbox] == [["new@clinic.example"]]


def test_what_fails_again_and_again_is_tried_less_and_less_but_daily(
    invitation: Invitation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def fail(found: Invitation) -> None:
        tried.append(found.send_attempts)
        raise OSError("refused")

    monkeypatch.setattr(email, "send_invitation", fail)
    for minute in range(13 * 24 * 60):
        if minute < 300 or minute % 60 == 0:
            send_everything(now + timedelta(minutes=minute))
    assert 15 <= len(tried) <= 25
    assert Invitation.objects.get(pk=invitation.pk).send_after <= now + timedelta(days=14)


def test_a_worker_killed_while_sending_loses_no_invitation(
    invitation: Invitation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(found: Invitation) -> None:
        raise SystemExit  # nothing of the worker runs after it

    with monkeypatch.context() as killed:
        killed.setattr(email, "send_invitation", die)
        with pytest.raises(SystemExit):
            send_everything(now)
    assert send_everything(now + timedelta(minutes=1)) == 0
    assert send_everything(now + timedelta(minutes=3)) == 1
    assert send_everything(now + timedelta(days=3)) == 0


def test_withdrawn_and_expired_invitations_are_not_sent(cast: Cast, invitation: Invitation, now: datetime) -> None:
    assert send_everything(now + timedelta(days=15)) == 0
    people.withdraw_invitation(invitation_id=invitation.pk, by=cast.admin, now=now)
    assert send_everything(now) == 0


def test_workers_are_asked_after_the_commit(
    cast: Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: asked.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        people.invite_staff(
            clinic_id=cast.clinic.pk, email="n@x.example", role="therapist", language="en", by=cast.admin, now=now
        )
        assert asked == []
    assert asked == ["rehab.tasks.send_due_invitations"]


def test_a_broker_that_is_down_does_not_fail_the_invitation(
    cast: Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(current_app, "send_task", fail)
    with django_capture_on_commit_callbacks(execute=True):
        people.invite_staff(
            clinic_id=cast.clinic.pk, email="n@x.example", role="therapist", language="en", by=cast.admin, now=now
        )
    assert "the sweep sends it" in caplog.text
    assert send_everything(now) == 1
