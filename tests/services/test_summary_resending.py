"""What is sent again on purpose: by whom, to whom, and when."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import override_settings

from accounts.models import Event
from rehab.errors import Invalid, NotFound
from rehab.models import SummaryDelivery
from rehab.services import summary_deliveries
from tests.conftest import Cast
from tests.summaries import of_patient
from tests.summary_mail import LATER, MORNING, NIGHT, month_of_clinic, reasons, recipients, send, wants


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
