"""Red flags of a record: evaluated when it is written, kept with it, and raised as alerts."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rehab.analytics import red_flags
from rehab.models import CheckIn, Patient, Record
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


def evaluated(new_or_worse: Iterable[str], unchanged: Iterable[str], patient: Patient) -> list[dict[str, Any]]:
    """Return the flags that answers raise for a patient, worst first, as they are kept; unknown codes are left out."""
    raised = red_flags.evaluate(
        answers=CODES & set(new_or_worse),
        unchanged=CODES & set(unchanged),
        baseline_deficits=patient.baseline_deficits or (),
        conditions=patient.conditions,
        injury_at_or_above_t6=patient.injury_at_or_above_t6,
    )
    return [asdict(flag) for flag in raised]


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
