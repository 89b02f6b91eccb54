"""What therapists' and clinics' summaries say, and that no chunk or order changes any."""

import uuid
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab.analytics.summaries import CaseloadSummary, ClinicSummary
from rehab.models import CareTeamMember, Patient, RomMeasurement, Summary
from rehab.selectors import summary_material
from rehab.services import alerts
from tests import alerts as alert_rows
from tests.conftest import Cast
from tests.programs import ITEM, MONDAY, items_of, moment, session, written
from tests.selectors.test_states import store
from tests.selectors.test_summary_material import NOW, angle, row

SUNDAY = MONDAY + timedelta(days=6)
LONG_AGO = datetime(2025, 12, 1, tzinfo=UTC)


def of_therapist(cast: Cast, period: str = "week", starts_on: date = MONDAY) -> Summary:
    return Summary(
        audience="therapist", clinic=cast.clinic, therapist=cast.therapist, period=period, starts_on=starts_on,
        ends_on=starts_on if period == "day" else starts_on + timedelta(days=6), time_zone=cast.clinic.time_zone,
        due_at=NOW,
    )  # fmt: skip


def of_clinic(cast: Cast) -> Summary:
    return Summary(
        audience="clinic", clinic=cast.clinic, period="month", starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31),
        time_zone=cast.clinic.time_zone, due_at=NOW,
    )  # fmt: skip


def caseload(summary: Summary) -> CaseloadSummary:
    found = summary_material.compute([summary], now=NOW)[summary.pk]
    assert isinstance(found, CaseloadSummary)
    return found


def clinic(cast: Cast) -> ClinicSummary:
    summary = of_clinic(cast)
    found = summary_material.compute([summary], now=NOW)[summary.pk]
    assert isinstance(found, ClinicSummary)
    return found


@pytest.fixture
def everybody(cast: Cast) -> list[Patient]:
    """Eight patients of one therapist, enrolled long ago."""
    made = Patient.objects.bulk_create(
        Patient(clinic=cast.clinic, name=f"P {n}", time_zone=cast.patient.time_zone, created_digest="",
                conditions=["stroke"])
        for n in range(7)
    )  # fmt: skip
    CareTeamMember.objects.bulk_create(
        CareTeamMember(patient=one, user=cast.therapist, role="therapist", added_by=cast.therapist) for one in made
    )
    Patient.objects.filter(clinic=cast.clinic).update(created_at=LONG_AGO)
    CareTeamMember.objects.filter(patient__clinic=cast.clinic).update(added_at=LONG_AGO)
    return list(Patient.objects.filter(clinic=cast.clinic).order_by("name"))


def falling(patient: Patient, cast: Cast, *, to: float = 60) -> None:
    for day, degrees in ((-40, 101), (-36, 101), (0, to), (3, to)):
        angle(patient, cast.therapist, MONDAY + timedelta(days=day), degrees)


def test_who_needs_a_look_first_and_why(cast: Cast, everybody: list[Patient]) -> None:
    first, second, third, fourth, *_rest = everybody
    falling(second, cast)
    falling(third, cast, to=140)
    [item] = items_of(written(fourth, ITEM, by=cast.therapist, on=MONDAY - timedelta(weeks=8)))
    for day in range(-42, -21):
        if day % 7 in (0, 2, 4):
            session(fourth, MONDAY + timedelta(days=day), by=cast.therapist, item=item.pk)
    alerts.raise_all([alert_rows.pain(first, now=moment(first, MONDAY, 12))], now=moment(first, MONDAY, 12))
    found = caseload(of_therapist(cast))
    assert found.patients_treated == 8
    assert [(one.name, one.reasons) for one in found.patients] == [
        (first.name, ("alert_review",)),
        (second.name, ("declined",)),
        (fourth.name, ("adherence_drop", "nothing_logged")),
        (third.name, ("improved",)),
    ]
    assert [one.state for one in found.patients[1].declined] == ["declined"]
    assert [one.state for one in found.patients[3].improved] == ["improved"]
    drop = found.patients[2].adherence
    assert drop is not None
    assert (drop.due, drop.completed) == (3, 0)
    assert found.inputs.records == 4


def test_a_day_on_which_nothing_happened_has_no_patients(cast: Cast, everybody: list[Patient]) -> None:
    falling(everybody[0], cast)
    alerts.raise_all(
        [alert_rows.pain(everybody[1], now=moment(cast.patient, MONDAY, 12))], now=moment(cast.patient, MONDAY, 12)
    )
    assert [one.reasons for one in caseload(of_therapist(cast, "day")).patients] == [
        ("alert_review",),
        ("provisional_declined",),
    ]
    quiet = caseload(of_therapist(cast, "day", MONDAY + timedelta(days=1)))
    assert (quiet.patients, quiet.patients_treated) == ((), 8)


def test_only_who_was_treated_then_counts(cast: Cast, everybody: list[Patient]) -> None:
    left, discharged, new = everybody[:3]
    CareTeamMember.objects.filter(patient=left, user=cast.therapist).update(
        ended_at=moment(left, SUNDAY, 12), ended_by=cast.admin
    )
    Patient.objects.filter(pk=discharged.pk).update(discharged_on=MONDAY - timedelta(days=1))
    CareTeamMember.objects.filter(patient=new).update(added_at=moment(new, SUNDAY + timedelta(days=1)))
    assert caseload(of_therapist(cast)).patients_treated == 5
    Patient.objects.filter(pk=discharged.pk).update(discharged_on=MONDAY)
    assert caseload(of_therapist(cast)).patients_treated == 6


def test_a_small_clinic_says_nothing(cast: Cast) -> None:
    Patient.objects.filter(clinic=cast.clinic).update(created_at=LONG_AGO)
    falling(cast.patient, cast)
    found = clinic(cast)
    assert (found.patients, found.patients_active, found.records, found.sessions, found.alerts_raised) == (None,) * 5
    assert {bucket.patients for bucket in found.adherence} == {None}
    assert found.inputs.records == 0


def test_a_clinic_month_without_small_cells(cast: Cast, everybody: list[Patient]) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(conditions=["stroke"])
    for patient in everybody:
        falling(patient, cast)
        [item] = items_of(written(patient, ITEM, by=cast.therapist, on=MONDAY))
        for day in (0, 2, 4):
            session(patient, MONDAY + timedelta(days=day), by=cast.therapist, item=item.pk)
    found = clinic(cast)
    assert (found.patients, found.patients_active, found.records, found.sessions) == (8, 8, 40, 24)
    assert [bucket.patients for bucket in found.adherence] == [None, 8, None, None, None]
    [stroke] = found.outcomes
    assert (stroke.condition, stroke.patients, stroke.with_declined) == ("stroke", 8, 8)
    assert (stroke.with_improved, stroke.stable) == (None, None)
    RomMeasurement.objects.filter(patient=everybody[0]).update(status="entered_in_error", version=2,
        change_reason="wrong", changed_by=cast.therapist)  # fmt: skip
    less = clinic(cast)
    assert (less.patients, less.patients_active) == (8, 8)
    assert [(one.patients, one.with_declined) for one in less.outcomes] == [(None, None)], "one of 8 would follow"


@pytest.mark.parametrize("seed", range(3))
def test_no_chunk_and_no_order_changes_a_payload(cast: Cast, everybody: list[Patient], seed: int) -> None:
    rng = Random(seed)
    for patient in everybody[:5]:
        store(patient, [cast.therapist, cast.patient_user], rng=rng)
        [item] = items_of(written(patient, ITEM, by=cast.therapist, on=MONDAY - timedelta(weeks=rng.randrange(8))))
        for day in rng.sample(range(-20, 20), 9):
            session(patient, MONDAY + timedelta(days=day), by=cast.therapist, item=rng.choice([item.pk, None]))
    rows = [
        row(patient, period, MONDAY + timedelta(weeks=weeks))
        for patient in everybody
        for period in ("day", "week", "four_weeks")
        for weeks in (-1, 0, 2)
    ]
    rows += [of_therapist(cast), of_therapist(cast, "day"), of_clinic(cast)]
    whole = summary_material.compute(rows, now=NOW)
    assert set(whole) == {one.pk for one in rows}
    rng.shuffle(rows)
    pieces: dict[uuid.UUID, Any] = {}
    while rows:
        size = rng.randrange(1, 9)
        pieces |= summary_material.compute(rows[:size], now=NOW + timedelta(days=rng.randrange(30)))
        del rows[:size]
    assert pieces == whole


def test_statements_of_a_caseload(cast: Cast, everybody: list[Patient]) -> None:
    for patient in everybody:
        falling(patient, cast)
    summary_material.compute([of_therapist(cast)], now=NOW)
    costs = []
    for rows in ([of_therapist(cast)], [of_therapist(cast), of_therapist(cast, "day")], [of_clinic(cast)]):
        with CaptureQueriesContext(connection) as captured:
            summary_material.compute(rows, now=NOW)
        costs.append(len(captured))
    assert costs == [6, 6, 6]
