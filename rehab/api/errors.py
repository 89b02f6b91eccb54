"""Problem documents (RFC 9457), made in one place. A body never says whether something invisible exists."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.response import Response
from rest_framework.views import set_rollback

from rehab import errors
from rehab.api import emergencies
from rehab.api.renderers import OrjsonRenderer

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_DOMAIN: dict[type[errors.DomainError], tuple[int, str, Promise]] = {
    errors.Invalid: (400, "invalid", _("Some values are not possible or not understood.")),
    errors.NeedsConfirmation: (
        422,
        "needs-confirmation",
        _("Some values are unusual. Nothing was saved. If they are right, send them again with confirm: true."),
    ),
    errors.NotFound: (404, "not-found", _("There is nothing here that you may see.")),
    errors.NotPermitted: (403, "not-permitted", _("You may see this, but not do that.")),
    errors.IdInUse: (409, "id-in-use", _("This id already stands for other content.")),
    errors.VersionConflict: (
        412,
        "version-conflict",
        _("Somebody changed this since you read it. Nothing was saved. Read it again, then decide."),
    ),
    errors.NotCleared: (
        409,
        "not-cleared",
        _("The patient's screening list is not complete, or stands against it. Nothing was saved."),
    ),
    errors.EnteredInError: (
        409,
        "entered-in-error",
        _("This record was marked entered in error and stays as it is."),
    ),
    errors.AlreadyClosed: (409, "already-closed", _("This was closed before and stays as it is.")),
}


def body(status: int, code: str, detail: str | Promise, problems: list[errors.Problem] | None = None) -> dict[str, Any]:
    """Return a problem document; each error has a JSON pointer into what was sent."""
    document: dict[str, Any] = {
        "type": f"urn:rehab:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
    }
    if problems:
        document["errors"] = [problem.as_dict() for problem in problems]
    return document


def of_code(code: str, problems: list[errors.Problem]) -> dict[str, Any]:
    """Return the problem document of a domain error's code, as batch items carry it."""
    status, _code, detail = next(row for row in _DOMAIN.values() if row[1] == code)
    return body(status, code, detail, problems)


def problem_response(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; None leaves it to Django, which answers 500 and logs it.

    Whatever went wrong: if what was sent reports a warning sign, ``red_flags`` says what to do.
    """
    headers: dict[str, str] = {}
    red_flags = emergencies.told(context)
    if isinstance(exception, errors.DomainError):
        status, code, detail = _DOMAIN[type(exception)]
        document = body(status, code, detail, getattr(exception, "problems", None))
        if isinstance(exception, errors.VersionConflict):
            headers["ETag"] = f'"{exception.current}"'
    elif isinstance(exception, Http404):
        status, code, detail = _DOMAIN[errors.NotFound]
        document = body(status, code, detail)
    elif isinstance(exception, PermissionDenied):
        status, code, detail = _DOMAIN[errors.NotPermitted]
        document = body(status, code, detail)
    elif isinstance(exception, RequestDataTooBig):
        document = body(413, "too-large", _("The body is too large. Send up to 10 MB."))
    elif isinstance(exception, SuspiciousOperation):
        document = body(400, "bad-request", _("The request is not understood."))
    elif isinstance(exception, APIException):
        detail_text, code = _first(exception.detail)
        document = body(exception.status_code, code.replace("_", "-"), detail_text)
        for header, attribute in (("WWW-Authenticate", "auth_header"), ("Retry-After", "wait")):
            if value := getattr(exception, attribute, None):
                headers[header] = str(value)
    else:
        if not red_flags:
            return None
        # Django would answer a page and log it; the text is more urgent, and the log is written all the same.
        logger.error("Internal server error where a warning sign was reported", exc_info=exception)
        got_request_exception.send(sender=None, request=context["request"]._request)
        document = body(500, "failed", _("Something went wrong. What you sent may not have been saved."))
    if red_flags:
        document["red_flags"] = red_flags
    set_rollback()
    return Response(document, status=document["status"], headers=headers, content_type=MEDIA_TYPE)


def _first(detail: Any) -> tuple[str, str]:
    while isinstance(detail, (list, dict)):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail), "")
    return str(detail), (detail.code if isinstance(detail, ErrorDetail) else None) or "error"


@csrf_exempt  # whoever posts to a wrong address learns that it is wrong, not that a token is missing
def not_found(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer an API address that does not exist with the same body as a thing that cannot be seen."""
    status, code, detail = _DOMAIN[errors.NotFound]
    return HttpResponse(OrjsonRenderer().render(body(status, code, detail)), status=status, content_type=MEDIA_TYPE)
