"""A clinic for its administrators: settings, staff, invitations, and who treats whom. Nothing clinical."""

import uuid
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rehab.analytics import emergency_wording
from rehab.errors import Invalid
from rehab.selectors import people, questionnaires, sign_offs
from rehab.services import clinics
from rehab.services import people as people_services
from rehab.web.auth.answers import form_page, saved, sent
from rehab.web.dashboard import presenters
from rehab.web.dashboard.forms import ClinicForm, InviteStaffForm
from rehab.web.dashboard.team import with_links
from rehab.web.errors import form_view, page, reader
from rehab.web.records import words


def page_of(clinic_id: uuid.UUID) -> str:
    return f"{reverse('clinic')}?clinic={clinic_id}"


def _chosen(request: HttpRequest) -> uuid.UUID | None:
    given = request.GET.get("clinic")
    if given is None:
        return None
    try:
        return uuid.UUID(given)
    except ValueError:
        raise Http404 from None


@page
@never_cache
@require_safe
def clinic(request: HttpRequest) -> HttpResponse:
    view = people.clinic_view(by=reader(request), clinic_id=_chosen(request), now=timezone.now())
    version = emergency_wording.version()
    signed = sign_offs.current_of(view.clinic.pk, version=version)
    context = {
        "view": view,
        "invitations": with_links(request, view.invitations),
        "questionnaires": presenters.questionnaires(questionnaires.offer_of(view.clinic.pk)),
        "wording_version": version,
        "signed": signed,
        "signed_on": words.day(signed.signed_at.astimezone(ZoneInfo(view.clinic.time_zone)).date()) if signed else "",
    }
    return render(request, "dashboard/clinic.html", context)


@form_view
def edit(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    found = people.administered_clinic(by=user, clinic_id=clinic_id)
    form = ClinicForm(sent(request), clinic=found)
    if saved(
        form,
        lambda: clinics.change(
            clinic_id=clinic_id,
            name=form.cleaned_data["clinic_name"],
            time_zone=form.cleaned_data["time_zone"],
            emergency_number=form.cleaned_data["emergency_number"],
            crisis_line=form.cleaned_data["crisis_line"],
            by=user,
            now=timezone.now(),
        ),
    ):
        messages.success(request, _("The changes are saved."))
        return redirect(page_of(clinic_id))
    return form_page(
        request, form, heading=_("Clinic settings"), subject=found.name, submit=_("Save"), back=page_of(clinic_id)
    )


@form_view
def staff_invite(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    found = people.administered_clinic(by=user, clinic_id=clinic_id)
    form = InviteStaffForm(sent(request))
    if saved(
        form,
        lambda: people_services.invite_staff(clinic_id=clinic_id, **form.cleaned_data, by=user, now=timezone.now()),
    ):
        messages.success(
            request, _("The invitation is made and will be sent by e-mail. You can also pass the link on.")
        )
        return redirect(page_of(clinic_id))
    return form_page(
        request,
        form,
        heading=_("Invite a colleague"),
        subject=found.name,
        submit=_("Send the invitation"),
        back=page_of(clinic_id),
    )


@form_view
def membership_end(request: HttpRequest, clinic_id: uuid.UUID, membership_id: uuid.UUID) -> HttpResponse:
    """Ask first; then the person's work for the clinic ends, and a therapist leaves its care teams."""
    user = reader(request)
    membership = people.membership_of(by=user, clinic_id=clinic_id, membership_id=membership_id)
    if request.method == "POST":
        try:
            people_services.end_membership(
                clinic_id=clinic_id, membership_id=membership_id, by=user, now=timezone.now()
            )
        except Invalid as error:
            for problem in error.problems:
                messages.error(request, str(problem.message))
            return redirect(page_of(clinic_id))
        messages.success(request, _("The role of %(name)s is ended.") % {"name": membership.user.name})
        itself = membership.user_id == user.pk and membership.role == "clinic_admin"
        return redirect("home" if itself else page_of(clinic_id))
    if membership.role == "therapist":
        text = _("They leave every care team of this clinic and see none of its patients any more. Their records stay.")
    else:
        text = _("They will not be able to change the clinic's settings or its people any more.")
    context = {
        "heading": _("End the role of %(name)s?") % {"name": membership.user.name},
        "subject": f"{membership.get_role_display()} · {membership.clinic.name}",
        "text": text,
        "submit": _("End the role"),
        "back": page_of(clinic_id),
    }
    return render(request, "dashboard/confirm.html", context)
