"""Writing programmes: new ones, their items, changes with a reason, and their end."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission
from rehab.models import ProgramItem
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.selectors.patients import Seen
from rehab.services import program_items as item_services
from rehab.services import programs as services
from rehab.services import rows
from rehab.web.errors import page, reader
from rehab.web.programs import presenters
from rehab.web.programs.answering import OF_ITEM, OF_PROGRAM, POSTS, answer, back_to, check_may_plan
from rehab.web.programs.forms import EditProgramForm, ItemForm, NewProgramForm, WithReason


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
    return answer(
        request,
        form,
        lambda: services.create(form.document(patient_id), by=user, now=now),
        saved=_("The programme is saved."),
        back=back_to(patient_id),
        template=OF_PROGRAM,
        patient_id=patient_id,
        heading=_("New programme"),
        subject=patient.name,
        submit=_("Save"),
    )


@page
@never_cache
@require_http_methods(POSTS)
def program_edit(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    check_may_plan(seen)
    form = EditProgramForm(request.POST if request.method == "POST" else None, program=program)
    return answer(
        request,
        form,
        lambda: services.amend(
            program_id, form.changes(), reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"], by=user, now=timezone.now(),
        ),
        saved=_("The change was saved. The version before is kept."),
        back=back_to(seen.patient.pk),
        template=OF_PROGRAM,
        heading=_("Change the programme"),
        subject=seen.patient.name,
        submit=_("Save the change"),
    )  # fmt: skip


@page
@never_cache
@require_http_methods(POSTS)
def program_end(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    check_may_plan(seen)
    form = WithReason(request.POST if request.method == "POST" else None, initial={"version": program.version})
    return answer(
        request,
        form,
        lambda: services.end(
            program_id, reason=form.cleaned_data["reason"], expected_version=form.cleaned_data["version"],
            by=user, now=timezone.now(),
        ),
        saved=_("The programme is ended."),
        back=back_to(seen.patient.pk),
        template=OF_PROGRAM,
        heading=_("End the programme?"),
        subject=f"{program.title} · {seen.patient.name}",
        lead=_("From today on nothing of it is due. What was done and due before stays."),
        submit=_("End the programme"),
    )  # fmt: skip


@page
@never_cache
@require_http_methods(POSTS)
def item_new(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    program, seen = selectors.get(viewer=user, program_id=program_id)
    check_may_plan(seen)
    start_on = max(program.start_on, rows.local_date(now, seen.patient))
    form = ItemForm(user=user, start_on=start_on, data=request.POST if request.method == "POST" else None)
    return answer(
        request,
        form,
        lambda: item_services.add(program_id, form.document(), by=user, now=now),
        saved=_("The item is added."),
        back=back_to(seen.patient.pk),
        template=OF_ITEM,
        patient_id=seen.patient.pk,
        heading=_("Add to the programme"),
        subject=program.title,
    )


@page
@never_cache
@require_http_methods(POSTS)
def item_edit(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    item, seen = _item_to_change(request, program_id, item_id)
    form = ItemForm(
        user=user,
        start_on=item.start_on,
        stored=item_services.item_document(item),
        version=item.version,
        data=request.POST if request.method == "POST" else None,
    )
    return answer(
        request,
        form,
        lambda: item_services.amend(
            program_id, item_id, form.changes(), reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"], by=user, now=timezone.now(),
        ),
        saved=_("Saved. It is due so from today on; the days before keep what was due."),
        back=back_to(seen.patient.pk),
        template=OF_ITEM,
        heading=_("Change an item"),
        subject=presenters.title_of(item.details),
    )  # fmt: skip


@page
@never_cache
@require_http_methods(POSTS)
def item_end(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    item, seen = _item_to_change(request, program_id, item_id)
    form = WithReason(request.POST if request.method == "POST" else None, initial={"version": item.version})
    return answer(
        request,
        form,
        lambda: item_services.end(
            program_id, item_id, reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"], by=user, now=timezone.now(),
        ),
        saved=_("The item is ended."),
        back=back_to(seen.patient.pk),
        template=OF_PROGRAM,
        heading=_("End this item?"),
        subject=presenters.title_of(item.details),
        lead=_("From today on it is not due. What was done and due before stays."),
        submit=_("End the item"),
    )  # fmt: skip


def _item_to_change(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> tuple[ProgramItem, Seen]:
    item, seen = selectors.get_item(viewer=reader(request), program_id=program_id, item_id=item_id)
    check_may_plan(seen)
    if item.ended_on is not None and request.method != "POST":
        raise Http404
    return item, seen
