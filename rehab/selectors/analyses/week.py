"""The sessions of the running ISO week: minutes by kind, load and stimulation, added up and not judged."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rehab.analytics import fes_weekly
from rehab.analytics import load as formulas
from rehab.analytics.adherence import iso_week
from rehab.analytics.fes_weekly import WeeklyDose
from rehab.analytics.load import RatedSession
from rehab.selectors.analyses import fes_dose, sessions
from rehab.selectors.analyses.sessions import Session


@dataclass(frozen=True, slots=True)
class Kind:
    """The sessions of one modality. ``minutes``: the sum of those known, ``None`` if none is."""

    modality: str
    sessions: int
    minutes: float | None
    without_minutes: int


@dataclass(frozen=True, slots=True)
class Week:
    """``load`` in RPE minutes, ``None`` if a session lacks effort or minutes; ``rated``: sessions with an effort."""

    first_on: date
    kinds: tuple[Kind, ...]
    load: float | None
    rated: int
    doses: tuple[WeeklyDose, ...]


def of_patient(patient_id: uuid.UUID, *, today: date) -> Week:
    """Return the week that holds ``today`` (the patient's own date), in one statement. Access is asked before."""
    monday, sunday = iso_week(day=today)
    found = list(sessions.done([patient_id], first=monday, last=sunday))
    rated = [RatedSession(row.id, row.on, row.details.get("session_rpe"), row.minutes) for row in found]
    return Week(
        first_on=monday,
        kinds=_kinds(found),
        load=formulas.week(sessions=rated, monday=monday).weekly,
        rated=sum(row.rpe is not None for row in rated),
        doses=fes_weekly.week(sessions=fes_dose.channels(found), monday=monday),
    )


def _kinds(found: Iterable[Session]) -> tuple[Kind, ...]:
    minutes: dict[str, list[float | None]] = {}
    for row in found:
        minutes.setdefault(row.modality, []).append(row.minutes)
    return tuple(_kind(modality, each) for modality, each in sorted(minutes.items()))


def _kind(modality: str, minutes: list[float | None]) -> Kind:
    known = [each for each in minutes if each is not None]
    return Kind(modality, len(minutes), sum(known) if known else None, len(minutes) - len(known))
