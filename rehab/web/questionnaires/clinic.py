"""What a clinic offers, and who answers item 9 for it: for its administrators."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rehab.errors import Invalid, NotFound
from rehab.selectors import people
from rehab.selectors import questionnaires as reading
from rehab.services import responders
from rehab.web.auth.answers import form_page, saved, sent, show_problems
from rehab.web.dashboard.clinic import page_of
from rehab.web.errors import form_view, reader
from rehab.web.questionnaires.forms import AddResponderForm, OfferForm


@form_view
def edit(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    clinic = people.administered_clinic(by=user, clinic_id=clinic_id)
    offer = reading.offer_of(clinic_id)
    form = OfferForm(sent(request), initial={"mode": offer.mode})
    if saved(
        form, lambda: responders.offer(clinic_id=clinic_id, mode=form.cleaned_data["mode"], by=user, now=timezone.now())
    ):
        messages.success(request, _("The changes are saved."))
        return redirect(page_of(clinic_id))
    context: dict[str, Any] = {
        "clinic": clinic,
        "responders": reading.responders_of(clinic),
        "back": page_of(clinic_id),
    }
    return form_page(request, form, "questionnaires/clinic.html", **context)


@form_view
def responder_add(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    clinic = people.administered_clinic(by=user, clinic_id=clinic_id)
    candidates = reading.candidates_of(clinic)
    form = AddResponderForm(sent(request), candidates=candidates)
    back = reverse("clinic-questionnaires", args=[clinic_id])
    if form.is_valid():
        try:
            added = responders.add(
                clinic_id=clinic_id, user_id=uuid.UUID(form.cleaned_data["user"]), by=user, now=timezone.now()
            )
        except Invalid as error:
            show_problems(form, error.problems)
        else:
            messages.success(request, _("%(name)s answers item 9 from now on.") % {"name": added.user.name})
            return redirect(back)
    return form_page(
        request,
        form,
        heading=_("Who answers item 9?"),
        subject=clinic.name,
        lead=_(
            "They are told the same day when a patient of this clinic reports thoughts of being better off dead or of "
            "self-harm, whoever treats the patient, and they see these answers."
        ),
        submit=_("Name this therapist"),
        back=back,
        nothing="" if candidates else _("Every therapist of this clinic is named already."),
    )


@form_view
def responder_end(request: HttpRequest, clinic_id: uuid.UUID, responder_user_id: uuid.UUID) -> HttpResponse:
    """Ask first: after the last one item 9 is not asked any more."""
    user = reader(request)
    clinic = people.administered_clinic(by=user, clinic_id=clinic_id)
    named = reading.responders_of(clinic)
    responder = next((each for each in named if each.user_id == responder_user_id), None)
    if responder is None:
        raise NotFound
    back = reverse("clinic-questionnaires", args=[clinic_id])
    if request.method == "POST":
        responders.end(clinic_id=clinic_id, user_id=responder_user_id, by=user, now=timezone.now())
        messages.success(request, _("%(name)s does not answer item 9 any more.") % {"name": responder.user.name})
        return redirect(back)
    text = _("They are not told any more, and do not see the answers to item 9 any more.")
    if len(named) == 1:
        text = _(
            "Nobody else answers item 9: it is not asked any more, and patients get the PHQ-8. Alerts that are still "
            "open stay open; name somebody else first if you can."
        )
    context = {
        "heading": _("Shall %(name)s not answer item 9 any more?") % {"name": responder.user.name},
        "subject": clinic.name,
        "text": text,
        "submit": _("End it"),
        "back": back,
    }
    return render(request, "dashboard/confirm.html", context)
