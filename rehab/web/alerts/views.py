"""Alerts as pages for therapists: the list, one alert with its reasons, and what one does with it."""

import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Permission
from rehab.analytics import emergency_wording
from rehab.errors import AlreadyClosed, IdInUse, Invalid, NotPermitted, VersionConflict
from rehab.models import Alert
from rehab.reference.alert_rules import is_reserved
from rehab.selectors import alert_mutes as mute_selectors
from rehab.selectors import alert_teams, patients, sign_offs
from rehab.selectors import alerts as alert_selectors
from rehab.selectors.alerts import AlertFilters
from rehab.selectors.paging import Position, RankedPosition
from rehab.services import alert_handling, alert_mutes
from rehab.web.alerts import presenters
from rehab.web.alerts.forms import AssignForm, CloseForm, FilterForm, MuteForm, StepForm
from rehab.web.auth.answers import CONFLICT, form_page, safe_next, sent, show_problems
from rehab.web.errors import form_view, page, reader

PAGE = 25


@page
@never_cache
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """The alerts of a therapist's patients, the worst first."""
    form = FilterForm(request.GET)
    filters = _filters(form)
    found, position = alert_selectors.page(
        viewer=reader(request), filters=filters, after=_position(request, RankedPosition.decode), limit=PAGE
    )
    narrowed = request.GET.copy()
    narrowed.pop("after", None)
    context = {
        "form": form,
        "lines": presenters.lines(found, now=timezone.now()),
        "is_narrowed": filters != AlertFilters(unfinished=True),
        "is_first_page": "after" not in request.GET,
        "query": narrowed.urlencode(),
        "next": position.encode() if position else "",
        "clinics": sign_offs.clinics_to_show(reader(request), version=emergency_wording.version()),
    }
    return render(request, "alerts/alerts.html", context)


def _filters(form: FilterForm) -> AlertFilters:
    typed = form.cleaned_data if form.is_valid() else {}
    status = typed.get("status") or ""
    return AlertFilters(
        level=typed.get("level") or None,
        status=status if status in Alert.Status.values else None,
        unfinished=not status,
        mine=bool(typed.get("mine")),
    )


def _position(request: HttpRequest, decode: Callable[[str], Any]) -> Any:
    """Return where a page starts; the start of the list for an address that somebody mangled."""
    try:
        return decode(request.GET["after"]) if "after" in request.GET else None
    except (ValueError, OverflowError):
        return None


@page
@never_cache
@require_safe
def alert(request: HttpRequest, alert_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    found = alert_selectors.get(viewer=user, alert_id=alert_id)
    reserved = is_reserved(rule=found.rule, subject=found.subject)
    context = {
        "alert": found,
        "detail": presenters.detail(found, viewer=user, now=timezone.now()),
        "is_reserved": reserved,
        # Who answers item 9 may not be on the care team: the patient's other pages are not theirs.
        "sees_patient": not reserved or bool(patients.get_many(viewer=user, patient_ids=[found.patient_id])),
    }
    return render(request, "alerts/alert.html", context)


@page
@require_POST
def acknowledge(request: HttpRequest, alert_id: uuid.UUID) -> HttpResponse:
    found = alert_selectors.get(viewer=reader(request), alert_id=alert_id)
    form = StepForm(request.POST, alert=found)
    if not form.is_valid():
        return redirect("alert", alert_id)
    try:
        alert_handling.acknowledge(
            alert_id, expected_version=form.cleaned_data["version"], by=reader(request), now=timezone.now()
        )
    except VersionConflict:
        messages.warning(request, _changed_meanwhile())
        return redirect("alert", alert_id)
    except AlreadyClosed:
        messages.warning(request, _closed_already())
        return redirect("alert", alert_id)
    messages.success(request, _("You have acknowledged the alert. It stays in the list until somebody closes it."))
    return redirect(safe_next(request, fallback=reverse("alert", args=[alert_id])))


def _changed_meanwhile() -> str:
    return _("This alert changed after you opened it. Nothing was saved. Please look at it again.")


def _closed_already() -> str:
    return _("This alert is closed already.")


def _step_page(
    request: HttpRequest, form: StepForm, found: Alert, act: Callable[[], object], done: str, **context: Any
) -> HttpResponse:
    """Show a form about an alert, or do what it asks for. What was typed survives a lost race."""
    [line] = presenters.lines([found], now=timezone.now())
    context |= {
        "subject": f"{found.patient.name} · {line.rule}",
        "back": reverse("alert", args=[found.pk]),
        "alert_line": line,
    }
    if form.is_valid():
        try:
            act()
        except Invalid as error:
            show_problems(form, error.problems)
        except VersionConflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current)
            form.data = typed
            return form_page(
                request, form, "alerts/step.html", status=CONFLICT, conflict=_changed_meanwhile(), **context
            )
        except AlreadyClosed:
            messages.warning(request, _closed_already())
            return redirect("alert", found.pk)
        else:
            messages.success(request, done)
            return redirect("alert", found.pk)
    return form_page(request, form, "alerts/step.html", **context)


@form_view
def close(request: HttpRequest, alert_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    found = alert_selectors.get(viewer=user, alert_id=alert_id)
    form = CloseForm(sent(request), alert=found)

    def act() -> object:
        typed = form.cleaned_data
        return alert_handling.close(
            alert_id, reason=typed["reason"], expected_version=typed["version"], by=user, now=timezone.now()
        )

    return _step_page(
        request, form, found, act, _("The alert is closed."),
        heading=_("Close the alert"), submit=_("Close it"),
    )  # fmt: skip


@form_view
def assign(request: HttpRequest, alert_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    found = alert_selectors.get(viewer=user, alert_id=alert_id)
    form = AssignForm(
        sent(request),
        alert=found,
        candidates=alert_teams.therapists_to_assign(found),
        initial={"therapist": found.assigned_to_id and str(found.assigned_to_id)},
    )

    def act() -> object:
        typed = form.cleaned_data
        return alert_handling.assign(
            alert_id, therapist_id=typed["therapist"], expected_version=typed["version"], by=user, now=timezone.now()
        )

    return _step_page(
        request, form, found, act, _("The alert is assigned."),
        heading=_("Assign the alert"), submit=_("Assign it"),
        lead=_("The person gets an e-mail, and still has to acknowledge the alert."),
    )  # fmt: skip


@form_view
def mute(request: HttpRequest, alert_id: uuid.UUID) -> HttpResponse:
    """Mute the rule of an alert for its patient."""
    user, now = reader(request), timezone.now()
    found = alert_selectors.get(viewer=user, alert_id=alert_id)
    if is_reserved(rule=found.rule, subject=found.subject):
        raise NotPermitted  # no mute silences it
    today = now.astimezone(ZoneInfo(found.patient.time_zone)).date()
    form: forms.Form = MuteForm(sent(request), first=today, last=today + alert_mutes.LONGEST)
    if isinstance(form, MuteForm) and form.is_valid():
        try:
            alert_mutes.create(form.document(found), by=user, now=now)
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            form.add_error(None, _("This form was sent already, with other content. Look at the list of mutes first."))
        else:
            messages.success(request, _("The rule is muted for this patient. Alerts that are open stay open."))
            return redirect("alert-mutes", found.patient_id)
    return form_page(
        request,
        form,
        "alerts/step.html",
        heading=_("Mute the rule for this patient"),
        subject=f"{found.patient.name} · {presenters.rule_name(found.rule)}",
        lead=_(
            "While it is muted, this rule raises no alert and sends no message for this patient. What it finds is kept "
            "in the list of mutes. What the patient reads after an answer stays the same."
        ),
        submit=_("Mute it"),
        back=reverse("alert", args=[alert_id]),
    )


@page
@never_cache
@require_safe
def mutes(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.HANDLE_ALERTS).patient
    found, position = mute_selectors.page(
        viewer=user, patient_id=patient_id, after=_position(request, Position.decode), limit=PAGE
    )
    silenced = mute_selectors.silenced_by(found)
    lines = presenters.mute_lines(found, silenced, viewer=user, now=now)
    context = {"patient": patient, "lines": lines, "next": position.encode() if position else ""}
    return render(request, "alerts/mutes.html", context)


@page
@require_POST
def mute_end(request: HttpRequest, mute_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    found = mute_selectors.get(viewer=user, mute_id=mute_id)
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        raise Http404 from None
    try:
        alert_mutes.end(mute_id, expected_version=version, by=user, now=timezone.now())
    except (VersionConflict, AlreadyClosed):
        messages.warning(request, _("This mute was ended before."))
    else:
        messages.success(request, _("The rule raises alerts again."))
    return redirect("alert-mutes", found.patient_id)
