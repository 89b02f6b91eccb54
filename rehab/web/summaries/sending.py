"""Having a summary sent by e-mail, now or again, because its reader or the patient's therapist asks."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.roles import CareRole
from rehab.errors import Invalid
from rehab.outbound import email
from rehab.selectors.summaries import SeenSummary
from rehab.services import summary_deliveries
from rehab.web.errors import page, reader


def button(seen: SeenSummary) -> str:
    """Return what the button says; empty for a version that holds no more, as the latest is what is sent, and where
    no e-mail leaves the machine."""
    if not seen.version or not seen.is_latest or not email.reaches_people():
        return ""
    if seen.seen is not None and seen.seen.role == CareRole.THERAPIST:
        return _("Send it to the patient by e-mail")
    return _("Send it to me by e-mail")


@page
@never_cache
@require_POST
def send(request: HttpRequest, summary_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    try:
        waiting = summary_deliveries.resend(summary_id, by=user, now=timezone.now())
    except Invalid as error:
        for problem in error.problems:
            messages.error(request, str(problem.message))
    else:
        if any(one.recipient_id != user.pk for one in waiting):
            said = _("It goes to the patient and caregivers who want such e-mails, outside of their quiet hours.")
            messages.success(request, said)
        else:
            messages.success(request, _("It is sent to you within a minute or two."))
    return redirect("summary", summary_id=summary_id)
