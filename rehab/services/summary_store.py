"""Writing many summaries at once: one statement that takes all of them as one JSON text.

Payloads are some ten thousand characters each. As a parameter each, the driver quotes them for longer than it takes to
compute them; as one text they cost next to nothing.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from rehab.models import Summary

#: What computing changes, and the type of each on PostgreSQL.
_COLUMNS = {
    "status": "text",
    "version": "int",
    "schema_version": "int",
    "payload": "jsonb",
    "inputs_digest": "text",
    "computed_at": "timestamptz",
    "stale_since": "timestamptz",
    "stale_until_quiet": "timestamptz",
    "claim": "uuid",
    "claimed_until": "timestamptz",
    "attempts": "int",
    "last_error": "text",
}


def save(rows: Sequence[Summary]) -> None:
    """Write what computing changed of rows that are there, and locked by whoever calls."""
    if not rows:
        return
    sent = [{name: _as_text(getattr(row, name)) for name in ("id", *_COLUMNS)} for row in rows]
    table = Summary._meta.db_table
    if connection.vendor == "postgresql":
        columns = ", ".join(f"{name} {kind}" for name, kind in {"id": "uuid", **_COLUMNS}.items())
        given = f"json_to_recordset(%s) AS given({columns})"
    else:
        columns = ", ".join(f"value->>'{name}' AS {name}" for name in ("id", *_COLUMNS))
        given = f"(SELECT {columns} FROM json_each(%s)) AS given"
    changed = ", ".join(f"{name} = given.{name}" for name in _COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {changed} FROM {given} WHERE {table}.id = given.id",
            [orjson.dumps(sent).decode()],
        )


def _as_text(value: Any) -> Any:
    """Return a value as the database writes it; documents and numbers as they are."""
    if isinstance(value, uuid.UUID):
        return str(value) if connection.vendor == "postgresql" else value.hex
    if isinstance(value, datetime):
        return str(connection.ops.adapt_datetimefield_value(value))
    return value
