"""What is sent again on purpose: by whom, to whom, and when."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import override_settings

from accounts.models import Event
from rehab.errors import Invalid, NotFound
from rehab.models import SummaryDelivery
from rehab.outbound import email
from rehab.services import summary_deliveries
from tests.conftest import Cast
from tests.summaries import of_patient
from tests.summary_mail import LATER, MORNING, NIGHT, enqueue, month_of_clinic, reasons, recipients, send, wants


@pytest.fixture(autouse=True)
def _admin_is_verified(cast: Cast) -> None:
    """Nobody invited the founder of a clinic, and so nothing has verified their address."""
    EmailAddress.objects.filter(user=cast.admin).update(verified=True)


def test_the_patient_sends_it_to_themself_whatever_they_chose_and_at_once(cast: Cast) -> None:
    row = of_patient(cast.patient, now=NIGHT, version=2)
    [made] = summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    assert (made.send_after, made.resend, made.asked_by) == (NIGHT, 1, cast.patient_user)
    assert send(NIGHT) == 1
    assert mail.outbox[0].body == f"v2 for {cast.patient_user.name}"
    told = Event.objects.get(action="summary.resend_asked")
    assert (told.actor_id, told.patient_id, told.target_id) == (cast.patient_user.pk, cast.patient.pk, row.pk)


def test_asking_twice_while_it_waits_sends_one(cast: Cast) -> None:
    row = of_patient(cast.patient, now=NIGHT)
    made = [summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)[0].pk for _ in range(2)]
    assert made[0] == made[1]
    assert send(NIGHT) == 1
    [again] = summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    assert again.resend == 2
    assert send(NIGHT) == 1
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 2


def test_a_therapist_sends_it_again_to_who_wants_such_e_mails_and_not_at_night(cast: Cast) -> None:
    wants(cast.caregiver)
    row = of_patient(cast.patient, now=NIGHT)
    [made] = summary_deliveries.resend(row.pk, by=cast.therapist, now=NIGHT)
    assert (made.recipient, made.send_after) == (cast.caregiver, MORNING)
    wants(cast.caregiver, weekly=False)
    assert send() == 0
    assert reasons() == {cast.caregiver.email: "opted_out"}


def test_of_an_old_summary_too(cast: Cast) -> None:
    row = of_patient(cast.patient, now=NIGHT)
    later = NIGHT + timedelta(days=400)
    summary_deliveries.resend(row.pk, by=cast.patient_user, now=later)
    assert send(later) == 1


def test_an_administrator_sends_themself_the_month(cast: Cast) -> None:
    summary_deliveries.resend(month_of_clinic(cast).pk, by=cast.admin, now=LATER)
    assert send() == 1
    assert recipients() == [cast.admin.email]


def test_what_is_refused(cast: Cast) -> None:
    row = of_patient(cast.patient, now=NIGHT)
    with pytest.raises(NotFound):
        summary_deliveries.resend(row.pk, by=cast.other_therapist, now=NIGHT)
    with pytest.raises(Invalid) as nobody:
        summary_deliveries.resend(row.pk, by=cast.therapist, now=NIGHT)
    EmailAddress.objects.filter(user=cast.patient_user).update(verified=False)
    with pytest.raises(Invalid) as no_address:
        summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    codes = [error.value.problems[0].code for error in (nobody, no_address)]
    assert codes == ["nobody", "no_address"]
    assert not SummaryDelivery.objects.exists()


def test_without_a_mail_server_nobody_is_promised_anything(cast: Cast) -> None:
    row = of_patient(cast.patient, now=NIGHT)
    with (
        override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"),
        pytest.raises(Invalid) as raised,
    ):
        summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    assert raised.value.problems[0].code == "no_mail"
    assert not SummaryDelivery.objects.exists()


def test_there_is_an_end_to_sending_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary_deliveries, "MOST_RESENT", 1)
    row = of_patient(cast.patient, now=NIGHT)
    summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    send(NIGHT)
    with pytest.raises(Invalid) as raised:
        summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    assert raised.value.problems[0].code == "too_often"


def test_who_asks_for_themself_gets_at_once_what_waits_for_the_morning(cast: Cast) -> None:
    """Not a second e-mail, and not at seven: the page says that it comes within a minute or two."""
    wants(cast.patient_user)
    row = of_patient(cast.patient, now=NIGHT)
    enqueue(row)
    [made] = summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    assert (made.resend, made.send_after) == (0, NIGHT)
    wants(cast.patient_user, weekly=False)
    assert send(NIGHT) == 1
    assert send(LATER) == 0
    assert recipients() == [cast.patient_user.email]
    told = Event.objects.get(action="summary.resend_asked")
    assert told.changes == {"to": [str(cast.patient_user.pk)], "number": 0}


def test_what_a_therapist_asked_for_waits_for_the_morning_unless_its_reader_asks(cast: Cast) -> None:
    wants(cast.patient_user)
    row = of_patient(cast.patient, now=NIGHT)
    for _ in range(2):
        [made] = summary_deliveries.resend(row.pk, by=cast.therapist, now=NIGHT)
        assert made.send_after == MORNING
    [made] = summary_deliveries.resend(row.pk, by=cast.patient_user, now=NIGHT)
    assert (made.resend, made.send_after) == (1, NIGHT)
    assert (send(NIGHT), send(LATER)) == (1, 0)


def test_what_a_worker_has_at_hand_is_not_hurried(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be sent by a second one meanwhile; what failed and waits for long is."""
    wants(cast.patient_user)
    row = of_patient(cast.patient, now=NIGHT)
    enqueue(row)
    original = email.send_summary

    def fail_and_ask(delivery: SummaryDelivery, **_more: object) -> None:
        [waiting] = summary_deliveries.resend(row.pk, by=cast.patient_user, now=LATER)
        assert waiting.send_after > LATER
        raise OSError("no route")

    monkeypatch.setattr(email, "send_summary", fail_and_ask)
    moment = LATER
    for _ in range(3):
        assert send(moment) == 0
        moment = SummaryDelivery.objects.get().send_after
    monkeypatch.setattr(email, "send_summary", original)
    asked = moment - timedelta(seconds=90)
    assert send(asked) == 0
    [waiting] = summary_deliveries.resend(row.pk, by=cast.patient_user, now=asked)
    assert waiting.send_after == asked
    assert send(asked) == 1


def test_one_that_waits_for_one_reader_does_not_keep_it_from_another(cast: Cast) -> None:
    wants(cast.patient_user)
    row = of_patient(cast.patient, now=NIGHT)
    enqueue(row)
    wants(cast.caregiver)
    made = summary_deliveries.resend(row.pk, by=cast.therapist, now=NIGHT)
    assert {(one.recipient, one.resend) for one in made} == {(cast.patient_user, 0), (cast.caregiver, 1)}
    assert send() == 2
    assert recipients() == sorted([cast.caregiver.email, cast.patient_user.email])


def test_what_was_asked_for_and_cannot_be_sent_is_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that takes nothing must not be tried for ever, nor keep its reader from asking again."""
    row = of_patient(cast.patient, now=NIGHT)
    asked = NIGHT + timedelta(days=400)
    summary_deliveries.resend(row.pk, by=cast.patient_user, now=asked)

    def fail(*_: object, **__: object) -> None:
        raise OSError("no such mailbox")

    original = email.send_summary
    monkeypatch.setattr(email, "send_summary", fail)
    moment = asked
    while moment < asked + timedelta(days=9) and not SummaryDelivery.objects.exclude(drop_reason="").exists():
        assert send(moment) == 0
        moment = SummaryDelivery.objects.get().send_after
    found = SummaryDelivery.objects.get()
    assert found.drop_reason == "too_late"
    assert asked + timedelta(days=2) < found.send_after < asked + timedelta(days=3)
    monkeypatch.setattr(email, "send_summary", original)
    [again] = summary_deliveries.resend(row.pk, by=cast.patient_user, now=moment)
    assert (again.resend, send(moment)) == (2, 1)
