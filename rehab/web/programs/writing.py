"""Writing programmes: new ones, their items, changes with a reason, and their end."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.ids import new_id
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotCleared, NotPermitted, Problem, VersionConflict
from rehab.models import ProgramItem
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.selectors.patients import Seen
from rehab.services import programs as services
from rehab.services import rows
from rehab.services.inputs.programs import SCREENED
from rehab.web.auth.answers import CONFLICT, UNPROCESSABLE, form_page, show_problems
from rehab.web.errors import page, reader
from rehab.web.programs import presenters
from rehab.web.programs.forms import EditProgramForm, ItemForm, NewProgramForm, WithReason
from rehab.web.records import layout

POSTS = ["GET", "HEAD", "POST"]


def back_to(patient_id: uuid.UUID) -> str:
    return reverse("programs", args=[patient_id])


def _with(data: Any, **changes: str) -> QueryDict:
    changed: QueryDict = data.copy()
    for name, value in changes.items():
        changed[name] = value
    return changed


def in_conflict(form: forms.Form, conflict: VersionConflict) -> None:
    """Keep what was typed, of the version that is there now."""
    form.data = _with(form.data, version=str(conflict.current))
    message = _("Somebody changed this meanwhile. Nothing was saved; what you typed is kept. Look, then save again.")
    form.add_error(None, message)


def sent_twice(form: forms.Form) -> None:
    form.data = _with(form.data, id=str(new_id()))
    message = _("This form was saved already, with other values. Save again only if you want a second one.")
    form.add_error(None, message)


@page
@never_cache
@require_http_methods(POSTS)
def program_new(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.PLAN).patient
    form = NewProgramForm(
        request.POST if request.method == "POST" else None,
        templates=selectors.usable_templates(viewer=user, clinic_id=patient.clinic_id),
        today=rows.local_date(now, patient),
    )
    blocked: list[Problem] = []
    if form.is_valid():
        try:
            services.create(form.document(patient_id), by=user, now=now)
        except NotCleared as error:
            blocked = error.problems
            form.add_error(None, _("Answer the screening list first. Nothing was saved."))
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            sent_twice(form)
        else:
            messages.success(request, _("The programme is saved."))
            return redirect(back_to(patient_id))
    return _page(request, form, patient_id, blocked, heading=_("New programme"), subject=patient.name, submit=_("Save"))


def _page(
    request: HttpRequest, form: forms.Form, patient_id: uuid.UUID, blocked: list[Problem], **context: Any
) -> HttpResponse:
    return form_page(
        request,
        form,
        "programs/form.html",
        blocked=blocked,
        back=back_to(patient_id),
        checklists=[(code, presenters.checklist_name(code)) for code in SCREENED] if blocked else [],
        patient_id=patient_id,
        **context,
    )


@page
@never_cache
@require_http_methods(POSTS)
def program_edit(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    _check_may_plan(seen)
    form = EditProgramForm(request.POST if request.method == "POST" else None, program=program)
    if form.is_valid():
        try:
            services.amend(
                program_id, form.changes(), reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"], by=user, now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_problems(form, _without_empty(error.problems))
        except VersionConflict as conflict:
            in_conflict(form, conflict)
            return _page(request, form, seen.patient.pk, [], status=CONFLICT, **_editing(seen))
        else:
            messages.success(request, _("The change was saved. The version before is kept."))
            return redirect(back_to(seen.patient.pk))
    return _page(request, form, seen.patient.pk, [], **_editing(seen))


def _editing(seen: Seen) -> dict[str, Any]:
    return {"heading": _("Change the programme"), "subject": seen.patient.name, "submit": _("Save the change")}


def _without_empty(problems: list[Problem]) -> list[Problem]:
    """Say in a person's words that nothing was changed."""
    nothing = Problem("", "nothing_changed", _("Nothing was changed yet."))
    return [nothing if problem.pointer == "/changes" else problem for problem in problems]


@page
@never_cache
@require_http_methods(POSTS)
def program_end(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    _check_may_plan(seen)
    form = WithReason(request.POST if request.method == "POST" else None, initial={"version": program.version})
    words = {
        "heading": _("End the programme?"),
        "subject": f"{program.title} · {seen.patient.name}",
        "lead": _("From today on nothing of it is due. What was done and due before stays."),
        "submit": _("End the programme"),
    }
    if form.is_valid():
        try:
            services.end(
                program_id, reason=form.cleaned_data["reason"], expected_version=form.cleaned_data["version"],
                by=user, now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_problems(form, error.problems)
        except VersionConflict as conflict:
            in_conflict(form, conflict)
            return _page(request, form, seen.patient.pk, [], status=CONFLICT, **words)
        else:
            messages.success(request, _("The programme is ended."))
            return redirect(back_to(seen.patient.pk))
    return _page(request, form, seen.patient.pk, [], **words)


@page
@never_cache
@require_http_methods(POSTS)
def item_new(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    program, seen = selectors.get(viewer=user, program_id=program_id)
    _check_may_plan(seen)
    start_on = max(program.start_on, rows.local_date(now, seen.patient))
    form = ItemForm(user=user, start_on=start_on, data=request.POST if request.method == "POST" else None)
    blocked: list[Problem] = []
    if form.is_valid():
        try:
            services.add_item(program_id, form.document(), by=user, now=now)
        except NotCleared as error:
            blocked = error.problems
            form.add_error(None, _("Answer the screening list first. Nothing was saved."))
        except Invalid as error:
            form.add_problems(error.problems)
        except IdInUse:
            sent_twice(form)
        else:
            messages.success(request, _("The item is added."))
            return redirect(back_to(seen.patient.pk))
    return _item_page(request, form, seen, blocked, heading=_("Add to the programme"), subject=program.title)


@page
@never_cache
@require_http_methods(POSTS)
def item_edit(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    item, seen = _item_to_change(request, program_id, item_id)
    form = ItemForm(
        user=user,
        start_on=item.start_on,
        stored=services.item_document(item),
        version=item.version,
        data=request.POST if request.method == "POST" else None,
    )
    words: dict[str, Any] = {"heading": _("Change an item"), "subject": presenters.title_of(item.details)}
    if form.is_valid():
        try:
            services.amend_item(
                program_id, item_id, form.changes(), reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"], by=user, now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            form.add_problems(_without_empty(error.problems))
        except VersionConflict as conflict:
            in_conflict(form, conflict)
            return _item_page(request, form, seen, [], status=CONFLICT, **words)
        else:
            messages.success(request, _("Saved. It is due so from today on; the days before keep what was due."))
            return redirect(back_to(seen.patient.pk))
    return _item_page(request, form, seen, [], **words)


def _item_page(
    request: HttpRequest, form: ItemForm, seen: Seen, blocked: list[Problem], *, status: int | None = None,
    **words: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form,
        "seen": seen,
        "patient_id": seen.patient.pk,
        "essentials": layout.essentials(form),
        "further": layout.further(form),
        "further_is_open": layout.further_is_open(form),
        "blocked": blocked,
        "checklists": [(code, presenters.checklist_name(code)) for code in SCREENED] if blocked else [],
        "back": back_to(seen.patient.pk),
        **words,
    }
    wrong = form.is_bound and bool(form.errors)
    return render(request, "programs/item_form.html", context, status=status or (UNPROCESSABLE if wrong else None))


@page
@never_cache
@require_http_methods(POSTS)
def item_end(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    item, seen = _item_to_change(request, program_id, item_id)
    form = WithReason(request.POST if request.method == "POST" else None, initial={"version": item.version})
    words = {
        "heading": _("End this item?"),
        "subject": presenters.title_of(item.details),
        "lead": _("From today on it is not due. What was done and due before stays."),
        "submit": _("End the item"),
    }
    if form.is_valid():
        try:
            services.end_item(
                program_id, item_id, reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"], by=user, now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_problems(form, error.problems)
        except VersionConflict as conflict:
            in_conflict(form, conflict)
            return _page(request, form, seen.patient.pk, [], status=CONFLICT, **words)
        else:
            messages.success(request, _("The item is ended."))
            return redirect(back_to(seen.patient.pk))
    return _page(request, form, seen.patient.pk, [], **words)


def _item_to_change(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> tuple[ProgramItem, Seen]:
    item, seen = selectors.get_item(viewer=reader(request), program_id=program_id, item_id=item_id)
    _check_may_plan(seen)
    if item.ended_on is not None and request.method != "POST":
        raise Http404
    return item, seen


def _check_may_plan(seen: Seen) -> None:
    if not seen.may(Permission.PLAN):
        raise NotPermitted
