"""Single POST and list of 50 against stock DRF, on PostgreSQL, interleaved in one run.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/rehab_bench python -m benchmarks.http

Starts two servers of the same kind on free ports of 127.0.0.1, asks one and the other in turn at concurrency 8, and
prints the median of the requests per second and of the ratio. What ours does on top of stock DRF's token, patient check
and insert: permission, full clinical validation, derived values, canonical units, version, audit and outbox in one
transaction. Nothing is asserted: figures move with the machine, the ratio holds.
"""

import argparse
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

CONCURRENCY = 8
SERVER = ("--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2", "--no-ws", "--log-level", "error")


def arguments(description: str | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4.0)
    return parser.parse_args()


def environment() -> None:
    """Set what the servers start with, unless it is set already."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Set DATABASE_URL to a PostgreSQL database of its own, for example rehab_bench.")
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="rehab-bench-"))
    (Path(os.environ["DATA_DIR"]) / "static").mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("AUDIT_KEY", secrets.token_hex(32))
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"


def main() -> None:
    given = arguments(__doc__)
    environment()
    patient, ours, stock = _prepare()
    document = _document(patient)
    with server("rehab.settings") as our_port, server("benchmarks.stock.settings") as stock_port:
        posts = {
            "ours": request(our_port, "POST", "/api/v1/strength/", ours, document),
            "stock": request(stock_port, "POST", "/strength/", stock, _stock_document(patient, document)),
        }
        lists = {
            "ours": request(our_port, "GET", f"/api/v1/strength/?patient={patient}&limit=50", ours),
            "stock": request(stock_port, "GET", f"/strength/?patient={patient}", stock),
        }
        compare("single POST of a strength test", posts, given.rounds, given.seconds, floor="stock DRF")
        _analyze()
        compare("list of 50 strength tests", lists, given.rounds, given.seconds, floor="stock DRF")


def _prepare() -> tuple[str, str, str]:
    """Make one clinic, therapist and patient with 300 tests; return its id and the two tokens."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from knox.models import AuthToken
    from rest_framework.authtoken.models import Token

    from accounts.ids import new_id
    from rehab.models import Record
    from rehab.services import batch, clinics, patients, people

    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    with transaction.atomic():
        user = people.sign_up(
            email=f"{new_id().hex}@bench.example", name="Bench", password=secrets.token_hex(8), language="en"
        )
    clinics.found(name="Bench", time_zone="UTC", emergency_number="112", by=user, now=now)
    patient = patients.enrol({"name": "Bench"}, by=user, now=now).patient
    items = [{**_document(str(patient.pk)), "kind": "strength", "id": str(new_id())} for _ in range(300)]
    batch.record_all(items, by=user, source=Record.Source.BATCH, now=now)
    _instance, ours = AuthToken.objects.create(user)
    return str(patient.pk), ours, Token.objects.create(user=user).key


def _analyze() -> None:
    """Let PostgreSQL look at what was posted within seconds, as it does by itself within a minute, for both sides."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _document(patient: str) -> dict[str, Any]:
    return {
        "patient": patient,
        "performed_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "method": "hhd",
        "muscle": "KNE_EXT",
        "side": "left",
        "test_type": "make",
        "trials": [{"value": 25.3, "unit": "kgf"}, {"value": 26.1, "unit": "kgf"}],
        "lever_arm": {"value": 35, "unit": "cm"},
        "note": "sitting, belt",
    }


def _stock_document(patient: str, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "patient": patient,
        "performed_at": document["performed_at"],
        "performed_on": document["performed_at"][:10],
        "source": "api",
        "note": document["note"],
        "details": {key: document[key] for key in ("test_type", "trials", "lever_arm")},
        "derived": {},
        "confirmed": [],
        "side": "left",
        "series_key": "strength|hhd|make|KNE_EXT|left",
        "series_value": 255.95,
        "muscle": "KNE_EXT",
        "method": "hhd",
        "test_status": "measured",
        "force_newtons": 255.95,
        "torque_newton_metres": 89.58,
        "created_at": document["performed_at"],
        "updated_at": document["performed_at"],
    }


@contextmanager
def server(settings: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "DATABASE_POOL_SIZE": "4"}
    command = [os.path.join(os.path.dirname(sys.executable), "granian"), *SERVER, "--port", str(port)]
    process = subprocess.Popen([*command, "rehab.wsgi:application"], env=environment, start_new_session=True)
    try:
        _wait(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(port: int) -> None:
    for _attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(1)
            return
    sys.exit("A server did not start.")


def request(
    port: int, method: str, path: str, token: str, body: dict[str, Any] | None = None
) -> Callable[[], Callable[[], None]]:
    """Return a maker of senders, each with a connection of its own."""
    import orjson

    payload = orjson.dumps(body) if body else b""
    # A bare socket: the client shares the cores with what it measures, so it must cost next to nothing.
    message = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
    ).encode() + payload

    def connect() -> Callable[[], None]:
        connection = socket.create_connection(("127.0.0.1", port), 30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def send() -> None:
            connection.sendall(message)
            answer = connection.recv(65536)
            while (end := answer.find(b"\r\n\r\n")) < 0:
                answer += connection.recv(65536)
            if answer[9:12] not in (b"200", b"201"):
                raise RuntimeError(answer[:600])
            length = int(answer[: end + 2].lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
            missing = end + 4 + length - len(answer)
            while missing > 0:
                missing -= len(connection.recv(65536))

        return send

    return connect


def _rate(connect: Callable[[], Callable[[], None]], seconds: float) -> float:
    """Return requests per second at the fixed concurrency, each thread with one kept-alive connection."""
    counts = [0] * CONCURRENCY
    failures: list[BaseException] = []
    end = time.perf_counter() + seconds

    def run(index: int) -> None:
        send = connect()
        try:
            while time.perf_counter() < end:
                send()
                counts[index] += 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(CONCURRENCY)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / (time.perf_counter() - started)


def compare(title: str, sides: dict[str, Any], rounds: int, seconds: float, *, floor: str) -> None:
    """Ask "ours" and the other side in turn, and print the medians and their ratio."""
    other = next(name for name in sides if name != "ours")
    for connect in sides.values():
        _rate(connect, 1.0)
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(rounds):
        for name, connect in sides.items():
            rates[name].append(_rate(connect, seconds))
    ratios = [ours / theirs for ours, theirs in zip(rates["ours"], rates[other], strict=True)]
    print(f"{title}: {rounds} rounds of {seconds:g} s at concurrency {CONCURRENCY}, interleaved")
    for name, values in rates.items():
        low, middle, high = min(values), statistics.median(values), max(values)
        print(f"  {name:6} {middle:8.0f} requests/s (min {low:.0f}, max {high:.0f})")
    print(f"  ratio  {statistics.median(ratios):8.2f} × {floor} (min {min(ratios):.2f}, max {max(ratios):.2f})")


if __name__ == "__main__":
    main()
