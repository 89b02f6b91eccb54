"""Domain errors as pages, mapped once: not visible is 404, visible but not permitted is 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from rehab.errors import NotFound, NotPermitted

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Make a view a page for people who are signed in."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            raise Http404 from None
        except NotPermitted:
            raise PermissionDenied from None

    return wrapped


def form_view(view: View) -> View:
    """Make a view a page with a form: kept nowhere, and sent with POST."""
    return page(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))


def reader(request: HttpRequest) -> User:
    """Return who reads a page that asks for a sign-in."""
    return cast("User", request.user)
