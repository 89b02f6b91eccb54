"""The daily sweep: what no event told of, and workers that are killed on the way."""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest

from rehab.models import Alert, AlertWatermark
from rehab.services import alert_rules, patients
from rehab.services.alerts import Cause
from tests.alerts import session
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("no_rule_fails_unnoticed")


def test_the_sweep_finds_what_no_event_told_of(cast: Cast, now: datetime) -> None:
    session(cast, now, during_max=8)
    assert alert_rules.sweep(now=now) == 1
    assert Alert.objects.count() == 1
    assert alert_rules.sweep(now=now) == 0
    tomorrow = now + timedelta(days=1)
    assert alert_rules.sweep(now=tomorrow) == 1
    assert alert_rules.sweep(now=now + timedelta(days=61)) == 0
    assert AlertWatermark.objects.get(name="sweep").swept_on == (now + timedelta(days=61)).astimezone(UTC).date()


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_the_sweep_goes_on_where_a_killed_worker_left_off(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(alert_rules, "PATIENTS_AT_ONCE", at_once)
    for number in range(4):
        enrolled = patients.enrol({"name": f"P {number}"}, by=cast.therapist, now=now).patient
        session(cast, now, patient=enrolled, during_max=8)
    asked: list[uuid.UUID] = []
    rule = alert_rules.RULES["PAIN"]

    def killed_at_the_third(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
        if len(asked) == 2:
            raise SystemExit
        asked.extend(patient_ids)
        return rule(patient_ids, now=now)

    monkeypatch.setitem(alert_rules.RULES, "PAIN", killed_at_the_third)
    if at_once < 4:
        with pytest.raises(SystemExit):
            alert_rules.sweep(now=now)
    monkeypatch.setitem(alert_rules.RULES, "PAIN", rule)
    alert_rules.sweep(now=now)
    assert Alert.objects.count() == 4
    assert AlertWatermark.objects.get(name="sweep").patient_id is None
