"""The care team of a patient: who is on it, who comes in, who leaves. People only; nothing clinical stands here."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import invitations
from accounts.errors import InvitationUnusable
from accounts.models import Invitation
from rehab.errors import Invalid, NotPermitted
from rehab.selectors import people
from rehab.selectors.people import CareTeamView
from rehab.services import people as people_services
from rehab.web.auth.answers import form_page, safe_next, saved, sent
from rehab.web.dashboard import presenters
from rehab.web.dashboard.forms import AddTherapistForm, InviteCaregiverForm, InviteForm
from rehab.web.errors import form_view, page, reader


def link_of(request: HttpRequest, invitation: Invitation) -> str:
    return request.build_absolute_uri(reverse("invitation", args=[invitations.token_of(invitation)]))


def with_links(request: HttpRequest, found: list[Invitation]) -> list[dict[str, Any]]:
    """Return open invitations with what a page shows of them."""
    return [
        {
            "invitation": invitation,
            "link": link_of(request, invitation),
            "permissions": presenters.permissions(invitation.permissions) if invitation.permissions else [],
        }
        for invitation in found
    ]


def _view(request: HttpRequest, patient_id: uuid.UUID) -> CareTeamView:
    return people.care_team_view(viewer=reader(request), patient_id=patient_id, now=timezone.now())


@page
@never_cache
@require_safe
def care_team(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    view = _view(request, patient_id)
    members = [
        {
            "member": member,
            "permissions": presenters.permissions(member.permissions) if member.role == "caregiver" else [],
            "may_end": member.user_id in view.ends,
        }
        for member in view.members
    ]
    context = {"view": view, "members": members, "invitations": with_links(request, view.invitations)}
    return render(request, "dashboard/care_team.html", context)


@form_view
def therapist_add(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    view = _view(request, patient_id)
    if not view.may_manage:
        raise NotPermitted
    form = AddTherapistForm(sent(request), candidates=view.candidates)
    if saved(
        form,
        lambda: people_services.add_therapist(
            patient_id=patient_id,
            therapist_id=form.cleaned_data["therapist"],
            by=reader(request),
            now=timezone.now(),
        ),
    ):
        messages.success(request, _("The therapist is on the care team."))
        return redirect("care-team", patient_id)
    return form_page(
        request,
        form,
        heading=_("Add a therapist"),
        subject=view.patient.name,
        submit=_("Add to the care team"),
        back=reverse("care-team", args=[patient_id]),
        nothing=None if view.candidates else _("Every therapist of the clinic is on this care team already."),
    )


@form_view
def patient_invite(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    view = _view(request, patient_id)
    if view.role != "therapist":
        raise NotPermitted
    form = InviteForm(sent(request))
    if saved(
        form,
        lambda: people_services.invite_patient(
            patient_id=patient_id, **form.cleaned_data, by=reader(request), now=timezone.now()
        ),
    ):
        return _invited(request, patient_id)
    return form_page(
        request,
        form,
        heading=_("Invite the patient"),
        subject=view.patient.name,
        lead=_("The patient gets a link to their own record. Check the address: the link opens the record."),
        submit=_("Send the invitation"),
        back=reverse("care-team", args=[patient_id]),
    )


@form_view
def caregiver_invite(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    view = _view(request, patient_id)
    if not view.may_invite_caregiver:
        raise NotPermitted
    form = InviteCaregiverForm(sent(request))
    if saved(
        form,
        lambda: people_services.invite_caregiver(
            patient_id=patient_id, **form.cleaned_data, by=reader(request), now=timezone.now()
        ),
    ):
        return _invited(request, patient_id)
    return form_page(
        request,
        form,
        heading=_("Invite a caregiver"),
        lead=_(
            "A caregiver helps you with your record: a family member, a friend, a nurse. You decide what they may do."
        ),
        submit=_("Send the invitation"),
        back=reverse("care-team", args=[patient_id]),
    )


def _invited(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    messages.success(request, _("The invitation is made and will be sent by e-mail. You can also pass the link on."))
    return redirect("care-team", patient_id)


@form_view
def care_role_end(request: HttpRequest, patient_id: uuid.UUID, user_id: uuid.UUID) -> HttpResponse:
    """Ask first; then the person's access ends at once."""
    view = _view(request, patient_id)
    member = next((member for member in view.members if member.user_id == user_id), None)
    if member is None:
        raise Http404
    back = reverse("care-team", args=[patient_id])
    leaves = user_id == reader(request).pk
    if request.method == "POST":
        try:
            people_services.end_care_role(
                patient_id=patient_id, user_id=user_id, by=reader(request), now=timezone.now()
            )
        except Invalid as error:
            for problem in error.problems:
                messages.error(request, str(problem.message))
            return redirect(back)
        messages.success(request, _("%(name)s has no access any more.") % {"name": member.user.name})
        return redirect("home" if leaves else back)
    if user_id not in view.ends:
        raise NotPermitted
    context = {
        "heading": _("Leave this care team?")
        if leaves
        else _("End the access of %(name)s?") % {"name": member.user.name},
        "text": _("You will not see this record any more, from this moment. What you recorded stays.")
        if leaves
        else _("They will not see this record any more, from this moment. What they recorded stays."),
        "submit": _("Leave") if leaves else _("End the access"),
        "back": back,
    }
    return render(request, "dashboard/confirm.html", context)


@page
@require_POST
def invitation_withdraw(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    try:
        people_services.withdraw_invitation(invitation_id=invitation_id, by=reader(request), now=timezone.now())
    except InvitationUnusable:
        messages.warning(request, _("This invitation was used or withdrawn before."))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link does not work any more."))
    return redirect(safe_next(request, fallback=reverse("home")))
