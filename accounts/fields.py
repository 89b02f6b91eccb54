"""Column types of our own."""

from typing import Any

import orjson
from django.db import models


class JsonField(models.JSONField):
    """Django's JSON column, read by orjson: a page of records holds a hundred documents."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else orjson.loads(value)
