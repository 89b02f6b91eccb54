"""Reading in the library: shelves, search, topics, an article, its drawings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from content import catalogue
from content import library as shelves
from content.library import Text
from content.topics import CATEGORIES, TOPICS
from rehab.errors import NotFound
from rehab.models import Patient
from rehab.selectors import library, reading
from rehab.selectors.library import Desk
from rehab.web.errors import page, reader
from rehab.web.learn import care, desks, presenters
from rehab.web.learn.forms import AskForm, CheckForm, SearchForm
from rehab.web.records.presenters import zone_of

GONE = 410
FOUND = 20


@page
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The shelves, and what a search finds."""
    desk = desks.desk_of(request)
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context: dict[str, Any] = {"desk": desk, "query": request.GET.get("q", "")[:200].strip()}
    if query:
        found = [one.listed for one in library.find(query, desk, limit=FOUND)]
        context["found"] = presenters.lines(found, desk=desk)
        context["found_in"] = presenters.other_language(found)
    else:
        patient = desks.about(desk, request.GET.get("patient"))
        context["shelves"] = presenters.shelf_links(shelves.articles(desk.reader))
        if patient is not None:
            seen = reading.get_as_reader(viewer=reader(request), patient_id=patient.pk)
            context |= desks.home_context(request, seen) | {"patient": patient}
    return render(request, "learn/index.html", context)


@page
@never_cache
@require_safe
def category(request: HttpRequest, category: str) -> HttpResponse:
    """A shelf: its topics, each with the articles about it."""
    if category not in CATEGORIES:
        raise NotFound
    desk, shelf = desks.desk_of(request), CATEGORIES[category]
    groups = presenters.topic_groups(shelf, library.on_topic(category, desk), desk=desk)
    context = {"heading": shelf.name(presenters.language()), "groups": groups}
    return render(request, "learn/category.html", context)


@page
@never_cache
@require_safe
def topic(request: HttpRequest, category: str, topic: str) -> HttpResponse:
    code = f"{category}/{topic}"
    if code not in TOPICS:
        raise NotFound
    desk, language = desks.desk_of(request), presenters.language()
    context = {
        "heading": TOPICS[code].name(language),
        "category": category,
        "category_name": CATEGORIES[category].name(language),
        "articles": presenters.lines(library.on_topic(code, desk), desk=desk),
    }
    return render(request, "learn/topic.html", context)


@page
@never_cache
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article in the reader's language, or in the one that the address names."""
    desk = desks.desk_of(request)
    try:
        text = library.text(slug, desk, language=desks.language_asked(request))
    except NotFound:
        if not catalogue.is_withdrawn(slug):
            raise
        return render(request, "learn/withdrawn.html", status=GONE)
    if text.listed.slug != slug:
        query = request.META["QUERY_STRING"]
        return redirect(f"{presenters.address(text.listed.slug)}{'?' if query else ''}{query}", permanent=True)
    return article_page(request, text, desk, desks.about(desk, request.GET.get("patient")))


def article_page(
    request: HttpRequest,
    text: Text,
    desk: Desk,
    patient: Patient | None,
    *,
    check: CheckForm | None = None,
    ask: AskForm | None = None,
) -> HttpResponse:
    """Render an article; with a form that was not filled in right, 422."""
    slug = text.listed.slug
    context: dict[str, Any] = {
        "article": presenters.page(text, desk, conditions=[code for one in desk.patients for code in one.conditions]),
        "patient": patient,
        "others": [one for one in desk.patients if one != patient],
        "gives": desk.may_give,
        "language": desks.language_asked(request) or "",
    }
    if patient is not None:
        user = reader(request)
        seen = reading.get_as_reader(viewer=user, patient_id=patient.pk)
        row = reading.of_article(slug, viewer=user, patient_id=patient.pk)
        links, zone = presenters.links([text.listed]), zone_of(patient)
        asked = reading.questions_of(seen, viewer=user).filter(article_id=slug)
        given = [one for one in reading.current(patient.pk) if one.article_id == slug]
        context |= {
            "done": row,
            "checked": care.checked(text, row, zone=zone) if check is None else [],
            "check": check or CheckForm(check=text.check, lang=presenters.lang_of(text)),
            "ask": ask or AskForm(),
            "questions": [care.question(one, links, zone=zone) for one in asked],
            "given": [care.given(one, [], links, zone=zone) for one in given],
        }
    wrong = any(form is not None and form.is_bound and form.errors for form in (check, ask))
    return render(request, "learn/article.html", context, status=422 if wrong else 200)


@page
@cache_control(private=True, max_age=3600)
@require_safe
def drawing(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A drawing of an article that the reader may read; opened by itself it may load and run nothing."""
    svg = library.drawing(slug, f"{name}.svg", desks.desk_of(request))
    alone = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
    return HttpResponse(svg, content_type="image/svg+xml", headers=alone)
