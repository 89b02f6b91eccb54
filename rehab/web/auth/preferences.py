"""How a person likes to read, and their keys for other programs."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from rehab.selectors import people
from rehab.services import preferences as preference_services
from rehab.services import tokens
from rehab.web.auth.answers import form_page, saved, sent
from rehab.web.auth.forms import PreferencesForm
from rehab.web.auth.summaries import section
from rehab.web.errors import form_view, page, reader


@form_view
def preferences(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    form = PreferencesForm(sent(request), user=user)
    if saved(form, lambda: preference_services.change(form.cleaned_data, by=user, now=timezone.now())):
        with translation.override(user.language):
            messages.success(request, _("Your preferences are saved."))
        return redirect("preferences")
    return form_page(request, form, "auth/preferences.html", tokens=people.tokens_of(user), summaries=section(user))


@page
@never_cache
@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a key and show it this once; the answer is not stored anywhere."""
    token = tokens.create(by=reader(request), now=timezone.now())
    return render(request, "auth/token_created.html", {"token": token}, status=201)


@form_view
def token_revoke(request: HttpRequest, token_key: str) -> HttpResponse:
    user = reader(request)
    if request.method == "POST":
        tokens.revoke(token_key=token_key, by=user, now=timezone.now())
        messages.success(request, _("The key is revoked. Programs that used it have no access any more."))
        return redirect("preferences")
    if not people.tokens_of(user).filter(token_key=token_key).exists():
        raise Http404
    return render(request, "auth/token_revoke.html", {"token_key": token_key})
