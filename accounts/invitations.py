"""Invitations: single-use, expiring links. A link is a signature over the invitation's id: no secret is stored."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core import signing

from accounts import audit
from accounts.errors import InvitationUnusable
from accounts.models import Clinic, Invitation, User

VALID_FOR = timedelta(days=14)
FIRST_WAIT = timedelta(minutes=2)  # longer than a mail server may take to answer (EMAIL_TIMEOUT)
LONGEST_WAIT = timedelta(days=1)
_SALT = "accounts.invitation"


def create(
    *,
    clinic: Clinic,
    purpose: str,
    email: str,
    by: User,
    now: datetime,
    language: str,
    patient_id: uuid.UUID | None = None,
    permissions: list[str] | None = None,
) -> Invitation:
    """Make an invitation. Call inside a transaction; whoever calls decides who may invite whom."""
    invitation = Invitation.objects.create(
        clinic=clinic,
        purpose=purpose,
        email=User.objects.normalize_email(email),
        patient_id=patient_id,
        permissions=permissions or [],
        language=language,
        invited_by=by,
        created_at=now,
        send_after=now,
        expires_at=now + VALID_FOR,
    )
    _tell("invitation.created", invitation, by=by, now=now)
    return invitation


def token_of(invitation: Invitation) -> str:
    """Return what the link carries: the id and its signature."""
    return signing.Signer(salt=_SALT).sign(str(invitation.pk))


def find(token: str, *, now: datetime) -> Invitation:
    """Return the open invitation of a link, or raise ``InvitationUnusable`` (unknown, used, withdrawn, expired)."""
    try:
        invitation_id = uuid.UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        raise InvitationUnusable("unknown") from None
    invitation = Invitation.objects.filter(pk=invitation_id).select_related("clinic", "invited_by").first()
    if invitation is None:
        raise InvitationUnusable("unknown")
    if invitation.accepted_at is not None:
        raise InvitationUnusable("used")
    if invitation.withdrawn_at is not None:
        raise InvitationUnusable("withdrawn")
    if not invitation.is_open(now=now):
        raise InvitationUnusable("expired")
    return invitation


def claim(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Use the invitation up. Of two who follow one link at once, one gets in."""
    claimed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    ).update(accepted_at=now, accepted_by=by)
    if not claimed:
        raise InvitationUnusable("used")
    _tell("invitation.accepted", invitation, by=by, now=now)


def withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Make the link useless, if it was not used yet."""
    withdrawn = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=now
    )
    if not withdrawn:
        raise InvitationUnusable("used")
    _tell("invitation.withdrawn", invitation, by=by, now=now)


def withdraw_of(
    inviter: User,
    *,
    purposes: Iterable[str],
    clinic_id: uuid.UUID,
    by: User,
    now: datetime,
    patient_id: uuid.UUID | None = None,
) -> None:
    """Make the open links useless that somebody sent who leaves: one of them may be meant for themselves."""
    found = Invitation.objects.select_for_update().filter(
        invited_by=inviter,
        clinic_id=clinic_id,
        purpose__in=list(purposes),
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__gt=now,
    )
    if patient_id is not None:
        found = found.filter(patient_id=patient_id)
    for invitation in found.order_by("id"):
        withdraw(invitation, by=by, now=now)


def due_for_sending(*, now: datetime) -> list[Invitation]:
    """Return the open invitations whose e-mail is due, those waiting longest first."""
    return list(
        Invitation.objects.filter(
            sent_at__isnull=True,
            send_after__lte=now,
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=now,
        )
        .select_related("clinic", "invited_by")
        .order_by("send_after", "id")[:100]
    )


def claim_sending(invitation: Invitation, *, now: datetime) -> bool:
    """Claim one attempt to send an invitation's e-mail; False if another worker has it.

    The claim ends by itself, so that an attempt that failed, or a worker that was killed in it, loses nothing: the next
    attempt is due after 2, 4, 8 … minutes, a day at most.
    """
    wait = min(FIRST_WAIT * 2 ** min(invitation.send_attempts, 10), LONGEST_WAIT)
    claimed = Invitation.objects.filter(pk=invitation.pk, sent_at__isnull=True, send_attempts=invitation.send_attempts)
    return claimed.update(send_attempts=invitation.send_attempts + 1, send_after=now + wait) == 1


def mark_sent(invitation: Invitation, *, now: datetime) -> None:
    Invitation.objects.filter(pk=invitation.pk, sent_at__isnull=True).update(sent_at=now)


def _tell(action: str, invitation: Invitation, *, by: User, now: datetime) -> None:
    audit.write(
        audit.event(
            action=action,
            target_kind="invitation",
            target_id=invitation.pk,
            patient_id=invitation.patient_id,
            clinic_id=invitation.clinic_id,
            by=by,
            at=now,
            changes={"purpose": invitation.purpose},
        )
    )
