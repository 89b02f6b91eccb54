"""Asking for a patient's summary before its hour comes, or for one that nobody computed."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rehab.analytics import periods
from rehab.analytics.periods import Span
from rehab.errors import Invalid, Problem
from rehab.models import Patient, Summary
from rehab.selectors import patients
from rehab.services import documents, events, summaries, summary_schedule
from rehab.services.inputs.base import Day, Document, Ui


class SummaryRequest(Document):
    """Which summary is wanted; without ``on`` the latest period that is over where the patient is."""

    patient: uuid.UUID
    period: Literal["day", "week", "four_weeks"]
    on: Annotated[Day | None, Ui(_("Day"), hint=_("Any day of the period."))] = None


@dataclass(frozen=True)
class Asked:
    """``created``: there was no such row before. Its status says whether it was computed or waits."""

    summary: Summary
    created: bool


def ask(document: Any, *, by: User, now: datetime) -> Asked:
    """Return a patient's summary of one period, computed now if it is due or stale; the same however often asked.

    Whoever sees the patient may ask. Another worker that has it at hand is not waited for: then it is still due.
    ``Invalid`` for a period that is not over yet, or that lies outside of the patient's care here.
    """
    parsed = documents.read(SummaryRequest, document)
    patient = patients.get(viewer=by, patient_id=parsed.patient).patient
    span = _span(patient, parsed.period, parsed.on, now=now)
    row, created = _row(patient, span, by=by, now=now)
    if row.status == Summary.Status.COMPUTED:
        return Asked(row, created=False)
    Summary.objects.filter(pk=row.pk, status=Summary.Status.DUE, due_at__gt=now).update(due_at=now)
    Summary.objects.filter(pk=row.pk, status=Summary.Status.STALE, stale_until_quiet__gt=now).update(
        stale_until_quiet=now
    )
    summaries.compute_some(now=now, only=Q(pk=row.pk))
    return Asked(Summary.objects.get(pk=row.pk), created=created)


def _span(patient: Patient, period: periods.PeriodName, on: date | None, *, now: datetime) -> Span:
    today = periods.today_in(patient.time_zone, now=now)
    first = periods.today_in(patient.time_zone, now=patient.created_at)
    try:
        span = periods.span_of(period, today).before() if on is None else periods.span_of(period, on)
    except OverflowError:  # a period that begins or ends outside of the calendar is out of range by itself
        span = Span(period, on or today, on or today)
    ended = patient.discharged_on
    if span.ends_on < first or span.ends_on >= today or (ended is not None and span.starts_on > ended):
        last = periods.span_of(period, today).before().ends_on
        message = format_lazy(
            _(
                "Day: the period from {start} to {end} has no summary. "
                "Allowed: days from {first} to {last}, in periods that are over and within the patient's care here."
            ),
            start=span.starts_on,
            end=span.ends_on,
            first=first,
            last=last if ended is None else min(last, ended),
        )
        raise Invalid([Problem("" if on is None else "/on", "out_of_range", message)])
    return span


def _row(patient: Patient, span: Span, *, by: User, now: datetime) -> tuple[Summary, bool]:
    subject = {"audience": Summary.Audience.PATIENT, "patient": patient, "period": span.period}
    stored = Summary.objects.filter(**subject, starts_on=span.starts_on)
    if (found := stored.first()) is not None:
        return found, False
    summary_schedule.begin_following(now=now)
    row = Summary(
        **subject,
        clinic_id=patient.clinic_id,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        time_zone=patient.time_zone,
        due_at=now,
    )
    with transaction.atomic():
        Summary.objects.bulk_create([row], ignore_conflicts=True)
        found = stored.get()
        if found.pk != row.pk:  # the dispatcher was first
            return found, False
        asked_for = {"period": span.period, "starts_on": span.starts_on.isoformat()}
        events.tell_of_patient("summary.asked", patient, ("summary", row.pk), by=by, now=now, changes=asked_for)
    return row, True
