"""Summaries by e-mail: rows written with the first version, sent by a sweep, at most once to each reader.

An e-mail to a patient carries the summary, because they asked for it; to therapists and clinics it carries counts and
links. What was sent is kept word for word. A worker that is killed between the mail server's answer and the note of it
sends the same words again under the same Message-ID (``outbound.email``).
"""

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.roles import CareRole
from rehab.analytics import sending
from rehab.errors import Invalid, NotFound, NotPermitted, Problem
from rehab.models import Summary, SummaryDelivery
from rehab.outbound import email
from rehab.outbound.email import Letter
from rehab.selectors import summaries
from rehab.selectors import summary_deliveries as selectors
from rehab.selectors.summaries import SeenSummary
from rehab.selectors.summary_deliveries import Reader
from rehab.services import mailings, summary_preferences

logger = logging.getLogger(__name__)

SEND_TASK = "rehab.tasks.send_summaries"
#: Longer than a mail server usually takes; whoever finds a claim that ran out sends again, under the same Message-ID.
FIRST_WAIT = timedelta(seconds=40)
LONGEST_WAIT = timedelta(hours=2)
#: What somebody asked for is tried for so long, and for as long as its summary is of use.
GIVEN_UP_AFTER = timedelta(days=2)
SENT_AT_ONCE = 300
#: A slow mail server must not keep a sweep until its task is killed: a letter just taken would go out again.
LONGEST_SWEEP = timedelta(minutes=5)
MOST_RESENT = 20
Drop: TypeAlias = SummaryDelivery.Drop
#: Writes the words of a summary for one reader; the last argument is the address of their link to unsubscribe.
Writer: TypeAlias = Callable[[SeenSummary, User, str], Letter]


def enqueue(rows: Sequence[Summary], *, now: datetime) -> int:
    """Write an e-mail for whoever wants one of these summaries, computed in this transaction; return how many.

    Only first versions are told of, and only while they are of use. Whoever wants one and cannot get it, or of whom
    there is nothing to tell, has a row that says why. Safe to repeat; at most five statements.
    """
    fresh = [row for row in rows if row.version == 1 and _is_of_use(row, now=now)]
    readers = selectors.readers_of(fresh)
    made = [
        _delivery(row, reader, now=now, drop_reason=_reason_not_to_write(row, reader))
        for row in fresh
        for reader in readers[row.pk]
        if reader.wants(row)
    ]
    if not made:
        return 0
    SummaryDelivery.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    waiting = [delivery for delivery in made if delivery.dropped_at is None]
    if any(delivery.send_after <= now for delivery in waiting):
        mailings.hurry(SEND_TASK)
    return len(waiting)


def _is_of_use(row: Summary, *, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(row.time_zone)).date()
    return sending.is_of_use(period=row.period, ends_on=row.ends_on, today=today)


def _reason_not_to_write(row: Summary, reader: Reader) -> str:
    if row.period == Summary.Period.DAY and nothing_happened(row.payload or {}):
        return Drop.NOTHING
    return "" if reader.address else Drop.NO_ADDRESS


def nothing_happened(payload: Mapping[str, Any]) -> bool:
    """Return whether a day's payload has nothing to tell: no patient to look at; nothing logged and nothing due."""
    if payload.get("audience") == Summary.Audience.THERAPIST:
        return not payload["patients"]
    return bool(not payload["counts"]["records"] and not payload["due_next"])


def _delivery(row: Summary, reader: Reader, *, now: datetime, drop_reason: str = "", **more: Any) -> SummaryDelivery:
    return SummaryDelivery(
        summary=row,
        summary_version=row.version,
        recipient=reader.user,
        created_at=now,
        dropped_at=now if drop_reason else None,
        drop_reason=drop_reason,
        **{"send_after": _send_after(row, reader, now=now), **more},
    )


def _send_after(row: Summary, reader: Reader, *, now: datetime) -> datetime:
    return sending.earliest(now=now, zone=reader.zone(row), quiet=reader.quiet)


# --- Sending


def send_due(*, clock: Callable[[], datetime], write: Writer) -> int:
    """Send what is due, one after the other; return how many were sent. A failure is logged and tried again later.

    ``clock`` gives the present moment: each e-mail is claimed at its own, however long those before it took.
    """
    sent, began = 0, clock()
    with email.mailbox() as connection:
        for _attempt in range(SENT_AT_ONCE):
            now = clock()
            delivery = selectors.next_due(now=now)
            if delivery is None or now - began > LONGEST_SWEEP:
                break
            if _claim(delivery, now=now):
                sent += _send(delivery, clock=clock, write=write, connection=connection)
    return sent


def _claim(delivery: SummaryDelivery, *, now: datetime) -> bool:
    """Claim one attempt; False if another worker has it. A claim ends by itself, so a killed worker loses nothing, and
    always as soon: what waits ever longer is an e-mail that failed, not one whose worker was killed."""
    attempts = min(delivery.send_attempts + 1, 32_000)
    waiting = _unfinished(delivery).filter(send_attempts=delivery.send_attempts, send_after=delivery.send_after)
    return waiting.update(send_attempts=attempts, send_after=now + FIRST_WAIT) == 1


def _unfinished(delivery: SummaryDelivery) -> QuerySet[SummaryDelivery]:
    return SummaryDelivery.objects.filter(pk=delivery.pk, sent_at__isnull=True, dropped_at__isnull=True)


def _send(
    delivery: SummaryDelivery, *, clock: Callable[[], datetime], write: Writer, connection: BaseEmailBackend
) -> int:
    now, summary = clock(), delivery.summary
    reader = next((one for one in selectors.readers_of([summary])[summary.pk] if one.user == delivery.recipient), None)
    if reader is None:
        return _drop(delivery, Drop.LEFT, now=now)
    if reason := _reason_to_drop(delivery, reader, now=now):
        return _drop(delivery, reason, now=now)
    later = _send_after(summary, reader, now=now)
    if later > now and delivery.asked_by_id != reader.user.pk:  # the hours were changed, or a failure put it off
        _unfinished(delivery).update(send_after=later, send_attempts=delivery.send_attempts)
        return 0
    try:
        unsubscribe = email.unsubscribe_url(
            summary_preferences.of(reader.user, now=now), selectors.CHOICE_OF[summary.audience, summary.period]
        )
        if not delivery.html:
            _keep_words(delivery, reader, write=write, unsubscribe=unsubscribe)
        email.send_summary(delivery, to=reader.address, unsubscribe=unsubscribe, connection=connection)
    except NotFound:  # what decides who reads decided otherwise meanwhile
        return _drop(delivery, Drop.LEFT, now=now)
    except Exception:  # whatever a mail back end or a template raises; one that fails must not keep the others waiting
        logger.exception("The summary %s could not be sent; it is tried again.", delivery.pk)
        wait = min(FIRST_WAIT * 2 ** min(delivery.send_attempts, 10), LONGEST_WAIT)
        _unfinished(delivery).update(send_after=clock() + wait)
        return 0
    return _unfinished(delivery).update(sent_at=clock(), address=reader.address)


def _reason_to_drop(delivery: SummaryDelivery, reader: Reader, *, now: datetime) -> str:
    if delivery.asked_by_id is None:
        if not reader.wants(delivery.summary):
            return Drop.OPTED_OUT
        if not _is_of_use(delivery.summary, now=now):
            return Drop.TOO_LATE
    elif delivery.asked_by_id != reader.user.pk and not reader.wants(delivery.summary):
        return Drop.OPTED_OUT
    elif now - delivery.created_at > GIVEN_UP_AFTER and not _is_of_use(delivery.summary, now=now):
        return Drop.TOO_LATE
    if not reader.address:
        return Drop.NO_ADDRESS
    return "" if email.reaches_people() else Drop.NO_MAIL


def _drop(delivery: SummaryDelivery, reason: str, *, now: datetime) -> int:
    _unfinished(delivery).update(dropped_at=now, drop_reason=reason)
    return 0


def _keep_words(delivery: SummaryDelivery, reader: Reader, *, write: Writer, unsubscribe: str) -> None:
    """Write the letter about the version that holds now and keep it before it goes out: a retry sends the same."""
    seen = summaries.get(reader.user, delivery.summary_id)
    letter = write(seen, reader.user, unsubscribe)
    delivery.subject, delivery.text, delivery.html = letter.subject[:200], letter.text, letter.html
    delivery.language, delivery.summary_version = reader.user.language, seen.version
    delivery.save(update_fields=["subject", "text", "html", "language", "summary_version"])


# --- Sending again, on purpose


def resend(summary_id: uuid.UUID, *, by: User, now: datetime) -> list[SummaryDelivery]:
    """Send a summary again, or for the first time, because somebody asks; return the e-mails that wait.

    A reader asks for themself, whatever they chose and at any hour. The patient's therapist asks for the patient and
    caregivers who want such summaries. While one waits for a reader, asking again adds none for them; a reader who asks
    gets it at once. ``NotFound`` for who may not open the summary, ``NotPermitted`` for who gets none by e-mail,
    ``Invalid`` if there is nothing to send or nobody to send it to.
    """
    seen = summaries.get(by, summary_id)
    summary = seen.summary
    if not summary.version:
        raise _refused("not_computed", _("The summary is not computed yet."))
    to = _readers_asked_for(seen, by=by)
    if not email.reaches_people():
        raise _refused("no_mail", _("No mail server is set up here: nothing can be sent by e-mail."))
    with transaction.atomic():
        before = selectors.of_summary(summary.pk, recipients=[reader.user.pk for reader in to])
        waiting = {row.recipient_id: row for row in before if row.sent_at is None and row.dropped_at is None}
        lacking = [reader for reader in to if reader.user.pk not in waiting]
        number = 0
        if lacking:
            number = max((row.resend for row in before), default=0) + 1
            _write_again(summary, lacking, number=number, by=by, now=now)
        if lacking or (by.pk in waiting and _hurried(waiting[by.pk], now=now)):
            _tell_asked(summary, lacking or to, number=number or waiting[by.pk].resend, by=by, now=now)
            mailings.hurry(SEND_TASK)
    kept = {row.pk for row in waiting.values()}
    rows = selectors.of_summary(summary.pk, recipients=[reader.user.pk for reader in to])
    return [row for row in rows if row.pk in kept or (number and row.resend == number)]


def _write_again(summary: Summary, to: Sequence[Reader], *, number: int, by: User, now: datetime) -> None:
    if number > MOST_RESENT:
        raise _refused("too_often", _("This summary was sent %(n)d times already.") % {"n": MOST_RESENT})
    made = [
        _delivery(
            summary,
            reader,
            now=now,
            resend=number,
            asked_by=by,
            send_after=now if reader.user == by else _send_after(summary, reader, now=now),
        )
        for reader in to
    ]
    SummaryDelivery.objects.bulk_create(made, ignore_conflicts=True)


def _hurried(delivery: SummaryDelivery, *, now: datetime) -> bool:
    """Let an e-mail that waits go at once, as its reader asks for it; not one that a worker may have at hand, which
    another would then send too. Whatever waits for longer than a claim holds is none of these."""
    waits = Q(send_attempts=0, send_after__gt=now) | Q(send_after__gt=now + 2 * FIRST_WAIT)
    return _unfinished(delivery).filter(waits).update(send_after=now, asked_by=delivery.recipient) == 1


def _tell_asked(summary: Summary, to: Sequence[Reader], *, number: int, by: User, now: datetime) -> None:
    audit.write(
        audit.event(
            action="summary.resend_asked",
            target_kind="summary",
            target_id=summary.pk,
            by=by,
            at=now,
            patient_id=summary.patient_id,
            clinic_id=summary.clinic_id,
            changes={"to": [str(reader.user.pk) for reader in to], "number": number},
        )
    )


def _readers_asked_for(seen: SeenSummary, *, by: User) -> list[Reader]:
    summary = seen.summary
    readers = selectors.readers_of([summary])[summary.pk]
    own = [reader for reader in readers if reader.user == by]
    if own:
        if not own[0].address:
            raise _refused("no_address", _("Your e-mail address is not verified. Verify it, then ask again."))
        return own
    if seen.seen is None or seen.seen.role != CareRole.THERAPIST:
        raise NotPermitted
    wanted = [reader for reader in readers if reader.wants(summary) and reader.address]
    if not wanted:
        raise _refused("nobody", _("Nobody wants this summary by e-mail, or no address of theirs is verified."))
    return wanted


def _refused(code: str, message: Any) -> Invalid:
    return Invalid([Problem("", code, message)])
