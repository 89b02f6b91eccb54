"""What a summary says of the plan: what a single day was due, what comes next, and what was done."""

from datetime import UTC, datetime, timedelta

import pytest

from rehab.models import Patient
from rehab.selectors import adherence
from rehab.services import excusals
from tests import questionnaires
from tests.conftest import Cast
from tests.documents import document
from tests.programs import ITEM, MONDAY, WEEKLY, items_of, moment, session, written
from tests.selectors.test_summary_material import SUNDAY, of, record

NEXT_MONDAY = MONDAY + timedelta(weeks=1)


@pytest.fixture
def patient(cast: Cast) -> Patient:
    """Enrolled long before the weeks that are looked at."""
    Patient.objects.filter(pk=cast.patient.pk).update(created_at=datetime(2025, 12, 1, tzinfo=UTC))
    return Patient.objects.get(pk=cast.patient.pk)


def excuse(patient: Patient, cast: Cast, first: int, last: int) -> None:
    """Excuse days of the week after, counted from its Monday."""
    days = [(NEXT_MONDAY + timedelta(days=day)).isoformat() for day in (first, last)]
    sent = {"patient": str(patient.pk), "first_on": days[0], "last_on": days[1], "reason": "Holiday"}
    excusals.excuse(sent, by=cast.therapist, now=moment(patient, MONDAY))


def test_a_sunday_is_not_told_of_the_whole_week(cast: Cast, patient: Patient) -> None:
    [walk] = items_of(written(patient, WEEKLY, by=cast.therapist))
    for day in (0, 2):
        session(patient, MONDAY + timedelta(days=day), by=cast.patient_user, variant="aerobic", item=walk.pk)
    record("check-ins", "check-ins", patient, cast.patient_user, SUNDAY)
    for on in (MONDAY, SUNDAY):
        assert of(patient, "day", on).adherence is None
    week = of(patient).adherence
    assert week is not None
    assert (week.due, week.completed) == (3, 2)


def test_of_a_day_counts_what_was_due_on_it(cast: Cast, patient: Patient) -> None:
    band, walk = items_of(written(patient, {**ITEM, "weekdays": ["sun"]}, WEEKLY, by=cast.therapist))
    session(patient, SUNDAY, by=cast.patient_user, item=band.pk)
    session(patient, SUNDAY, by=cast.patient_user, variant="aerobic", item=walk.pk)
    found = of(patient, "day", SUNDAY).adherence
    assert found is not None
    assert (found.due, found.completed, found.extra, found.excused) == (1, 1, 0, 0)


def test_excused_days_of_a_week_are_not_excused_sessions_of_its_sunday(cast: Cast, patient: Patient) -> None:
    written(patient, WEEKLY, by=cast.therapist)
    excuse(patient, cast, 0, 3)
    after = of(patient, starts_on=NEXT_MONDAY).adherence
    assert after is not None
    assert (after.due, after.excused) == (1, 2)
    assert of(patient, "day", NEXT_MONDAY + timedelta(days=6)).adherence is None


@pytest.mark.parametrize(("last_excused", "expected"), [(0, [3]), (1, [2]), (3, [1]), (5, []), (6, [])])
def test_what_comes_next_is_as_often_as_the_week_will_count(
    cast: Cast, patient: Patient, last_excused: int, expected: list[int]
) -> None:
    written(patient, WEEKLY, by=cast.therapist)
    excuse(patient, cast, 0, last_excused)
    said = [one.times for one in of(patient).due_next]
    assert said == expected
    week = adherence.of_patient(patient.pk, today=NEXT_MONDAY).week
    assert sum(times or 0 for times in said) == week.planned


def test_of_a_day_it_is_the_week_s_count_too(cast: Cast, patient: Patient) -> None:
    written(patient, WEEKLY, by=cast.therapist)
    excuse(patient, cast, 0, 3)
    assert [one.times for one in of(patient, "day", NEXT_MONDAY).due_next] == [], "the next day is excused itself"
    assert [one.times for one in of(patient, "day", NEXT_MONDAY + timedelta(days=3)).due_next] == [1]


def test_what_ends_in_the_week_is_due_less_often(cast: Cast, patient: Patient) -> None:
    written(patient, {**WEEKLY, "end_on": (NEXT_MONDAY + timedelta(days=1)).isoformat()}, by=cast.therapist)
    assert [one.times for one in of(patient).due_next] == [1]
    Patient.objects.filter(pk=patient.pk).update(discharged_on=NEXT_MONDAY)
    assert of(patient).due_next == ()


def test_after_the_last_day_of_care_nothing_is_due(cast: Cast, patient: Patient) -> None:
    """Neither in the summary of that week nor on the page of the programme: nobody missed what was over."""
    written(patient, {**ITEM, "weekdays": ["mon", "wed", "fri"]}, WEEKLY, by=cast.therapist)
    Patient.objects.filter(pk=patient.pk).update(discharged_on=MONDAY + timedelta(days=2))
    week = of(patient).adherence
    assert week is not None
    assert week.due == 2 + 1
    page = adherence.of_patients([patient.pk], today={patient.pk: MONDAY + timedelta(days=13)})
    assert page[patient.pk].due == week.due


@pytest.mark.parametrize(("muscle", "expected"), [("ANK_DF", None), (None, 2 * 456 / 60)])
def test_stimulation_is_not_added_up_over_muscles(
    cast: Cast, patient: Patient, muscle: str | None, expected: float | None
) -> None:
    """Each muscle has a dose of its own; one that is everybody's sum would be nobody's."""
    usual = document("sessions", "fes", patient.pk)["details"]
    other = {**usual, "channels": [{**channel, "muscle": muscle or channel["muscle"]} for channel in usual["channels"]]}
    for day, details in ((0, usual), (2, other)):
        session(patient, MONDAY + timedelta(days=day), by=cast.patient_user, variant="fes", details=details)
    [dose] = of(patient).doses
    assert (dose.sessions, dose.minutes) == (2, 40)
    assert dose.fes_on_minutes == (expected if expected is None else pytest.approx(expected))


def test_answers_to_questionnaires_are_not_counted(cast: Cast, patient: Patient) -> None:
    """The timeline does not show them either, and a caregiver is not to learn that there was one."""
    at = moment(patient, MONDAY, 12)
    questionnaires.switch_on(cast.clinic, admin=cast.admin, responder=None, now=at)
    questionnaires.answer(patient, "phq2", 1, 1, by=cast.patient_user, now=at)
    found = of(patient)
    assert (found.counts.records, found.counts.active_days, found.inputs.records) == (0, 0, 0)
    assert found.notes == ("no_records",)
