"""What every form of programmes does: write what it holds, or show again what was typed with what stands against it."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.ids import new_id
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NotCleared, NotPermitted, Problem, VersionConflict
from rehab.selectors.patients import Seen
from rehab.services.inputs.programs import SCREENED
from rehab.web.auth.answers import CONFLICT, form_page, show_problems
from rehab.web.programs import screening
from rehab.web.programs.forms import EditProgramForm, ItemForm, TemplateForm
from rehab.web.records import layout

#: Beside a form that leads back to a programme.
OF_PROGRAM = "programs/form.html"
OF_ITEM = "programs/item_form.html"


def back_to(patient_id: uuid.UUID) -> str:
    return reverse("programs", args=[patient_id])


def check_may_plan(seen: Seen) -> None:
    if not seen.may(Permission.PLAN):
        raise NotPermitted


def answer(
    request: HttpRequest, form: forms.Form, write: Callable[[], object], *,
    saved: str, back: str, to: str = "", template: str = "dashboard/form.html", **context: Any,
) -> HttpResponse:  # fmt: skip
    """Call ``write`` if the form is valid, say ``saved`` and go on ``to``, or else ``back``.

    If not, show the form with ``context`` and what was typed: 422 if something is wrong, 409 if somebody was faster.
    ``write`` may raise what a service of programmes does.
    """
    status: int | None = None
    blocked: list[Problem] = []
    if form.is_valid():
        try:
            write()
        except NotCleared as error:
            blocked = error.problems
            form.add_error(None, _("Answer the screening list first. Nothing was saved."))
        except Invalid as error:
            _show(form, error.problems)
        except IdInUse:
            _sent_twice(form)
        except VersionConflict as conflict:
            _in_conflict(form, conflict)
            status = CONFLICT
        else:
            messages.success(request, saved)
            return redirect(to or back)
    if isinstance(form, ItemForm):
        context |= {
            "essentials": layout.essentials(form),
            "further": layout.further(form),
            "further_is_open": layout.further_is_open(form),
        }
    lists = [(code, screening.checklist_name(code)) for code in SCREENED] if blocked else []
    return form_page(request, form, template, status=status, back=back, blocked=blocked, checklists=lists, **context)


def _show(form: forms.Form, problems: Iterable[Problem]) -> None:
    """Put each problem at its field; say in a person's words that nothing was changed."""
    nothing = Problem("", "nothing_changed", _("Nothing was changed yet."))
    found = [nothing if problem.pointer == "/changes" else problem for problem in problems]
    if isinstance(form, ItemForm):
        form.add_problems(found)
    else:
        show_problems(form, found)


def _in_conflict(form: forms.Form, conflict: VersionConflict) -> None:
    """Keep what was typed, of the version that is there now, and say where the two differ."""
    changes = form.changes() if isinstance(form, EditProgramForm | ItemForm | TemplateForm) else {}
    differing = [str(form.fields[name].label) for name in changes if name in form.fields]
    form.data = _with(form.data, version=str(conflict.current))
    message = _("Somebody changed this meanwhile. Nothing was saved; what you typed is kept. Look, then save again.")
    form.add_error(None, message)
    if differing:
        where = _("Your form differs from what is stored now in: %(fields)s.")
        form.add_error(None, where % {"fields": _(", ").join(differing)})


def _sent_twice(form: forms.Form) -> None:
    form.data = _with(form.data, id=str(new_id()))
    message = _("This form was saved already, with other values. Save again only if you want a second one.")
    form.add_error(None, message)


def _with(data: Any, **changes: str) -> QueryDict:
    changed: QueryDict = data.copy()
    for name, value in changes.items():
        changed[name] = value
    return changed
