"""What stands around a programme: excused days, screening lists."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Permission
from rehab.errors import Invalid, VersionConflict
from rehab.selectors import checklists as checklist_selectors
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.services import checklists, excusals
from rehab.services.inputs.programs import SCREENED
from rehab.web.auth.answers import sent
from rehab.web.errors import form_view, reader
from rehab.web.programs import presenters, screening
from rehab.web.programs.answering import answer, back_to, check_may_plan
from rehab.web.programs.forms import ChecklistForm, ExcusalForm
from rehab.web.records.presenters import zone_of


@form_view
def excusal_new(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.PLAN).patient
    form = ExcusalForm(sent(request))
    return answer(
        request,
        form,
        lambda: excusals.excuse(form.document(patient_id), by=user, now=timezone.now()),
        saved=_("These days are excused: they do not count."),
        back=back_to(patient_id),
        heading=_("Excuse days"),
        subject=patient.name,
        lead=_("Nothing is due on them, and they are left out of the count. Past days, too."),
        submit=_("Save"),
    )


@form_view
def excusal_withdraw(request: HttpRequest, excusal_id: uuid.UUID) -> HttpResponse:
    """Ask first; then the days count again."""
    user = reader(request)
    excusal, seen = selectors.excusal(viewer=user, excusal_id=excusal_id)
    check_may_plan(seen)
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


@form_view
def checklist(request: HttpRequest, patient_id: uuid.UUID, checklist: str) -> HttpResponse:
    """Answer a screening list; what was answered last is filled in."""
    if checklist not in SCREENED:
        raise Http404
    user = reader(request)
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.PLAN).patient
    last = checklist_selectors.valid_of(patient_id).get(checklist)
    form = ChecklistForm(
        sent(request),
        checklist=checklist,
        answers=last.answers if last else {},
    )
    return answer(
        request,
        form,
        lambda: checklists.answer(form.document(patient_id), by=user, now=timezone.now()),
        saved=_("The answers are saved with your name and today's date."),
        back=back_to(patient_id),
        template="programs/checklist.html",
        heading=screening.checklist_name(checklist),
        patient=patient,
        answered=screening.answered_by(last, zone=zone_of(patient)) if last else "",
    )
