"""A patient's programme as the team sees it, and the versions of an item."""

import uuid
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.roles import Permission
from rehab.selectors import checklists as checklist_selectors
from rehab.selectors import patients
from rehab.selectors import programs as selectors
from rehab.selectors import today as today_selectors
from rehab.selectors.analyses import week as week_selectors
from rehab.selectors.patients import Seen
from rehab.services import rows
from rehab.web.errors import page, reader
from rehab.web.learn import desks
from rehab.web.programs import logged, presenters, progress, screening
from rehab.web.records.presenters import zone_of

#: How long excused days stay on the page.
EXCUSED_SHOWN = timedelta(days=56)


@page
@never_cache
@require_safe
def programs(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Everything of a patient's programmes: what is due, how it goes, excused days, screening lists."""
    user, now = reader(request), timezone.now()
    seen = patients.get(viewer=user, patient_id=patient_id)
    patient, may_plan = seen.patient, seen.may(Permission.PLAN)
    today = rows.local_date(now, patient)
    found = list(selectors.of_patient(viewer=user, patient_id=patient_id))
    cards = presenters.program_cards(found, selectors.items_of([row.pk for row in found]), today=today)
    due = today_selectors.of_patient(patient_id, on=today)
    context = {
        "seen": seen,
        "patient": patient,
        "may_plan": may_plan,
        "may_log": seen.may(Permission.LOG_RECORDS),
        "is_own": seen.role == "patient",
        "going_on": [card for card in cards if not card.is_over],
        "over": [card for card in cards if card.is_over],
        "beside": desks.beside(request, seen, "programme"),
        "lines": presenters.today_lines(due),
        "summary": progress.summary(due.report, own=seen.role == "patient"),
        "numbers": progress.numbers(due.report) if may_plan and cards else [],
        # A clinician has the page of analyses for it.
        "logged": None if may_plan else logged.logged(week_selectors.of_patient(patient_id, today=today)),
        "excusals": [
            (row, presenters.span(row.first_on, row.last_on))
            for row in selectors.excusals_of(patient_id, since=today - EXCUSED_SHOWN)
        ],
        "checklists": screening.checklist_cards(checklist_selectors.valid_of(patient_id), zone=zone_of(patient))
        if may_plan
        else [],
    }
    return render(request, "programs/programs.html", context)


@page
@never_cache
@require_safe
def item(request: HttpRequest, program_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    """An item with every version, and the days on which each was due."""
    found, seen = selectors.get_item(viewer=reader(request), program_id=program_id, item_id=item_id)
    patient = seen.patient
    context = {
        "seen": seen,
        "patient": patient,
        "card": presenters.item_card(found, today=rows.local_date(timezone.now(), patient)),
        "versions": presenters.item_versions(found, selectors.item_versions(found.pk), zone=zone_of(patient)),
    }
    return render(request, "programs/item.html", context)


def today_context(seen: Seen, *, now: datetime) -> dict[str, object]:
    """Return what the home of a patient shows of today; a therapist sees where to write a first programme, too."""
    due = today_selectors.of_patient(seen.patient.pk, on=rows.local_date(now, seen.patient))
    return {
        "lines": presenters.today_lines(due),
        "summary": progress.summary(due.report, own=seen.role == "patient"),
        "has_program": seen.may(Permission.PLAN) or selectors.has_programs(seen.patient.pk),
        "may_log": seen.may(Permission.LOG_RECORDS),
    }
