"""Weekly dose of electrical stimulation per channel and muscle, from what was logged: arithmetic, no judgement."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from accounts.models import User
from rehab.analytics import fes_weekly
from rehab.analytics.fes import FesDose
from rehab.analytics.fes_weekly import ChannelSession, WeeklyDose
from rehab.selectors import patients
from rehab.selectors.analyses import sessions
from rehab.selectors.analyses.sessions import Session
from rehab.selectors.patients import Seen

_FIGURES = tuple(field.name for field in fields(FesDose))


@dataclass(frozen=True, slots=True)
class DoseWeek:
    monday: date
    in_progress: bool
    doses: tuple[WeeklyDose, ...]


@dataclass(frozen=True, slots=True)
class FesDoses:
    seen: Seen
    weeks: tuple[DoseWeek, ...]


def of_patient(*, viewer: User, patient_id: uuid.UUID, weeks: int, now: datetime) -> FesDoses:
    """Return the running week and those before it, ``weeks`` in all, oldest first."""
    seen = patients.get(viewer=viewer, patient_id=patient_id)
    today = sessions.today_of(seen.patient, now=now)
    days = sessions.mondays(today=today, weeks=weeks)
    last = days[-1] + timedelta(days=6)
    rows = tuple(channels(sessions.done([patient_id], first=days[0], last=last)))
    return FesDoses(
        seen,
        tuple(
            DoseWeek(monday, monday == days[-1], fes_weekly.week(sessions=rows, monday=monday))
            for monday in days
        ),
    )  # fmt: skip


def channels(found: Iterable[Session]) -> Iterator[ChannelSession]:
    """Yield what each channel gave to each muscle. A channel is known by its place in the document, from 1 on."""
    for row in found:
        if row.modality != "fes":
            continue
        dose = FesDose(**{name: row.derived.get(name) for name in _FIGURES})
        for number, channel in enumerate(row.details["details"]["channels"], start=1):
            yield ChannelSession(row.id, row.on, str(number), channel["muscle"], channel["side"], dose)
