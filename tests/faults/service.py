"""The service as processes that a test may kill: broker, worker, beat, a database, and one that acts on it."""

import json
import os
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from rehab import embedded_broker
from tests.faults.clock import SharedClock
from tests.hostile.site import descendants

#: A loaded machine takes its time to import Django.
STARTS_WITHIN = 90.0
#: An e-mail that was tried and waits less than this is one whose sender was killed, not one that waits for the morning.
CLAIMED_FOR = timedelta(minutes=5)


class Service:
    def __init__(
        self, folder: Path, database_url: str, *, mail_url: str, start: datetime, every: float | None, copies: int = 1
    ) -> None:
        self.folder, self.database_url, self.copies = folder, database_url, copies
        self.clock = SharedClock(folder / "clock")
        self.clock.set(start)
        clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        keys = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "AUDIT_KEY")}
        self.env = {
            **clean, **keys, "DATA_DIR": str(folder), "DATABASE_POOL_SIZE": "4", "EMAIL_URL": mail_url,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        if database_url:
            self.env["DATABASE_URL"] = database_url
        if every is not None:
            self.env["FAULTS_EVERY"] = str(every)
        (folder / "static").mkdir(exist_ok=True)
        self.socket = embedded_broker.socket_path(folder)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    # --- Processes

    def start_broker(self) -> None:
        if self.socket.parent != self.folder.resolve():
            embedded_broker.make_private_folder(self.socket.parent)
        (self.folder / "valkey").mkdir(exist_ok=True)
        self.socket.unlink(missing_ok=True)
        self._start("broker", embedded_broker.server_command(self.socket, self.folder / "valkey"))
        wait_until(self.socket.exists, STARTS_WITHIN, "the broker")

    def start_actor(self) -> None:
        command = [sys.executable, "-m", "tests.faults.actors", str(self.folder / "clock")]
        self._start("actor", command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def start_worker(self) -> None:
        options = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--hostname", f"{time.monotonic()}@%h"]
        self._start_celery("worker", "worker", "--loglevel", "INFO", *options)
        seen = self.log("worker").count(" ready.")
        wait_until(lambda: self.log("worker").count(" ready.") > seen, STARTS_WITHIN, "the worker")

    def start_beat(self) -> None:
        schedule = str(self.folder / "beat-schedule")
        self._start_celery("beat", "beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile", "")
        wait_until(lambda: "beat: Starting" in self.log("beat"), STARTS_WITHIN, "beat")
        # A jump while it reads its schedule would be a jump before it was started: it would wait for the next quarter.
        wait_until(lambda: list(self.folder.glob("beat-schedule*")), STARTS_WITHIN, "the schedule of beat")
        time.sleep(1)

    def _start_celery(self, name: str, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.faults.process", str(self.folder / "clock"), str(self.copies)]
        self._start(name, [*command, "celery", "-A", "rehab", *arguments])

    def _start(self, name: str, command: Sequence[str], **pipes: Any) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.env, stderr=log, process_group=0, **{"stdout": log, **pipes}
            )

    def kill(self, name: str) -> None:
        """SIGKILL a process and all it forked: they are a group of their own."""
        process = self.processes.pop(name, None)
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def kill_a_child(self, name: str, chance: random.Random) -> None:
        """SIGKILL one of the processes that a process forked to do its work; it forks another."""
        _parent, *children = descendants(self.processes[name].pid)
        if children:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # --- Acting and looking

    def act(self, action: str, **given: Any) -> Any:
        process = self.processes["actor"]
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([action, given]).encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, self.log("actor")[-3000:]
        return json.loads(answer)

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement, its parameters marked by question marks."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(statement.replace("?", "%s"), parameters).fetchall()
        with sqlite3.connect(self.folder / "rehab.sqlite3", timeout=30) as file:
            texts = [str(one.astimezone(UTC).replace(tzinfo=None)) if isinstance(one, datetime) else one
                     for one in parameters]  # fmt: skip
            found = file.execute(statement, texts).fetchall()
        file.close()
        return found

    def waiting(self) -> int:
        """Return how many summaries are due and not computed, and how many e-mails are due and not sent."""
        now = self.clock.now()
        ((rows,),) = self.query(
            "SELECT count(*) FROM rehab_summary"
            " WHERE (status = 'due' AND due_at <= ?) OR (status = 'stale' AND stale_until_quiet <= ?)", now, now
        )  # fmt: skip
        ((mails,),) = self.query(
            "SELECT count(*) FROM rehab_summarydelivery"
            " WHERE sent_at IS NULL AND dropped_at IS NULL"
            " AND (send_after <= ? OR (send_attempts > 0 AND send_after < ?))",
            now, now + CLAIMED_FOR,
        )  # fmt: skip
        return int(rows) + int(mails)

    def count(self) -> int:
        """Return how many patients' summaries are due by now, computed or not."""
        statement = "SELECT count(*) FROM rehab_summary WHERE audience = 'patient' AND due_at <= ?"
        ((rows,),) = self.query(statement, self.clock.now())
        return int(rows)

    def wait_until_settled(self, expected: Callable[[], int], seconds: float) -> float:
        """Wait until every expected row is computed and every e-mail that is due is sent; return how long it took."""
        began = time.monotonic()
        state: tuple[int, int, int] = (0, 0, 0)

        def settled() -> bool:
            nonlocal state
            state = (self.count(), expected(), self.waiting())
            return state[0] >= state[1] and not state[2]

        try:
            wait_until(settled, seconds, "the summaries", pause=0.2)
        except AssertionError as error:
            logs = "\n".join(self.log("worker").splitlines()[-30:] + self.log("beat").splitlines()[-5:])
            raise AssertionError(f"{error} (rows, expected, waiting: {state})\n{logs}") from None
        return time.monotonic() - began


def wait_until(what: Callable[[], object], seconds: float, named: str, *, pause: float = 0.05) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"{named}: not within {seconds:.0f} s"
        time.sleep(pause)
