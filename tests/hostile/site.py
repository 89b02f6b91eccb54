"""A service of its own for tests that need real servers: database, secrets, server processes."""

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

HOST = "127.0.0.1"
REQUESTS = 50
#: Clients at once: connections are held open by more clients than the server has threads.
CLIENTS = 16
POSTGRES = os.environ.get("DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/postgres"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """Return a process and its children, by /proc."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += descendants(int(child))
    return found


@dataclass
class Site:
    """A service of its own: database, secrets, server processes."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    people: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        keys = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "AUDIT_KEY")}
        clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.env = {**clean, **keys, "DATA_DIR": str(self.folder), "DATABASE_POOL_SIZE": "8"}
        if self.database_url:
            self.env["DATABASE_URL"] = self.database_url
        (self.folder / "static").mkdir(parents=True, exist_ok=True)
        self.people = self.act("seed")

    def popen_act(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.hostile.actors", *arguments]
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def act(self, *arguments: str) -> Any:
        return finished(self.popen_act(*arguments))

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port)]
        command += ["--no-ws", "--workers", "2", "--blocking-threads", "4", "rehab.wsgi:application"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.env, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if self.send("GET", "/api/v1/me/", role="patient")[0] == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"not ready: {self.log()[-2000:]}")

    def end(self, number: int) -> None:
        """Signal the server's own processes, by their ids, and wait."""
        process, self.process = self.process, None
        if process is None:
            return
        ids = [process.pid] if number == signal.SIGTERM else descendants(process.pid)
        for pid in ids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        process.wait(20)

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def send(
        self, method: str, path: str, document: Any = None, *, role: str = "patient", etag: str = ""
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Authorization": f"Token {self.people[f'{role}_token']}", "Content-Type": "application/json"}
        if etag:
            headers["If-Match"] = etag
        try:
            connection.request(method, path, None if document is None else json.dumps(document), headers)
            response = connection.getresponse()
            body = response.read()
            return response.status, json.loads(body) if body[:1] in (b"{", b"[") else body
        finally:
            connection.close()

    def together(self, act: Callable[[int], tuple[int, Any]], count: int = REQUESTS) -> list[tuple[int, Any]]:
        with ThreadPoolExecutor(CLIENTS) as pool:
            return list(pool.map(act, range(count)))

    def check_log(self) -> None:
        log = self.log()
        assert "database is locked" not in log
        assert "deadlock" not in log
        assert "Internal Server Error" not in log, log[-4000:]


def finished(process: subprocess.Popen[bytes]) -> Any:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()[-3000:]
    return json.loads(out)


@contextmanager
def empty_database(engine: str) -> Iterator[str]:
    """Yield the address of a database of our own, dropped afterwards; for SQLite, the file that DATA_DIR holds."""
    if engine == "sqlite":
        yield ""
        return
    name = f"rehab_hostile_{os.getpid()}_{secrets.token_hex(3)}"
    parts = urlsplit(POSTGRES)
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]
