"""Sending e-mail: with ``outbound`` the only code that opens a socket to the world."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from accounts import invitations
from accounts.models import Invitation
from rehab.models import AlertMessage


def invitation_url(invitation: Invitation) -> str:
    return f"{settings.SITE_URL}/invitations/{invitations.token_of(invitation)}/"


def send_invitation(invitation: Invitation) -> None:
    """Send the link in the language it was made for; raise what the mail back end raises."""
    with translation.override(invitation.language):
        context = {"invitation": invitation, "url": invitation_url(invitation)}
        message = EmailMessage(
            subject=render_to_string("email/invitation_subject.txt", context).strip(),
            body=render_to_string("email/invitation.txt", context),
            to=[invitation.email],
        )
        message.send()


def alert_url(message: AlertMessage) -> str:
    """Return where to go: a therapist to the alert, an administrator to the care team, which shows names only."""
    if message.audience == AlertMessage.Audience.CLINIC:
        return f"{settings.SITE_URL}/patients/{message.alert.patient_id}/care-team/"
    return f"{settings.SITE_URL}/dashboard/alerts/{message.alert_id}/"


def send_alert(message: AlertMessage) -> None:
    """Send one message of an alert in its reader's language; raise what the mail back end raises."""
    with translation.override(message.recipient.language):
        context = {"message": message, "url": alert_url(message), "clinic": message.alert.patient.clinic}
        EmailMessage(
            subject=render_to_string("email/alert_subject.txt", context).strip(),
            body=render_to_string("email/alert.txt", context),
            to=[message.recipient.email],
        ).send()


def reaches_people() -> bool:
    """Whether e-mail leaves this machine; without EMAIL_URL it is only written into the log."""
    return not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend"))
