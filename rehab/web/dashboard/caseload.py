"""A therapist's patients: the list, enrolling one, changing what is known about one."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, Problem, VersionConflict
from rehab.selectors import patients as patient_selectors
from rehab.selectors import people
from rehab.services import patients as patient_services
from rehab.services import registration
from rehab.services.kinds import KINDS
from rehab.web.auth.answers import CONFLICT, form_page, show_problems
from rehab.web.auth.views import language_of_page
from rehab.web.dashboard import presenters
from rehab.web.dashboard.forms import EditPatientForm, EnrolForm
from rehab.web.errors import page, reader


@page
@never_cache
@require_safe
def caseload(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    search = request.GET.get("q", "").replace("\0", "").strip()[:120]
    rows = people.caseload(therapist=reader(request), models=[kind.model for kind in KINDS.values()], search=search)
    lines = [presenters.caseload_line(row, now=now) for row in rows]
    return render(request, "dashboard/caseload.html", {"lines": lines, "search": search})


@page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    clinics = people.clinics_to_enrol_in(user)
    form = EnrolForm(request.POST if request.method == "POST" else None, clinics=clinics)
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


@page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    patient = patient_selectors.get(viewer=user, patient_id=patient_id, to=Permission.EDIT_PATIENT).patient
    template = "dashboard/patient_edit.html"
    form = EditPatientForm(request.POST if request.method == "POST" else None, patient=patient)
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
