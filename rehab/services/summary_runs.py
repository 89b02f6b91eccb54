"""A run over all summaries of one period, asked for by hand: its rows say how far it is.

It computes what the workers would compute, with them: whoever claims a chunk first does it. Killed or stopped, it
leaves nothing behind but a run that was not finished; another run goes on.
"""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from rehab.analytics.periods import Span
from rehab.models import Summary, SummaryRun
from rehab.services import summaries, summary_schedule
from rehab.services.summaries import Chunk

Status = Summary.Status


def begin(span: Span, *, again: bool, clinic_id: uuid.UUID | None, now: datetime) -> SummaryRun:
    """Write the rows that are missing for a period, and the run over those that wait. ``again``: over all of them."""
    summary_schedule.add_missing(span, now=now, clinic_id=clinic_id)
    found = _of(span, clinic_id)
    if again:
        summaries.ask_again(found.filter(~Q(status=Status.DUE)).values_list("pk", flat=True), now=now)
    return SummaryRun.objects.create(
        period=span.period, starts_on=span.starts_on, started_at=now, updated_at=now,
        total=_waiting(found, since=now).count(),
    )  # fmt: skip


def go_on(run: SummaryRun, span: Span, *, clinic_id: uuid.UUID | None, now: datetime) -> Chunk:
    """Compute a chunk and write down how far the run is. Call it until the run is finished; a chunk in which nothing
    was claimed means that another worker holds the rest, or that the rest failed."""
    found = _of(span, clinic_id)
    chunk = summaries.compute_some(now=now, only=_only(span, clinic_id))
    waiting = _waiting(found, since=run.started_at)
    left, failed = waiting.count(), waiting.exclude(last_error="").count()
    run.failed = min(failed, run.total)
    run.done = max(0, run.total - left)
    run.updated_at = now
    run.finished_at = now if left == failed else None
    run.save(update_fields=["done", "failed", "updated_at", "finished_at"])
    return chunk


def _of(span: Span, clinic_id: uuid.UUID | None) -> QuerySet[Summary]:
    return Summary.objects.filter(_only(span, clinic_id))


def _only(span: Span, clinic_id: uuid.UUID | None) -> Q:
    found = Q(period=span.period, starts_on=span.starts_on)
    return found if clinic_id is None else found & Q(clinic_id=clinic_id)


def _waiting(found: QuerySet[Summary], *, since: datetime) -> QuerySet[Summary]:
    """Return what waited when the run began and waits still, claimed or not."""
    return found.filter(Q(status=Status.DUE, due_at__lte=since) | Q(status=Status.STALE, stale_until_quiet__lte=since))
