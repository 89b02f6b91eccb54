"""What a document asks to do at once, whatever becomes of it: refused, in conflict, sent again, or hardly a document.

It asks for nothing else to be right: what was answered matters before all that may be wrong with the rest.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from accounts.models import User
from rehab.errors import NotFound
from rehab.models import Patient
from rehab.reference.red_flags import LEVELS
from rehab.selectors import patients, records
from rehab.services import red_flags
from rehab.services.inputs.red_flags import CODES
from rehab.services.kinds import Kind
from rehab.services.questionnaires import answers_item_9


@dataclass(frozen=True)
class Answers:
    """What of a document can be an emergency: red-flag codes, and whether item 9 was answered with 1 or more."""

    new_or_worse: frozenset[str]
    unchanged: frozenset[str]
    item_9: bool
    patient: uuid.UUID | None  # whom it names, if it names one


@dataclass(frozen=True)
class Reported:
    """Raised flags, worst first, as records keep them; the numbers are empty where no clinic is known."""

    flags: list[dict[str, Any]]
    emergency_number: str = ""
    crisis_line: str = ""


def answers_in(document: Any) -> Answers | None:
    """Return what a record's document, an amendment, or a whole batch answers; None if nothing can come of it."""
    parts = list(_parts_of(document))
    new, unchanged = (frozenset().union(*(_codes(part, name) for part in parts)) for name in _ANSWERS)
    item_9 = any(answers_item_9(part) for part in parts)
    if not (new or unchanged or item_9):
        return None
    named = {_uuid(part.get("patient")) for part in parts} - {None}
    return Answers(new, unchanged, item_9, named.pop() if len(named) == 1 else None)


_ANSWERS = ("new_or_worse", "unchanged")


def _parts_of(document: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object that may hold answers; it looks no deeper than documents go, whatever is nested in them."""
    for part in document if isinstance(document, list) else [document]:
        if isinstance(part, Mapping):
            yield part
            members = part.get("records")
            inner = [part.get("changes"), *(members if isinstance(members, list) else [])]
            yield from (member for member in inner if isinstance(member, Mapping))


def _codes(part: Mapping[str, Any], name: str) -> frozenset[str]:
    answers = part.get("red_flags")
    given = answers.get(name) if isinstance(answers, Mapping) else None
    listed = given if isinstance(given, list) else [given]
    return CODES & {code for code in listed if isinstance(code, str)}


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def reported(answers: Answers, patient: Patient | None, *, own: Patient | None, is_known: bool = True) -> Reported:
    """Return what answers raise for a patient; where none is known, at their worst.

    ``own`` is the patient that the sender is, ``is_known`` whether it is known who they are: item 9 is answered by the
    patient themself, and the crisis message speaks to nobody else.
    """
    flags = red_flags.evaluated(answers.new_or_worse, answers.unchanged, patient)
    speaks_to_sender = answers.item_9 and (own is not None or not is_known)
    if speaks_to_sender:
        flags = sorted([*flags, *red_flags.self_harm()], key=lambda flag: LEVELS.index(flag["level"]))
    clinic = patient.clinic if patient else own.clinic if own and speaks_to_sender else None
    return Reported(flags, clinic.emergency_number, clinic.crisis_line or "") if clinic else Reported(flags)


def reported_in(
    document: Any, *, by: User | None, kind: Kind | None = None, record_id: uuid.UUID | None = None
) -> Reported | None:
    """Return what a document raises, for the patient whom it names if ``by`` sees them; None if it raises nothing.

    Of an amendment the record says who the patient is. With the database gone nothing is known of anybody, and what
    to do is said all the same.
    """
    answers = answers_in(document)
    if answers is None:
        return None
    try:
        patient, own = _people(answers, by=by, kind=kind, record_id=record_id)
    except DatabaseError:
        patient = own = by = None
    found = reported(answers, patient, own=own, is_known=by is not None)
    return found if found.flags else None


def _people(
    answers: Answers, *, by: User | None, kind: Kind | None, record_id: uuid.UUID | None
) -> tuple[Patient | None, Patient | None]:
    if by is None:
        return None, None
    patient_id = answers.patient
    if kind is not None and record_id is not None and (row := records.by_id(kind.model, record_id)) is not None:
        patient_id = row.patient_id
    own = patients.own_patient(by) if answers.item_9 else None
    try:
        return (patients.get(viewer=by, patient_id=patient_id).patient if patient_id else None), own
    except NotFound:
        return None, own
