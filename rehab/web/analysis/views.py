"""The analyses of one patient, and setting a hint aside. For clinicians of the care team only."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.ids import new_id
from rehab.errors import IdInUse, Invalid, NotFound
from rehab.selectors.analyses import hints, overview
from rehab.services import hints as hint_services
from rehab.web.analysis import hint_cards, presenters
from rehab.web.auth.answers import CONFLICT, form_page, sent, show_problems
from rehab.web.errors import form_view, page, reader

WEEKS = 8


class DismissForm(forms.Form):
    """The hidden id is chosen when the page is made, so that sending it twice sets the hint aside once."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with your name. The hint comes back as soon as there are new data."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["id"].initial = new_id


@page
@never_cache
@require_safe
def analysis(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    found = overview.of_patient(viewer=user, patient_id=patient_id, weeks=WEEKS, now=timezone.now())
    context = presenters.context(found, user)
    return render(request, "analysis/analysis.html", {"seen": found.seen, "patient": found.seen.patient, **context})


@form_view
def hint_dismiss(request: HttpRequest, patient_id: uuid.UUID, hint_key: str) -> HttpResponse:
    user, now = reader(request), timezone.now()
    found = hints.of_patient(viewer=user, patient_id=patient_id, now=now)
    hint = next((row for row in found.rows if row.key == hint_key), None)
    if hint is None:
        raise NotFound
    back = f"{reverse('analysis', args=[patient_id])}#hints"
    form = DismissForm(sent(request))
    status = None
    if form.is_valid():
        typed = form.cleaned_data
        document = {"id": str(typed["id"]), "patient": str(patient_id), "reason": typed["reason"]}
        try:
            hint_services.dismiss(hint_key, document, by=user, now=now)
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            form.add_error(None, _("This form was sent already, with other content. Open it again."))
            status = CONFLICT
        else:
            messages.success(request, _("The hint is set aside until there are new data."))
            return redirect(back)
    return form_page(
        request,
        form,
        status=status,
        heading=_("Set the hint aside"),
        subject=f"{found.seen.patient.name} – {hint_cards.title_of(hint)}",
        lead=_("This does not change any red flag or alert."),
        submit=_("Set aside"),
        back=back,
    )
