"""Changing a record: amending it, and marking it entered in error."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rehab.errors import EnteredInError, Invalid, NeedsConfirmation, NotPermitted, Problem, VersionConflict
from rehab.models import Record
from rehab.selectors import records as record_selectors
from rehab.selectors.patients import Seen
from rehab.services import records, rows
from rehab.services.kinds import Kind
from rehab.web.auth.answers import sent
from rehab.web.errors import page, reader
from rehab.web.records import history, presenters, red_flags, saving
from rehab.web.records.forms import ErrorForm, RecordForm
from rehab.web.records.saving import UNPROCESSABLE

_STAYS = gettext_lazy("This record was marked entered in error and stays as it is.")


@page
@require_http_methods(["GET", "HEAD", "POST"])
def record_amend(request: HttpRequest, kind: str, record_id: uuid.UUID) -> HttpResponse:
    """Change a record. Who loses a race sees what changed beside what they typed, and decides."""
    found = saving.kind_or_404(kind)
    user, now = reader(request), timezone.now()
    row, seen = _to_change(found, request, record_id)
    stored = rows.document_of(row)
    form = RecordForm(
        found,
        presenters.variant_of(found, row.details),
        user=user,
        seen=seen,
        now=now,
        stored=stored,
        version=row.version,
        data=sent(request),
    )
    oddities: list[Problem] = []
    conflict: list[history.Change] = []
    if row.status == Record.Status.ENTERED_IN_ERROR:
        if not red_flags.of_form(form, request.POST).get("told"):
            return _already_in_error(request, found, row)
        form.full_clean()
        form.add_error(None, _STAYS)  # what the warning sign asks to do must be read; a redirect would lose it
    if form.is_bound and form.is_valid():
        changes = form.changes()

        def save(confirm: bool) -> Record:
            return records.amend(
                found,
                record_id,
                changes,
                reason=form.cleaned_data["change_reason"],
                expected_version=form.cleaned_data["version"],
                confirm=confirm,
                by=user,
                now=now,
            )

        try:
            if form.is_valid():
                saving.confirmed(save, request.POST)
                messages.success(request, _("The change was saved. The version before is kept."))
                return redirect("record", kind, record_id)
        except Invalid as error:
            form.add_problems(error.problems)
        except NeedsConfirmation as error:
            oddities = error.problems
        except EnteredInError:
            if not red_flags.of_form(form, request.POST).get("told"):
                return _already_in_error(request, found, row)
            form.add_error(None, _STAYS)
        except VersionConflict as error:
            zone = presenters.zone_of(seen.patient)
            latest = history.facts_of(found, stored, user, zone)
            typed = history.facts_of(found, {**stored, **form.whole()}, user, zone)
            conflict = history.changes_between(latest, typed)
            form.data = saving.with_changes(form.data, version=str(error.current))
    context = {
        **saving.record_context(found, row, seen),
        "conflict": conflict,
        "is_conflict": form.is_bound and form.data.get("version") != request.POST.get("version"),
        "changed_by": (row.changed_by or row.recorded_by).name,
        "change_reason": row.change_reason,
    }
    return saving.form_page(request, form, oddities, "records/amend.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def record_in_error(request: HttpRequest, kind: str, record_id: uuid.UUID) -> HttpResponse:
    """Mark a record as entered in error, with a reason."""
    found = saving.kind_or_404(kind)
    row, seen = _to_change(found, request, record_id)
    if row.status == Record.Status.ENTERED_IN_ERROR:
        return _already_in_error(request, found, row)
    form = ErrorForm(sent(request), initial={"version": row.version})
    if form.is_bound and form.is_valid():
        try:
            records.enter_in_error(
                found,
                record_id,
                reason=form.cleaned_data["change_reason"],
                expected_version=form.cleaned_data["version"],
                by=reader(request),
                now=timezone.now(),
            )
        except Invalid as error:
            for problem in error.problems:
                form.add_error("change_reason", str(problem.message))
        except EnteredInError:
            return _already_in_error(request, found, row)
        except VersionConflict as error:
            form.data = saving.with_changes(form.data, version=str(error.current))
            form.add_error(None, _("Somebody changed this record while you read it. Look at it again, then decide."))
        else:
            messages.success(request, _("Marked as entered in error. It stays readable and counts for nothing."))
            return redirect("record", kind, record_id)
    context = {
        **saving.record_context(found, row, seen),
        "form": form,
        "value": presenters.value_of(found, row.details, row.derived, reader(request)),
    }
    return render(request, "records/in_error.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _to_change(kind: Kind, request: HttpRequest, record_id: uuid.UUID) -> tuple[Record, Seen]:
    row, seen = record_selectors.get(kind.model, viewer=reader(request), record_id=record_id)
    if not saving.may_change(kind, seen):
        raise NotPermitted
    return row, seen


def _already_in_error(request: HttpRequest, kind: Kind, row: Record) -> HttpResponse:
    messages.warning(request, _STAYS)
    return redirect("record", kind.name, row.pk)
