"""Founding a clinic, and the language switch that stands on every page."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from rehab.services import clinics, preferences, registration
from rehab.web.auth.answers import form_page, safe_next, saved
from rehab.web.auth.forms import ClinicFields, RegisterClinicForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def language_of_page() -> str:
    language = get_language() or User.Language.ENGLISH.value
    return language if language in User.Language.values else User.Language.ENGLISH.value


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def clinic_new(request: HttpRequest) -> HttpResponse:
    """Register a clinic: with a new account, or as the person who is signed in."""
    if not settings.CLINIC_REGISTRATION_OPEN:
        raise Http404
    form = (ClinicFields if request.user.is_authenticated else RegisterClinicForm)(request.POST or None)
    if saved(form, lambda: _register(request, form.cleaned_data)):
        messages.success(request, _("Your clinic is registered. Invite your colleagues, or enrol a patient."))
        return redirect("clinic")
    return form_page(request, form, "auth/clinic_new.html")


def _register(request: HttpRequest, typed: dict[str, str]) -> None:
    now = timezone.now()
    if isinstance(request.user, User):
        clinics.found(
            name=typed["clinic_name"],
            time_zone=typed["time_zone"],
            emergency_number=typed["emergency_number"],
            by=request.user,
            now=now,
        )
        return
    user, _clinic = registration.register_clinic(**typed, language=language_of_page(), now=now)
    login(request, user, backend=BACKEND)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the account, or in a cookie for somebody who is not signed in; go back to the page."""
    language = request.POST.get("language", "")
    if language not in User.Language.values:
        return HttpResponseBadRequest(_("This language is not offered."))
    response = redirect(safe_next(request, fallback="/"))
    if isinstance(request.user, User):
        preferences.change({"language": language}, by=request.user, now=timezone.now())
    else:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
