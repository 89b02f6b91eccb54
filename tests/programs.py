"""Programmes for tests, written through the services."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import User
from rehab.models import ExerciseSession, Patient, Program, ProgramItem, Record
from rehab.reference.checklists import CHECKLISTS
from rehab.selectors import programs as selectors
from rehab.services import checklists, programs, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

#: A Monday.
MONDAY = date(2026, 3, 2)
ITEM: dict[str, Any] = {
    "modality": "resistance_band",
    "name": "Knee band",
    "muscle": "KNE_EXT",
    "side": "left",
    "sets": 3,
    "reps": 10,
    "weekdays": ["mon", "wed", "fri"],
}
FES: dict[str, Any] = {"modality": "fes", "muscle": "KNE_EXT", "side": "left", "minutes": 20, "times_per_week": 5}
WEEKLY: dict[str, Any] = {"modality": "aerobic", "minutes": 25, "times_per_week": 3}


def moment(patient: Patient, on: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of a day where the patient lives."""
    return datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(patient.time_zone)).astimezone(UTC)


def written(patient: Patient, *items: dict[str, Any], by: User, on: date = MONDAY, **fields: Any) -> Program:
    """Write a programme on the morning of its first day."""
    sent = {
        "patient": str(patient.pk),
        "title": "Knee after fracture",
        "start_on": on.isoformat(),
        "items": list(items or (ITEM,)),
        **fields,
    }
    return programs.create(sent, by=by, now=moment(patient, on, 0, 1)).program


def items_of(program: Program) -> list[ProgramItem]:
    return selectors.items_of([program.pk])[program.pk]


def session(
    patient: Patient, on: date, *, by: User, variant: str = "resistance_band", hour: int = 16,
    item: UUID | None = None, logged_after: timedelta = timedelta(hours=1), **changes: Any,
) -> ExerciseSession:  # fmt: skip
    """Log a session of a day; ``reps`` stands for the repetitions of a band's sets."""
    at = moment(patient, on, hour)
    sent = document("sessions", variant, patient.pk, performed_at=at.isoformat())
    if "reps" in changes:
        sent["details"]["exercises"][0]["reps"] = changes.pop("reps")
    if changes.get("status") == "skipped":
        sent = {key: value for key, value in sent.items() if key not in ("details", "duration_min", "session_rpe")}
    sent |= changes | ({"program_item": str(item)} if item else {})
    made = records.create(KINDS["sessions"], sent, by=by, source=Record.Source.API, now=at + logged_after)
    assert isinstance(made.record, ExerciseSession)
    return made.record


def cleared(patient: Patient, checklist: str, *, by: User, now: datetime, **answers: str) -> Any:
    """Answer every item of a screening list with no, but for ``answers``."""
    all_answers = {**dict.fromkeys(CHECKLISTS[checklist], "no"), **answers}
    sent = {"patient": str(patient.pk), "checklist": checklist, "answers": all_answers}
    return checklists.answer(sent, by=by, now=now).answers


def pointers(error: Any) -> dict[str, str]:
    """Return the codes of the problems that were raised, by pointer."""
    return {problem.pointer: problem.code for problem in error.value.problems}


def start(cast: Cast, *, days: int = 0, hour: int = 9) -> datetime:
    """Return a moment of the Monday on which programmes of tests begin, or days later."""
    return moment(cast.patient, MONDAY + timedelta(days=days), hour)
