"""What patients' summaries say, from records written through the services."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rehab.analytics.series import token_of
from rehab.analytics.summaries import PatientSummary
from rehab.models import Patient, Summary
from rehab.selectors import summary_material
from rehab.services import alert_handling, alerts, baselines, excusals, goals, records
from rehab.services.kinds import KINDS
from tests import alerts as alert_rows
from tests.conftest import Cast
from tests.documents import document
from tests.goals import goal_document, review_document
from tests.programs import ITEM, MONDAY, WEEKLY, items_of, moment, session, written

SUNDAY = MONDAY + timedelta(days=6)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LENGTHS = {"day": 1, "week": 7, "four_weeks": 28}


def row(patient: Patient, period: str = "week", starts_on: date = MONDAY) -> Summary:
    return Summary(
        audience="patient",
        clinic_id=patient.clinic_id,
        patient=patient,
        period=period,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=LENGTHS[period] - 1),
        time_zone=patient.time_zone,
        due_at=NOW,
    )


def of(patient: Patient, period: str = "week", starts_on: date = MONDAY, *, now: datetime = NOW) -> PatientSummary:
    wanted = row(patient, period, starts_on)
    found = summary_material.compute([wanted], now=now)[wanted.pk]
    assert isinstance(found, PatientSummary)
    return found


def record(kind: str, variant: str, patient: Patient, by: User, on: date, *, hour: int = 9, **changes: Any) -> Any:
    at = moment(patient, on, hour)
    sent = document(kind, variant, patient.pk, performed_at=at.isoformat(), confirm=True, **changes)
    return records.create(KINDS[kind], sent, by=by, source="api", now=at + timedelta(hours=1)).record


def angle(patient: Patient, by: User, on: date, degrees: float, **changes: Any) -> Any:
    return record("rom", "rom", patient, by, on, value_deg=degrees, **changes)


@pytest.fixture
def patient(cast: Cast) -> Patient:
    """Enrolled long before the week that is looked at."""
    Patient.objects.filter(pk=cast.patient.pk).update(created_at=datetime(2025, 12, 1, tzinfo=UTC))
    return Patient.objects.get(pk=cast.patient.pk)


def test_a_patient_without_any_record(patient: Patient) -> None:
    found = of(patient)
    assert found.notes == ("no_records",)
    assert found.counts.model_dump() == dict.fromkeys(found.counts.model_dump(), 0)
    assert (found.adherence, found.series, found.symptoms, found.doses, found.due_next) == (None, (), (), (), ())
    assert [week.sessions for week in found.weeks] == [0] * 12
    assert found.weeks[-1].starts_on == MONDAY


def test_one_record_and_the_first_period(cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(created_at=moment(cast.patient, MONDAY))
    angle(cast.patient, cast.therapist, MONDAY, 90)
    found = of(Patient.objects.get(pk=cast.patient.pk))
    assert found.notes == ("one_record", "first_period")
    [series] = found.series
    assert (series.state, series.reason, series.n, series.state_before) == (
        "insufficient_data",
        "too_few_days",
        1,
        None,
    )
    assert series.trend is not None
    assert series.trend.direction == "insufficient"
    assert [(point.on, point.value) for point in series.points] == [(MONDAY, 90.0)]
    assert [week.starts_on for week in found.weeks] == [MONDAY]
    assert [one.code for one in found.quality] == ["single_reading"]


def test_only_skipped_sessions(cast: Cast, patient: Patient) -> None:
    written(patient, by=cast.therapist)
    for day in (0, 2):
        session(patient, MONDAY + timedelta(days=day), by=cast.patient_user, status="skipped", reason="fatigue")
    found = of(patient)
    assert found.notes == ("only_skipped",)
    assert (found.counts.records, found.counts.sessions, found.counts.sessions_skipped) == (2, 0, 2)
    assert found.counts.active_days == 0
    assert found.adherence is not None
    assert (found.adherence.due, found.adherence.completed, found.adherence.missed) == (3, 0, 3)
    assert found.adherence.session_pct == 0
    assert found.doses == ()


def test_discharged(cast: Cast, patient: Patient) -> None:
    written(patient, by=cast.therapist)
    Patient.objects.filter(pk=patient.pk).update(discharged_on=SUNDAY)
    found = of(patient)
    assert "discharged" in found.notes
    assert found.due_next == ()


def test_adherence_doses_and_load_of_a_week(cast: Cast, patient: Patient) -> None:
    program = written(patient, ITEM, {**WEEKLY, "minutes": None}, by=cast.therapist, on=MONDAY - timedelta(weeks=2))
    band, _walk = items_of(program)
    for day in (-7, -5, -3, 0, 2):
        session(patient, MONDAY + timedelta(days=day), by=cast.patient_user, item=band.pk)
    session(patient, MONDAY + timedelta(days=3), by=cast.patient_user, variant="aerobic",
            logged_after=timedelta(hours=49))  # fmt: skip
    session(patient, MONDAY + timedelta(days=5), by=cast.patient_user, variant="fes")
    found = of(patient)
    assert found.adherence is not None
    assert found.adherence.model_dump() | {"session_pct": 0, "dose_pct": None} == {
        "due": 6, "completed": 3, "missed": 3, "excused": 0, "extra": 1, "recalled": 1, "session_pct": 0,
        "dose_pct": None, "streak": 0,
    }  # fmt: skip
    assert found.adherence.session_pct == pytest.approx(50)
    assert [(dose.modality, dose.sessions, dose.minutes) for dose in found.doses] == [
        ("aerobic", 1, 25), ("fes", 1, 20), ("resistance_band", 2, 40),
    ]  # fmt: skip
    assert found.doses[1].fes_on_minutes == pytest.approx(456 / 60)
    assert found.load is not None
    assert found.load.weekly == 20 * 4 * 2 + 25 * 3 + 20 * 3
    assert found.load.change_pct == pytest.approx((295 - 240) / 240 * 100)
    assert [(week.sessions, week.minutes) for week in found.weeks][-2:] == [(3, 60), (4, 85)]
    assert [(one.code, one.series, one.on) for one in found.quality] == [("recalled", None, MONDAY + timedelta(days=3))]


def test_what_is_due_next(cast: Cast, patient: Patient) -> None:
    band, walk = items_of(written(patient, ITEM, WEEKLY, by=cast.therapist))
    sent = {"patient": str(patient.pk), "first_on": "2026-03-11", "last_on": "2026-03-11", "reason": "Holiday"}
    excusals.excuse(sent, by=cast.therapist, now=moment(patient, MONDAY))
    monday, friday = MONDAY + timedelta(days=7), MONDAY + timedelta(days=11)
    found = [(one.item, one.name, one.on, one.times) for one in of(patient).due_next]
    assert found == [
        (str(band.pk), "Knee band", monday, None),
        (str(band.pk), "Knee band", friday, None),
        (str(walk.pk), "", None, 3),
    ]
    [tuesday, of_week] = [(one.on, one.times) for one in of(patient, "day", MONDAY + timedelta(days=3)).due_next]
    assert (tuesday, of_week) == ((MONDAY + timedelta(days=4), None), (None, 3))


def test_a_streak_beyond_the_weeks_that_are_read(cast: Cast, patient: Patient) -> None:
    item = {**ITEM, "weekdays": ["mon"]}
    [band] = items_of(written(patient, item, by=cast.therapist, on=MONDAY - timedelta(weeks=10)))
    for week in range(9):
        session(patient, MONDAY - timedelta(weeks=week), by=cast.patient_user, item=band.pk)
    found = of(patient)
    assert found.adherence is not None
    assert found.adherence.streak == 9


def test_states_points_and_trend(cast: Cast, patient: Patient) -> None:
    for week, degrees in enumerate((80, 82, 81, 84, 88, 93, 97, 101, 104, 106)):
        angle(patient, cast.therapist, MONDAY - timedelta(weeks=9 - week), degrees)
    visual = angle(patient, cast.therapist, MONDAY, 90, instrument="visual_estimate")
    found = {one.series: one for one in of(patient).series}
    by_eye = found.pop(token_of(visual.series_key))
    assert (by_eye.state, by_eye.reason, by_eye.points) == ("insufficient_data", "only_visual_estimates", ())
    [series] = found.values()
    assert (series.state, series.state_before, series.n) == ("improved", "improved", 10)
    assert (series.baseline, series.current, series.delta) == (81.0, 105.0, 24.0)
    assert series.threshold_row
    assert series.trend is not None
    assert series.trend.direction == "up"
    assert len(series.points) == 10
    assert dict(series.fields)["motion"] == "KNE_FLEX"


def test_what_comes_after_the_period_does_not_count_and_what_comes_late_does(cast: Cast, patient: Patient) -> None:
    angle(patient, cast.therapist, MONDAY - timedelta(weeks=4), 90)
    angle(patient, cast.therapist, MONDAY + timedelta(weeks=2), 130)
    before = of(patient)
    assert [one.n for one in before.series] == [1]
    wrong = angle(patient, cast.therapist, MONDAY, 120)
    after = of(patient)
    assert after.inputs.digest != before.inputs.digest
    assert [one.state for one in after.series] == ["provisional_improved"]
    records.enter_in_error(KINDS["rom"], wrong.pk, reason="wrong leg", expected_version=1, by=cast.therapist, now=NOW)
    assert of(patient) == before


def test_a_baseline_that_a_clinician_set(cast: Cast, patient: Patient) -> None:
    rows = [angle(patient, cast.therapist, MONDAY + timedelta(weeks=week), 90 + week) for week in (-6, -5, -1, 0)]
    sent = {"patient": str(patient.pk), "series": token_of(rows[0].series_key), "starts_on": "2026-02-20",
            "value": 70.0, "reason": "surgery"}  # fmt: skip
    baselines.set_baseline(sent, by=cast.therapist, now=moment(patient, date(2026, 2, 21)))
    [series] = of(patient).series
    assert (series.baseline, series.state) == (70.0, "improved")
    [earlier] = of(patient, starts_on=date(2026, 2, 9)).series
    assert (earlier.baseline, earlier.current, earlier.n) == (84.0, 85.0, 2)


def test_symptoms(cast: Cast, patient: Patient) -> None:
    for day, nrs in ((-6, 6), (-3, 4), (0, 2), (2, 3), (4, 7)):
        record("check-ins", "check-ins", patient, cast.patient_user, MONDAY + timedelta(days=day),
               pain=[{"nrs": nrs, "site": "lower_back", "context": "rest"}])  # fmt: skip
    pain, fatigue = of(patient).symptoms
    assert (pain.code, pain.n, pain.median, pain.maximum, pain.previous_median) == ("pain_nrs", 3, 3, 7, 5)
    assert (fatigue.code, fatigue.median) == ("fatigue_nrs", 5)
    assert of(patient).counts.check_ins == 3


def test_goals_in_force_with_the_rating_of_the_time(cast: Cast, patient: Patient) -> None:
    now = moment(patient, MONDAY - timedelta(weeks=1))
    sent = goal_document(patient.pk, today=now.date())
    goal = goals.create(sent, by=cast.therapist, now=now).goal
    review = review_document(on=MONDAY, level=1)
    goals.review(goal.pk, review, by=cast.therapist, now=moment(patient, MONDAY, 18))
    [found] = of(patient).goals
    assert (found.title, found.level, found.rated_on) == (goal.title, 1, MONDAY)
    assert found.review_on == date.fromisoformat(sent["review_dates"][0])
    [earlier] = of(patient, starts_on=MONDAY - timedelta(weeks=1)).goals
    assert (earlier.level, earlier.rated_on) == (None, None)


def test_alerts_open_at_the_end_of_the_period(cast: Cast, patient: Patient) -> None:
    noon = moment(patient, MONDAY, 12)
    [review] = alerts.raise_all([alert_rows.pain(patient, now=noon)], now=noon)
    [red] = alerts.raise_all([alert_rows.cause(patient, now=noon)], now=noon)
    alerts.raise_all(
        [alert_rows.cause(patient, now=noon, rule="SELF_HARM", subject="item_9", level="same_day")], now=noon
    )
    seen = alert_handling.acknowledge(review.pk, expected_version=1, by=cast.therapist, now=noon + timedelta(days=1))
    alert_handling.close(
        seen.pk, reason="Talked.", expected_version=seen.version, by=cast.therapist, now=noon + timedelta(days=8)
    )
    found = [(alert.id, alert.level, alert.status, alert.raised_on) for alert in of(patient).alerts]
    assert found == [
        (str(red.pk), "emergency", "open", MONDAY),
        (str(review.pk), "review", "acknowledged", MONDAY),
    ]
    assert [alert.rule for alert in of(patient, starts_on=MONDAY + timedelta(weeks=1)).alerts] == ["CES"]
    assert of(patient, starts_on=MONDAY - timedelta(weeks=1)).alerts == ()


def test_days_are_the_patients_own(cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(
        time_zone="Pacific/Chatham", created_at=datetime(2025, 12, 1, tzinfo=UTC)
    )
    patient = Patient.objects.get(pk=cast.patient.pk)
    zone = ZoneInfo("Pacific/Chatham")
    for at in (datetime(2026, 3, 1, 23, 59, tzinfo=zone), datetime(2026, 3, 2, 0, 1, tzinfo=zone),
               datetime(2026, 3, 8, 23, 59, tzinfo=zone), datetime(2026, 3, 9, 0, 1, tzinfo=zone)):  # fmt: skip
        sent = document("girth", "girth", patient.pk, performed_at=at.isoformat(), confirm=True)
        records.create(KINDS["girth"], sent, by=cast.therapist, source="api", now=at)
    found = of(patient)
    assert (found.counts.records, found.counts.active_days) == (2, 2)
    assert found.series[0].n == 3


def test_quality(cast: Cast, patient: Patient) -> None:
    for day, degrees, who in ((-40, 90, "Anna"), (0, 95, "Ben")):
        angle(patient, cast.therapist, MONDAY + timedelta(days=day), degrees, rater=who)
    angle(patient, cast.therapist, MONDAY, 93, instrument="inclinometer")
    angle(patient, cast.therapist, MONDAY - timedelta(days=35), 12, motion="KNE_EXT")
    assert sorted((one.code, one.on) for one in of(patient).quality) == [
        ("changed_device", MONDAY),
        ("changed_rater", MONDAY),
        ("low_resolution", MONDAY),
        ("missing", MONDAY - timedelta(days=35)),
        ("single_reading", MONDAY),
    ]


def test_statements_do_not_grow_with_the_patients(cast: Cast, patient: Patient) -> None:
    made = Patient.objects.bulk_create(
        Patient(clinic=cast.clinic, name=f"P {n}", time_zone="UTC", created_digest="") for n in range(40)
    )
    angle(patient, cast.therapist, MONDAY, 90)
    summary_material.compute([row(patient)], now=NOW)
    costs = []
    for everybody in ([patient], [patient, *made], [patient, cast.other_patient, *made]):
        rows = [row(one) for one in everybody]
        with CaptureQueriesContext(connection) as captured:
            found = summary_material.compute(rows, now=NOW)
        assert set(found) == {one.pk for one in rows}
        costs.append(len(captured))
    assert costs == [costs[0]] * 3
    assert costs[0] <= 6
