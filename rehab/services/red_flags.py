"""Red flags of a record: evaluated when it is written, kept with it, and raised as alerts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rehab.analytics import red_flags
from rehab.models import CheckIn, Patient, Record
from rehab.reference.conditions import CONDITIONS
from rehab.services.alerts import Cause
from rehab.services.inputs.base import RecordInput
from rehab.services.inputs.red_flags import CODES, RedFlagAnswers


def derived(parsed: RecordInput, patient: Patient) -> dict[str, Any]:
    """Return what a document's red-flag answers raise for this patient; nothing at all if they raise nothing.

    What is known of the patient beforehand (baseline deficits, conditions, level of injury) is that of this moment.
    """
    answers: RedFlagAnswers | None = getattr(parsed, "red_flags", None)
    if answers is None:
        return {}
    raised = evaluated(answers.new_or_worse, answers.unchanged, patient)
    return {"red_flags": raised} if raised else {}


def evaluated(new_or_worse: Iterable[str], unchanged: Iterable[str], patient: Patient | None) -> list[dict[str, Any]]:
    """Return the flags that answers raise for a patient, worst first, as they are kept; unknown codes are left out.

    Where nobody knows whose answers they are, each counts at its worst: as if every condition were there.
    """
    raised = red_flags.evaluate(
        answers=CODES & set(new_or_worse),
        unchanged=CODES & set(unchanged),
        baseline_deficits=(patient.baseline_deficits or ()) if patient else (),
        conditions=patient.conditions if patient else tuple(CONDITIONS),
        injury_at_or_above_t6=patient.injury_at_or_above_t6 if patient else None,
    )
    return [asdict(flag) for flag in raised]


def self_harm() -> list[dict[str, Any]]:
    """Return the flag of an answer of 1 or more to item 9, in the shape of the others."""
    return [asdict(flag) for flag in red_flags.evaluate(self_harm=True)]


def is_emergency(flags: Iterable[Mapping[str, Any]]) -> bool:
    """Whether raised flags, as records keep them, hold one that is answered by calling for help now."""
    return red_flags.worst(levels=[flag["level"] for flag in flags]) == "emergency"


def findings(record: Record, patient: Patient) -> list[Cause]:
    """Return what a stored check-in or session raises, from the flags that were evaluated with it."""
    return [
        Cause(
            patient=patient,
            rule=flag["flag"],
            level=flag["level"],
            source_kind="check-ins" if isinstance(record, CheckIn) else "sessions",
            source_id=record.pk,
            occurred_at=record.performed_at,
            rule_version=flag["rule_version"],
            evidence={"answers": list(flag["answers"]), "rule": flag["rule"]},
        )
        for flag in record.derived.get("red_flags", ())
    ]
