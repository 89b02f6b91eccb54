"""Monthly summaries of clinics: the patients who were in care in the month."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from rehab.analytics.summaries import ClinicSummary
from rehab.analytics.summary_clinic import clinic_summary, part
from rehab.models import Patient, Summary
from rehab.selectors import summary_patients
from rehab.selectors.summary_patients import Asked


def compute(rows: Sequence[Summary], *, now: datetime) -> dict[uuid.UUID, ClinicSummary]:
    """Return the summaries by their ids, a clinic after the other: one alone may have very many patients."""
    return {row.pk: _of(row, now=now) for row in rows}


def _of(row: Summary, *, now: datetime) -> ClinicSummary:
    parts = (
        part(material, patient_id=str(asked.patient_id))
        for asked, material in summary_patients.in_blocks(list(_asked(row, now=now)))
    )
    return clinic_summary(parts, window=summary_patients.window_of(row, now=now), time_zone=row.time_zone)


def _asked(row: Summary, *, now: datetime) -> Iterator[Asked]:
    in_care = Patient.objects.filter(
        Q(discharged_on__isnull=True) | Q(discharged_on__gte=row.starts_on),
        clinic_id=row.clinic_id,
        created_at__lt=summary_patients.moment_after(row),
    )
    for patient_id in in_care.order_by("id").values_list("id", flat=True):
        yield summary_patients.ask(patient_id, row, now=now, weeks_before=0)
