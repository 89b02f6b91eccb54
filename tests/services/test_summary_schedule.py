"""Which summaries are to be: one for each subject and local period, whenever and however often it is asked."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.ids import new_id
from accounts.models import Clinic, Membership
from rehab.analytics.periods import due_at, span_of
from rehab.models import CareTeamMember, Patient, Summary
from rehab.services import patients, summary_schedule
from tests.conftest import Cast

#: A Monday, 30 March 2026, 12:00 in Shanghai.
MONDAY = datetime(2026, 3, 30, 4, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def settled(cast: Cast) -> Cast:
    """The cast, at work since January."""
    Patient.objects.update(created_at=LONG_AGO)
    Clinic.objects.update(created_at=LONG_AGO)
    CareTeamMember.objects.update(added_at=LONG_AGO)
    Membership.objects.update(joined_at=LONG_AGO)
    return cast


def rows(**wanted: Any) -> list[tuple[str, date]]:
    found = Summary.objects.filter(**wanted).order_by("period", "starts_on", "id")
    return list(found.values_list("period", "starts_on"))


def another_patient(cast: Cast, **fields: Any) -> Patient:
    made = {"name": "Another", "time_zone": "Asia/Shanghai", "created_at": LONG_AGO, "created_digest": "d", **fields}
    return Patient.objects.create(clinic=cast.clinic, **made)


def test_every_audience_gets_the_periods_that_ended_lately(settled: Cast) -> None:
    assert summary_schedule.dispatch(now=MONDAY) == 2 * 10 + 2 * 8 + 2 * 2
    assert rows(patient=settled.patient) == [
        *(("day", date(2026, 3, day)) for day in (27, 28, 29)),
        ("four_weeks", date(2026, 1, 26)),
        ("four_weeks", date(2026, 2, 23)),
        *(("week", date(2026, 2, 23) + timedelta(weeks=number)) for number in range(5)),
    ]
    assert Counter(period for period, _ in rows(therapist=settled.therapist)) == {"day": 3, "week": 5}
    assert rows(audience="clinic", clinic=settled.clinic) == [("month", date(2026, 1, 1)), ("month", date(2026, 2, 1))]
    assert rows(therapist=settled.colleague) == []


def test_asking_again_writes_nothing_more(settled: Cast) -> None:
    summary_schedule.dispatch(now=MONDAY)
    stored = Summary.objects.count()
    for minutes in (0, 15, 30, 11 * 60):
        assert summary_schedule.dispatch(now=MONDAY + timedelta(minutes=minutes)) == 0
    assert Summary.objects.count() == stored


def test_a_row_says_when_it_is_due_and_where(settled: Cast) -> None:
    Patient.objects.filter(pk=settled.patient.pk).update(time_zone="Asia/Kathmandu")
    summary_schedule.dispatch(now=MONDAY)
    row = Summary.objects.get(patient=settled.patient, period="day", starts_on=date(2026, 3, 28))
    assert (row.audience, row.clinic_id, row.therapist_id, row.time_zone) == (
        "patient", settled.clinic.pk, None, "Asia/Kathmandu",
    )  # fmt: skip
    assert (row.ends_on, row.due_at) == (date(2026, 3, 28), datetime(2026, 3, 28, 22, 15, tzinfo=UTC))
    assert (row.status, row.version, row.payload, row.attempts, row.claim) == ("due", 0, None, 0, None)
    assert (row.id.version, row.id.variant) == (7, new_id().variant)
    assert row.id.int >> 80 == int(row.due_at.timestamp() * 1000)


def test_ids_made_by_the_database_differ(settled: Cast) -> None:
    for _ in range(50):
        another_patient(settled)
    summary_schedule.dispatch(now=MONDAY)
    stored = Summary.objects.values_list("id", flat=True)
    assert len(set(stored)) == len(stored) == 51 * 10 + 10 + 2 * 8 + 2 * 2
    assert all(pk.version == 7 for pk in stored)


def test_who_came_late_or_left_gets_the_periods_of_their_care(settled: Cast) -> None:
    late = another_patient(settled, created_at=datetime(2026, 3, 28, 15, 59, 59, tzinfo=UTC))
    later = another_patient(settled, created_at=datetime(2026, 3, 28, 16, 0, tzinfo=UTC))
    left = another_patient(settled, discharged_on=date(2026, 3, 28))
    gone = another_patient(settled, discharged_on=date(2026, 2, 22))
    summary_schedule.dispatch(now=MONDAY)
    days = {"late": late, "later": later, "left": left, "gone": gone}
    found = {name: [on.day for _, on in rows(patient=patient, period="day")] for name, patient in days.items()}
    assert found == {"late": [28, 29], "later": [29], "left": [27, 28], "gone": []}
    assert rows(patient=left, period="week")[-1] == ("week", date(2026, 3, 23))
    assert rows(patient=gone) == [("four_weeks", date(2026, 1, 26))]


def discharge(cast: Cast, on: str | None, *, version: int, at: datetime) -> None:
    patients.amend(cast.patient.pk, {"discharged_on": on}, expected_version=version, by=cast.therapist, now=at)


def test_who_comes_back_gets_none_of_the_time_away(settled: Cast) -> None:
    discharge(settled, "2026-02-10", version=1, at=datetime(2026, 2, 11, tzinfo=UTC))
    summary_schedule.dispatch(now=MONDAY - timedelta(days=1))
    discharge(settled, None, version=2, at=MONDAY)
    for days in range(8):
        summary_schedule.dispatch(now=MONDAY + timedelta(days=days, hours=6))
    assert rows(patient=settled.patient) == [
        *(("day", date(2026, 3, 30) + timedelta(days=number)) for number in range(7)),
        ("four_weeks", date(2026, 1, 26)),
        ("week", date(2026, 3, 30)),
    ]


def test_a_discharge_that_was_a_mistake_costs_no_summary(settled: Cast) -> None:
    """What was over before the mistake was made was within the care, whatever the row said in between."""
    discharge(settled, "2026-02-10", version=1, at=MONDAY - timedelta(hours=8))
    discharge(settled, None, version=2, at=MONDAY - timedelta(hours=7))
    summary_schedule.dispatch(now=MONDAY)
    assert len(rows(patient=settled.patient)) == 10


def test_a_therapist_gets_one_for_each_clinic_where_they_treat(settled: Cast) -> None:
    place = CareTeamMember.objects.filter(user=settled.therapist)
    place.update(ended_at=datetime(2026, 3, 28, 16, tzinfo=UTC), ended_by=settled.admin)
    summary_schedule.dispatch(now=MONDAY)
    # The place ended with the 28th in Shanghai.
    assert [on.day for _, on in rows(therapist=settled.therapist, period="day")] == [27, 28]


def test_days_that_were_missed_are_caught_up(settled: Cast) -> None:
    summary_schedule.dispatch(now=MONDAY)
    summary_schedule.dispatch(now=MONDAY + timedelta(days=3))
    assert [on.day for _, on in rows(patient=settled.patient, period="day")] == [27, 28, 29, 30, 31, 1]
    summary_schedule.dispatch(now=MONDAY + timedelta(days=10))
    days = [on for _, on in rows(patient=settled.patient, period="day")]
    assert days[-4:] == [date(2026, 4, day) for day in (1, 6, 7, 8)]


def test_who_moves_to_another_zone_gets_each_day_once(settled: Cast) -> None:
    summary_schedule.dispatch(now=MONDAY)
    Patient.objects.filter(pk=settled.patient.pk).update(time_zone="America/Los_Angeles")
    for hours in range(0, 96, 6):
        summary_schedule.dispatch(now=MONDAY + timedelta(hours=hours))
    days = rows(patient=settled.patient, period="day")
    # In Los Angeles it was still the 29th: 26 to 28 March were looked at anew, and 29 March was not over.
    assert days == [("day", date(2026, 3, 26) + timedelta(days=number)) for number in range(7)]


def test_an_old_period_is_added_when_asked_for_where_it_is_over(settled: Cast) -> None:
    old, current = span_of("week", date(2026, 1, 14)), span_of("week", date(2026, 3, 30))
    assert summary_schedule.add_missing(old, now=MONDAY) == 2 + 2
    assert summary_schedule.add_missing(old, now=MONDAY) == 0
    assert summary_schedule.add_missing(current, now=MONDAY) == 0
    row = Summary.objects.get(patient=settled.patient)
    assert row.due_at == due_at(old, "Asia/Shanghai")
    other = span_of("month", date(2026, 1, 14))
    assert summary_schedule.add_missing(other, now=MONDAY, clinic_id=settled.clinic.pk) == 1


def test_statements_do_not_grow_with_the_patients(settled: Cast) -> None:
    summary_schedule.begin_following(now=MONDAY)

    def statements() -> int:
        Summary.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            summary_schedule.dispatch(now=MONDAY)
        return len(captured)

    few = statements()
    for _ in range(20):
        another_patient(settled)
    assert statements() == few


def test_a_dispatcher_every_hour_writes_each_day_once(settled: Cast) -> None:
    """Through both changes of the clocks: 28 March to 6 April 2026."""
    last_day = {"Europe/Berlin": 5, "Pacific/Chatham": 6, "America/Santiago": 5, "Australia/Lord_Howe": 6}
    zone_of = {another_patient(settled, time_zone=zone).pk: zone for zone in last_day}
    at, end = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 4, 6, 18, tzinfo=UTC)
    written: dict[str, list[tuple[date, datetime]]] = {zone: [] for zone in last_day}
    days_of = Summary.objects.filter(patient_id__in=zone_of, period="day").order_by("starts_on", "id")
    known: set[tuple[Any, date]] = set()
    while at < end:
        summary_schedule.dispatch(now=at)
        found = list(days_of.values_list("patient_id", "starts_on"))
        for row in found:
            if row not in known:
                written[zone_of[row[0]]].append((row[1], at))
        known.update(found)
        at += timedelta(minutes=60)
    for zone, rows_of_zone in written.items():
        days = sorted(on for on, _ in rows_of_zone)
        assert days == [days[0] + timedelta(days=number) for number in range(len(days))], zone
        assert days[-1] == date(2026, 4, last_day[zone]), zone
        for on, moment in rows_of_zone[3:]:
            due = due_at(span_of("day", on), zone)
            assert due - timedelta(hours=6) <= moment <= due, zone
