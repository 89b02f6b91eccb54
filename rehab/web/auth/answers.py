"""What the people pages share: where to go back to, and how a domain error becomes a form error."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypedDict

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from rehab.errors import Invalid, Problem

UNPROCESSABLE = 422
CONFLICT = 409


def safe_next(request: HttpRequest, *, fallback: str) -> str:
    """Return the form's ``next`` if it stays on this site, else ``fallback``."""
    wanted = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure()):
        return wanted
    return fallback


def saved(form: forms.Form, write: Callable[[], object]) -> bool:
    """Call ``write`` if the form is valid, and return True; put what stands against it at the fields if it is not."""
    if not form.is_valid():
        return False
    try:
        write()
    except Invalid as error:
        show_problems(form, error.problems)
        return False
    return True


class Change(TypedDict):
    reason: str
    expected_version: int
    by: User
    now: datetime


def change_of(form: forms.Form, *, by: User, now: datetime) -> Change:
    """Return what a service asks of every change, from a valid form with a reason and the version it was made from."""
    data = form.cleaned_data
    return {"reason": data["reason"], "expected_version": data["version"], "by": by, "now": now}


def show_problems(form: forms.Form, problems: Iterable[Problem]) -> None:
    """Put each problem at the field that its pointer names, or above the form."""
    for problem in problems:
        name = problem.pointer.removeprefix("/changes").strip("/").split("/")[0]
        if name in form.fields:
            form.add_error(name, _without_label(str(problem.message), str(form.fields[name].label)))
        else:
            form.add_error(None, str(problem.message))


def _without_label(message: str, label: str) -> str:
    """Drop the label that a message of the domain begins with: in a form it stands beside its field.

    >>> _without_label("Name: too long.", "Name")
    'Too long.'
    """
    for colon in (":", "："):
        if message.startswith(label + colon):
            rest = message.removeprefix(label + colon).strip()
            return rest[:1].upper() + rest[1:]
    return message


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; None while it is only shown."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: forms.Form,
    template: str = "dashboard/form.html",
    *,
    status: int | None = None,
    **context: Any,
) -> HttpResponse:
    """Render a page around one form: 422 if something in it is wrong."""
    wrong = form.is_bound and bool(form.errors)
    return render(request, template, {**context, "form": form}, status=status or (UNPROCESSABLE if wrong else None))
