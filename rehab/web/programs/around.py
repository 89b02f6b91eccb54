"""What stands around programmes: templates, excused days, screening lists."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotPermitted, VersionConflict
from rehab.selectors import checklists as checklist_selectors
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.services import checklists, excusals, program_templates
from rehab.services.inputs.programs import SCREENED
from rehab.web.auth.answers import CONFLICT, form_page, show_problems
from rehab.web.errors import page, reader
from rehab.web.programs import presenters
from rehab.web.programs.forms import ChecklistForm, ExcusalForm, TemplateForm, TitleForm, WithReason
from rehab.web.programs.writing import POSTS, back_to, in_conflict, sent_twice


@page
@never_cache
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates of the clinics that somebody works for."""
    cards = [
        (row, [presenters.line_of(item) for item in row.items])
        for row in selectors.templates_in_use(viewer=reader(request))
    ]
    return render(request, "programs/templates.html", {"cards": cards})


@page
@never_cache
@require_http_methods(POSTS)
def template_save(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    """Keep the items of a programme as a template."""
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    form = TitleForm(request.POST if request.method == "POST" else None, initial={"title": program.title})
    if form.is_valid():
        sent = {"id": str(form.cleaned_data["id"]), "title": form.cleaned_data["title"], "program": str(program_id)}
        try:
            program_templates.create(sent, by=user, now=timezone.now())
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            sent_twice(form)
        else:
            messages.success(request, _("The template is saved. You can start programmes from it."))
            return redirect("program-templates")
    return form_page(
        request,
        form,
        heading=_("Save as a template"),
        subject=program.title,
        lead=_("Its items are copied, without the patient and without days."),
        submit=_("Save"),
        back=back_to(seen.patient.pk),
    )


@page
@never_cache
@require_http_methods(POSTS)
def template_edit(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Change title and note of a template; its items are those of the programme that it was kept from."""
    user = reader(request)
    template = selectors.template(viewer=user, template_id=template_id)
    stored = {"title": template.title, "note": template.note, "version": template.version}
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=stored)
    words = {"heading": _("Change the template"), "subject": template.title, "submit": _("Save the change")}
    back, status = reverse("program-templates"), None
    if form.is_valid():
        changes = {name: form.cleaned_data[name] for name in ("title", "note") if name in form.changed_data}
        try:
            program_templates.amend(
                template_id, changes, reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"], by=user, now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_problems(form, error.problems)
        except VersionConflict as conflict:
            in_conflict(form, conflict)
            status = CONFLICT
        else:
            messages.success(request, _("The change was saved. The version before is kept."))
            return redirect(back)
    return form_page(request, form, status=status, back=back, **words)


@page
@never_cache
@require_http_methods(POSTS)
def template_retire(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    template = selectors.template(viewer=user, template_id=template_id)
    form = WithReason(request.POST if request.method == "POST" else None, initial={"version": template.version})
    back, status = reverse("program-templates"), None
    if form.is_valid():
        try:
            program_templates.retire(
                template_id, reason=form.cleaned_data["reason"], expected_version=form.cleaned_data["version"],
                by=user, now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_problems(form, error.problems)
        except VersionConflict as conflict:
            in_conflict(form, conflict)
            status = CONFLICT
        else:
            messages.success(request, _("The template is retired."))
            return redirect(back)
    return form_page(
        request,
        form,
        status=status,
        heading=_("Retire this template?"),
        subject=template.title,
        lead=_("No programme is started from it any more. Programmes that were stay as they are."),
        submit=_("Retire the template"),
        back=back,
    )


@page
@never_cache
@require_http_methods(POSTS)
def excusal_new(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.PLAN).patient
    form = ExcusalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            excusals.excuse(form.document(patient_id), by=user, now=timezone.now())
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            sent_twice(form)
        else:
            messages.success(request, _("These days are excused: they do not count."))
            return redirect(back_to(patient_id))
    return form_page(
        request,
        form,
        heading=_("Excuse days"),
        subject=patient.name,
        lead=_("Nothing is due on them, and they are left out of the count. Past days, too."),
        submit=_("Save"),
        back=back_to(patient_id),
    )


@page
@never_cache
@require_http_methods(POSTS)
def excusal_withdraw(request: HttpRequest, excusal_id: uuid.UUID) -> HttpResponse:
    """Ask first; then the days count again."""
    user = reader(request)
    excusal, seen = selectors.excusal(viewer=user, excusal_id=excusal_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    back = back_to(seen.patient.pk)
    if request.method == "POST":
        try:
            excusals.withdraw(excusal_id, expected_version=excusal.version, by=user, now=timezone.now())
        except (Invalid, VersionConflict):
            messages.warning(request, _("These days were withdrawn before."))
        else:
            messages.success(request, _("These days count again."))
        return redirect(back)
    context = {
        "heading": _("Count these days again?"),
        "subject": f"{presenters.span(excusal.first_on, excusal.last_on)} · {excusal.reason}",
        "text": _("What was due on them is counted again."),
        "submit": _("Count them again"),
        "back": back,
    }
    return render(request, "dashboard/confirm.html", context)


@page
@never_cache
@require_http_methods(POSTS)
def checklist(request: HttpRequest, patient_id: uuid.UUID, checklist: str) -> HttpResponse:
    """Answer a screening list; what was answered last is filled in."""
    if checklist not in SCREENED:
        raise Http404
    user = reader(request)
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.PLAN).patient
    last = checklist_selectors.valid_of(patient_id).get(checklist)
    form = ChecklistForm(
        request.POST if request.method == "POST" else None,
        checklist=checklist,
        answers=last.answers if last else {},
    )
    if form.is_valid():
        try:
            checklists.answer(form.document(patient_id), by=user, now=timezone.now())
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            sent_twice(form)
        else:
            messages.success(request, _("The answers are saved with your name and today's date."))
            return redirect(back_to(patient_id))
    return form_page(
        request,
        form,
        "programs/checklist.html",
        heading=presenters.checklist_name(checklist),
        patient=patient,
        back=back_to(patient_id),
    )
