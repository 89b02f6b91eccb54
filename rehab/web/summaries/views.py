"""Pages of summaries: the lists, one summary in any version, and its PDF."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.roles import CareRole
from rehab.errors import NotFound
from rehab.models import Summary
from rehab.selectors import alerts, patients, summaries
from rehab.selectors.paging import Position
from rehab.selectors.summaries import SeenSummary, SummaryFilters
from rehab.web.errors import page, reader
from rehab.web.summaries import pdf, phrases, presenters, sending

PAGE = 30
_PATIENT_PERIODS = ("week", "four_weeks", "day")
_CASELOAD_PERIODS = ("week", "day")


@page
@never_cache
@require_safe
def of_patient(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    seen = patients.get(viewer=user, patient_id=patient_id)
    is_own = seen.role == CareRole.PATIENT
    heading = {
        "title": _("My summaries") if is_own else _("Summaries"),
        "subtitle": "" if is_own else seen.patient.name,
        "back": reverse("patient", args=[patient_id]),
        "back_text": _("My record") if is_own else seen.patient.name,
        "is_wide": not is_own,
        "empty": _("The first summary comes when the first day, week or four weeks are over."),
    }
    wanted = SummaryFilters(audience=Summary.Audience.PATIENT, patient_id=patient_id)
    return _listed(request, user, wanted, _PATIENT_PERIODS, heading)


@page
@never_cache
@require_safe
def of_caseload(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    alerts.check_may_handle(user, None)
    heading = {
        "title": _("Summaries of my patients"),
        "back": reverse("caseload"),
        "back_text": _("Patients"),
        "is_wide": True,
        "empty": _("The first summary comes when the first day or week with a patient of yours is over."),
        "clinics": summaries.clinics_of(user),
    }
    return _listed(request, user, SummaryFilters(audience=Summary.Audience.THERAPIST), _CASELOAD_PERIODS, heading)


@page
@never_cache
@require_safe
def of_clinic(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    clinic = next((one for one in summaries.clinics_of(user) if one.pk == clinic_id), None)
    if clinic is None:
        raise NotFound
    heading = {
        "title": _("Monthly summaries"),
        "subtitle": clinic.name,
        "back": reverse("home"),
        "back_text": _("Home"),
        "is_wide": True,
        "empty": _("The first summary comes when the first month is over."),
    }
    wanted = SummaryFilters(audience=Summary.Audience.CLINIC, clinic_id=clinic_id)
    return _listed(request, user, wanted, (), heading)


def _listed(
    request: HttpRequest, user: User, wanted: SummaryFilters, periods: tuple[str, ...], heading: dict[str, Any]
) -> HttpResponse:
    period = request.GET.get("period", "")
    period = period if period in periods else ""
    after = _position(request.GET.get("after", ""))
    narrowed = SummaryFilters(wanted.audience, period or None, wanted.patient_id, wanted.clinic_id)
    rows, following = summaries.page(viewer=user, filters=narrowed, after=after, limit=PAGE)
    context = {
        **heading,
        "lines": presenters.lines(rows),
        "period": period,
        "periods": [("", _("All"))] + [(one, phrases.said(phrases.TITLES, one)) for one in periods] if periods else [],
        "next": following.encode() if following else "",
        "is_first_page": after is None,
    }
    return render(request, "summaries/list.html", context)


def _position(cursor: str) -> Position | None:
    """Return where a page starts; the start of the list for an address that somebody mangled."""
    try:
        return Position.decode(cursor) if cursor else None
    except (ValueError, OverflowError):
        return None


@page
@never_cache
@require_safe
def summary(request: HttpRequest, summary_id: uuid.UUID, version: int | None = None) -> HttpResponse:
    """Show a summary: the latest version, or the one of the address as it was."""
    user = reader(request)
    found = summaries.get(user, summary_id, version)
    back, back_text = _back_from(found)
    context = {
        "found": found,
        "sheet": presenters.sheet(found, user=user),
        "versions": presenters.versions(found),
        "pdf_url": presenters.pdf_url_of(found),
        "send_text": sending.button(found),
        "latest_url": reverse("summary", args=[summary_id]),
        "back": back,
        "back_text": back_text,
    }
    return render(request, "summaries/summary.html", context)


def _back_from(found: SeenSummary) -> tuple[str, str]:
    if found.seen is not None:
        is_own = found.seen.role == CareRole.PATIENT
        back = reverse("patient-summaries", args=[found.seen.patient.pk])
        return back, _("My summaries") if is_own else _("Summaries of %(name)s") % {"name": found.seen.patient.name}
    if found.summary.audience == Summary.Audience.CLINIC:
        return reverse("clinic-summaries", args=[found.summary.clinic_id]), _("Monthly summaries")
    return reverse("caseload-summaries"), _("Summaries of my patients")


@page
@never_cache
@require_safe
def summary_pdf(request: HttpRequest, summary_id: uuid.UUID) -> HttpResponse:
    """Send a summary as PDF; ``?version=`` names an older one."""
    user = reader(request)
    found = summaries.get(user, summary_id, _version(request.GET.get("version")))
    sheet = presenters.sheet(found, user=user)
    if sheet is None:
        raise Http404
    response = HttpResponse(pdf.render(sheet, language=phrases.language()), content_type="application/pdf")
    name = f"summary-{found.summary.period}-{found.summary.starts_on}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _version(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise NotFound
    return int(text)
