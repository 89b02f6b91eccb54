"""The red flags of what was sent, for an answer that stores nothing: it says what to do before what went wrong.

What cannot be read says nothing: a body that is no JSON, of another media type, or too large.
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from accounts.models import User
from rehab.api import representation
from rehab.services import emergencies

#: How much is read of a body that nobody signed in for, in bytes: a check-in with every line ticked is a tenth of it.
UNSIGNED_LIMIT = 64 * 1024


def told(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the document of a failed request asks to do, in the shape of ``derived.red_flags`` of a record."""
    request, view = context.get("request"), context.get("view")
    if not isinstance(request, Request) or request.method not in ("POST", "PATCH"):
        return []
    by = _sender(request)
    if by is None and _length(request) > UNSIGNED_LIMIT:
        return []
    try:
        document = request.data
    except (APIException, RequestDataTooBig, OSError):
        return []
    found = emergencies.reported_in(
        document, by=by, kind=getattr(view, "kind", None), record_id=getattr(view, "kwargs", {}).get("record_id")
    )
    return representation.reported(found) if found else []


def _sender(request: Request) -> User | None:
    try:
        return request.user if isinstance(request.user, User) else None
    except (APIException, DatabaseError):
        return None


def _length(request: Request) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isascii() and length.isdigit() else UNSIGNED_LIMIT + 1
