"""A drop in adherence (``analytics.tally.dropped``), for the therapist to look at. It speaks once in four weeks."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rehab.analytics.adherence import ROLLING_DAYS
from rehab.analytics.tally import Tally, dropped
from rehab.models import Patient, Program
from rehab.selectors import adherence
from rehab.services.alerts import Cause

RULE = "ADHERENCE_DROP"


def adherence_drop(patient_ids: Collection[uuid.UUID], *, now: datetime) -> list[Cause]:
    """Return a cause for each patient whose adherence dropped. A number of statements that does not grow with them.

    The source is the patient's latest active programme; ``subject`` is the first day of its four weeks, counted from
    its start, so that a drop is told once in them. Of who is discharged nothing is told.
    """
    programs: dict[uuid.UUID, Program] = {}
    active = Program.objects.filter(patient_id__in=patient_ids, status=Program.Status.ACTIVE)
    today: dict[uuid.UUID, date] = {}
    for program in active.select_related("patient").order_by("created_at", "id"):
        here, last = _today(program.patient, now=now), program.patient.discharged_on
        if last is None or last >= here:
            programs[program.patient_id], today[program.patient_id] = program, here
    if not programs:
        return []
    latest = adherence.of_patients(list(programs), today=today)
    earlier = adherence.of_patients(list(programs), today=today, before=ROLLING_DAYS)
    return [
        _cause(program, today[patient_id], latest[patient_id], earlier[patient_id], now=now)
        for patient_id, program in programs.items()
        if dropped(now=latest[patient_id], before=earlier[patient_id])
    ]


def _today(patient: Patient, *, now: datetime) -> date:
    return now.astimezone(ZoneInfo(patient.time_zone)).date()


def _cause(program: Program, today: date, latest: Tally, earlier: Tally, *, now: datetime) -> Cause:
    whole = (today - program.start_on).days // ROLLING_DAYS
    return Cause(
        patient=program.patient,
        rule=RULE,
        level="review",
        subject=(program.start_on + timedelta(days=whole * ROLLING_DAYS)).isoformat(),
        source_kind="programs",
        source_id=program.pk,
        occurred_at=now,
        evidence={
            "planned": latest.due,
            "done": latest.completed,
            "adherence_percent": round(latest.session_pct or 0.0, 1),
            "earlier_percent": round(earlier.session_pct or 0.0, 1),
            "from": (today - adherence.ROLLING).isoformat(),
            "to": today.isoformat(),
        },
    )
