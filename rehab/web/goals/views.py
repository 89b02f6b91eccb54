"""A patient's goals: the team reads them, therapists write, rate and end them."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.roles import CareRole, Permission
from rehab.errors import AlreadyClosed, EnteredInError, IdInUse, Invalid, NotPermitted, Problem, VersionConflict
from rehab.models import Goal, GoalReview
from rehab.selectors import goals as goal_selectors
from rehab.selectors import patients
from rehab.selectors.patients import Seen
from rehab.services import goals as goal_services
from rehab.web.auth.answers import CONFLICT, change_of, form_page, sent, show_problems
from rehab.web.errors import form_view, page, reader
from rehab.web.goals import presenters
from rehab.web.goals.forms import CloseForm, EditGoalForm, NewGoalForm, ReviewForm, at_fields
from rehab.web.learn import desks


@page
@never_cache
@require_safe
def goals(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Every goal with its levels and ratings; therapists also see T."""
    seen = patients.get(viewer=reader(request), patient_id=patient_id)
    rows = goal_selectors.of_patient(patient_id)
    today = goal_services.local_today(seen.patient, now=timezone.now())
    sees_t = seen.may(Permission.VIEW_ANALYSIS)
    context = {
        "seen": seen,
        "patient": seen.patient,
        "is_own": seen.role == CareRole.PATIENT,
        "may_plan": seen.may(Permission.PLAN),
        "lines": presenters.lines(rows, today=today),
        "beside": desks.beside(request, seen, "goals"),
        "attained": presenters.attained(goal_selectors.attainment(rows)) if sees_t else None,
    }
    return render(request, "goals/goals.html", context)


@form_view
def goal_new(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.PLAN).patient
    form = NewGoalForm(sent(request), today=goal_services.local_today(patient, now=now))

    def write() -> object:
        return goal_services.create({**form.document(), "patient": str(patient_id)}, by=user, now=now)

    if form.is_valid() and _saved(request, form, write):
        messages.success(request, _("The goal is written. Its levels stand still from its first day on."))
        return redirect("goals", patient_id)
    return form_page(
        request,
        form,
        heading=_("Write a goal"),
        subject=patient.name,
        lead=_("Agree with the patient what would be seen at each level. The levels cannot change in the period."),
        submit=_("Write the goal"),
        back=reverse("goals", args=[patient_id]),
    )


@form_view
def goal_edit(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    goal, seen = _to_plan(request, goal_id)
    if goal.status != Goal.Status.ACTIVE:
        return _ended(request, goal)
    has_begun = goal_services.has_begun(goal, today=goal_services.local_today(seen.patient, now=now))
    form = EditGoalForm(sent(request), goal=goal, has_begun=has_begun)

    def change() -> object:
        return goal_services.amend(goal_id, form.changes(), **change_of(form, by=user, now=now))

    if form.is_valid() and _saved(request, form, change):
        messages.success(request, _("The change was saved. The version before is kept."))
        return redirect("goals", goal.patient_id)
    lead = _("The period has begun: levels, weight and start stand still. If they are wrong, write a new goal.")
    return _page_of_goal(request, form, goal, heading=_("Change a goal"), lead=lead if has_begun else "")


@form_view
def goal_review(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    """Rate a goal; ``?corrects=`` names a rating that this one takes the place of."""
    user, now = reader(request), timezone.now()
    goal, seen = _to_plan(request, goal_id)
    if goal.status == Goal.Status.ENTERED_IN_ERROR:
        return _ended(request, goal)
    today = goal_services.local_today(seen.patient, now=now)
    corrected = _corrected(request, goal)
    initial = {"level": corrected.level, "rated_on": corrected.rated_on, "note": corrected.note} if corrected else {}
    form = ReviewForm(
        sent(request),
        goal=goal,
        today=today,
        corrects=corrected is not None,
        initial=initial,
    )

    def rate() -> object:
        corrects = {"corrects": str(corrected.pk)} if corrected else {}
        return goal_services.review(goal_id, {**form.document(), **corrects}, by=user, now=now)

    if form.is_valid() and _saved(request, form, rate):
        messages.success(request, _("The rating is saved."))
        return redirect("goals", goal.patient_id)
    heading = _("Correct a rating") if corrected else _("Rate a goal")
    return _page_of_goal(request, form, goal, heading=heading)


@form_view
def goal_close(request: HttpRequest, goal_id: uuid.UUID) -> HttpResponse:
    user, now = reader(request), timezone.now()
    goal, _seen = _to_plan(request, goal_id)
    if goal.status != Goal.Status.ACTIVE:
        return _ended(request, goal)
    initial = {"version": goal.version}
    form = CloseForm(sent(request), initial=initial)

    def close() -> object:
        return goal_services.close(goal_id, status=form.cleaned_data["status"], **change_of(form, by=user, now=now))

    if form.is_valid() and _saved(request, form, close):
        messages.success(request, _("The goal is ended. It stays readable."))
        return redirect("goals", goal.patient_id)
    return _page_of_goal(request, form, goal, heading=_("End a goal"))


def _to_plan(request: HttpRequest, goal_id: uuid.UUID) -> tuple[Goal, Seen]:
    goal, seen = goal_selectors.get(viewer=reader(request), goal_id=goal_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    return goal, seen


def _corrected(request: HttpRequest, goal: Goal) -> GoalReview | None:
    given = request.GET.get("corrects")
    if given is None:
        return None
    try:
        return goal_selectors.review_of(goal, uuid.UUID(given))
    except ValueError:
        raise Http404 from None


def _saved(request: HttpRequest, form: forms.Form, save: Callable[[], object]) -> bool:
    """Save; if the domain refuses, put what it says at the fields and return False."""
    try:
        save()
    except Invalid as error:
        show_problems(form, at_fields(error.problems))
    except IdInUse:
        message = _("This form was sent already, with other content. Look at the list of goals first.")
        show_problems(form, [Problem("", "id_in_use", message)])
    except VersionConflict as conflict:
        typed = request.POST.copy()
        typed["version"] = str(conflict.current)
        form.data = typed
        message = _(
            "Somebody changed this goal while you were writing. Look at it again; saving replaces their change."
        )
        show_problems(form, [Problem("", "version_conflict", message)])
    except (AlreadyClosed, EnteredInError):
        show_problems(form, [Problem("", "ended", _("This goal has ended and stays as it is."))])
    else:
        return True
    return False


def _page_of_goal(request: HttpRequest, form: forms.Form, goal: Goal, *, heading: str, lead: str = "") -> HttpResponse:
    back = reverse("goals", args=[goal.patient_id])
    lost_a_race = form.is_bound and form.data.get("version") != request.POST.get("version")
    extra: dict[str, Any] = {"status": CONFLICT} if lost_a_race else {}
    return form_page(
        request, form, heading=heading, subject=goal.title, lead=lead, submit=_("Save"), back=back, **extra
    )


def _ended(request: HttpRequest, goal: Goal) -> HttpResponse:
    messages.warning(request, _("This goal has ended and stays as it is."))
    return redirect("goals", goal.patient_id)
