"""/livez and /readyz: for load balancers and orchestrators; no sign-in, no details of a failure."""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2
OK = "ok"
_migrated = False  # kept once true: a process cannot gain migrations while it runs


@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Answer that the process is up; ask nobody else, or a broken database would restart every web server."""
    return _answer(200, {"status": OK})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer whether the service can do its work: database, migrations and broker."""
    database = _outcome("database", _ask_database)
    checks = {
        "database": database,
        "migrations": _outcome("migrations", _compare_migrations) if database == OK else "not checked",
        "broker": _outcome("broker", _ask_broker),
    }
    ready = all(outcome == OK for outcome in checks.values())
    return _answer(200 if ready else 503, {"status": OK if ready else "unavailable", "checks": checks})


def _answer(status: int, body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _outcome(name: str, check: Callable[[], str | None]) -> str:
    """Run ``check``; of an exception tell only its class, since the text may hold addresses and passwords."""
    try:
        problem = check()
    except Exception as error:
        logger.warning("Not ready: %s (%s)", name, type(error).__name__)
        return type(error).__name__
    return problem or OK


def _ask_database() -> str | None:
    # The pool of PostgreSQL would wait 20 seconds for a connection, longer than any probe does.
    if (pool := getattr(connection, "pool", None)) is not None:
        pool.open()
        with pool.connection(timeout=TIMEOUT_SECONDS) as raw:
            raw.execute("SELECT 1")
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def _compare_migrations() -> str | None:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "not applied"
        _migrated = True
    return None


def _ask_broker() -> str | None:
    _broker(settings.CELERY_BROKER_URL).ping()
    return None


@lru_cache(maxsize=1)
def _broker(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url.replace("redis+socket://", "unix://", 1),
        socket_connect_timeout=TIMEOUT_SECONDS,
        socket_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
