"""Who gets a summary by e-mail, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rehab.models import CareTeamMember, Patient, SummaryDelivery
from rehab.services import summary_deliveries, summary_preferences
from tests.conftest import Cast
from tests.summaries import empty_payload, looked, of_patient, patient_payload, stored
from tests.summary_mail import (
    LATER,
    MORNING,
    NIGHT,
    day_of_caseload,
    enqueue,
    many_patients,
    month_of_clinic,
    reasons,
    recipients,
    send,
    wants,
    week_of_caseload,
)


@pytest.fixture(autouse=True)
def _admin_is_verified(cast: Cast) -> None:
    """Nobody invited the founder of a clinic, and so nothing has verified their address."""
    EmailAddress.objects.filter(user=cast.admin).update(verified=True)


# --- Who gets one


def test_of_their_record_nobody_is_written_to_who_did_not_ask(cast: Cast) -> None:
    assert enqueue(of_patient(cast.patient, now=NIGHT)) == 0
    assert not SummaryDelivery.objects.exists()


def test_patient_and_caregiver_who_asked_get_one_at_seven_in_their_morning(cast: Cast) -> None:
    wants(cast.patient_user)
    wants(cast.caregiver)
    wants(cast.therapist)  # of one patient no e-mail tells a therapist
    assert enqueue(of_patient(cast.patient, now=NIGHT)) == 2
    assert set(SummaryDelivery.objects.values_list("send_after", flat=True)) == {MORNING}
    assert send(MORNING - timedelta(seconds=1)) == 0
    assert send(MORNING) == 2
    assert recipients() == [cast.caregiver.email, cast.patient_user.email]
    assert send(LATER) == 0


def test_a_therapist_gets_the_digest_and_an_administrator_the_month_without_asking(cast: Cast) -> None:
    rows = [week_of_caseload(cast), day_of_caseload(cast, patients=(looked(cast.patient),)), month_of_clinic(cast)]
    month = rows[2]
    now = datetime(2026, 3, 31, 20, tzinfo=UTC)
    assert enqueue(*rows[:2]) == 2
    assert enqueue(month, now=now) == 1
    assert send(LATER) == 2
    assert send(now + timedelta(hours=5)) == 1
    assert recipients() == [cast.admin.email, cast.therapist.email, cast.therapist.email]


def test_who_said_no_gets_none(cast: Cast) -> None:
    summary_preferences.change({"caseload_weekly": False}, by=cast.therapist, now=NIGHT)
    summary_preferences.change({"monthly": False}, by=cast.admin, now=NIGHT)
    assert enqueue(week_of_caseload(cast), month_of_clinic(cast)) == 0


def test_a_therapist_may_ask_for_the_month_too(cast: Cast) -> None:
    summary_preferences.change({"monthly": True}, by=cast.colleague, now=NIGHT)
    now = datetime(2026, 3, 31, 20, tzinfo=UTC)
    assert enqueue(month_of_clinic(cast), now=now) == 2


def test_a_choice_about_work_says_nothing_about_one_s_own_record(cast: Cast, now: datetime) -> None:
    """A therapist who is a patient elsewhere: turning one digest off must not turn mail about their body on."""
    CareTeamMember.objects.filter(user=cast.other_patient_user).update(user=cast.therapist)
    summary_preferences.change({"caseload_weekly": False}, by=cast.therapist, now=now)
    assert enqueue(of_patient(cast.other_patient, now=NIGHT)) == 0


def test_only_first_versions_are_told_of(cast: Cast) -> None:
    wants(cast.patient_user)
    assert enqueue(of_patient(cast.patient, now=NIGHT, version=2)) == 0


def test_what_is_computed_long_after_its_period_is_not_told_of(cast: Cast) -> None:
    wants(cast.patient_user)
    assert enqueue(of_patient(cast.patient, now=NIGHT), now=NIGHT + timedelta(days=8)) == 0


def test_writing_twice_writes_once(cast: Cast) -> None:
    wants(cast.patient_user)
    row = of_patient(cast.patient, now=NIGHT)
    enqueue(row)
    enqueue(row)
    assert SummaryDelivery.objects.count() == 1
    assert send() == 1
    enqueue(row)
    assert send(LATER + timedelta(hours=1)) == 0


def test_a_computation_that_is_rolled_back_takes_its_e_mails_with_it(cast: Cast) -> None:
    wants(cast.patient_user)
    with transaction.atomic():
        assert summary_deliveries.enqueue([of_patient(cast.patient, now=NIGHT)], now=NIGHT) == 1
        transaction.set_rollback(True)
    assert not SummaryDelivery.objects.exists()


def test_a_patient_without_any_account_has_a_summary_and_no_e_mail(cast: Cast) -> None:
    alone = Patient.objects.create(clinic=cast.clinic, name="Alone", time_zone="Asia/Shanghai", created_digest="")
    assert enqueue(of_patient(alone, now=NIGHT)) == 0
    assert not SummaryDelivery.objects.exists()


def test_an_address_that_nobody_verified_gets_nothing_and_the_row_says_so(cast: Cast) -> None:
    wants(cast.patient_user)
    EmailAddress.objects.filter(user=cast.patient_user).update(verified=False)
    assert enqueue(of_patient(cast.patient, now=NIGHT)) == 0
    assert reasons() == {cast.patient_user.email: "no_address"}
    assert send() == 0


def test_a_discharged_patient_gets_the_last_one(cast: Cast) -> None:
    wants(cast.patient_user)
    assert enqueue(of_patient(cast.patient, now=NIGHT, notes=("discharged",))) == 1
    assert send() == 1


def test_a_day_in_which_nothing_happened_is_not_sent(cast: Cast) -> None:
    wants(cast.patient_user, daily=True)
    day = date(2026, 3, 8)
    silent = empty_payload(period="day", starts_on=day, ends_on=day)
    rows = [day_of_caseload(cast, patients=()), stored(silent, clinic=cast.clinic, patient=cast.patient, now=NIGHT)]
    assert enqueue(*rows) == 0
    assert reasons() == {cast.patient_user.email: "nothing", cast.therapist.email: "nothing"}


def test_a_day_without_records_tells_what_is_due(cast: Cast) -> None:
    wants(cast.patient_user, daily=True)
    day = date(2026, 3, 8)
    silent = empty_payload(period="day", starts_on=day, ends_on=day, due_next=patient_payload().due_next)
    assert enqueue(stored(silent, clinic=cast.clinic, patient=cast.patient, now=NIGHT)) == 1


def test_a_silent_week_is_sent_to_who_asked(cast: Cast) -> None:
    wants(cast.patient_user)
    assert enqueue(stored(empty_payload(), clinic=cast.clinic, patient=cast.patient, now=NIGHT)) == 1


def test_many_cost_as_many_statements_as_few(cast: Cast) -> None:
    costs = []
    for count in (3, 40):
        rows = many_patients(cast, count)
        with CaptureQueriesContext(connection) as captured:
            assert enqueue(*rows) == count
        costs.append(len([query for query in captured if "SAVEPOINT" not in query["sql"]]))
    assert costs[0] == costs[1] <= 4


# --- When


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "expected"),
    [
        ("UTC", None, NIGHT, MORNING),  # as accounts start: the patient's own zone
        ("America/New_York", None, NIGHT, NIGHT),  # a caregiver far away, in the afternoon
        ("America/New_York", None, NIGHT + timedelta(hours=8), datetime(2026, 3, 9, 11, tzinfo=UTC)),
        ("UTC", ("22:00", "09:30"), NIGHT, datetime(2026, 3, 9, 1, 30, tzinfo=UTC)),
        ("UTC", ("22:00", "03:00"), NIGHT, NIGHT),
    ],
)
def test_quiet_hours_are_kept(
    cast: Cast, zone: str, quiet: tuple[str, str] | None, now: datetime, expected: datetime
) -> None:
    User.objects.filter(pk=cast.caregiver.pk).update(time_zone=zone)
    chosen = {} if quiet is None else {"quiet_from": quiet[0], "quiet_until": quiet[1]}
    wants(cast.caregiver, **chosen)
    enqueue(of_patient(cast.patient, now=now), now=now)
    assert SummaryDelivery.objects.get().send_after == expected


def test_hours_that_are_changed_meanwhile_are_kept_too(cast: Cast) -> None:
    wants(cast.patient_user)
    enqueue(of_patient(cast.patient, now=NIGHT))
    wants(cast.patient_user, quiet_from="06:00", quiet_until="12:00")
    assert send(MORNING) == 0
    assert SummaryDelivery.objects.get().send_after == datetime(2026, 3, 9, 4, tzinfo=UTC)
    assert send(datetime(2026, 3, 9, 4, tzinfo=UTC)) == 1
