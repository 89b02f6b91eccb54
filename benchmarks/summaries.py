"""Weekly summaries against what the database alone takes, on PostgreSQL, in one run.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/rehab_bench_summaries python -m benchmarks.summaries
    … python -m benchmarks.summaries --patients 20000 --records 10000000

The role must be allowed to set ``session_replication_role``; totals and summaries of the database are written. The
floor is one bare statement that groups the same rows by patient and week into a keyed table. Against it: the back-fill
of all weeks' totals (``week_totals.refresh_all``), interleaved with it, and one week's complete run of all patients by
two worker processes (rows written, claimed, computed with states, trends and payload, stored), with the peak memory of
each. The run is repeated for a tenth and three tenths of the patients, other weeks each, to see how the cost grows.
Nothing is asserted.
"""

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import http, summaries_data

WORKERS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=int(os.environ.get("BENCH_PATIENTS", "500")))
    parser.add_argument("--records", type=int, help="500 for each patient if left out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="measure a stock that an earlier run has written")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_known_args()[0]
    http.environment()
    import django

    django.setup()
    if given.worker:
        _work()
        return
    records = given.records or 500 * given.patients
    weeks = max(12, round(records / given.patients / summaries_data.PER_WEEK))
    clinics = _stock(given, weeks)
    floor = _compare_totals(given.rounds)
    _compare_runs(given, weeks, clinics, floor)


def _stock(given: argparse.Namespace, weeks: int) -> list[Any]:
    from django.core.management import call_command

    from accounts.models import Clinic

    call_command("migrate", verbosity=0)
    if given.keep:
        found = Clinic.objects.filter(name__startswith=summaries_data.CLINICS).order_by("name")
        return list(found.values_list("pk", flat=True))
    started = time.perf_counter()
    clinics = summaries_data.fill(patients=given.patients, weeks=weeks)
    print(f"wrote {given.patients} patients × {weeks} weeks in {time.perf_counter() - started:.0f} s", flush=True)
    return clinics


def _timed(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _compare_totals(rounds: int) -> float:
    """Print back-fill against floor; return the median of the floor in seconds."""
    from django.db import connection

    from rehab.selectors import summary_rows
    from rehab.services import week_totals

    every = " UNION ALL ".join(
        f"SELECT patient_id, performed_on FROM {model._meta.db_table}" for model in summary_rows.record_models()
    )
    bare = (
        "INSERT INTO floor SELECT patient_id, date_trunc('week', performed_on)::date, count(*) "
        f"FROM ({every}) AS record GROUP BY 1, 2"
    )

    def execute(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    execute("DROP TABLE IF EXISTS floor")
    execute("CREATE TABLE floor (patient_id uuid, week date, records bigint, PRIMARY KEY (patient_id, week))")
    times: dict[str, list[float]] = {"floor": [], "back-fill": []}
    for _round in range(rounds + 1):  # the first warms the caches and does not count
        execute("TRUNCATE floor")
        times["floor"].append(_timed(lambda: execute(bare)))
        execute("TRUNCATE rehab_weektotal")
        times["back-fill"].append(_timed(lambda: week_totals.refresh_all(now=datetime.now(UTC))))
        execute("CHECKPOINT")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(records) FROM rehab_weektotal")
        totals, records = cursor.fetchone()
    execute("VACUUM ANALYZE rehab_weektotal")
    times = {name: values[1:] for name, values in times.items()}
    ratios = [ours / bare for ours, bare in zip(times["back-fill"], times["floor"], strict=True)]
    print(f"back-fill of all weeks: {records} records into {totals} totals, {rounds} rounds, interleaved")
    for name, values in times.items():
        print(f"  {name:9} {statistics.median(values):8.2f} s (min {min(values):.2f}, max {max(values):.2f})")
    print(
        f"  ratio     {statistics.median(ratios):8.2f} × the floor (min {min(ratios):.2f}, max {max(ratios):.2f})",
        flush=True,
    )
    return statistics.median(times["floor"])


def _compare_runs(given: argparse.Namespace, weeks: int, clinics: list[Any], floor: float) -> None:
    from rehab.analytics.periods import Span
    from rehab.models import Summary
    from rehab.services import summary_schedule

    command = [sys.executable, "-m", "benchmarks.summaries", "--worker"]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)
    ]
    for worker in workers:
        _line(worker)
    costs: list[tuple[int, float]] = []
    try:
        for n in (0, *range(len(clinics))):  # the first once more: it warms the caches and does not count
            first = summaries_data.BEGINS + timedelta(weeks=weeks - 4 + len(costs))
            span = Span("week", first, first + timedelta(days=6))
            started = time.perf_counter()
            for clinic_id in clinics[: n + 1]:
                summary_schedule.add_missing(span, now=datetime.now(UTC), clinic_id=clinic_id)
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write("go\n")
                worker.stdin.flush()
            said = [json.loads(_line(worker)) for worker in workers]
            seconds = time.perf_counter() - started
            done = sum(one["computed"] for one in said)
            costs.append((done, seconds))
            memory = " and ".join(f"{one['megabytes']:.0f}" for one in said)
            cold = "" if costs[1:] else "cold, not counted: "
            print(f"{cold}one week of {done} patients: {seconds:.1f} s by {WORKERS} processes, "
                  f"{seconds / done * 1000:.2f} ms a patient, peak {memory} MB", flush=True)  # fmt: skip
    finally:
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.close()
            worker.wait(30)
    size = Summary.objects.filter(audience="patient", period="week").exclude(payload=None).count()
    print(f"  ratio     {costs[-1][1] / floor:8.2f} × the floor for all ({size} summaries stored)")


def _line(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout is not None
    return worker.stdout.readline()


def _work() -> None:
    """Compute what waits, each time the parent says so; say how much and with how much memory."""
    from rehab.services import summaries

    gc.collect()
    gc.freeze()  # as rehab.celery does at the start of a worker
    print("ready", flush=True)
    for _go in sys.stdin:
        computed = 0
        while True:
            chunk = summaries.compute_some(now=datetime.now(UTC))
            if not chunk.claimed:
                break
            computed += chunk.computed
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"computed": computed, "megabytes": peak}), flush=True)


if __name__ == "__main__":
    main()
