"""Logging a record; its page and its versions. Changing it: ``changing``."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.ids import new_id
from accounts.roles import Permission
from rehab.errors import IdInUse, Invalid, NeedsConfirmation, Problem
from rehab.models import ProgramItem, Record
from rehab.selectors import patients, programs
from rehab.selectors import records as record_selectors
from rehab.services import records, rows
from rehab.web.auth.answers import sent
from rehab.web.errors import page, reader
from rehab.web.learn import desks
from rehab.web.programs import presenters as program_words
from rehab.web.records import history, presenters, presets, red_flags, saving, words
from rehab.web.records.forms import RecordForm


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
    found = saving.kind_or_404(kind)
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
        seen=seen,
        now=now,
        presets=presets.of_item(item, starts) if item else starts,
        data=sent(request),
    )
    oddities: list[Problem] = []
    if form.is_bound and form.is_valid():
        document = form.document(patient_id) | ({"program_item": str(item.pk)} if item else {})

        def save(confirm: bool) -> records.Created:
            return records.create(
                found, {**document, "confirm": confirm}, by=user, source=Record.Source.PORTAL, now=now
            )

        try:
            made = saving.confirmed(save, request.POST)
        except Invalid as error:
            form.add_problems(error.problems)
        except NeedsConfirmation as error:
            oddities = error.problems
        except IdInUse:
            form.data = saving.with_changes(form.data, id=str(new_id()))
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
    return saving.form_page(request, form, oddities, "records/log_record.html", context)


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


@page
@require_safe
def record(request: HttpRequest, kind: str, record_id: uuid.UUID) -> HttpResponse:
    """One record: everything typed, what follows from it, who and when."""
    found = saving.kind_or_404(kind)
    user = reader(request)
    row, seen = record_selectors.get(found.model, viewer=user, record_id=record_id)
    zone = presenters.zone_of(seen.patient)
    variant = presenters.variant_of(found, row.details)
    context = {
        **saving.record_context(found, row, seen),
        **red_flags.of_record(found, row, seen, user, now=timezone.now()),
        "value": presenters.value_of(found, row.details, row.derived, user),
        "facts": history.facts_of(found, rows.document_of(row), user, zone),
        "derived": presenters.derived_facts(row, user),
        "confirmed": presenters.unusual_labels(found, variant, row.confirmed),
        "unconfirmed": presenters.unusual_labels(found, variant, row.derived.get("unconfirmed", ())),
        "recorded_at": words.moment(row.created_at, zone),
        "changed_at": words.moment(row.updated_at, zone),
        "may_amend": saving.may_change(found, seen) and row.status != Record.Status.ENTERED_IN_ERROR,
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
    found = saving.kind_or_404(kind)
    user = reader(request)
    row, seen = record_selectors.get(found.model, viewer=user, record_id=record_id)
    entries = history.versions(
        found,
        row,
        rows.document_of(row),
        record_selectors.versions(kind=kind, record_id=record_id),
        user=user,
        zone=presenters.zone_of(seen.patient),
    )
    return render(request, "records/versions.html", {**saving.record_context(found, row, seen), "versions": entries})
