"""What beat starts exists, and each task does the work of its service."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction

from accounts import audit
from rehab import celery, tasks
from rehab.models import Alert, SummaryDelivery
from rehab.services import records, summary_deliveries, summary_preferences
from rehab.services.kinds import KINDS
from tests.alerts import raised
from tests.conftest import Cast
from tests.documents import document
from tests.summaries import caseload_payload, looked, of_patient, stored


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


def test_summaries_are_sent_in_words(cast: Cast, now: datetime) -> None:
    start = now.astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(hours=6)
    quiet = {"quiet_from": f"{start:%H:%M}", "quiet_until": f"{start + timedelta(hours=1):%H:%M}"}
    summary_preferences.change({"weekly": True, **quiet}, by=cast.patient_user, now=now)
    summary_preferences.change(quiet, by=cast.therapist, now=now)
    last_week: dict[str, Any] = {"starts_on": now.date() - timedelta(days=8), "ends_on": now.date() - timedelta(days=2)}
    own = of_patient(cast.patient, now=now, **last_week)
    caseload = stored(
        caseload_payload(looked(cast.patient), **last_week), clinic=cast.clinic, therapist=cast.therapist, now=now
    )
    with transaction.atomic():
        assert summary_deliveries.enqueue([own, caseload], now=now) == 2
    SummaryDelivery.objects.update(send_after=now)
    assert tasks.send_summaries() == 2
    to_patient, to_therapist = (
        next(one for one in mail.outbox if one.to == [user.email]) for user in (cast.patient_user, cast.therapist)
    )
    assert "Grip" in str(to_patient.body)
    assert cast.patient.name not in to_therapist.message().as_string()
    for message in (to_patient, to_therapist):
        assert "/unsubscribe/" in str(message.body)
