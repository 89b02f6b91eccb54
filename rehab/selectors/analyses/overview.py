"""Every analysis of one patient for a clinician's page, read once."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from accounts.roles import Permission
from rehab.analytics import fes_weekly
from rehab.analytics.load import RatedSession
from rehab.analytics.sides import Involved
from rehab.selectors import patients
from rehab.selectors.analyses import (
    distribution,
    fatigability,
    fes_dose,
    hints,
    load,
    material,
    sessions,
    sides,
)
from rehab.selectors.analyses.distribution import LimbIndices, Pattern
from rehab.selectors.analyses.fatigability import MeasuredFatigability
from rehab.selectors.analyses.fes_dose import DoseWeek
from rehab.selectors.analyses.hints import ShownHint
from rehab.selectors.analyses.load import LoadWeek
from rehab.selectors.analyses.material import Material
from rehab.selectors.analyses.sides import MeasuredSides
from rehab.selectors.patients import Seen


@dataclass(frozen=True, slots=True)
class Overview:
    seen: Seen
    found: Material
    involved_side: Involved | None
    hints: tuple[ShownHint, ...]
    sides: tuple[MeasuredSides, ...]
    limbs: tuple[LimbIndices, ...]
    pattern: Pattern | None
    fatigability: tuple[MeasuredFatigability, ...]
    load: tuple[LoadWeek, ...]
    doses: tuple[DoseWeek, ...]

    @property
    def today(self) -> date:
        return self.found.today


def of_patient(*, viewer: User, patient_id: uuid.UUID, weeks: int, now: datetime) -> Overview:
    """Return what each analysis says, weekly ones of the running week and those before it. For clinicians."""
    seen = patients.get(viewer=viewer, patient_id=patient_id, to=Permission.VIEW_ANALYSIS)
    [found] = material.of_patients([seen.patient], now=now, with_sessions=True)
    contexts = fatigability.contexts_of([patient_id], since=found.today)
    limbs = distribution.of_limbs(found)
    mondays = sessions.mondays(today=found.today, weeks=weeks + 1)
    rated = [
        RatedSession(row.id, row.on, row.details.get("session_rpe"), row.minutes) for row in found.sessions
    ]  # fmt: skip
    channels = tuple(fes_dose.channels(found.sessions))
    return Overview(
        seen=seen,
        found=found,
        involved_side=sides.involved(found),
        hints=hints.of_material(found, contexts),
        sides=sides.compared(found),
        limbs=limbs,
        pattern=distribution.pattern_of(limbs),
        fatigability=fatigability.assessed(found, contexts),
        load=load.weeks_of(rated, mondays=mondays, today=found.today),
        doses=tuple(
            DoseWeek(monday, monday == mondays[-1], fes_weekly.week(sessions=channels, monday=monday))
            for monday in mondays[1:]
        ),
    )
