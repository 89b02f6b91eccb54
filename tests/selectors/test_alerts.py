"""Reading alerts for many patients at once."""

from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.selectors import alerts
from rehab.selectors.alerts import OpenAlerts
from tests.alerts import acknowledged, closed, raised
from tests.conftest import Cast


def test_open_alerts_per_patient_with_the_worst_level_in_one_statement(cast: Cast, now: datetime) -> None:
    acknowledged(cast.patient, by=cast.therapist, now=now, rule="SKIN", level="same_day")
    raised(cast.patient, now=now, rule="PAIN", level="review")
    closed(cast.patient, by=cast.therapist, now=now)
    raised(cast.other_patient, now=now)
    with CaptureQueriesContext(connection) as captured:
        found = alerts.open_by_patient([cast.patient.pk, cast.other_patient.pk])
    assert found == {
        cast.patient.pk: OpenAlerts(2, "same_day"),
        cast.other_patient.pk: OpenAlerts(1, "emergency"),
    }
    assert len(captured) == 1
    assert alerts.open_by_patient([]) == {}


def test_the_count_is_of_ones_own_patients(cast: Cast, now: datetime) -> None:
    raised(cast.patient, now=now)
    closed(cast.patient, by=cast.therapist, now=now, rule="SKIN")
    assert alerts.unfinished_count(cast.therapist) == 1
    for role in ("colleague", "admin", "patient_user", "caregiver", "other_therapist"):
        assert alerts.unfinished_count(cast.user(role)) == 0


def test_the_cause_that_leads_is_at_the_level_and_holds(cast: Cast, now: datetime) -> None:
    alert = raised(cast.patient, now=now)
    assert alerts.leading_cause(alert, []) is None
    causes = alerts.causes_of([alert])[alert.pk]
    assert alerts.leading_cause(alert, causes) == causes[0]
