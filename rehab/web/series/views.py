"""A patient's series: the list, one with its chart, and the baseline that a clinician sets."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.roles import Permission
from rehab.analytics.series import key_of, token_of
from rehab.errors import IdInUse, Invalid, NotPermitted, Problem, VersionConflict
from rehab.reference import units
from rehab.reference.scales import MRC_GRADES
from rehab.selectors import baselines, patients
from rehab.selectors import series as series_selectors
from rehab.selectors.series import SeriesTrend
from rehab.services import baselines as baseline_services
from rehab.web.auth.answers import CONFLICT, form_page, sent, show_problems
from rehab.web.errors import form_view, page, reader
from rehab.web.learn import desks
from rehab.web.records import words as record_words
from rehab.web.series import presenters, words
from rehab.web.series.forms import BaselineForm, EndBaselineForm


@page
@never_cache
@require_safe
def series_list(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    seen, found = series_selectors.of_patient(viewer=user, patient_id=patient_id)
    groups = presenters.groups(found, patient_id=patient_id, user=user)
    return render(request, "series/list.html", {"seen": seen, "patient": seen.patient, "groups": groups})


@page
@never_cache
@require_safe
def series(request: HttpRequest, patient_id: uuid.UUID, series: str) -> HttpResponse:
    user = reader(request)
    found = _found(user, patient_id, series)
    context = {
        "seen": found.seen,
        "patient": found.seen.patient,
        "series": series,
        "shown": presenters.page(found, user=user),
        "may_plan": found.seen.may(Permission.PLAN),
        "beside": desks.beside(request, found.seen, "measurement_error", "chart"),
    }
    return render(request, "series/series.html", context)


def _found(user: User, patient_id: uuid.UUID, token: str) -> SeriesTrend:
    try:
        key = key_of(token)
    except ValueError:
        raise Http404 from None
    return series_selectors.trend_of(viewer=user, patient_id=patient_id, key=key, now=timezone.now())


@form_view
def baseline_set(request: HttpRequest, patient_id: uuid.UUID, series: str) -> HttpResponse:
    user = reader(request)
    found = _found(user, patient_id, series)
    if not found.seen.may(Permission.PLAN):
        raise NotPermitted
    description = found.state.series.description
    ranks = list(enumerate(MRC_GRADES["MRC11"])) if description.unit == "mrc_rank" else []
    if description.unit == "mas_rank":
        ranks = list(enumerate(words.MAS_GRADES))
    form = BaselineForm(sent(request), rank_names=ranks, unit=words.unit_of(description, user))
    back = reverse("series", args=[patient_id, series])
    context: dict[str, Any] = {
        "patient": found.seen.patient, "subject": words.title(description), "back": back, "unit": form.unit,
    }  # fmt: skip
    if form.is_valid():
        value = form.cleaned_data["value"]
        unit = record_words.preferred_unit(description.quantity, user) if description.quantity else None
        if value is not None and unit is not None:
            value = units.to_canonical(quantity=description.quantity, value=value, unit=unit)
        document = {
            "id": str(form.cleaned_data["id"]),
            "patient": str(patient_id),
            "series": series,
            "starts_on": form.cleaned_data["starts_on"].isoformat(),
            "value": value,
            "reason": form.cleaned_data["reason"],
            "note": form.cleaned_data["note"],
        }
        try:
            baseline_services.set_baseline(document, by=user, now=timezone.now())
        except Invalid as error:
            show_problems(form, error.problems)
        except (IdInUse, VersionConflict):
            message = _("A baseline was set from this page or by somebody else meanwhile. Look at the series first.")
            show_problems(form, [Problem("", "conflict", message)])
            return form_page(request, form, "series/baseline_form.html", status=CONFLICT, **context)
        else:
            messages.success(request, _("The baseline is set."))
            return redirect(back)
    return form_page(request, form, "series/baseline_form.html", **context)


@form_view
def baseline_end(request: HttpRequest, baseline_id: uuid.UUID) -> HttpResponse:
    """Ask first; then the series is compared with its first readings again."""
    user = reader(request)
    row, seen = baselines.get(viewer=user, baseline_id=baseline_id)
    patients.get(viewer=user, patient_id=seen.patient.pk, to=Permission.PLAN)
    back = reverse("series", args=[row.patient_id, token_of(row.series_key)])
    form = EndBaselineForm(sent(request), initial={"version": row.version})
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            baseline_services.end(baseline_id, expected_version=version, by=user, now=timezone.now())
        except VersionConflict:
            messages.warning(request, _("This baseline had ended before."))
        else:
            messages.success(request, _("The baseline is ended. The series is compared with its first readings again."))
        return redirect(back)
    return form_page(
        request,
        form,
        heading=_("End this baseline?"),
        subject=record_words.day(row.starts_on),
        lead=_("The series is compared with its first readings again. This baseline stays in the history."),
        submit=_("End the baseline"),
        back=back,
    )
