"""A therapist's patients: the list, enrolling one, changing what is known about one."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, Problem, VersionConflict
from rehab.selectors import caseload as caseloads
from rehab.selectors import patients as patient_selectors
from rehab.selectors import people, reading
from rehab.selectors.caseload import Wanted
from rehab.services import patients as patient_services
from rehab.services import registration
from rehab.web.auth.answers import CONFLICT, form_page, sent, show_problems
from rehab.web.auth.views import language_of_page
from rehab.web.dashboard import presenters
from rehab.web.dashboard.forms import CaseloadForm, EditPatientForm, EnrolForm
from rehab.web.errors import form_view, page, reader

PAGE = 50


@page
@never_cache
@require_safe
def caseload(request: HttpRequest) -> HttpResponse:
    form = CaseloadForm(request.GET)
    wanted, number = form.wanted()
    rows = caseloads.of_therapist(therapist=reader(request), wanted=wanted, now=timezone.now())
    start = (number - 1) * PAGE
    params = request.GET.copy()
    context = {
        "form": form,
        "lines": [presenters.caseload_line(row) for row in rows[start : start + PAGE]],
        "count": len(rows),
        "questions": reading.open_count(reader(request)),
        "search": wanted.search,
        "narrowed": wanted != Wanted(sort=wanted.sort),
        "previous": _page_address(params, number - 1) if number > 1 else "",
        "next": _page_address(params, number + 1) if start + PAGE < len(rows) else "",
    }
    return render(request, "dashboard/caseload.html", context)


def _page_address(params: QueryDict, number: int) -> str:
    params["page"] = str(number)
    return f"?{params.urlencode()}"


@form_view
def enrol(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    clinics = people.clinics_to_enrol_in(user)
    form = EnrolForm(sent(request), clinics=clinics)
    if form.is_valid():
        try:
            enrolled = registration.enrol(
                form.document(),
                invite=form.cleaned_data["email"],
                language=language_of_page(),
                by=user,
                now=timezone.now(),
            )
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            message = _("This form was sent already, with other content. Look at the list of your patients first.")
            show_problems(form, [Problem("", "id_in_use", message)])
            return form_page(request, form, "dashboard/patient_enrol.html", status=CONFLICT)
        else:
            messages.success(request, _("%(name)s is enrolled.") % {"name": enrolled.patient.name})
            return redirect("care-team", enrolled.patient.pk)
    return form_page(request, form, "dashboard/patient_enrol.html")


@form_view
def edit(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    patient = patient_selectors.get(viewer=user, patient_id=patient_id, to=Permission.EDIT_PATIENT).patient
    template = "dashboard/patient_edit.html"
    form = EditPatientForm(sent(request), patient=patient)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            if changes := form.changes():
                patient_services.amend(patient_id, changes, expected_version=version, by=user, now=timezone.now())
        except Invalid as error:
            show_problems(form, error.problems)
        except VersionConflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current)
            form.data = typed
            stored = form.stored_where_it_differs()
            return form_page(request, form, template, status=CONFLICT, patient=patient, stored=stored)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(reverse("care-team", args=[patient_id]))
    return form_page(request, form, template, patient=patient)
