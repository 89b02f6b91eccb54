"""What is sent and when. The row says whether it was sent; the broker is only a hint."""

import logging
from datetime import datetime
from functools import partial

from celery import current_app
from django.db import transaction

from accounts import invitations
from rehab.outbound import email

logger = logging.getLogger(__name__)

_SEND_TASK = "rehab.tasks.send_due_invitations"
_GIVE_UP_AT_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0}


def send_due_invitations(*, now: datetime) -> int:
    """Send every invitation that is due; return how many were sent. A failure is logged and tried again later."""
    sent = 0
    for invitation in invitations.due_for_sending(now=now):
        if not invitations.claim_sending(invitation, now=now):
            continue
        try:
            email.send_invitation(invitation)
        except Exception:  # whatever a mail back end raises; one that fails must not keep the others waiting
            logger.exception("The invitation %s could not be sent; it is tried again.", invitation.pk)
        else:
            invitations.mark_sent(invitation, now=now)
            sent += 1
    return sent


def hurry_invitations() -> None:
    """Ask the workers to send what is due without waiting for the next sweep."""
    hurry(_SEND_TASK)


def hurry(task: str) -> None:
    """Ask the workers, once this transaction is committed, for a task that they do from time to time anyway."""
    transaction.on_commit(partial(_ask_workers, task), robust=True)


def _ask_workers(task: str) -> None:
    """Put the task on the broker; a broker that is down must neither fail nor hold up the request."""
    try:
        with current_app.connection_for_write() as connection:
            connection.transport_options = {**connection.transport_options, **_GIVE_UP_AT_ONCE}
            current_app.send_task(task, ignore_result=True, retry=False, connection=connection)
    except Exception as error:  # whatever the broker's client raises
        logger.warning("The broker did not take %s (%s); the sweep sends it.", task, type(error).__name__)
