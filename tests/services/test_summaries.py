"""Claiming and computing summaries: once, whoever does it; what fails holds up nobody else."""

import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts.ids import new_id
from rehab.analytics.summaries import Inputs, PatientSummary
from rehab.models import Patient, Summary, SummaryVersion
from rehab.services import summaries
from rehab.services.summaries import CHUNK, FIRST_WAIT, LEASE, Chunk
from tests.conftest import Cast
from tests.summaries import caseload_payload, clinic_payload, empty_payload

NOW = datetime(2026, 3, 30, 20, tzinfo=UTC)
NOTHING_TO_DO = Chunk()


class Work:
    """What computing calls: payloads that follow from the row, and a list of what was to be mailed."""

    def __init__(self) -> None:
        self.chunks: list[list[uuid.UUID]] = []
        self.mailed: list[uuid.UUID] = []
        self.digests: dict[uuid.UUID, str] = {}
        self.bad: set[uuid.UUID] = set()
        self.meanwhile: Callable[[], Any] = lambda: None

    def compute(self, rows: Sequence[Summary], *, now: datetime) -> dict[uuid.UUID, summaries.Payload]:
        self.chunks.append([row.pk for row in rows])
        if found := self.bad & {row.pk for row in rows}:
            raise ValueError(f"{len(found)} bad rows")
        self.meanwhile()
        return {row.pk: self.payload(row) for row in rows}

    def payload(self, row: Summary) -> summaries.Payload:
        given = {
            **{name: getattr(row, name) for name in ("period", "starts_on", "ends_on", "time_zone")},
            "inputs": Inputs(records=0, digest=self.digests.get(row.pk, "first"), methods=()),
        }
        if row.audience == Summary.Audience.PATIENT:
            return empty_payload(**given)
        if row.audience == Summary.Audience.THERAPIST:
            return caseload_payload(**given)
        return clinic_payload(**given)

    def enqueue(self, rows: Sequence[Summary], *, now: datetime) -> int:
        self.mailed += [row.pk for row in rows]
        return len(rows)

    def some(self, now: datetime = NOW, only: Q | None = None) -> Chunk:
        return summaries.compute_some(now=now, compute=self.compute, enqueue=self.enqueue, only=only)

    def all(self, now: datetime = NOW) -> list[Chunk]:
        found = []
        while (chunk := self.some(now)) != NOTHING_TO_DO:
            found.append(chunk)
        return found


@pytest.fixture
def work() -> Work:
    return Work()


def rows_of(patients: Collection[Patient], *, period: str = "day", ago: int = 1) -> list[Summary]:
    on = date(2026, 3, 30) - timedelta(days=ago)
    return Summary.objects.bulk_create(
        Summary(
            audience="patient", clinic_id=patient.clinic_id, patient=patient, period=period, starts_on=on, ends_on=on,
            time_zone=patient.time_zone, due_at=NOW - timedelta(days=ago - 1, hours=1),
        )
        for patient in patients
    )  # fmt: skip


def many(cast: Cast, count: int) -> list[Patient]:
    made = [
        Patient(clinic=cast.clinic, name=f"P{number}", time_zone="UTC", created_digest="d") for number in range(count)
    ]
    return Patient.objects.bulk_create(made)


def test_what_is_due_is_computed_once(cast: Cast, work: Work) -> None:
    (row,) = rows_of([cast.patient])
    assert work.all() == [Chunk(claimed=1, computed=1, failed=0)]
    row.refresh_from_db()
    assert (row.status, row.version, row.schema_version, row.inputs_digest) == ("computed", 1, 1, "first")
    assert (row.computed_at, row.claim, row.claimed_until, row.attempts) == (NOW, None, None, 0)
    assert PatientSummary.model_validate(row.payload) == work.payload(row)
    assert work.mailed == [row.pk]
    assert work.all(NOW + timedelta(days=1)) == []


def test_what_is_not_due_yet_waits(cast: Cast, work: Work) -> None:
    rows_of([cast.patient], ago=0)
    assert work.all() == []
    assert len(work.all(NOW + timedelta(hours=1))) == 0
    assert len(work.all(NOW + timedelta(days=1))) == 1


def test_chunks_are_of_one_audience_and_period(cast: Cast, work: Work) -> None:
    patients = many(cast, CHUNK + 1)
    rows_of(patients)
    rows_of(patients[:3], period="week", ago=2)
    assert sorted(chunk.computed for chunk in work.all()) == [1, 3, CHUNK]
    for chunk in work.chunks:
        assert len(set(Summary.objects.filter(pk__in=chunk).values_list("audience", "period"))) == 1


@pytest.mark.parametrize("again", [False, True])
def test_statements_do_not_grow_with_the_chunk(cast: Cast, work: Work, again: bool) -> None:
    def statements(count: int) -> int:
        rows = rows_of(many(cast, count))
        if again:
            work.all()
            summaries.ask_again([row.pk for row in rows], now=NOW)
            work.digests = {row.pk: "other" for row in rows}
        with CaptureQueriesContext(connection) as captured:
            assert work.some().computed == count
        return len([query for query in captured if "INSERT" not in query["sql"]])  # SQLite: 999 values in each

    assert statements(2) == statements(40)


def test_a_claim_keeps_others_away_until_it_runs_out(cast: Cast, work: Work) -> None:
    (row,) = rows_of([cast.patient])
    other = Work()
    work.meanwhile = lambda: (
        other.some(NOW + LEASE - timedelta(seconds=1)) == NOTHING_TO_DO or pytest.fail("claimed twice")
    )
    assert work.some().computed == 1
    # Killed while it computed: the claim stays, and runs out.
    Summary.objects.filter(pk=row.pk).update(
        status="due", version=0, payload=None, computed_at=None, claim=new_id(), claimed_until=NOW + LEASE
    )
    assert other.some(NOW + LEASE - timedelta(seconds=1)) == NOTHING_TO_DO
    assert other.some(NOW + LEASE).computed == 1


def test_who_is_too_slow_writes_nothing_over_what_another_wrote(cast: Cast, work: Work) -> None:
    (row,) = rows_of([cast.patient])
    other = Work()
    work.meanwhile = lambda: other.some(NOW + LEASE)
    assert work.some() == Chunk(claimed=1, computed=0, failed=0)
    row.refresh_from_db()
    assert (row.version, row.computed_at) == (1, NOW + LEASE)
    assert (work.mailed, other.mailed) == ([], [row.pk])


def test_one_bad_row_does_not_hold_up_the_others(cast: Cast, work: Work) -> None:
    rows = rows_of(many(cast, 30))
    work.bad = {rows[7].pk, rows[21].pk}
    assert work.some() == Chunk(claimed=30, computed=28, failed=2)
    assert len(work.chunks) < 30  # halved, not one by one
    bad = Summary.objects.filter(status="due").order_by("id")
    assert {row.pk for row in bad} == work.bad
    assert {(row.last_error, row.attempts, row.claim, row.claimed_until) for row in bad} == {
        ("ValueError: 1 bad rows", 1, None, NOW + FIRST_WAIT)
    }
    assert set(work.mailed).isdisjoint(work.bad)


def test_what_failed_is_tried_again_ever_later_and_then_forgotten(cast: Cast, work: Work) -> None:
    (row,) = rows_of([cast.patient])
    work.bad = {row.pk}
    at, waits = NOW, []
    for _ in range(12):
        assert work.some(at) == Chunk(claimed=1, computed=0, failed=1)
        assert work.some(at) == NOTHING_TO_DO
        row.refresh_from_db()
        assert row.claimed_until is not None
        waits.append(row.claimed_until - at)
        at = row.claimed_until
    assert waits[:4] == [FIRST_WAIT * 2**power for power in range(4)]
    assert waits[-1] == summaries.LONGEST_WAIT
    work.bad = set()
    assert work.some(at).computed == 1
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (0, "")


def test_rows_that_kill_their_worker_end_up_alone(cast: Cast, work: Work) -> None:
    rows = rows_of(many(cast, 60))
    for attempts, size in ((1, 20), (2, 2), (3, 1)):
        Summary.objects.update(attempts=attempts)
        before = Summary.objects.filter(status="due").count()
        assert work.some() == Chunk(claimed=size, computed=size, failed=0)
        assert Summary.objects.filter(status="due").count() == before - size
    assert len(rows) == 60


def test_a_row_that_got_no_payload_is_an_error(cast: Cast, work: Work) -> None:
    (row,) = rows_of([cast.patient])
    found = summaries.compute_some(now=NOW, compute=lambda rows, now: {}, enqueue=work.enqueue)
    assert found == Chunk(claimed=1, computed=0, failed=1)
    row.refresh_from_db()
    assert row.last_error == "No payload."


def test_what_is_the_same_makes_no_version(cast: Cast, work: Work) -> None:
    (row,) = rows_of([cast.patient])
    work.all()
    later = NOW + timedelta(hours=1)
    assert summaries.ask_again([row.pk], now=later) == 1
    assert work.some(later).computed == 1
    row.refresh_from_db()
    assert (row.status, row.version, row.computed_at, row.stale_since) == ("computed", 1, NOW, None)
    assert not SummaryVersion.objects.exists()


def test_what_differs_makes_a_version_and_keeps_the_one_before(cast: Cast, work: Work) -> None:
    (row,) = rows_of([cast.patient])
    work.all()
    row.refresh_from_db()
    first = row.payload
    later = NOW + timedelta(hours=1)
    work.digests[row.pk] = "second"
    summaries.ask_again([row.pk], now=later)
    work.all(later)
    row.refresh_from_db()
    assert (row.version, row.inputs_digest, row.computed_at) == (2, "second", later)
    before = SummaryVersion.objects.get()
    assert (before.summary_id, before.version, before.payload) == (row.pk, 1, first)
    assert (before.computed_at, before.replaced_at, before.inputs_digest) == (NOW, later, "first")
    assert work.mailed == [row.pk]  # nobody is written to again


def test_if_the_mails_cannot_be_written_nothing_is(cast: Cast, work: Work) -> None:
    rows_of([cast.patient])

    def fails(rows: Sequence[Summary], *, now: datetime) -> int:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        summaries.compute_some(now=NOW, compute=work.compute, enqueue=fails)
    assert Summary.objects.get().status == "due"
    assert work.some(NOW + LEASE).computed == 1


def test_first_those_never_computed(cast: Cast, work: Work) -> None:
    patients = many(cast, 2)
    old, new = rows_of([patients[0]], ago=9)[0], rows_of([patients[1]])[0]
    work.some()
    Summary.objects.filter(pk=new.pk).update(status="due", version=0, payload=None, computed_at=None)
    summaries.ask_again([old.pk], now=NOW)
    work.chunks.clear()
    work.all()
    assert work.chunks == [[new.pk], [old.pk]]


def test_only_what_is_asked_for(cast: Cast, work: Work) -> None:
    patients = many(cast, 2)
    rows_of(patients)
    assert work.some(only=Q(patient=patients[1])).computed == 1
    assert Summary.objects.get(status="computed").patient == patients[1]


def test_a_sweep_ends_long_before_its_task_is_killed(cast: Cast) -> None:
    """What it had claimed would wait for the end of the claim, and be computed in ever smaller chunks."""
    patients = many(cast, 2)
    for ago in (1, 2, 3):
        rows_of(patients, period=("day", "week", "four_weeks")[ago - 1], ago=ago)
    moments = (NOW + timedelta(minutes=3 * i) for i in range(99))
    assert summaries.compute_waiting(clock=lambda: next(moments)) == 2 * 2
    assert next(moments) - NOW < timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    assert Summary.objects.filter(status="due", attempts=0).count() == 2
    assert summaries.compute_waiting(clock=lambda: NOW) == 2
