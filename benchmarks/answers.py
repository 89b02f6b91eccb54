"""The two answers that people wait for, against what the database alone takes: caseload and trend, on PostgreSQL.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/rehab_bench python -m benchmarks.answers

One therapist with 200 patients, each with sixteen weeks of measurements and sessions. The caseload at concurrency 1
against the bare statement that gathers the same rows; one patient's trend of 90 days, in requests per second, against
an endpoint with a cached token, raw SQL and orjson over the same rows (``benchmarks.tuned``). Interleaved in one run.
Nothing is asserted: figures move with the machine, the ratio holds.
"""

import os
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import quote

from benchmarks import http

PATIENTS = int(os.environ.get("BENCH_PATIENTS", "200"))
REQUESTS_IN_A_ROUND = 10
WEEKS = 16
VISITS = range(0, WEEKS * 7, 14)
SESSION_WEEKDAYS = (0, 2, 4, 5)
HOME_WEEKDAYS = (0, 2, 4)
TREND_DAYS = 90


def main() -> None:
    arguments = http.arguments(__doc__)
    http.environment()
    made = prepare()
    with http.server("rehab.settings") as our_port, http.server("benchmarks.tuned.settings") as tuned_port:
        ours = http.request(our_port, "GET", "/api/v1/caseload/", made["token"])
        _compare_caseload(ours, rounds=arguments.rounds, user_id=uuid.UUID(made["user"]))
        trend = f"/api/v1/trends/?patient={made['patient']}&series={made['series']}"
        raw = f"/readings/?patient={made['patient']}&key={quote(made['key'])}"
        sides = {
            "ours": http.request(our_port, "GET", trend, made["token"]),
            "tuned": http.request(tuned_port, "GET", raw, made["token"]),
        }
        http.compare(f"trend of {TREND_DAYS} days", sides, arguments.rounds, arguments.seconds, floor="tuned")


def _compare_caseload(connect: Callable[[], Callable[[], None]], *, rounds: int, user_id: uuid.UUID) -> None:
    send, bare, rows = connect(), *_bare_statement(user_id)
    for _warm in range(10):
        send()
        bare()
    times: dict[str, list[float]] = {"answer": [], "statement": []}
    ratios = []
    for _round in range(rounds):
        measured: dict[str, list[float]] = {"answer": [], "statement": []}
        for _request in range(REQUESTS_IN_A_ROUND):
            for name, run in (("answer", send), ("statement", bare)):
                started = time.perf_counter()
                run()
                measured[name].append(time.perf_counter() - started)
        for name, values in measured.items():
            times[name].append(statistics.median(values) * 1000)
        ratios.append(times["answer"][-1] / times["statement"][-1])
    print(f"caseload of {PATIENTS} patients: {rounds} rounds of {REQUESTS_IN_A_ROUND} at concurrency 1, interleaved")
    for name, values in times.items():
        print(f"  {name:9} {statistics.median(values):8.1f} ms (min {min(values):.1f}, max {max(values):.1f})")
    print(f"  the statement sends {rows} rows")
    print(
        f"  ratio     {statistics.median(ratios):8.2f} × the statement (min {min(ratios):.2f}, max {max(ratios):.2f})"
    )


def _bare_statement(user_id: uuid.UUID) -> tuple[Callable[[], None], int]:
    """Return what sends the one statement that gathers the caseload's rows, and how many rows that are.

    Each patient with the last activity and contact, joined with the readings that decide the states of their series.
    """
    import psycopg
    from django.utils import timezone

    from accounts.models import User
    from rehab.selectors import access, caseload, states

    user = User.objects.get(pk=user_id)
    patients = caseload.patients_of(user, search="", now=timezone.now())
    sql, params = patients.order_by().query.sql_with_params()
    ids = list(access.patients_visible_to(user).values_list("pk", flat=True))
    # Materialized, or the planner looks for the last activity of a patient again with every reading.
    whole = (
        f"WITH p AS MATERIALIZED ({sql}), r AS MATERIALIZED ({states.statement(len(ids))}) "
        "SELECT p.id, p.name, p.conditions, p.last_activity, p.last_contact, r.* "
        "FROM p LEFT JOIN r ON r.patient = p.id::text"
    )
    bound = [*params, *ids * (states.statement(len(ids)).count("%s") // len(ids))]
    connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, cursor_factory=psycopg.ClientCursor)

    def run() -> None:
        connection.execute(whole, bound).fetchall()

    return run, len(connection.execute(whole, bound).fetchall())


def prepare() -> dict[str, str]:
    """Make a clinic, a therapist and the patients with their records; return token, patient and series."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from knox.models import AuthToken

    from accounts.ids import new_id
    from rehab.analytics.series import token_of
    from rehab.models import StrengthTest
    from rehab.services import clinics, patients, people

    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    with transaction.atomic():
        user = people.sign_up(email=f"{new_id().hex}@bench.example", name="Bench", password="x" * 16, language="en")
    clinics.found(name="Bench", time_zone="UTC", emergency_number="112", by=user, now=now)
    first = now.replace(hour=9, minute=0) - timedelta(days=WEEKS * 7)
    rng = Random(1)
    for number in range(PATIENTS):
        patient = patients.enrol({"name": f"Patient {number:03}", "conditions": ["stroke"]}, by=user, now=now).patient
        _record(patient, user, first=first, now=now, rng=rng)
    followed = patients.enrol({"name": "Patient followed"}, by=user, now=now).patient
    start = now.replace(hour=9, minute=0) - timedelta(days=TREND_DAYS)
    _grips(followed, user, days=range(0, TREND_DAYS, 2), first=start, now=now, rng=rng)
    key = StrengthTest.objects.filter(patient=followed).values_list("series_key", flat=True)[0]
    _instance, token = AuthToken.objects.create(user)
    return {"token": token, "user": str(user.pk), "patient": str(followed.pk), "key": key, "series": token_of(key)}


def _record(patient: Any, user: Any, *, first: datetime, now: datetime, rng: Random) -> None:
    """Write the records of sixteen weeks: visits with eight measurements, grip at home, sessions."""
    slope = rng.choice((-0.02, 0, 0, 0.02, 0.03))
    for day in VISITS:
        moment = (first + timedelta(days=day)).isoformat()
        share = 1 + slope * day / 7 + rng.uniform(-0.03, 0.03)
        documents: list[tuple[str, dict[str, Any]]] = [
            *(("strength", {"method": "hhd", "muscle": muscle, "side": side, "test_type": "make",
                            "trials": [{"value": round(180 * share), "unit": "N"}], "stabilisation": "belt"})
              for muscle in ("KNE_EXT", "HIP_ABD") for side in ("left", "right")),
            *(("rom", {"motion": motion, "side": "left", "rom_type": "PROM", "value_deg": round(90 * share)})
              for motion in ("KNE_FLEX", "HIP_FLEX")),
            *(("girth", {"site": "THIGH_10", "side": side, "readings": [{"value": round(44 * share, 1), "unit": "cm"}]})
              for side in ("left", "right")),
        ]  # fmt: skip
        _insert(patient, user, [(kind, {**sent, "performed_at": moment}) for kind, sent in documents], now=now)
    days = [day for day in range(WEEKS * 7) if (first + timedelta(days=day)).weekday() in HOME_WEEKDAYS]
    _grips(patient, user, days=days, first=first, now=now, rng=rng)
    sessions = [
        ("sessions", {"modality": "aerobic", "duration_min": 25, "session_rpe": 3, "details": {"activity": "walking"},
                      "performed_at": (first + timedelta(days=day, hours=7)).isoformat()})
        for day in range(WEEKS * 7)
        if (first + timedelta(days=day)).weekday() in SESSION_WEEKDAYS
    ]  # fmt: skip
    _insert(patient, user, sessions, now=now)


def _grips(patient: Any, user: Any, *, days: Any, first: datetime, now: datetime, rng: Random) -> None:
    documents = [
        ("strength", {"method": "grip", "side": "right", "performed_at": (first + timedelta(days=day)).isoformat(),
                      "trials": [{"value": round(24 + day / 30 + rng.uniform(-1, 1), 1), "unit": "kgf"}] * 3})
        for day in days
    ]  # fmt: skip
    _insert(patient, user, documents, now=now)


def _insert(patient: Any, user: Any, documents: list[tuple[str, dict[str, Any]]], *, now: datetime) -> None:
    from rehab.services import documents as document_services
    from rehab.services import rows
    from rehab.services.kinds import KINDS

    made: dict[str, list[Any]] = {}
    for name, sent in documents:
        parsed = document_services.parse(KINDS[name], {**sent, "patient": str(patient.pk)})
        row = rows.build(KINDS[name], parsed, patient, digest="", oddities=[], by=user, source="batch", now=now)
        made.setdefault(name, []).append(row)
    for name, built in made.items():
        KINDS[name].model._default_manager.bulk_create(built)


if __name__ == "__main__":
    main()
