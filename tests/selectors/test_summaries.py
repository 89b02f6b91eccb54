"""Who may open which summary, and how much of it."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Membership, User
from rehab.analytics.summaries import CaseloadSummary, PatientSummary
from rehab.errors import NotFound
from rehab.models import CareTeamMember, Summary
from rehab.selectors import summaries
from rehab.selectors.summaries import SummaryFilters
from tests.conftest import Cast
from tests.summaries import WEEK, caseload_payload, clinic_payload, due, looked, of_patient, patient_payload, stored

TEAM = ("patient_user", "caregiver", "therapist")
OTHERS = ("colleague", "admin", "other_therapist", "other_patient_user")


def payload_of(viewer: User, summary: Summary, version: int | None = None) -> PatientSummary:
    payload = summaries.get(viewer, summary.pk, version).payload
    assert isinstance(payload, PatientSummary)
    return payload


@pytest.mark.parametrize("role", TEAM)
def test_the_team_opens_a_summary_of_a_patient(cast: Cast, now: datetime, role: str) -> None:
    summary = of_patient(cast.patient, now=now)
    assert payload_of(cast.user(role), summary).counts == patient_payload().counts
    assert summaries.get(cast.user(role), summary.pk).therapists == (cast.therapist.name,)
    assert list(summaries.visible_to(cast.user(role))) == [summary]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_finds_it(cast: Cast, now: datetime, role: str) -> None:
    summary = of_patient(cast.patient, now=now)
    with pytest.raises(NotFound):
        summaries.get(cast.user(role), summary.pk)
    assert not summaries.visible_to(cast.user(role)).exists()


@pytest.mark.parametrize("role", ["patient_user", "caregiver"])
def test_what_is_for_clinicians_is_left_out(cast: Cast, now: datetime, role: str) -> None:
    summary = of_patient(cast.patient, now=now, version=2)
    for version in (1, 2):
        payload = payload_of(cast.user(role), summary, version)
        assert (payload.load, payload.alerts, payload.quality) == (None, (), ())
    [row], _after = summaries.page(viewer=cast.user(role), filters=SummaryFilters(), after=None, limit=5)
    assert isinstance(row.payload, PatientSummary)
    assert (row.payload.load, row.payload.alerts, row.payload.quality) == (None, (), ())
    full = payload_of(cast.therapist, summary)
    assert full.load
    assert full.alerts
    assert full.quality


def test_every_version_as_it_was(cast: Cast, now: datetime) -> None:
    summary = of_patient(cast.patient, now=now, version=3)
    found = summaries.get(cast.patient_user, summary.pk)
    assert [(line.version, line.replaced_at is None) for line in found.versions] == [(3, True), (2, False), (1, False)]
    assert found.is_latest
    first = summaries.get(cast.patient_user, summary.pk, 1)
    assert isinstance(first.payload, PatientSummary)
    assert (first.version, first.payload.counts.records, first.is_latest) == (1, 1, False)
    for nothing in (0, 4, 99):
        with pytest.raises(NotFound):
            summaries.get(cast.patient_user, summary.pk, nothing)


def test_one_that_is_not_computed_yet(cast: Cast, now: datetime) -> None:
    waiting = due(cast.patient, now=now)
    found = summaries.get(cast.patient_user, waiting.pk)
    assert (found.payload, found.version, found.versions) == (None, 0, ())
    assert summaries.page(viewer=cast.patient_user, filters=SummaryFilters(), after=None, limit=5) == ([], None)


def test_a_caseload_belongs_to_its_therapist(cast: Cast, now: datetime) -> None:
    payload = caseload_payload(looked(cast.patient))
    summary = stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now)
    found = summaries.get(cast.therapist, summary.pk)
    assert found.payload == payload
    for role in ("colleague", "admin", "patient_user", "caregiver", "other_therapist"):
        with pytest.raises(NotFound):
            summaries.get(cast.user(role), summary.pk)
    Membership.objects.filter(user=cast.therapist).update(ended_at=now)
    with pytest.raises(NotFound):
        summaries.get(cast.therapist, summary.pk)


def test_a_patient_treated_no_more_leaves_the_caseloads_of_before(cast: Cast, now: datetime) -> None:
    payload = caseload_payload(looked(cast.patient), looked(cast.other_patient))
    summary = stored(payload, clinic=cast.clinic, therapist=cast.therapist, now=now)
    found = summaries.get(cast.therapist, summary.pk)
    assert isinstance(found.payload, CaseloadSummary)
    assert ([one.name for one in found.payload.patients], found.left_out) == ([cast.patient.name], 1)
    CareTeamMember.objects.filter(user=cast.therapist).update(ended_at=now, ended_by=cast.admin)
    again = summaries.get(cast.therapist, summary.pk)
    assert isinstance(again.payload, CaseloadSummary)
    assert (again.payload.patients, again.left_out) == ((), 2)


def test_a_clinic_is_for_who_works_there(cast: Cast, now: datetime) -> None:
    summary = stored(clinic_payload(), clinic=cast.clinic, now=now)
    for role in ("admin", "therapist", "colleague"):
        assert summaries.get(cast.user(role), summary.pk).payload == clinic_payload()
        assert summaries.clinics_of(cast.user(role)) == [cast.clinic]
    for role in ("patient_user", "caregiver", "other_therapist"):
        with pytest.raises(NotFound):
            summaries.get(cast.user(role), summary.pk)
    assert summaries.clinics_of(cast.patient_user) == []


def test_pages_show_each_once_and_filters_narrow(cast: Cast, now: datetime) -> None:
    for i in range(7):
        start = WEEK - timedelta(weeks=i)
        of_patient(cast.patient, now=now, starts_on=start, ends_on=start + timedelta(days=6))
    of_patient(cast.patient, now=now, period="day", ends_on=WEEK)
    of_patient(cast.other_patient, now=now)
    found, after = [], None
    for _page in range(3):
        rows, after = summaries.page(viewer=cast.caregiver, filters=SummaryFilters(), after=after, limit=3)
        found += rows
    assert after is None
    assert len({row.summary.pk for row in found}) == len(found) == 8
    days = [row.summary.starts_on for row in found]
    assert days == sorted(days, reverse=True)

    def count(**filters: object) -> int:
        narrowed = SummaryFilters(**filters)  # type: ignore[arg-type]  # whatever a filter takes
        return len(summaries.page(viewer=cast.patient_user, filters=narrowed, after=None, limit=50)[0])

    assert count(period="day") == 1
    assert count(period="week", starts_from=WEEK - timedelta(weeks=2), starts_to=WEEK - timedelta(weeks=1)) == 2
    assert count(patient_id=cast.patient.pk) == 8
    assert count(audience="clinic") == 0
    with pytest.raises(NotFound):
        count(patient_id=cast.other_patient.pk)
