"""A confirmed decline becomes one alert per patient, once, whatever is read again, late or corrected."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import User
from rehab.analytics.series import token_of
from rehab.models import Alert, AlertCause, Patient
from rehab.services import alert_handling, alert_rules, alerts, baselines, decline_alerts, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = START + timedelta(days=112)
DECLINE = {0: 100.0, 7: 100.0, 90: 80.0, 97: 81.0}


def angles(patient: Patient, by: User, values: Mapping[int, float], **fields: Any) -> list[Any]:
    rows = []
    for day, value in values.items():
        at = (START + timedelta(days=day)).isoformat()
        sent = document("rom", "rom", patient.pk, performed_at=at, value_deg=value, confirm=True, **fields)
        rows.append(records.create(KINDS["rom"], sent, by=by, source="api", now=NOW).record)
    return rows


def evaluated(cast: Cast, now: datetime = NOW) -> list[Alert]:
    alerts.raise_all(decline_alerts.causes([cast.patient.pk, cast.other_patient.pk], now=now), now=now)
    return list(Alert.objects.order_by("id"))


def test_a_confirmed_decline_raises_one_alert_with_what_it_rests_on(cast: Cast) -> None:
    rows = angles(cast.patient, cast.therapist, DECLINE)
    [alert] = evaluated(cast)
    assert (alert.rule, alert.level, alert.patient_id, alert.subject) == ("DECLINE", "review", cast.patient.pk, "")
    [cause] = alert.causes.all()
    assert cause.source_kind == "series"
    assert cause.occurred_at == rows[-1].performed_at
    assert cause.evidence == {
        "series_key": rows[0].series_key,
        "series": {"measure": "rom", "code": "KNE_FLEX", "side": "left"},
        "baseline": 100.0,
        "current": 80.5,
        "change": -19.5,
        "unit": "deg",
        "threshold": 7.0,
        "threshold_id": "ROM_FALLBACK_SAME",
        "n": 4,
        "from": "2026-06-07",
        "to": "2026-06-07",
        "method": "change/1, decline/1",
    }


@pytest.mark.parametrize("values", [{0: 100.0, 7: 100.0, 97: 80.0}, {0: 100.0, 7: 100.0, 90: 99.0, 97: 101.0}])
def test_what_is_not_confirmed_or_not_beyond_error_raises_nothing(cast: Cast, values: dict[int, float]) -> None:
    angles(cast.patient, cast.therapist, values)
    assert evaluated(cast) == []


def test_on_a_deficit_scale_more_is_a_decline(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, {0: 2, 7: 2, 90: 21, 97: 22}, motion="KNE_EXT")
    assert len(evaluated(cast)) == 1


def test_an_old_decline_is_history(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, DECLINE)
    assert evaluated(cast, NOW + timedelta(days=60)) == []


def test_more_readings_of_the_same_decline_raise_nothing_more(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, DECLINE)
    evaluated(cast)
    angles(cast.patient, cast.therapist, {100: 79, 103: 94, 106: 78, 108: 77})  # one of them near the threshold
    assert len(evaluated(cast)) == 1
    assert AlertCause.objects.count() == 1


def test_a_late_reading_that_moves_the_first_day_raises_nothing_more(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, DECLINE)
    [alert] = evaluated(cast)
    alert_handling.close(alert.pk, reason="Seen.", expected_version=alert.version, by=cast.therapist, now=NOW)
    angles(cast.patient, cast.therapist, {80: 80, 94: 80})
    evaluated(cast)
    assert AlertCause.objects.count() == 1


def test_another_series_joins_the_alert_and_after_closing_makes_a_new_one(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, DECLINE)
    angles(cast.patient, cast.therapist, DECLINE, side="right")
    [alert] = evaluated(cast)
    assert alert.causes.count() == 2
    alert_handling.close(alert.pk, reason="Seen.", expected_version=alert.version, by=cast.therapist, now=NOW)
    angles(cast.patient, cast.therapist, DECLINE, motion="HIP_FLEX")
    found = evaluated(cast)
    assert [one.causes.count() for one in found] == [2, 1]
    assert len(evaluated(cast)) == 2


def test_a_decline_after_recovery_is_news(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, {0: 100, 7: 100, 60: 80, 67: 80})
    [alert] = evaluated(cast)
    alert_handling.close(alert.pk, reason="Seen.", expected_version=alert.version, by=cast.therapist, now=NOW)
    angles(cast.patient, cast.therapist, {74: 99, 81: 100})
    assert len(evaluated(cast)) == 1
    angles(cast.patient, cast.therapist, {100: 80, 107: 80})
    assert len(evaluated(cast)) == 2


def test_two_patients_with_the_same_decline_have_an_alert_each(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, DECLINE)
    angles(cast.other_patient, cast.other_therapist, DECLINE)
    assert {alert.patient_id for alert in evaluated(cast)} == {cast.patient.pk, cast.other_patient.pk}


def test_a_set_baseline_decides(cast: Cast) -> None:
    [first, *_rest] = angles(cast.patient, cast.therapist, {0: 60, 7: 60, 30: 80, 90: 80, 97: 81})
    assert evaluated(cast) == []
    sent = {"patient": str(cast.patient.pk), "series": token_of(first.series_key), "starts_on": "2026-03-20"}
    baselines.set_baseline({**sent, "value": 100.0, "reason": "relapse"}, by=cast.therapist, now=NOW)
    [alert] = evaluated(cast)
    assert alert.causes.get().evidence["baseline"] == 100.0
    assert evaluated(cast) == [alert]


def test_the_workers_raise_it_once_the_records_are_sealed(cast: Cast) -> None:
    angles(cast.patient, cast.therapist, DECLINE)
    audit.seal(now=NOW)
    alert_rules.evaluate(now=NOW)
    alert_rules.sweep(now=NOW)
    assert Alert.objects.get().rule == "DECLINE"


def test_more_patients_and_series_cost_no_more_statements(cast: Cast) -> None:
    costs = []
    for patient, by in ((cast.patient, cast.therapist), (cast.other_patient, cast.other_therapist)):
        for motion in ("KNE_FLEX", "HIP_FLEX"):
            angles(patient, by, DECLINE, motion=motion)
        decline_alerts.causes([cast.patient.pk, cast.other_patient.pk], now=NOW)
        with CaptureQueriesContext(connection) as captured:
            found = decline_alerts.causes([cast.patient.pk, cast.other_patient.pk], now=NOW)
        costs.append((len(captured), len(found)))
    assert costs == [(8, 2), (8, 4)]
