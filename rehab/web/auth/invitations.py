"""The page behind the link of an invitation: who invites you, into what, as what."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import invitations
from accounts.errors import InvitationUnusable
from accounts.models import Invitation, User
from rehab.errors import Invalid
from rehab.services import people, registration
from rehab.web.auth.answers import form_page, sent, show_problems
from rehab.web.auth.forms import JoinForm, OtherAccountForm
from rehab.web.auth.views import BACKEND, language_of_page

#: The link is in the address, so it is never sent to another site. Not ``no-referrer``: with it a browser sends
#: ``Origin: null`` with the form, and the check against forgery refuses it.
REFERRER_POLICY = "same-origin"

_STATUS = {"unknown": 404, "expired": 410, "used": 410, "withdrawn": 410}


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation, and accept it with a new account or the one that is signed in."""
    try:
        found = invitations.find(token, now=timezone.now())
        response = _signed_in(request, found) if isinstance(request.user, User) else _anonymous(request, found)
    except InvitationUnusable as error:
        response = _unusable(request, error.reason)
    response["Referrer-Policy"] = REFERRER_POLICY
    return response


def _anonymous(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(sent(request), initial={"email": found.email})
    if form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            user = registration.join(
                found, name=name, password=password, language=language_of_page(), now=timezone.now()
            )
        except Invalid as error:
            show_problems(form, error.problems)
        else:
            login(request, user, backend=BACKEND)
            return _welcome(request)
    return form_page(
        request, form, "auth/invitation.html", invitation=found, here=quote(request.path), mode="anonymous"
    )


def _signed_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("Somebody must be signed in.")
    same = user.email.casefold() == found.email.casefold()
    label = _("Yes, use the account of %(name)s (%(email)s).") % {"name": user.name, "email": user.email}
    form = OtherAccountForm(sent(request), label=label)
    if request.method == "POST" and (same or form.is_valid()):
        people.accept(found, by=user, now=timezone.now())
        return _welcome(request)
    mode = "same" if same else "other"
    return form_page(request, form, "auth/invitation.html", invitation=found, mode=mode)


def _welcome(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Welcome. The invitation is accepted."))
    return redirect("home")


def _unusable(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "auth/invitation_unusable.html", {"reason": reason}, status=_STATUS.get(reason, 409))
