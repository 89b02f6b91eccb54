"""Caseload summaries: the patients whom a therapist treated in a clinic when the period was over."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from accounts.roles import CareRole
from rehab.analytics.summaries import CaseloadSummary
from rehab.analytics.summary_caseload import Line, caseload_summary, line
from rehab.models import CareTeamMember, Summary
from rehab.selectors import summary_patients
from rehab.selectors.summary_patients import Asked

#: A drop in adherence is seen over 56 days.
_WEEKS_BEFORE = 8


def compute(rows: Sequence[Summary], *, now: datetime) -> dict[uuid.UUID, CaseloadSummary]:
    """Return the caseload summaries by their ids. A patient of several therapists is read once for each period."""
    if not rows:
        return {}
    treated = _treated(rows)
    wanted: dict[Asked, list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        for patient_id in treated[row.pk]:
            wanted[summary_patients.ask(patient_id, row, now=now, weeks_before=_WEEKS_BEFORE)].append(row.pk)
    lines: dict[uuid.UUID, list[Line]] = {row.pk: [] for row in rows}
    for asked, material in summary_patients.in_blocks(list(wanted)):
        row_ids = wanted[asked]
        found = line(material, patient_id=str(asked.patient_id), name=treated[row_ids[0]][asked.patient_id])
        for row_id in row_ids:
            lines[row_id].append(found)
    return {
        row.pk: caseload_summary(
            lines[row.pk], window=summary_patients.window_of(row, now=now), time_zone=row.time_zone
        )
        for row in rows
    }


def _treated(rows: Sequence[Summary]) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    """Return the names of each summary's patients by their ids, in one statement.

    A patient who was discharged before the period began is none of them.
    """
    members = CareTeamMember.objects.filter(
        user_id__in={row.therapist_id for row in rows},
        patient__clinic_id__in={row.clinic_id for row in rows},
        role=CareRole.THERAPIST,
    )
    places = list(
        members.order_by("patient_id", "id").values_list(
            "user_id", "patient__clinic_id", "added_at", "ended_at", "patient__discharged_on", "patient_id",
            "patient__name",
        )
    )  # fmt: skip
    found: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    for row in rows:
        over_at = summary_patients.moment_after(row)
        found[row.pk] = {
            patient_id: name
            for user_id, clinic_id, added_at, ended_at, discharged_on, patient_id, name in places
            if (user_id, clinic_id) == (row.therapist_id, row.clinic_id)
            and added_at < over_at
            and (ended_at is None or ended_at >= over_at)
            and (discharged_on is None or discharged_on >= row.starts_on)
        }
    return found
