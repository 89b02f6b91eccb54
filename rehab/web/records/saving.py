"""What logging a record and changing it share: the page of a form, confirming what is odd, who may change."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts.roles import Permission
from rehab.errors import NeedsConfirmation, Problem
from rehab.models import Record
from rehab.selectors.patients import Seen
from rehab.services.kinds import KINDS, Kind
from rehab.web.records import layout, presenters, red_flags, words
from rehab.web.records.forms import RecordForm

UNPROCESSABLE = 422
Saved = TypeVar("Saved")


def form_page(
    request: HttpRequest, form: RecordForm, oddities: list[Problem], template: str, context: dict[str, Any]
) -> HttpResponse:
    context |= red_flags.of_form(form, request.POST) | {
        "form": form,
        "patient": context["seen"].patient,
        "essentials": layout.essentials(form),
        "further": layout.further(form),
        "further_is_open": layout.further_is_open(form),
        "oddities": oddities,
        "confirm_token": _token(oddities),
    }
    return render(request, template, context, status=UNPROCESSABLE if form.is_bound else 200)


def confirmed(save: Callable[[bool], Saved], data: QueryDict) -> Saved:
    """Save; what is odd only if the person confirmed just that."""
    try:
        return save(False)
    except NeedsConfirmation as error:
        if data.get("confirm") != _token(error.problems):
            raise
    return save(True)


def kind_or_404(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _token(oddities: list[Problem]) -> str:
    """Return what tells which oddities were shown, so that only those are confirmed, not what was typed since."""
    shown = "\n".join(f"{problem.pointer} {problem.message}" for problem in oddities)
    return hashlib.sha256(shown.encode()).hexdigest()[:32] if oddities else ""


def with_changes(data: Any, **changes: str) -> QueryDict:
    changed: QueryDict = data.copy()
    for name, value in changes.items():
        changed[name] = value
    return changed


def may_change(kind: Kind, seen: Seen) -> bool:
    return seen.may(Permission.AMEND_RECORDS) and seen.may(kind.permission)


def record_context(kind: Kind, row: Record, seen: Seen) -> dict[str, Any]:
    return {
        "record": row,
        "kind": kind,
        "seen": seen,
        "patient": seen.patient,
        "title": presenters.title_of(kind, row.details),
        "performed_at": words.moment(row.performed_at, presenters.zone_of(seen.patient)),
    }
