"""Totals of weeks are what the records of the week say, however they came about."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.analytics.summaries import PatientSummary
from rehab.models import CheckIn, ExerciseSession, Measurement, Patient, Record, WeekTotal
from rehab.selectors import summary_rows
from rehab.services import records, week_totals
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.programs import MONDAY, moment, session
from tests.selectors.test_states import START, store
from tests.selectors.test_summary_material import NOW, angle, record
from tests.selectors.test_summary_material import row as summary_of

SUNDAY = MONDAY + timedelta(days=6)
SUMS = ("records", "measurements", "check_ins", "sessions", "sessions_completed", "active_days", "minutes", "load",
        "pain_max")  # fmt: skip


def stored() -> dict[tuple[object, date], tuple[object, ...]]:
    rows = WeekTotal.objects.order_by("patient_id", "starts_on")
    return {(row.patient_id, row.starts_on): tuple(getattr(row, name) for name in SUMS) for row in rows}


def slowly() -> dict[tuple[object, date], tuple[object, ...]]:
    """Count with Python what the statement counts."""
    by_week: dict[tuple[object, date], list[Record]] = {}
    for model in summary_rows.record_models():
        for row in model._default_manager.exclude(status="entered_in_error"):
            by_week.setdefault(
                (row.patient_id, row.performed_on - timedelta(days=row.performed_on.weekday())), []
            ).append(row)
    found: dict[tuple[object, date], tuple[object, ...]] = {}
    for key, rows in by_week.items():
        sessions = [row for row in rows if isinstance(row, ExerciseSession)]
        done = [row for row in sessions if row.session_status != "skipped"]
        minutes = [row.duration_minutes for row in done if row.duration_minutes is not None]
        loads = [row.session_load for row in done]
        pains = [row.pain_max for row in rows if isinstance(row, CheckIn) and row.pain_max is not None]
        skipped = {row.pk for row in sessions} - {row.pk for row in done}
        found[key] = (
            len(rows),
            sum(isinstance(row, Measurement) for row in rows),
            sum(isinstance(row, CheckIn) for row in rows),
            len(done),
            sum(row.session_status == "completed" for row in done),
            len({row.performed_on for row in rows if row.pk not in skipped}),
            sum(minutes) if minutes else None,
            None if None in loads else sum(load or 0 for load in loads),
            max(pains, default=None),
        )
    return found


def filled(cast: Cast, *, seed: int = 0) -> None:
    rng = Random(seed)
    for patient in (cast.patient, cast.other_patient):
        store(patient, [cast.therapist], rng=rng)
    by = cast.patient_user
    for day in rng.sample(range(21), 8):
        on = START.date() + timedelta(days=day)
        kind = rng.choice(["resistance_band", "aerobic", "breathing"])
        session(cast.patient, on, by=by, variant=kind)
        record("check-ins", "check-ins", cast.patient, by, on)
    session(cast.patient, SUNDAY + timedelta(days=22), by=by, status="skipped", reason="pain")


def test_every_table_of_records_is_counted() -> None:
    known = {model for model in apps.get_models() if issubclass(model, Record)}
    assert set(summary_rows.record_models()) == known


@pytest.mark.parametrize("seed", range(3))
def test_all_at_once_and_week_by_week_agree(cast: Cast, seed: int) -> None:
    filled(cast, seed=seed)
    assert week_totals.refresh_all(now=NOW) == len(slowly())
    whole = stored()
    assert whole == slowly()
    WeekTotal.objects.all().delete()
    everybody = [cast.patient.pk, cast.other_patient.pk]
    for week in range(12):
        first = MONDAY + timedelta(weeks=week)
        week_totals.refresh(everybody, first_on=first, last_on=first + timedelta(days=6), now=NOW)
    assert stored() == whole


def test_again_changes_nothing(cast: Cast) -> None:
    filled(cast)
    week_totals.refresh_all(now=NOW)
    later = NOW + timedelta(hours=1)
    assert week_totals.refresh_all(now=later) == 0
    week_totals.refresh([cast.patient.pk], first_on=MONDAY, last_on=SUNDAY, now=later)
    assert set(WeekTotal.objects.values_list("computed_at", flat=True)) == {NOW}


def test_a_late_record_and_one_in_error(cast: Cast) -> None:
    only = angle(cast.patient, cast.therapist, SUNDAY, 90)
    week_totals.refresh([cast.patient.pk], first_on=SUNDAY, last_on=SUNDAY, now=NOW)
    assert [row[0] for row in stored().values()] == [1]
    late = angle(cast.patient, cast.therapist, MONDAY, 95)
    week_totals.refresh([cast.patient.pk], first_on=MONDAY, last_on=MONDAY, now=NOW)
    assert [row[:2] for row in stored().values()] == [(2, 2)]
    for row in (only, late):
        records.enter_in_error(KINDS["rom"], row.pk, reason="wrong leg", expected_version=1, by=cast.therapist, now=NOW)
    week_totals.refresh([cast.other_patient.pk], first_on=MONDAY, last_on=MONDAY, now=NOW)
    assert len(stored()) == 1
    week_totals.refresh([cast.patient.pk], first_on=MONDAY, last_on=MONDAY, now=NOW)
    assert stored() == {}


def test_a_load_that_is_not_known_is_not_0(cast: Cast) -> None:
    session(cast.patient, MONDAY, by=cast.patient_user)
    session(cast.patient, MONDAY, by=cast.patient_user, variant="aquatic", hour=18)
    week_totals.refresh([cast.patient.pk], first_on=MONDAY, last_on=MONDAY, now=NOW)
    [total] = WeekTotal.objects.all()
    assert (total.minutes, total.load, total.sessions) == (60, None, 2)


def test_a_week_is_the_patients_own(cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(time_zone="Pacific/Kiritimati")
    patient = Patient.objects.get(pk=cast.patient.pk)
    assert moment(patient, MONDAY, 1) < datetime(2026, 3, 2, tzinfo=UTC)
    angle(patient, cast.therapist, MONDAY, 90)
    week_totals.refresh([patient.pk], first_on=MONDAY, last_on=MONDAY, now=NOW)
    assert [key[1] for key in stored()] == [MONDAY]


def test_statements_do_not_grow(cast: Cast) -> None:
    filled(cast)
    costs = []
    for patients in ([], [cast.patient.pk], [cast.patient.pk, cast.other_patient.pk]):
        with CaptureQueriesContext(connection) as captured:
            week_totals.refresh(patients, first_on=MONDAY, last_on=SUNDAY, now=NOW)
        costs.append(sum("week" in query["sql"] for query in captured))
    assert costs == [0, 2, 2]


def test_weeks_are_summed_up_before_summaries_are_computed(cast: Cast) -> None:
    for weeks in (0, 6, 7):
        session(cast.patient, MONDAY - timedelta(weeks=weeks), by=cast.patient_user)
    Patient.objects.filter(pk=cast.patient.pk).update(created_at=NOW - timedelta(weeks=52))
    wanted = summary_of(Patient.objects.get(pk=cast.patient.pk))
    found = week_totals.compute([wanted], now=NOW)[wanted.pk]
    assert isinstance(found, PatientSummary)
    assert [week.sessions for week in found.weeks] == [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1]
    assert len(stored()) == 3
    session(cast.patient, MONDAY + timedelta(days=1), by=cast.patient_user)
    after = week_totals.compute([wanted], now=NOW)[wanted.pk]
    assert isinstance(after, PatientSummary)
    assert [week.sessions for week in after.weeks][-1] == 2
    assert stored()[cast.patient.pk, MONDAY][3] == 2


def test_weeks_are_written_in_one_order(cast: Cast) -> None:
    """Of two workers that sum up the same patients, for the week and for four weeks, neither waits for the other in a
    circle: each takes the rows in the same order."""
    made = [
        Patient(clinic=cast.clinic, name=f"P {n}", time_zone=cast.patient.time_zone, created_digest="")
        for n in range(60)
    ]
    Random(5).shuffle(made)
    for patient in Patient.objects.bulk_create(made):
        store(patient, [cast.therapist], rng=Random(patient.name))
    if connection.vendor == "postgresql":  # hashing gives no order, and is chosen where there is more to sum up
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
    ids = [patient.pk for patient in made]
    week_totals.refresh(ids, first_on=START.date(), last_on=START.date() + timedelta(weeks=9), now=NOW)
    written = list(WeekTotal.objects.order_by("id").values_list("patient_id", "starts_on"))
    assert len(written) > 200
    assert written == sorted(written)
