"""At the edge of every request: an id that ties logs and audit together, and the reader's language."""

import re
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from accounts import audit
from accounts.ids import new_id

_JSON = frozenset({"application/json", "application/problem+json"})
Handler = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class RequestId:
    """Takes a well-formed X-Request-ID or makes one, and sends it back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id().hex
        token = audit.request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            audit.request_id.reset(token)
        response["X-Request-ID"] = request_id
        return response


class ContentSecurity(CSPMiddleware):
    """What a page may load is said by the settings; JSON may load nothing, which needs no working out."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type", "") in _JSON:
            response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer


class Preferences:
    """Speaks the language of the person who is signed in; else that of the cookie or the browser."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = not request.path_info.startswith("/api/") and request.user.is_authenticated
        language = request.user.language if signed_in and request.user.is_authenticated else None
        language = language or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            # Rendered inside the override: a response of the API is rendered later than its view returns.
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        response.headers.setdefault("Content-Language", language)
        if settings.USE_I18N and not signed_in:
            response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "Accept-Language"]))
        return response
