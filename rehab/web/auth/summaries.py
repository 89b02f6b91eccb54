"""Which summaries come by e-mail: chosen among the preferences, and turned off by the link in each e-mail."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from rehab.analytics import sending
from rehab.errors import NotFound
from rehab.outbound import email
from rehab.selectors import people
from rehab.selectors import summary_deliveries as selectors
from rehab.services import summary_preferences
from rehab.web.auth.answers import form_page, saved
from rehab.web.auth.forms import PreferencesForm, SummariesForm
from rehab.web.errors import page, reader

#: What an e-mail is, so that whoever turns it off knows which.
_KINDS = {
    "daily": gettext_lazy("the daily summary"),
    "weekly": gettext_lazy("the weekly summary"),
    "four_weekly": gettext_lazy("the progress report of every four weeks"),
    "caseload_daily": gettext_lazy("the morning note about your patients"),
    "caseload_weekly": gettext_lazy("the weekly note about your patients"),
    "monthly": gettext_lazy("the monthly note about the clinic"),
}
_OWN = frozenset({"daily", "weekly", "four_weekly"})


@dataclass(frozen=True)
class Section:
    """What the preferences show of summaries; ``about_health``: the e-mails would tell of somebody's health;
    ``reaches``: there is a mail server."""

    form: SummariesForm
    is_verified: bool
    about_health: bool
    reaches: bool


def section(user: User, *, request: HttpRequest | None = None) -> Section | None:
    """Return the section, with what was sent in ``request``; None for whom there is no summary."""
    roles = selectors.roles_of(user)
    choices = selectors.choices_offered(roles)
    if not choices:
        return None
    preference = selectors.preference_of(user)
    quiet = selectors.quiet_hours(preference) or sending.QUIET
    initial = {
        **{choice: selectors.chosen(preference, choice, roles) for choice in choices},
        "quiet_from": quiet[0].isoformat("minutes"),
        "quiet_until": quiet[1].isoformat("minutes"),
    }
    form = SummariesForm(request.POST if request else None, choices=choices, initial=initial)
    return Section(form, selectors.has_verified_address(user), bool(_OWN & set(choices)), email.reaches_people())


@page
@never_cache
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    found = section(user, request=request)
    if found is None:
        raise Http404
    form = found.form
    if saved(form, lambda: summary_preferences.change(form.document(), by=user, now=timezone.now())):
        messages.success(request, _("Your e-mail choices are saved."))
        return redirect("preferences")
    return form_page(
        request,
        PreferencesForm(user=user),
        "auth/preferences.html",
        status=422,
        tokens=people.tokens_of(user),
        summaries=found,
    )


@csrf_exempt  # RFC 8058: a mail program posts it without cookies, and holding the link is what allows it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, key: uuid.UUID, choice: str) -> HttpResponse:
    """Ask, and turn off when posted: programs that look at every link of an e-mail must not unsubscribe anybody."""
    if choice not in selectors.CHOICES or not selectors.is_unsubscribe_key(key):
        raise Http404
    everything = "everything" in request.POST
    if request.method == "POST":
        try:
            summary_preferences.unsubscribe(key=key, choice=choice, everything=everything, now=timezone.now())
        except NotFound:  # gone in this moment
            raise Http404 from None
    context = {"kind": _KINDS[choice], "is_done": request.method == "POST", "everything": everything}
    response = render(request, "auth/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"  # the address itself is what allows it
    return response
