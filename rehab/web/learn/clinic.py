"""The library for a clinic's administrators: what is reviewed in which language, and whether patients see the rest."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from content.documents import LANGUAGES
from rehab.errors import Invalid, NotFound, Problem, VersionConflict
from rehab.selectors import library_reviews as selectors
from rehab.selectors.library import Desk
from rehab.services import library_reviews as services
from rehab.web.auth.answers import CONFLICT, form_page, sent, show_problems
from rehab.web.dashboard.clinic import page_of
from rehab.web.errors import form_view, reader
from rehab.web.learn import presenters, reviewing
from rehab.web.learn.forms import ApprovalForm, ReviewForm, ShelvesForm


@form_view
def shelves(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    """Every article with the state of its languages; the switch that asks for approval first."""
    user, now = reader(request), timezone.now()
    found = selectors.shelves(by=user, clinic_id=clinic_id, now=now)
    approval = ApprovalForm(sent(request), initial={"required": found.requires_approval})
    if approval.is_valid():
        services.require_approval(clinic_id=clinic_id, required=approval.cleaned_data["required"], by=user, now=now)
        messages.success(request, _("The changes are saved."))
        return redirect("clinic-library", clinic_id)
    filters = ShelvesForm(request.GET, choices=reviewing.state_choices())
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    context = {
        "clinic": found.clinic,
        "back": page_of(clinic_id),
        "approval": approval,
        "filters": filters,
        "counts": reviewing.counts(found.articles),
        "groups": reviewing.groups(found.articles, state=state, clinic_id=clinic_id),
    }
    return render(request, "learn/clinic.html", context)


@form_view
def text(request: HttpRequest, clinic_id: uuid.UUID, slug: str, language: str) -> HttpResponse:
    """A text in one language with its sources, changes and review, and adding a step to that review."""
    user, now = reader(request), timezone.now()
    if language not in LANGUAGES:
        raise NotFound
    found = selectors.text(by=user, clinic_id=clinic_id, slug=slug, language=language, now=now)
    listed = found.text.listed
    slug = listed.slug  # the present one, whatever the address says
    form = ReviewForm(
        sent(request),
        today=reviewing.today_of(found.clinic, now=now),
        requires_approval=found.requires_approval,
        initial={"text_version": listed.version},
    )
    status = None
    if form.is_valid():
        document = form.document(slug=slug, language=language)
        try:
            services.review(document, clinic_id=clinic_id, by=user, now=now)
        except Invalid as error:
            show_problems(form, error.problems)
        except VersionConflict as conflict:
            typed = request.POST.copy()
            typed["text_version"] = str(conflict.current)
            form.data = typed
            message = _("The text has changed since you opened this page. Read it again, then decide.")
            show_problems(form, [Problem("", "version_conflict", message)])
            status = CONFLICT
        else:
            messages.success(request, _("The review is saved."))
            return redirect("clinic-article", clinic_id, slug, language)
    desk = Desk(reviewing.reader_of(found, now=now), found.clinic, ())
    context: dict[str, Any] = {
        "clinic": found.clinic,
        "article": presenters.page(found.text, desk, conditions=()),
        "check": found.text.check,
        "facts": reviewing.facts(found),
        "steps": reviewing.steps(found),
        "requires_approval": found.requires_approval,
        "other_languages": [
            (reverse("clinic-article", args=[clinic_id, slug, code]), *presenters.LANGUAGES[code])
            for code in found.text.languages
            if code != language
        ],
        "back": reverse("clinic-library", args=[clinic_id]),
    }
    return form_page(request, form, "learn/clinic_article.html", status=status, **context)
