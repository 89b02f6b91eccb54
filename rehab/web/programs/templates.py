"""Templates of programmes: kept from a programme, changed item by item, retired."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from rehab.models import ProgramTemplate
from rehab.selectors import programs as selectors
from rehab.services import program_templates
from rehab.web.auth.answers import change_of, sent
from rehab.web.errors import form_view, page, reader
from rehab.web.programs import presenters
from rehab.web.programs.answering import OF_ITEM, answer, back_to, check_may_plan
from rehab.web.programs.forms import TemplateForm, TemplateItemForm, TitleForm, WithReason


@page
@never_cache
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates of the clinics that somebody works for."""
    cards = [
        (row, [presenters.line_of(item) for item in row.items])
        for row in selectors.templates_in_use(viewer=reader(request))
    ]
    return render(request, "programs/templates.html", {"cards": cards})


@form_view
def template_save(request: HttpRequest, program_id: uuid.UUID) -> HttpResponse:
    """Keep the items of a programme as a template."""
    user = reader(request)
    program, seen = selectors.get(viewer=user, program_id=program_id)
    check_may_plan(seen)
    form = TitleForm(sent(request), initial={"title": program.title})
    return answer(
        request,
        form,
        lambda: program_templates.create(
            {"id": str(form.cleaned_data["id"]), "title": form.cleaned_data["title"], "program": str(program_id)},
            by=user,
            now=timezone.now(),
        ),
        saved=_("The template is saved. You can start programmes from it."),
        to=reverse("program-templates"),
        back=back_to(seen.patient.pk),
        heading=_("Save as a template"),
        subject=program.title,
        lead=_("Its items are copied, without the patient and without days."),
        submit=_("Save"),
    )


@form_view
def template_edit(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Change title and note of a template; each item has a page of its own."""
    user = reader(request)
    template = selectors.template(viewer=user, template_id=template_id)
    form = TemplateForm(sent(request), template=template)
    return answer(
        request,
        form,
        lambda: program_templates.amend(template_id, form.changes(), **change_of(form, by=user, now=timezone.now())),
        saved=_("The change was saved. The version before is kept."),
        back=reverse("program-templates"),
        heading=_("Change the template"),
        subject=template.title,
        submit=_("Save the change"),
    )


@form_view
def template_item_new(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Add an item at the end of a template."""
    user = reader(request)
    template = selectors.template(viewer=user, template_id=template_id)
    form = TemplateItemForm(user=user, version=template.version, data=sent(request))
    return answer(
        request,
        form,
        lambda: program_templates.add_item(
            template_id, form.document(), **change_of(form, by=user, now=timezone.now())
        ),
        saved=_("The item is added."),
        back=reverse("program-templates"),
        back_words=_("Templates"),
        template=OF_ITEM,
        heading=_("Add to the template"),
        subject=template.title,
    )


@form_view
def template_item_edit(request: HttpRequest, template_id: uuid.UUID, number: int) -> HttpResponse:
    """Change one item of a template, counted from 1; programmes made from it stay as they are."""
    user = reader(request)
    template, stored = _item(user, template_id, number)
    form = TemplateItemForm(
        user=user,
        stored=stored,
        version=template.version,
        data=sent(request),
    )
    return answer(
        request,
        form,
        lambda: program_templates.amend_item(
            template_id, number, form.changes(), **change_of(form, by=user, now=timezone.now())
        ),
        saved=_("The change was saved. The version before is kept."),
        back=reverse("program-templates"),
        back_words=_("Templates"),
        template=OF_ITEM,
        heading=_("Change an item of the template"),
        subject=f"{template.title} · {presenters.title_of(stored)}",
        lead=_("Stored now: %(item)s") % {"item": presenters.line_of(stored)},
    )


@form_view
def template_item_remove(request: HttpRequest, template_id: uuid.UUID, number: int) -> HttpResponse:
    """Leave out one item of a template, counted from 1."""
    user = reader(request)
    template, stored = _item(user, template_id, number)
    form = WithReason(sent(request), initial={"version": template.version})
    return answer(
        request,
        form,
        lambda: program_templates.remove_item(template_id, number, **change_of(form, by=user, now=timezone.now())),
        saved=_("The change was saved. The version before is kept."),
        back=reverse("program-templates"),
        heading=_("Leave this item out?"),
        subject=f"{template.title} · {presenters.title_of(stored)}",
        lead=_("Stored now: %(item)s") % {"item": presenters.line_of(stored)},
        submit=_("Leave it out"),
    )


def _item(user: User, template_id: uuid.UUID, number: int) -> tuple[ProgramTemplate, dict[str, Any]]:
    template = selectors.template(viewer=user, template_id=template_id)
    if not 1 <= number <= len(template.items):
        raise Http404
    return template, template.items[number - 1]


@form_view
def template_retire(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    user = reader(request)
    template = selectors.template(viewer=user, template_id=template_id)
    form = WithReason(sent(request), initial={"version": template.version})
    return answer(
        request,
        form,
        lambda: program_templates.retire(template_id, **change_of(form, by=user, now=timezone.now())),
        saved=_("The template is retired."),
        back=reverse("program-templates"),
        heading=_("Retire this template?"),
        subject=template.title,
        lead=_("No programme is started from it any more. Programmes that were stay as they are."),
        submit=_("Retire the template"),
    )
