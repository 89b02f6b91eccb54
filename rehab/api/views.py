"""The base of the API's views: concurrency by ETag, and the moment a request came in."""

import re
from datetime import datetime
from typing import cast

from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User


class IfMatchRequired(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _('Send If-Match with the ETag of the version that you read, for example If-Match: "1".')
    default_code = "if-match-required"


class ApiView(APIView):
    def user(self) -> User:
        return cast(User, self.request.user)

    @staticmethod
    def now() -> datetime:
        return timezone.now()


_ETAG = re.compile(r'\s*(?:W/)?"(\d{1,9})"\s*', re.ASCII)


def etag_of(version: int) -> str:
    return f'"{version}"'


def expected_version(request: Request) -> int:
    """Return the version named by If-Match; 0, which no record has, for an ETag that was never ours."""
    header = request.headers.get("If-Match")
    if header is None:
        raise IfMatchRequired
    match = _ETAG.fullmatch(header)
    return int(match.group(1)) if match else 0


def is_unchanged(request: Request, version: int) -> bool:
    """Return whether If-None-Match names this version: ETags, weak or strong, or ``*`` (RFC 9110)."""
    named = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in named or etag_of(version) in {etag.removeprefix("W/") for etag in named}


def versioned(data: object, version: int, *, status_code: int = status.HTTP_200_OK, location: str = "") -> Response:
    headers = {"ETag": etag_of(version)}
    if location:
        headers["Location"] = location
    return Response(data, status=status_code, headers=headers)
