"""Queries on the path of every request: Django compiles each once per database, later calls only bind and fetch.

Building the SQL of the token's and the patient's look-up was a third of the time of a POST (benchmarks/http.py).
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Field, Model, QuerySet

_PREPARING: Any = ServerBindingCursor  # its stubs know no arguments


class Prepared:
    """``queryset`` makes a ``values_list`` query with any values for ``fields``, in the order of its parameters."""

    def __init__(self, queryset: Callable[[], QuerySet[Any, Any]], *fields: "Field[Any, Any]") -> None:
        self._queryset = queryset
        self._fields = fields
        self._plans: dict[str, tuple[Any, str, Any]] = {}

    def first(self, *values: Any) -> Iterator[Any] | None:
        """Return the columns of the first row, as Python values, or None if there is none."""
        connection = connections[DEFAULT_DB_ALIAS]
        compiler, sql, converters = self._plans.get(connection.vendor) or self._compile(connection)
        bound = [field.get_db_prep_value(value, connection) for field, value in zip(self._fields, values, strict=True)]
        with _cursor(connection) as cursor:
            cursor.execute(sql, bound)
            row = cursor.fetchone()
        return None if row is None else iter(next(iter(compiler.apply_converters([row], converters))))

    def _compile(self, connection: Any) -> tuple[Any, str, Any]:
        compiler = self._queryset().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if len(params) != len(self._fields):
            raise TypeError(f"{len(params)} parameters in {sql}")
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        plan = self._plans[connection.vendor] = (compiler, sql, converters)
        return plan


def _cursor(connection: Any) -> Any:
    """Return a cursor that lets PostgreSQL keep its plan too: planning takes it longer than running.

    Django binds on the client's side, where nothing can be prepared; ``prepare_threshold`` in the settings says after
    how many calls on one connection this cursor prepares a statement. While queries are logged it is Django's own,
    which can tell what it ran.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    return connection.make_cursor(_PREPARING(connection.connection))


def columns_of(model: type[Model], prefix: str = "") -> list[str]:
    """Return the names of all columns of a model, as ``values_list`` takes them."""
    return [prefix + field.attname for field in model._meta.concrete_fields]


def instance_of(model: type[Model], row: Iterator[Any]) -> Any:
    """Take the next columns of a row as an instance of a model."""
    names = columns_of(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, [next(row) for _name in names])
