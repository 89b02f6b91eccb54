"""JSON in, by orjson: NaN, Infinity, invalid UTF-8 and a key with two values are refused."""

import json
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class RawJson(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)  # Django's own limit holds for request.body only, which nobody reads here
        if len(body) > limit:
            raise RequestDataTooBig
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The body is not valid JSON: %(error)s") % {"error": error}) from None
        _refuse_repeated_keys(body)
        return document


def _refuse_repeated_keys(body: bytes) -> None:
    """Refuse an object that gives one key twice: orjson keeps the last value and drops the other without a word."""
    try:
        json.loads(body, object_pairs_hook=_once, parse_int=len, parse_float=len)
    except RecursionError:
        raise ParseError(_("The body is nested too deeply.")) from None


def _once(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for key, _value in pairs:
        if key in seen:
            raise ParseError(_("The key %(key)s stands twice in one object.") % {"key": repr(key[:80])})
        seen.add(key)
