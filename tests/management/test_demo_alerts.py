"""The alerts of the demo come from its records, through the rules, and are answered as the stories say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from rehab.management.demo import alerts
from rehab.models import Alert, AlertMute, ExerciseSession
from rehab.services import alert_rules


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA_DIR=folder):
        call_command("load_demo")
        yield folder
        transaction.set_rollback(True)


def test_pain_is_waiting_acknowledged_and_closed(db: None, demo: Path) -> None:
    found = {alert.patient_id: alert for alert in Alert.objects.filter(rule="PAIN")}
    assert [found[pain.story.id].status for pain in alerts.PAINS] == ["open", "acknowledged", "closed"]
    assert len(found) == 3
    for alert in found.values():
        cause = alert.causes.get()
        session = ExerciseSession.objects.get(pk=cause.source_id)
        assert session.patient_id == alert.patient_id
        assert cause.evidence["worst_during"] == session.details["pain_during_max"]
    assert found[alerts.WAITING.story.id].causes.get().evidence["state"] == "not_settled"
    assert AlertMute.objects.get().patient_id == alerts.CLOSED.story.id


def test_workers_find_nothing_more_in_the_demo(db: None, demo: Path) -> None:
    before = Alert.objects.filter(rule="PAIN").count()
    alert_rules.evaluate(now=timezone.now())
    assert Alert.objects.filter(rule="PAIN").count() == before
