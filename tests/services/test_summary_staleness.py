"""Late records: which summaries they make stale, and that each is computed anew once."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.ids import new_id
from accounts.models import Clinic, Membership
from rehab.models import AlertWatermark, CareTeamMember, Patient, Record, Summary, SummaryVersion, WeekTotal
from rehab.services import excusals, patients, records, summaries, summary_schedule, summary_staleness
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document
from tests.services.test_summaries import Work

#: Monday 6 April 2026, 08:00 in Shanghai: the week of 30 March is over, and computed.
NOW = datetime(2026, 4, 6, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def computed(cast: Cast, work: Work) -> Cast:
    """The cast, with every summary of the last weeks computed."""
    for model, column in ((Patient, "created_at"), (Clinic, "created_at"), (CareTeamMember, "added_at")):
        model.objects.update(**{column: LONG_AGO})
    Membership.objects.update(joined_at=LONG_AGO)
    audit.seal(now=NOW)
    summary_schedule.dispatch(now=NOW)
    work.all(NOW)
    assert set(Summary.objects.values_list("status", flat=True)) == {"computed"}
    return cast


def log(cast: Cast, at: datetime, *, now: datetime = NOW, patient: Patient | None = None) -> Record:
    sent = document("strength", "pinch", (patient or cast.patient).pk, performed_at=at.isoformat(), id=str(new_id()))
    by = cast.other_therapist if patient == cast.other_patient else cast.therapist
    return records.create(KINDS["strength"], {**sent, "confirm": True}, by=by, source="api", now=now).record


def mark(now: datetime = NOW) -> int:
    audit.seal(now=now)
    return summary_staleness.mark(now=now)


def stale(**wanted: Any) -> list[tuple[str, str, date]]:
    found = Summary.objects.filter(status="stale", **wanted).order_by("audience", "period", "starts_on", "id")
    return list(found.values_list("audience", "period", "starts_on"))


SUNDAY = datetime(2026, 4, 5, 10, tzinfo=UTC)


def test_a_late_record_makes_the_periods_of_its_day_stale(computed: Cast) -> None:
    log(computed, SUNDAY)
    log(computed, datetime(2026, 3, 10, 10, tzinfo=UTC))
    assert mark() == 2
    assert stale() == [
        ("clinic", "month", date(2026, 3, 1)),
        ("patient", "day", date(2026, 4, 5)),
        ("patient", "four_weeks", date(2026, 2, 23)),
        ("patient", "week", date(2026, 3, 9)),
        ("patient", "week", date(2026, 3, 30)),
        ("therapist", "day", date(2026, 4, 5)),
        ("therapist", "week", date(2026, 3, 9)),
        ("therapist", "week", date(2026, 3, 30)),
    ]
    assert {row.clinic_id for row in Summary.objects.filter(status="stale")} == {computed.clinic.pk}
    assert set(Summary.objects.filter(status="stale").values_list("stale_since", "stale_until_quiet")) == {
        (NOW, NOW + timedelta(minutes=2))
    }
    assert mark(NOW + timedelta(minutes=1)) == 0


def test_a_record_of_today_or_of_nobodys_period_makes_nothing_stale(computed: Cast) -> None:
    log(computed, NOW - timedelta(minutes=5))
    log(computed, datetime(2025, 6, 1, tzinfo=UTC))
    mark()
    assert stale() == []


@pytest.mark.parametrize("change", ["moved", "in_error"])
def test_a_change_touches_the_day_before_and_the_day_after_it(computed: Cast, work: Work, change: str) -> None:
    record = log(computed, datetime(2026, 3, 20, 10, tzinfo=UTC))
    mark()
    work.all(NOW + timedelta(minutes=3))
    assert stale() == []
    about: dict[str, Any] = {"reason": "wrong day", "expected_version": 1, "by": computed.therapist, "now": NOW}
    if change == "moved":
        moved = {"performed_at": "2026-04-02T10:00:00Z"}
        records.amend(KINDS["strength"], record.pk, moved, confirm=True, **about)
    else:
        records.enter_in_error(KINDS["strength"], record.pk, **about)
    mark()
    weeks = {on for _, period, on in stale(audience="patient") if period == "week"}
    assert weeks == {date(2026, 3, 16), date(2026, 3, 30)} if change == "moved" else {date(2026, 3, 16)}


def test_a_record_stays_on_its_day_when_it_is_amended_after_a_move(computed: Cast) -> None:
    """Half past midnight in Shanghai; where the patient lives now, it was the morning of the day before."""
    record = log(computed, datetime(2026, 3, 20, 16, 30, tzinfo=UTC))
    assert record.performed_on == date(2026, 3, 21)
    Patient.objects.filter(pk=computed.patient.pk).update(time_zone="America/Los_Angeles")
    about: dict[str, Any] = {"reason": "clearer", "confirm": True, "by": computed.therapist, "now": NOW}
    amended = records.amend(KINDS["strength"], record.pk, {"note": "Sitting"}, expected_version=1, **about)
    amended.refresh_from_db()
    assert amended.performed_on == date(2026, 3, 21)
    moved = {"performed_at": "2026-03-20T16:31:00Z"}
    amended = records.amend(KINDS["strength"], record.pk, moved, expected_version=2, **about)
    amended.refresh_from_db()
    assert amended.performed_on == date(2026, 3, 20), "another moment is a day where the patient lives now"


def test_excused_days_and_a_discharge_touch_their_days(computed: Cast) -> None:
    days = {"patient": str(computed.patient.pk), "first_on": "2026-03-15", "last_on": "2026-03-16", "reason": "illness"}
    made = excusals.excuse(days, by=computed.therapist, now=NOW).excusal
    mark()
    assert {on for _, period, on in stale(audience="patient") if period == "week"} == {
        date(2026, 3, 9), date(2026, 3, 16),
    }  # fmt: skip
    Summary.objects.filter(status="stale").update(status="computed", stale_since=None, stale_until_quiet=None)
    excusals.withdraw(made.pk, expected_version=1, by=computed.therapist, now=NOW)
    mark()
    assert len([1 for _, period, _ in stale(audience="patient") if period == "week"]) == 2
    Summary.objects.filter(status="stale").update(status="computed", stale_since=None, stale_until_quiet=None)
    discharge = {"discharged_on": "2026-04-03"}
    patients.amend(computed.patient.pk, discharge, expected_version=1, by=computed.therapist, now=NOW)
    mark()
    assert stale(audience="patient") == [
        ("patient", "day", date(2026, 4, 3)), ("patient", "week", date(2026, 3, 30)),
    ]  # fmt: skip


def test_two_hundred_late_records_of_one_week_are_one_recomputation(computed: Cast, work: Work) -> None:
    """A phone that was offline sends them over some minutes; version 2 comes once, and no second e-mail."""
    week = Summary.objects.get(patient=computed.patient, period="week", starts_on=date(2026, 3, 9))
    before, mailed = len(work.chunks), list(work.mailed)
    at = NOW
    for number in range(200):
        log(computed, datetime(2026, 3, 10, 10, tzinfo=UTC) + timedelta(minutes=number), now=at)
        if number % 25 == 24:
            at += timedelta(seconds=60)
            work.digests = dict.fromkeys(Summary.objects.values_list("pk", flat=True), f"digest {number}")
            mark(at)
            work.all(at)
    assert all(week.pk not in chunk for chunk in work.chunks[before:])
    work.all(at + timedelta(minutes=2))
    week.refresh_from_db()
    assert (week.version, week.status) == (2, "computed")
    assert sum(week.pk in chunk for chunk in work.chunks[before:]) == 1
    assert SummaryVersion.objects.filter(summary=week).count() == 1
    assert work.mailed == mailed
    mark(at + timedelta(minutes=3))
    work.all(at + timedelta(minutes=30))
    week.refresh_from_db()
    assert week.version == 2


def test_who_never_stops_sending_is_summed_up_after_ten_minutes(computed: Cast, work: Work) -> None:
    week = Summary.objects.get(patient=computed.patient, period="week", starts_on=date(2026, 3, 9))
    at, before = NOW, len(work.chunks)
    while at < NOW + timedelta(minutes=11):
        log(computed, datetime(2026, 3, 10, 10, tzinfo=UTC), now=at)
        mark(at)
        work.all(at)
        at += timedelta(seconds=30)
    assert sum(week.pk in chunk for chunk in work.chunks[before:]) == 1


def test_a_record_that_comes_while_its_summary_is_computed_is_not_lost(cast: Cast, work: Work) -> None:
    """The worker read the records before this one; what it writes must not count."""
    for model, column in ((Patient, "created_at"), (Clinic, "created_at"), (CareTeamMember, "added_at")):
        model.objects.update(**{column: LONG_AGO})
    summary_schedule.dispatch(now=NOW)
    day = Summary.objects.get(patient=cast.patient, period="day", starts_on=date(2026, 4, 5))

    def meanwhile() -> None:
        if not came:
            came.append(log(cast, SUNDAY))
            mark()

    came: list[Record] = []
    work.meanwhile = meanwhile
    work.some(NOW)
    while not came:
        work.some(NOW)
    day.refresh_from_db()
    assert (day.status, day.claim) == ("due", None)
    work.all(NOW)
    day.refresh_from_db()
    assert (day.status, day.version) == ("computed", 1)
    assert work.mailed.count(day.pk) == 1


def test_following_begins_where_summaries_do(cast: Cast) -> None:
    """What was recorded before there were summaries was never late: a service with years of events reads none."""
    log(cast, SUNDAY)
    audit.seal(now=NOW)
    summary_schedule.dispatch(now=NOW)
    assert AlertWatermark.objects.get(name="summary").seal_id > 0
    assert mark() == 0
    log(cast, SUNDAY)
    assert mark() == 1


def test_statements_do_not_grow_with_the_records(computed: Cast) -> None:
    def statements(days: Collection[int]) -> int:
        for day in days:
            log(computed, datetime(2026, 3, day, 10, tzinfo=UTC))
        audit.seal(now=NOW)
        with CaptureQueriesContext(connection) as captured:
            summary_staleness.mark(now=NOW)
        return len(captured)

    few = statements([2, 30])  # of weeks long ago, and of the last days
    Summary.objects.filter(status="stale").update(status="computed", stale_since=None, stale_until_quiet=None)
    assert statements(range(3, 30)) == few


def test_a_stale_summary_may_be_asked_for_at_once(computed: Cast, work: Work) -> None:
    log(computed, SUNDAY)
    mark()
    assert work.all(NOW) == []
    day = Summary.objects.get(patient=computed.patient, period="day", starts_on=date(2026, 4, 5))
    assert summaries.ask_again([day.pk], now=NOW) == 1
    assert len(work.all(NOW)) == 1


def test_totals_of_weeks_follow_the_records_late_or_not(computed: Cast) -> None:
    log(computed, NOW - timedelta(minutes=5))
    old = log(computed, datetime(2026, 3, 10, 10, tzinfo=UTC))
    log(computed, datetime(2024, 3, 10, 10, tzinfo=UTC))
    mark()
    weeks = WeekTotal.objects.filter(patient=computed.patient).order_by("starts_on")
    assert list(weeks.values_list("starts_on", "records")) == [
        (date(2024, 3, 4), 1), (date(2026, 3, 9), 1), (date(2026, 4, 6), 1),
    ]  # fmt: skip
    records.enter_in_error(
        KINDS["strength"], old.pk, reason="wrong day", expected_version=1, by=computed.therapist, now=NOW
    )
    mark()
    assert date(2026, 3, 9) not in set(weeks.values_list("starts_on", flat=True))


def test_what_was_recorded_before_there_were_summaries_is_summed_up_once(cast: Cast) -> None:
    log(cast, SUNDAY)
    summary_schedule.dispatch(now=NOW)
    assert WeekTotal.objects.get().starts_on == date(2026, 3, 30)
    log(cast, SUNDAY - timedelta(days=14))
    summary_schedule.dispatch(now=NOW)
    assert WeekTotal.objects.count() == 1
