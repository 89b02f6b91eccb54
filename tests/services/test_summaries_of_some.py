"""What patients get of whom there is little to say: no record, one, only skipped sessions, discharged, no e-mail."""

from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Clinic, Membership
from rehab.analytics.summaries import PatientSummary
from rehab.models import CareTeamMember, Patient, Summary, SummaryDelivery
from rehab.selectors import summaries as selectors
from rehab.services import patients, records, summaries, summary_preferences, summary_schedule
from rehab.services.kinds import KINDS
from rehab.web.summaries import mail
from tests.conftest import Cast
from tests.documents import document

#: Monday 6 April 2026, 08:00 in Shanghai.
NOW = datetime(2026, 4, 6, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
IN_THE_WEEK = datetime(2026, 4, 1, 10, tzinfo=UTC)


@pytest.fixture
def settled(cast: Cast) -> Cast:
    Patient.objects.update(created_at=LONG_AGO)
    Clinic.objects.update(created_at=LONG_AGO)
    CareTeamMember.objects.update(added_at=LONG_AGO)
    Membership.objects.update(joined_at=LONG_AGO)
    summary_preferences.change({"weekly": True, "daily": True}, by=cast.patient_user, now=NOW)
    return cast


def log(cast: Cast, kind: str, variant: str, **more: object) -> None:
    sent = document(kind, variant, cast.patient.pk, performed_at=IN_THE_WEEK.isoformat(), confirm=True, **more)
    records.create(KINDS[kind], sent, by=cast.therapist, source="api", now=NOW)


def compute() -> None:
    summary_schedule.dispatch(now=NOW)
    while summaries.compute_some(now=NOW).claimed:
        pass
    assert set(Summary.objects.values_list("status", "last_error")) == {("computed", "")}


def week(cast: Cast) -> tuple[Summary, PatientSummary]:
    row = Summary.objects.get(patient=cast.patient, period="week", starts_on=date(2026, 3, 30))
    return row, PatientSummary.model_validate(row.payload)


def words(cast: Cast, row: Summary) -> str:
    seen = selectors.get(cast.patient_user, row.pk)
    letter = mail.letter(seen, cast.patient_user, "https://rehab.example/unsubscribe/")
    assert letter.subject
    return letter.text


def test_no_data_says_so_in_the_week_and_nothing_in_the_mail_of_the_day(settled: Cast) -> None:
    compute()
    row, payload = week(settled)
    assert payload.notes == ("no_records",)
    assert payload.counts.records == 0
    assert (payload.series, payload.doses, payload.symptoms) == ((), (), ())
    assert words(settled, row)
    deliveries = SummaryDelivery.objects.filter(recipient=settled.patient_user)
    assert deliveries.get(summary=row).drop_reason == ""
    assert set(deliveries.filter(summary__period="day").values_list("drop_reason", flat=True)) == {"nothing"}


def test_one_record_is_no_change(settled: Cast) -> None:
    log(settled, "strength", "grip")
    compute()
    row, payload = week(settled)
    assert "one_record" in payload.notes
    assert [series.state for series in payload.series] == ["insufficient_data"]
    assert words(settled, row)


def test_only_skipped_sessions_are_named_and_not_counted_as_done(settled: Cast) -> None:
    skipped = {"modality": "aerobic", "patient": str(settled.patient.pk), "performed_at": IN_THE_WEEK.isoformat()}
    sent = {**skipped, "status": "skipped", "reason": "fatigue"}
    records.create(KINDS["sessions"], sent, by=settled.therapist, source="api", now=NOW)
    compute()
    row, payload = week(settled)
    assert "only_skipped" in payload.notes
    assert (payload.counts.sessions_completed, payload.counts.sessions_skipped) == (0, 1)
    assert words(settled, row)


def test_a_discharge_is_said_and_ends_the_summaries(settled: Cast) -> None:
    version = settled.patient.version
    patients.amend(
        settled.patient.pk, {"discharged_on": "2026-04-02"}, expected_version=version, by=settled.therapist, now=NOW
    )
    compute()
    row, payload = week(settled)
    assert "discharged" in payload.notes
    assert payload.due_next == ()
    assert words(settled, row)
    days = Summary.objects.filter(patient=settled.patient, period="day", starts_on__gt=date(2026, 4, 2))
    assert not days.exists()


def test_who_has_no_verified_address_has_the_page(settled: Cast) -> None:
    EmailAddress.objects.filter(user=settled.patient_user).update(verified=False)
    compute()
    row, _payload = week(settled)
    delivery = SummaryDelivery.objects.get(summary=row, recipient=settled.patient_user)
    assert (delivery.drop_reason, delivery.sent_at) == ("no_address", None)
    assert selectors.get(settled.patient_user, row.pk).payload is not None
