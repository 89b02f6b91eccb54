"""Sending e-mail: with ``outbound`` the only code that opens a socket to the world."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from accounts import invitations
from accounts.models import Invitation
from rehab.models import AlertMessage, SummaryDelivery, SummaryPreference
from rehab.reference.alert_rules import is_reserved


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
    """Return where to go: a therapist to the alert, an administrator to the care team, which shows names only.

    About an alert that is reserved an administrator does not learn whose it is: they see who answers for the clinic.
    """
    if message.audience == AlertMessage.Audience.CLINIC:
        if _is_reserved(message):
            return f"{settings.SITE_URL}/clinic/{message.alert.patient.clinic_id}/questionnaires/"
        return f"{settings.SITE_URL}/patients/{message.alert.patient_id}/care-team/"
    return f"{settings.SITE_URL}/dashboard/alerts/{message.alert_id}/"


def _is_reserved(message: AlertMessage) -> bool:
    return is_reserved(rule=message.alert.rule, subject=message.alert.subject)


def send_alert(message: AlertMessage) -> None:
    """Send one message of an alert in its reader's language; raise what the mail back end raises."""
    with translation.override(message.recipient.language):
        context = {
            "message": message,
            "url": alert_url(message),
            "clinic": message.alert.patient.clinic,
            "is_reserved": _is_reserved(message),
        }
        EmailMessage(
            subject=render_to_string("email/alert_subject.txt", context).strip(),
            body=render_to_string("email/alert.txt", context),
            to=[message.recipient.email],
        ).send()


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of an e-mail, in its reader's language; ``html`` is a whole document."""

    subject: str
    text: str
    html: str


def unsubscribe_url(preference: SummaryPreference, choice: str) -> str:
    """Return the address that turns one kind of summary off, for whoever holds it (RFC 8058)."""
    return f"{settings.SITE_URL}/unsubscribe/{preference.unsubscribe_key}/{choice}/"


def message_id(delivery: SummaryDelivery) -> str:
    """Return the Message-ID of a summary's e-mail: the same for each attempt, so that a copy can be told."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<summary.{delivery.pk}@{domain}>"


@contextmanager
def mailbox() -> Iterator[BaseEmailBackend]:
    """Give a connection to the mail server for many messages; it is opened by the first of them."""
    connection = get_connection()
    try:
        yield connection
    finally:
        _hang_up(connection)


def _hang_up(connection: BaseEmailBackend) -> None:
    with suppress(OSError):  # what was sent is sent, however the mail server says good-bye
        connection.close()


def send_summary(delivery: SummaryDelivery, *, to: str, unsubscribe: str, connection: BaseEmailBackend) -> None:
    """Send the words that the delivery keeps; raise what the mail back end raises. The next message dials anew then."""
    message = EmailMultiAlternatives(
        subject=" ".join(delivery.subject.split()),
        body=delivery.text,
        to=[to],
        headers={
            "Message-ID": message_id(delivery),
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Content-Language": delivery.language,
        },
    )
    message.attach_alternative(delivery.html, "text/html")
    try:
        connection.open()  # kept open: a message would hang up what it opened itself
        connection.send_messages([message])
    except Exception:
        _hang_up(connection)
        raise


def reaches_people() -> bool:
    """Whether e-mail leaves this machine; without EMAIL_URL it is only written into the log."""
    return not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend"))
