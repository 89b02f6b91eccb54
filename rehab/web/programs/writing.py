"""Writing programmes: new ones, their items, changes with a reason, and their end."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Permission
from rehab.models import ProgramItem
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.selectors.patients import Seen
from rehab.services import program_items as item_services
from rehab.services import programs as services
from rehab.services import rows
from rehab.web.auth.answers import change_of, sent
from rehab.web.errors import form_view, reader
from rehab.web.programs import presenters
from rehab.web.programs.answering import OF_ITEM, OF_PROGRAM, answer, back_to, check_may_plan
from rehab.web.programs.forms import EditProgramForm, ItemForm, NewProgramForm, WithReason


@form_view
def program_new(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.PLAN).patient
    form = NewProgramForm(
        sent(request),
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


@form_view
def program_edit(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    check_may_plan(seen)
    form = EditProgramForm(sent(request), program=program)
    return answer(
        request,
        form,
        lambda: services.amend(program_id, form.changes(), **change_of(form, by=user, now=timezone.now())),
        saved=_("The change was saved. The version before is kept."),
        back=back_to(seen.patient.pk),
        template=OF_PROGRAM,
        heading=_("Change the programme"),
        subject=seen.patient.name,
        submit=_("Save the change"),
    )


@form_view
def program_end(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    check_may_plan(seen)
    form = WithReason(sent(request), initial={"version": program.version})
    return answer(
        request,
        form,
        lambda: services.end(program_id, **change_of(form, by=user, now=timezone.now())),
        saved=_("The programme is ended."),
        back=back_to(seen.patient.pk),
        template=OF_PROGRAM,
        heading=_("End the programme?"),
        subject=f"{program.title} · {seen.patient.name}",
        lead=_("From today on nothing of it is due. What was done and due before stays."),
        submit=_("End the programme"),
    )


@form_view
def item_new(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    program, seen = selectors.get(viewer=user, program_id=program_id)
    check_may_plan(seen)
    start_on = max(program.start_on, rows.local_date(now, seen.patient))
    form = ItemForm(user=user, start_on=start_on, data=sent(request))
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


@form_view
def item_edit(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    item, seen = _item_to_change(request, program_id, item_id)
    form = ItemForm(
        user=user,
        start_on=item.start_on,
        stored=item_services.item_document(item),
        version=item.version,
        data=sent(request),
    )
    return answer(
        request,
        form,
        lambda: item_services.amend(
            program_id, item_id, form.changes(), **change_of(form, by=user, now=timezone.now())
        ),
        saved=_("Saved. It is due so from today on; the days before keep what was due."),
        back=back_to(seen.patient.pk),
        template=OF_ITEM,
        heading=_("Change an item"),
        subject=presenters.title_of(item.details),
    )


@form_view
def item_end(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    item, seen = _item_to_change(request, program_id, item_id)
    form = WithReason(sent(request), initial={"version": item.version})
    return answer(
        request,
        form,
        lambda: item_services.end(program_id, item_id, **change_of(form, by=user, now=timezone.now())),
        saved=_("The item is ended."),
        back=back_to(seen.patient.pk),
        template=OF_PROGRAM,
        heading=_("End this item?"),
        subject=presenters.title_of(item.details),
        lead=_("From today on it is not due. What was done and due before stays."),
        submit=_("End the item"),
    )


def _item_to_change(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> tuple[ProgramItem, Seen]:
    item, seen = selectors.get_item(viewer=reader(request), program_id=program_id, item_id=item_id)
    check_may_plan(seen)
    if item.ended_on is not None and request.method != "POST":
        raise Http404
    return item, seen
