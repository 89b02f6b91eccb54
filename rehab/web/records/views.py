"""One record: its page, amending it, marking it entered in error, its versions; and logging a new one."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.ids import new_id
from accounts.roles import Permission
from rehab.errors import EnteredInError, IdInUse, Invalid, NeedsConfirmation, NotPermitted, Problem, VersionConflict
from rehab.models import ProgramItem, Record
from rehab.selectors import patients, programs
from rehab.selectors import records as record_selectors
from rehab.selectors.patients import Seen
from rehab.services import records, rows
from rehab.services.kinds import KINDS, Kind
from rehab.web.errors import page, reader
from rehab.web.learn import desks
from rehab.web.programs import presenters as program_words
from rehab.web.records import layout, presenters, presets, red_flags, words
from rehab.web.records.forms import ErrorForm, RecordForm

UNPROCESSABLE = 422
Saved = TypeVar("Saved")


@page
@require_safe
def log(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Choose what to log."""
    seen = patients.get(viewer=reader(request), patient_id=patient_id, to=Permission.LOG_RECORDS)
    context = {"seen": seen, "patient": seen.patient, "groups": presenters.log_links(seen)}
    return render(request, "records/log.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def log_record(request: HttpRequest, patient_id: uuid.UUID, kind: str, variant: str) -> HttpResponse:
    """Log one record: the form, and saving it. The same form sent twice makes one record."""
    found = _kind_or_404(kind)
    if variant not in found.variants:
        raise Http404
    user, now = reader(request), timezone.now()
    seen = patients.get(viewer=user, patient_id=patient_id, to=found.permission)
    item = _item_of(request, patient_id, variant) if found.name == "sessions" else None
    starts = presets.last_used(found, variant, viewer=user, patient_id=patient_id)
    form = RecordForm(
        found,
        variant,
        user=user,
        patient=seen.patient,
        now=now,
        presets=presets.of_item(item, starts) if item else starts,
        data=request.POST if request.method == "POST" else None,
    )
    oddities: list[Problem] = []
    if form.is_bound and form.is_valid():
        document = form.document(patient_id) | ({"program_item": str(item.pk)} if item else {})

        def save(confirm: bool) -> records.Created:
            return records.create(
                found, {**document, "confirm": confirm}, by=user, source=Record.Source.PORTAL, now=now
            )

        try:
            made = _confirmed(save, request.POST)
        except Invalid as error:
            form.add_problems(error.problems)
        except NeedsConfirmation as error:
            oddities = error.problems
        except IdInUse:
            form.data = _with(form.data, id=str(new_id()))
            form.add_error(
                None,
                _("This form was saved already, with other values. Save again only if you want a second record."),
            )
        else:
            messages.success(
                request, _("Saved: %(title)s.") % {"title": presenters.title_of(found, made.record.details)}
            )
            return redirect("record", kind, made.record.pk)
    context = {
        "seen": seen,
        "kind": found,
        "heading": presenters.variant_label(found, variant),
        "cancel_url": reverse("log", args=[patient_id]),
        "card": program_words.item_card(item, today=rows.local_date(now, seen.patient)) if item else None,
        "beside": desks.beside_form(request, seen, kind, variant),
    }
    return _form_page(request, form, oddities, "records/log_record.html", context)


def _item_of(request: HttpRequest, patient_id: uuid.UUID, variant: str) -> ProgramItem | None:
    """Return the item of the patient's programme that the address names; another's is not there."""
    named = request.GET.get("item")
    if named is None:
        return None
    try:
        item = programs.item_of_session(uuid.UUID(named))
    except ValueError:
        raise Http404 from None
    if item is None or item.program.patient_id != patient_id or item.modality != variant:
        raise Http404
    return item


def _form_page(
    request: HttpRequest, form: RecordForm, oddities: list[Problem], template: str, context: dict[str, Any]
) -> HttpResponse:
    context |= red_flags.of_form(form, request.POST) | {
        "form": form,
        "patient": context["seen"].patient,
        "essentials": layout.essentials(form),
        "further": layout.further(form),
        "further_is_open": layout.further_is_open(form),
        "oddities": oddities,
        "confirm_token": _token(oddities),
    }
    return render(request, template, context, status=UNPROCESSABLE if form.is_bound else 200)


def _confirmed(save: Callable[[bool], Saved], data: QueryDict) -> Saved:
    """Save; what is odd only if the person confirmed just that."""
    try:
        return save(False)
    except NeedsConfirmation as error:
        if data.get("confirm") != _token(error.problems):
            raise
    return save(True)


def _kind_or_404(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _token(oddities: list[Problem]) -> str:
    """Return what tells which oddities were shown, so that only those are confirmed, not what was typed since."""
    shown = "\n".join(f"{problem.pointer} {problem.message}" for problem in oddities)
    return hashlib.sha256(shown.encode()).hexdigest()[:32] if oddities else ""


def _with(data: Any, **changes: str) -> QueryDict:
    changed: QueryDict = data.copy()
    for name, value in changes.items():
        changed[name] = value
    return changed


@page
@require_safe
def record(request: HttpRequest, kind: str, record_id: uuid.UUID) -> HttpResponse:
    """One record: everything typed, what follows from it, who and when."""
    found = _kind_or_404(kind)
    user = reader(request)
    row, seen = record_selectors.get(found.model, viewer=user, record_id=record_id)
    zone = presenters.zone_of(seen.patient)
    variant = presenters.variant_of(found, row.details)
    context = {
        **_record_context(found, row, seen),
        **red_flags.of_record(found, row, seen, user, now=timezone.now()),
        "value": presenters.value_of(found, row.details, row.derived, user),
        "facts": presenters.facts_of(found, rows.document_of(row), user, zone),
        "derived": presenters.derived_facts(row, user),
        "confirmed": presenters.confirmed_labels(found, variant, row.confirmed),
        "recorded_at": words.moment(row.created_at, zone),
        "changed_at": words.moment(row.updated_at, zone),
        "may_amend": _may_change(found, seen) and row.status != Record.Status.ENTERED_IN_ERROR,
        "may_log": seen.may(found.permission),
        "program_item": _linked(row),
        "beside": desks.beside(request, seen, "red_flags") if row.derived.get("red_flags") else [],
        "again_url": reverse("log-record", args=[seen.patient.pk, kind, variant]),
    }
    return render(request, "records/record.html", context)


def _linked(row: Record) -> tuple[str, str] | None:
    """Return name and address of the programme item that a session was done for."""
    item_id = getattr(row, "program_item_id", None)
    item = programs.item_of_session(item_id) if item_id else None
    if item is None:
        return None
    return program_words.title_of(item.details), reverse("program-item", args=[item.program_id, item.pk])


@page
@require_safe
def record_versions(request: HttpRequest, kind: str, record_id: uuid.UUID) -> HttpResponse:
    """Every version of a record with who, when, why and what changed."""
    found = _kind_or_404(kind)
    user = reader(request)
    row, seen = record_selectors.get(found.model, viewer=user, record_id=record_id)
    entries = presenters.versions(
        found,
        row,
        rows.document_of(row),
        record_selectors.versions(kind=kind, record_id=record_id),
        user=user,
        zone=presenters.zone_of(seen.patient),
    )
    return render(request, "records/versions.html", {**_record_context(found, row, seen), "versions": entries})


@page
@require_http_methods(["GET", "HEAD", "POST"])
def record_amend(request: HttpRequest, kind: str, record_id: uuid.UUID) -> HttpResponse:
    """Change a record. Who loses a race sees what changed beside what they typed, and decides."""
    found = _kind_or_404(kind)
    user, now = reader(request), timezone.now()
    row, seen = _to_change(found, request, record_id)
    if row.status == Record.Status.ENTERED_IN_ERROR:
        return _already_in_error(request, found, row)
    stored = rows.document_of(row)
    form = RecordForm(
        found,
        presenters.variant_of(found, row.details),
        user=user,
        patient=seen.patient,
        now=now,
        stored=stored,
        version=row.version,
        data=request.POST if request.method == "POST" else None,
    )
    oddities: list[Problem] = []
    conflict: list[presenters.Change] = []
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
                _confirmed(save, request.POST)
                messages.success(request, _("The change was saved. The version before is kept."))
                return redirect("record", kind, record_id)
        except Invalid as error:
            form.add_problems(error.problems)
        except NeedsConfirmation as error:
            oddities = error.problems
        except EnteredInError:
            return _already_in_error(request, found, row)
        except VersionConflict as error:
            zone = presenters.zone_of(seen.patient)
            latest = presenters.facts_of(found, stored, user, zone)
            typed = presenters.facts_of(found, {**stored, **form.whole()}, user, zone)
            conflict = presenters.changes_between(latest, typed)
            form.data = _with(form.data, version=str(error.current))
    context = {
        **_record_context(found, row, seen),
        "conflict": conflict,
        "is_conflict": form.is_bound and form.data.get("version") != request.POST.get("version"),
        "changed_by": (row.changed_by or row.recorded_by).name,
        "change_reason": row.change_reason,
    }
    return _form_page(request, form, oddities, "records/amend.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def record_in_error(request: HttpRequest, kind: str, record_id: uuid.UUID) -> HttpResponse:
    """Mark a record as entered in error, with a reason."""
    found = _kind_or_404(kind)
    row, seen = _to_change(found, request, record_id)
    if row.status == Record.Status.ENTERED_IN_ERROR:
        return _already_in_error(request, found, row)
    form = ErrorForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
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
            form.data = _with(form.data, version=str(error.current))
            form.add_error(None, _("Somebody changed this record while you read it. Look at it again, then decide."))
        else:
            messages.success(request, _("Marked as entered in error. It stays readable and counts for nothing."))
            return redirect("record", kind, record_id)
    context = {
        **_record_context(found, row, seen),
        "form": form,
        "value": presenters.value_of(found, row.details, row.derived, reader(request)),
    }
    return render(request, "records/in_error.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _to_change(kind: Kind, request: HttpRequest, record_id: uuid.UUID) -> tuple[Record, Seen]:
    row, seen = record_selectors.get(kind.model, viewer=reader(request), record_id=record_id)
    if not _may_change(kind, seen):
        raise NotPermitted
    return row, seen


def _may_change(kind: Kind, seen: Seen) -> bool:
    return seen.may(Permission.AMEND_RECORDS) and seen.may(kind.permission)


def _already_in_error(request: HttpRequest, kind: Kind, row: Record) -> HttpResponse:
    messages.warning(request, _("This record was marked entered in error and stays as it is."))
    return redirect("record", kind.name, row.pk)


def _record_context(kind: Kind, row: Record, seen: Seen) -> dict[str, Any]:
    return {
        "record": row,
        "kind": kind,
        "seen": seen,
        "patient": seen.patient,
        "title": presenters.title_of(kind, row.details),
        "performed_at": words.moment(row.performed_at, presenters.zone_of(seen.patient)),
    }
