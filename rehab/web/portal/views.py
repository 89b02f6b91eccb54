"""Where people arrive, and the page of one patient."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.roles import CareRole, Permission
from rehab.selectors import (
    alerts,
    check_ins,
    goals,
    patients,
    people,
    questionnaires,
    reading,
    summaries,
    timeline,
)
from rehab.selectors.paging import Position
from rehab.selectors.patients import Seen
from rehab.selectors.records import Filters
from rehab.services.kinds import KINDS
from rehab.web.alerts import presenters as alert_presenters
from rehab.web.alerts.presenters import Line
from rehab.web.errors import page, reader
from rehab.web.goals import presenters as goal_presenters
from rehab.web.goals.presenters import GoalLine
from rehab.web.learn import desks
from rehab.web.portal import presenters
from rehab.web.programs.pages import today_context
from rehab.web.records import presenters as records
from rehab.web.summaries import presenters as summary_presenters
from rehab.web.summaries.presenters import Line as SummaryLine

LATEST = 10
PAGE = 25


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send people where they belong."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    places = people.places_of(reader(request))
    if places.is_patient or places.is_caregiver:
        return redirect("portal")
    if places.is_therapist:
        return redirect("caseload")
    return redirect("clinic" if places.administers else "portal")


@page
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """A patient's home; a caregiver picks whom they care for."""
    user = reader(request)
    places = list(people.cared_for_by(user))
    own = next((place.patient for place in places if place.role == CareRole.PATIENT), None)
    context: dict[str, Any] = {"others": [place for place in places if place.role == CareRole.CAREGIVER]}
    if own is not None:
        seen = patients.get(viewer=user, patient_id=own.pk)
        context |= _latest(user, seen, kind="", cursor="", limit=LATEST) | {
            "groups": records.log_links(seen),
            "goals": _running_goals(seen),
            "week": _last_week(seen),
            "care": presenters.last_day_of_care(seen.patient),
        }
        context["offers_questionnaires"] = bool(questionnaires.offer_of(own.clinic_id).instruments)
        context |= today_context(seen, now=timezone.now()) | desks.home_context(request, seen)
    return render(request, "portal/portal.html", context)


def _last_week(seen: Seen) -> SummaryLine | None:
    found = summaries.latest_of(seen, period="week")
    return summary_presenters.line(found) if found else None


def _running_goals(seen: Seen) -> list[GoalLine]:
    today = timezone.now().astimezone(records.zone_of(seen.patient)).date()
    lines = goal_presenters.lines(goals.of_patient(seen.patient.pk), today=today)
    return [line for line in lines if line.is_active and line.goal.period_end >= today]


@page
@require_safe
def patient(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """A patient as one of their care team sees them."""
    user = reader(request)
    seen = patients.get(viewer=user, patient_id=patient_id)
    kind = request.GET.get("kind", "")
    context = _latest(user, seen, kind=kind, cursor=request.GET.get("after", ""), limit=PAGE)
    today = timezone.now().astimezone(records.zone_of(seen.patient)).date()
    context |= {
        "about": presenters.about(seen.patient, today=today),
        "new_sites": _new_sites(seen, today=today),
        "team": presenters.team(patients.care_team(patient=seen.patient)),
        "filters": [("", presenters.all_kinds()), *((name, found.label) for name, found in KINDS.items())],
        "kind": kind if kind in KINDS else "",
        "handles_alerts": seen.may(Permission.HANDLE_ALERTS),
        "alert_lines": _open_alerts(user, seen),
        "is_own": seen.role == CareRole.PATIENT,
        "may_edit": seen.may(Permission.EDIT_PATIENT),
        "is_first_page": not request.GET.get("after"),
        "may_see_questionnaires": seen.may(Permission.VIEW_QUESTIONNAIRES),
        "waiting": reading.waiting_of(seen.patient.pk) if seen.may(Permission.TEACH) else 0,
        **today_context(seen, now=timezone.now()),
    }
    return render(request, "portal/patient.html", context)


def _open_alerts(user: User, seen: Seen) -> list[Line]:
    """Return what is not closed, for who handles alerts; nothing for everybody else."""
    if not seen.may(Permission.HANDLE_ALERTS):
        return []
    return alert_presenters.lines(alerts.unfinished_of(seen.patient.pk, viewer=user), now=timezone.now())


def _new_sites(seen: Seen, *, today: date) -> list[presenters.SiteLine]:
    """Return the clinician's list of new sites of symptoms; nothing for anybody else."""
    if not seen.may(Permission.VIEW_ANALYSIS):
        return []
    return presenters.new_sites(check_ins.new_sites(seen.patient.pk, today=today))


def _latest(user: User, seen: Seen, *, kind: str, cursor: str, limit: int) -> dict[str, Any]:
    kinds = {kind: KINDS[kind]} if kind in KINDS else KINDS
    found = timeline.page(
        {name: each.model for name, each in kinds.items()},
        viewer=user,
        patient_id=seen.patient.pk,
        filters=Filters(),
        after=_position(cursor),
        limit=limit,
        columns_of=lambda _kind: records.COLUMNS,
    )
    return {
        "seen": seen,
        "patient": seen.patient,
        "may_log": seen.may(Permission.LOG_RECORDS),
        "may_analyse": seen.may(Permission.VIEW_ANALYSIS),
        "days": records.days(found.rows, user=user, patient=seen.patient),
        "next": found.next.encode() if found.next else "",
        "log_url": reverse("log", args=[seen.patient.pk]),
    }


def _position(cursor: str) -> Position | None:
    """Return where a page starts; the start of the timeline for an address that somebody mangled."""
    try:
        return Position.decode(cursor) if cursor else None
    except (ValueError, OverflowError):
        return None
