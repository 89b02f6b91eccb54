"""What a patient reads, as their care team sees it: giving articles, what became of them, questions and answers."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.roles import CareRole, Permission
from content.library import Listed
from content.topics import CATEGORIES
from rehab.errors import AlreadyClosed, IdInUse, Invalid, NotPermitted, Problem, VersionConflict
from rehab.selectors import library, patients
from rehab.selectors import reading as selectors
from rehab.selectors.paging import Position
from rehab.services import library as services
from rehab.web.auth.answers import CONFLICT, form_page, sent, show_problems
from rehab.web.errors import form_view, page, reader
from rehab.web.learn import care, desks, presenters
from rehab.web.learn.forms import AnswerForm, GiveForm
from rehab.web.records.presenters import zone_of

PAGE = 50


@page
@never_cache
@require_safe
def overview(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """What a patient is given to read, what was read and how the check went, questions and answers."""
    seen, found = selectors.overview(viewer=reader(request), patient_id=patient_id)
    links, zone = desks.links_for(seen, found.slugs(), request), zone_of(seen.patient)
    slugs = [row.assignment.article_id for row in found.given]
    hidden = desks.hidden(seen, slugs, request) if seen.may(Permission.TEACH) else set()
    given = [
        care.given(row.assignment, row.readings, links, zone=zone, is_hidden=row.assignment.article_id in hidden)
        for row in found.given
    ]
    context = {
        "seen": seen,
        "patient": seen.patient,
        "is_own": seen.role == CareRole.PATIENT,
        "may_teach": seen.may(Permission.TEACH),
        "given": [line for line in given if line.url or seen.may(Permission.TEACH)],
        "others": care.read_lines(found.others, links, zone=zone),
        "questions": [care.question(row, links, zone=zone) for row in found.questions],
    }
    return render(request, "learn/reading.html", context)


@form_view
def give(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Give a patient an article that they may read, in one language at least."""
    user, now = reader(request), timezone.now()
    seen = patients.get(viewer=user, patient_id=patient_id, to=Permission.TEACH)
    every = library.readable_in_some_language(seen, viewer=user, language=presenters.language(), now=now)
    form = GiveForm(
        sent(request),
        label=_("Article"),
        choices=_grouped(every),
        initial={"chosen": request.GET.get("article", "")},
    )
    back = reverse("reading", args=[patient_id])
    if form.is_valid() and _given(request, form, patient_id=patient_id, slug=form.cleaned_data["chosen"]):
        return redirect(back)
    return _give_page(request, form, subject=seen.patient.name, back=back)


@form_view
def give_article(request: HttpRequest, slug: str) -> HttpResponse:
    """Give an article to one of the therapist's patients who may read it."""
    user = reader(request)
    desk = desks.desk_of(request)
    listed = library.text(slug, desk).listed
    candidates = selectors.candidates_for(listed, viewer=user)
    form = GiveForm(
        sent(request),
        label=_("Patient"),
        choices=[(str(one.pk), one.name) for one in candidates],
    )
    back = presenters.address(slug)
    if form.is_valid() and _given(request, form, patient_id=uuid.UUID(form.cleaned_data["chosen"]), slug=slug):
        return redirect(back)
    nothing = "" if candidates else _("None of your patients may be given this article.")
    return _give_page(request, form, subject=listed.title, back=back, nothing=nothing)


def _give_page(request: HttpRequest, form: GiveForm, **context: Any) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=_("Give an article to read"),
        lead=_("Articles that are not for one of the patient's conditions, and drafts, cannot be chosen."),
        submit=_("Give it to read"),
        **context,
    )


def _grouped(every: list[Listed]) -> list[tuple[str, list[tuple[str, str]]]]:
    language = presenters.language()
    groups = (
        (shelf.name(language), [(one.slug, one.title) for one in every if one.category == shelf.code])
        for shelf in CATEGORIES.values()
    )
    return [(name, choices) for name, choices in groups if choices]


def _given(request: HttpRequest, form: GiveForm, *, patient_id: uuid.UUID, slug: str) -> bool:
    document = {
        "id": str(form.cleaned_data["id"]),
        "patient": str(patient_id),
        "article": slug,
        "note": form.cleaned_data["note"],
    }
    try:
        services.assign(document, language=presenters.language(), by=reader(request), now=timezone.now())
    except Invalid as error:
        show_problems(form, [Problem("/chosen" if one.pointer == "/article" else one.pointer, one.code, one.message)
                             for one in error.problems])  # fmt: skip
    except IdInUse:
        message = _("This form was sent already, with other content. Open the page again to give a second article.")
        show_problems(form, [Problem("", "id_in_use", message)])
    else:
        messages.success(request, _("The patient finds the article on their home."))
        return True
    return False


@form_view
def end(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Ask first; then the patient is not asked to read it any more."""
    user = reader(request)
    row, seen = selectors.assignment(viewer=user, assignment_id=assignment_id)
    if not seen.may(Permission.TEACH):
        raise NotPermitted
    back = reverse("reading", args=[row.patient_id])
    if request.method == "POST":
        try:
            services.end_assignment(assignment_id, by=user, now=timezone.now())
        except AlreadyClosed:
            messages.warning(request, _("This was taken off the list before."))
        else:
            messages.success(request, _("The article is taken off the list. What was read stays."))
        return redirect(back)
    titles = library.titles([row.article_id], language=presenters.language())
    context = {
        "heading": _("Take this article off the list?"),
        "subject": f"{seen.patient.name} · {titles.get(row.article_id, row.article_id)}",
        "text": _("The patient is not asked to read it any more. They still find it in the library."),
        "submit": _("Take it off the list"),
        "back": back,
    }
    return render(request, "dashboard/confirm.html", context)


@page
@never_cache
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of a therapist's patients that wait for an answer, the longest waiting first."""
    found, position = selectors.open_questions(viewer=reader(request), after=_position(request), limit=PAGE)
    links = desks.all_links({row.article_id for row in found})
    lines = [care.question(row, links, zone=zone_of(row.patient), patient=row.patient.name) for row in found]
    context = {
        "lines": lines,
        "is_first_page": "after" not in request.GET,
        "next": position.encode() if position else "",
    }
    return render(request, "learn/questions.html", context)


def _position(request: HttpRequest) -> Position | None:
    """Return where a page starts; the start of the list for an address that somebody mangled."""
    try:
        return Position.decode(request.GET["after"]) if "after" in request.GET else None
    except (ValueError, OverflowError):
        return None


@form_view
def question(request: HttpRequest, question_id: uuid.UUID) -> HttpResponse:
    """A question, and answering it; who asked reads the answer here too."""
    user = reader(request)
    row, seen = selectors.question(viewer=user, question_id=question_id)
    may_answer = seen.may(Permission.TEACH)
    if request.method == "POST" and not may_answer:
        raise NotPermitted
    form = AnswerForm(sent(request), initial={"version": row.version})
    status = None
    if form.is_valid():
        version, document = form.cleaned_data["version"], {"text": form.cleaned_data["text"]}
        try:
            services.answer(question_id, document, expected_version=version, by=user, now=timezone.now())
        except Invalid as error:
            show_problems(form, error.problems)
        except (AlreadyClosed, VersionConflict):
            message = _("Somebody has answered meanwhile. Their answer stands; yours was not saved.")
            show_problems(form, [Problem("", "answered", message)])
            row, seen = selectors.question(viewer=user, question_id=question_id)
            status = CONFLICT
        else:
            messages.success(request, _("The answer is saved. The patient finds it on their home."))
            return redirect("questions")
    links = desks.links_for(seen, [row.article_id], request)
    return form_page(
        request,
        form,
        "learn/question.html",
        status=status,
        line=care.question(row, links, zone=zone_of(seen.patient)),
        patient=seen.patient,
        seen=seen,
        may_answer=may_answer and (row.answered_at is None or status == CONFLICT),
        back=reverse("questions") if may_answer else reverse("reading", args=[row.patient_id]),
    )
