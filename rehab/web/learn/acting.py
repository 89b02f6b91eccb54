"""What patients and caregivers do with an article: mark as read, say whether it helped, check themselves, ask."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from content.documents import LANGUAGES
from content.library import Text
from rehab.errors import IdInUse, Invalid, NotFound, Problem
from rehab.models import Patient
from rehab.selectors import library, reading
from rehab.selectors.library import Desk
from rehab.services import library as services
from rehab.web.auth.answers import show_problems
from rehab.web.errors import page, reader
from rehab.web.learn import desks, presenters
from rehab.web.learn.forms import AskForm, CheckForm
from rehab.web.learn.views import article_page


def _patient(request: HttpRequest) -> Patient:
    """Return the patient for whom somebody reads. ``NotPermitted`` for therapists: they do not read for patients."""
    try:
        patient_id = uuid.UUID(request.POST.get("patient", ""))
    except ValueError:
        raise NotFound from None
    return reading.get_as_reader(viewer=reader(request), patient_id=patient_id).patient


def _language(request: HttpRequest) -> str:
    """Return the language in which the article was read."""
    named = request.POST.get("language", "")
    return named if named in LANGUAGES else presenters.language()


def _back(request: HttpRequest, slug: str, *, place: str) -> HttpResponse:
    """Go back to the article as it was read, at the place of what was done."""
    desk = desks.desk_of(request)
    query = {}
    if len(desk.patients) > 1:
        query["patient"] = request.POST.get("patient", "")
    if request.POST.get("language") in LANGUAGES:
        query["language"] = request.POST["language"]
    return redirect(f"{presenters.address(slug)}{'?' if query else ''}{urlencode(query)}#{place}")


def _acted(request: HttpRequest, act: Callable[..., Any]) -> Any:
    given = {"patient_id": _patient(request).pk, "language": _language(request)}
    return act(**given, by=reader(request), now=timezone.now())


@page
@never_cache
@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    _acted(request, lambda **given: services.mark_read(slug, **given))
    messages.success(request, _("Marked as read."))
    return _back(request, slug, place="done")


@page
@never_cache
@require_POST
def helped(request: HttpRequest, slug: str) -> HttpResponse:
    said = request.POST.get("helped")
    if said not in ("yes", "no"):
        _patient(request)
        messages.error(request, _("Choose yes or no."))
        return _back(request, slug, place="done")
    _acted(request, lambda **given: services.say_whether_it_helped(slug, helped=said == "yes", **given))
    messages.success(request, _("Thank you. Your care team sees it."))
    return _back(request, slug, place="done")


@page
@never_cache
@require_POST
def check(request: HttpRequest, slug: str) -> HttpResponse:
    patient = _patient(request)
    desk, text = _text(request, slug)
    form = CheckForm(request.POST, check=text.check, lang=presenters.lang_of(text))
    if form.is_valid():
        document = {"answers": form.answers()}
        try:
            _acted(request, lambda **given: services.answer_check(slug, document, **given))
        except Invalid as error:
            show_problems(form, error.problems)
        else:
            return _back(request, slug, place="check")
    return article_page(request, text, desk, patient, check=form)


@page
@never_cache
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    patient = _patient(request)
    desk, text = _text(request, slug)
    form = AskForm(request.POST)
    if form.is_valid():
        document = {
            "id": str(form.cleaned_data["id"]),
            "patient": str(patient.pk),
            "article": slug,
            "text": form.cleaned_data["text"],
        }
        try:
            services.ask(document, language=_language(request), by=reader(request), now=timezone.now())
        except Invalid as error:
            show_problems(form, error.problems)
        except IdInUse:
            message = _("This form was sent already, with another question. Open the page again to ask a second one.")
            show_problems(form, [Problem("", "id_in_use", message)])
        else:
            messages.success(request, _("Your question is with your therapist. You will find the answer here."))
            return _back(request, slug, place="questions")
    return article_page(request, text, desk, patient, ask=form)


def _text(request: HttpRequest, slug: str) -> tuple[Desk, Text]:
    desk = desks.desk_of(request)
    return desk, library.text(slug, desk, language=_language(request))
