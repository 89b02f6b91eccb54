"""Celery entry points: each calls one service. They may run twice, late, or on many workers."""

from celery import shared_task
from django.utils import timezone

from accounts import audit
from rehab.services import (
    alert_escalation,
    alert_messages,
    alert_rules,
    mailings,
    summaries,
    summary_deliveries,
    summary_schedule,
    summary_staleness,
)
from rehab.web.summaries import mail


@shared_task
def seal_audit() -> int:
    return audit.seal(now=timezone.now())


@shared_task
def send_due_invitations() -> int:
    return mailings.send_due_invitations(now=timezone.now())


@shared_task
def send_alert_messages() -> int:
    return alert_messages.send_due(now=timezone.now())


@shared_task
def evaluate_alerts() -> int:
    return alert_rules.evaluate(now=timezone.now())


@shared_task
def sweep_alerts() -> int:
    return alert_rules.sweep(now=timezone.now())


@shared_task
def escalate_alerts() -> int:
    return alert_escalation.escalate(now=timezone.now())


@shared_task
def dispatch_summaries() -> int:
    return summary_schedule.dispatch(now=timezone.now())


@shared_task
def mark_stale_summaries() -> int:
    return summary_staleness.mark(now=timezone.now())


@shared_task
def compute_summaries() -> int:
    return summaries.compute_waiting(clock=timezone.now)


@shared_task
def send_summaries() -> int:
    return summary_deliveries.send_due(clock=timezone.now, write=mail.letter)
