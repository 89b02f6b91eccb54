"""The benchmarks run, on PostgreSQL, and print what they compare; what they measure is for people to read."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

pytestmark = pytest.mark.services


@pytest.fixture
def database_url() -> Iterator[str]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"rehab_bench_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_the_benchmarks_run(database_url: str) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATA_DIR")
    }
    command = [sys.executable, "-m", "benchmarks", "--rounds", "1", "--seconds", "0.5"]
    done = subprocess.run(
        command,
        env={**environment, "DATABASE_URL": database_url, "BENCH_PATIENTS": "3"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for name in (
        "single POST of a strength test",
        "list of 50 strength tests",
        "caseload of 3 patients",
        "trend of 90 days",
        "back-fill of all weeks",
        "one week of 3 patients",
    ):
        assert name in done.stdout
    assert "UserWarning" not in done.stderr
