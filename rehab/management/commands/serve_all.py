"""``manage.py serve_all``: the whole service on this machine, as ``make run`` starts it.

Prepares the database, starts the broker, web, worker and beat, and ends them together.
"""

import hashlib
import http.client
import json
import os
import shlex
import signal
import socket
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rehab import embedded_broker
from rehab.management.processes import DiedAtStart, Processes, Program
from rehab.management.run_lock import AlreadyRunning, RunLock

HOST = "127.0.0.1"
READY_WITHIN = 120.0  # a busy machine is no failure


class Command(BaseCommand):
    """Run broker, web, worker and beat until Ctrl-C."""

    help = "Prepare and run the whole service on this machine: broker, web, worker and beat."
    requires_system_checks = []

    _asked_to_stop = False
    _asked_again = False
    _interruptible = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="Port of the web server (default: 8000).")
        parser.add_argument(
            "--demo",
            choices=["auto", "yes", "no"],
            default="no",
            help="Load demo data: always, never, or (auto) only into a database that is new.",
        )

    def handle(self, *, port: int, demo: str, **options: Any) -> None:
        os.umask(0o077)  # whatever is written here is health data or a secret
        self.began = time.monotonic()
        self.data_dir = Path(settings.DATA_DIR).resolve()
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.data_dir / "logs").mkdir(exist_ok=True)
        try:
            lock = RunLock(self.data_dir)
        except AlreadyRunning as error:
            raise CommandError(f"{error} Stop it first (Ctrl-C where it was started).") from error
        previous = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            with self._may_be_interrupted():
                lock.wait_for_leftovers(kill=True, tell=self._step)
            refuse_taken_port(port)
            self._run(lock, port, demo)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped before the service was ready. `make run` continues where it stopped.")
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            lock.release()

    def _run(self, lock: RunLock, port: int, demo: str) -> None:
        processes = Processes(
            lock=lock,
            logs=self.data_dir / "logs",
            cwd=settings.BASE_DIR,
            env=self._environment(port),
            say=self.stdout.write,
        )
        try:
            with self._may_be_interrupted():
                fresh = self._migrate()
                self._collect_static()
                self._load_articles()
            self._start_broker(processes)
            with self._may_be_interrupted():
                sign_ins = self._load_demo(fresh, demo)
            self._step("Starting web, worker and beat")
            for program in self._programs(port):
                processes.start(program)
            self._wait_until_ready(processes, port)
            if not self._asked_to_stop:
                self._announce(port, sign_ins)
            while not self._asked_to_stop:
                processes.poll(0.5)
        except DiedAtStart as error:
            raise CommandError(str(error)) from error
        finally:
            self._asked_to_stop = True
            if processes.children:
                self.stdout.write("\nStopping …")
                processes.stop(last="broker", hurry=lambda: self._asked_again)
                self.stdout.write("Stopped. Your data is kept.")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked_again = self._asked_to_stop
        self._asked_to_stop = True
        if self._interruptible:
            raise KeyboardInterrupt

    @contextmanager
    def _may_be_interrupted(self) -> Iterator[None]:
        """Let Ctrl-C break into a long step; elsewhere it waits, so that no child is lost while it starts."""
        if self._asked_to_stop:
            raise KeyboardInterrupt
        self._interruptible = True
        try:
            yield
        finally:
            self._interruptible = False

    def _step(self, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {text}")

    def _environment(self, port: int) -> dict[str, str]:
        return {
            "SITE_URL": f"http://{HOST}:{port}",
            **os.environ,
            "DATA_DIR": str(self.data_dir),
            "PYTHONUNBUFFERED": "1",
        }

    def _migrate(self) -> bool:
        """Bring the database up to date and return whether it was new."""
        self._step(f"Database ({connection.display_name})")
        executor = MigrationExecutor(connection)
        fresh = not executor.loader.applied_migrations
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False)
        return fresh

    def _collect_static(self) -> None:
        """Collect static files when one of them changed: hashing and compressing them all takes seconds."""
        digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
        for finder in get_finders():
            for name, storage in finder.list([]):
                found = os.stat(storage.path(name))
                digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
        stamp = self.data_dir / "static.stamp"
        if stamp.exists() and stamp.read_text() == digest.hexdigest() and Path(settings.STATIC_ROOT).is_dir():
            return
        self._step("Static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest.hexdigest())

    def _load_articles(self) -> None:
        """Load the learning library: seconds for a new database, less than one if no file has changed."""
        self._step("Learning library")
        call_command("load_articles", stdout=self.stdout)

    def _start_broker(self, processes: Processes) -> None:
        if settings.REDIS_URL:
            return
        self._step("Embedded broker (Valkey)")
        folder, listen = self.data_dir / "valkey", Path(settings.VALKEY_SOCKET)
        folder.mkdir(exist_ok=True)
        if listen.parent != self.data_dir:
            embedded_broker.make_private_folder(listen.parent)
        command = embedded_broker.server_command(listen, folder)
        processes.start(Program("broker", command, ready="Ready to accept connections", echo=False))
        self._wait_for_logs(processes)

    def _load_demo(self, fresh: bool, demo: str) -> dict[str, str] | None:
        """Load demo data where it was asked for; return its sign-ins."""
        asked = self.data_dir / "demo.asked"  # survives a first run that was interrupted while loading
        if demo == "no":
            return None
        if demo == "auto" and not fresh and not asked.exists():
            self._step("No demo data: this database was in use before. `make run DEMO=yes` adds it.")
            return None
        asked.touch()
        self._step("Demo data")
        call_command("load_demo")
        sign_ins: dict[str, str] = json.loads((self.data_dir / "demo.json").read_text(encoding="utf-8"))
        return sign_ins

    def _programs(self, port: int) -> list[Program]:
        python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "rehab"]
        schedule = str(self.data_dir / "beat-schedule")
        web = [python, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws"]
        web += ["--workers", str(min(2, os.cpu_count() or 1)), "--blocking-threads", "4"]
        web += ["--respawn-failed-workers", "--workers-kill-timeout", "8", "rehab.wsgi:application"]
        worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"]
        worker += ["--without-gossip", "--without-mingle", "--hostname", "local@%h"]
        beat = [*celery, "beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile", ""]
        return [
            Program("web", web),
            # QUIT gives the task in hand back instead of finishing it, which may take minutes.
            Program("worker", worker, ready=r" ready\.$", urgent_signal=signal.SIGQUIT),
            Program("beat", beat, ready=r"beat: Starting"),
        ]

    def _wait_for_logs(self, processes: Processes) -> None:
        """Wait until every child that announces itself in its log has done so."""
        deadline = time.monotonic() + READY_WITHIN
        while not self._asked_to_stop and time.monotonic() < deadline:
            processes.poll(0.1, restart=False)
            if all(child.ready or not child.program.ready for child in processes.children.values()):
                return

    def _wait_until_ready(self, processes: Processes, port: int) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self._asked_to_stop:
            processes.poll(0.2, restart=False)
            answer = ask_readiness(port)
            if answer.startswith("200"):
                break
            if time.monotonic() > deadline:
                hint = f" ALLOWED_HOSTS must include {HOST}." if answer.startswith("400") else ""
                raise CommandError(f"Not ready after {READY_WITHIN:.0f} s; /readyz says: {answer}{hint}")
        self._wait_for_logs(processes)

    def _announce(self, port: int, sign_ins: dict[str, str] | None) -> None:
        site = f"http://{HOST}:{port}"
        lines = [
            "",
            self.style.SUCCESS(f"Ready after {time.monotonic() - self.began:.1f} s."),
            f"  Patient portal      {site}/",
            f"  Therapist dashboard {site}/dashboard/",
            f"  API documentation   {site}/api/docs/",
        ]
        if sign_ins:
            lines += ["", f"Demo sign-ins, all with the password {sign_ins['password']}"]
            lines += [f"  {role:10} {sign_ins[role]}" for role in ("patient", "caregiver", "therapist", "admin")]
            lines += [
                "",
                "Try the API (README has a second line that writes):",
                f"  {curl_line(site, sign_ins)}",
            ]
        lines += ["", f"Logs and outgoing e-mails: {self.data_dir / 'logs'}", "Ctrl-C stops everything.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def curl_line(site: str, sign_ins: dict[str, str]) -> str:
    """Return a request that works as pasted, past a proxy too if the environment names one."""
    past_proxy = "--noproxy '*' " if urllib.request.getproxies() else ""
    header = shlex.quote(f"Authorization: Token {sign_ins['token']}")
    return f"curl -s {past_proxy}-H {header} '{site}/api/v1/timeline/?patient={sign_ins['patient_id']}&limit=3'"


def refuse_taken_port(port: int) -> None:
    """Say so if ``port`` cannot be listened on, and how to choose another."""
    if not 1 <= port <= 65535:
        raise CommandError(f"{port} is not a port. Choose one from 1024 to 65535: make run PORT=8010")
    with socket.socket() as probe:
        # As servers do, so that connections of the last run that are still closing do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise CommandError(f"You may not use port {port}. Choose another: make run PORT=8010") from error
        except OSError as error:
            other = 8010 if port != 8010 else 8020
            raise CommandError(f"Port {port} is taken. Choose another: make run PORT={other}") from error


def ask_readiness(port: int) -> str:
    """Return status and body of /readyz, or why there is none; never through a proxy."""
    request = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        request.request("GET", "/readyz")
        response = request.getresponse()
        return f"{response.status} {response.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        request.close()
