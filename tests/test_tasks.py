"""What beat starts exists, and each task does the work of its service."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail

from accounts import audit
from rehab import celery, tasks
from rehab.models import Alert
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.alerts import raised
from tests.conftest import Cast
from tests.documents import document


def test_every_task_of_the_schedule_exists() -> None:
    celery.app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(celery.app.tasks)


@pytest.mark.parametrize("task", [tasks.evaluate_alerts, tasks.sweep_alerts])
def test_derived_rules_are_evaluated(cast: Cast, now: datetime, task: object) -> None:
    sent = document("sessions", "aerobic", cast.patient.pk, pain_during_max=8)
    records.create(KINDS["sessions"], sent, by=cast.therapist, source="api", now=now)
    audit.seal(now=now)
    assert task() > 0  # type: ignore[operator]
    assert Alert.objects.get().rule == "PAIN"


def test_messages_are_sent_and_what_waits_is_escalated(cast: Cast, now: datetime) -> None:
    raised(cast.patient, now=now - timedelta(hours=1))
    assert tasks.send_alert_messages() == 1
    assert tasks.escalate_alerts() == 1
    assert tasks.send_alert_messages() == 2
    assert len(mail.outbox) == 3
