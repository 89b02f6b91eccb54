"""Personal API tokens: ``Authorization: Token …`` (django-rest-knox; only a digest of a token is stored)."""

import re

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from rehab.selectors import tokens

_TOKEN = re.compile(rb"[0-9A-Za-z]{16,128}")


class ApiToken(BaseAuthentication):
    """A token belongs to a person and may do what that person may do."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        scheme, _space, token = get_authorization_header(request).strip().partition(b" ")
        if scheme.lower() != b"token":
            return None
        # What was never a token of ours is refused before it is decoded and looked up: null bytes, a megabyte.
        user = tokens.user_of(token.decode("ascii"), now=timezone.now()) if _TOKEN.fullmatch(token) else None
        if user is None:
            raise AuthenticationFailed(_("Invalid token."))
        return user, "token"

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class ApiTokenScheme(OpenApiAuthenticationExtension):
    target_class = "rehab.api.authentication.ApiToken"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <your token>`; made on the Preferences page.",
        }
