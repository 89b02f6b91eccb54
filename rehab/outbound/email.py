"""Sending e-mail: with ``outbound`` the only code that opens a socket to the world."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from accounts import invitations
from accounts.models import Invitation


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
