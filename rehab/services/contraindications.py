"""Sessions logged against a contraindication: nobody is kept from logging, and the therapist is told.

A session counts if the answers that held when it was performed have a contraindication for its kind of treatment
(convention of this project): what was found out later says nothing about it. A skipped session is none.
"""

from collections.abc import Iterable, Sequence

from rehab.models import ExerciseSession, Patient, Record
from rehab.selectors import checklists as selectors
from rehab.services import checklists
from rehab.services.alerts import Cause
from rehab.services.inputs.programs import SCREENED

RULE = "CONTRA"
SOURCE = "sessions"


def causes_of(rows: Iterable[tuple[Record, Patient]]) -> list[Cause]:
    """Return what stored records amount to, in one statement for all of them; none if there is no such session."""
    return _causes(_screened(rows))


def _screened(rows: Iterable[tuple[Record, Patient]]) -> list[tuple[ExerciseSession, Patient]]:
    return [
        (row, patient)
        for row, patient in rows
        if isinstance(row, ExerciseSession) and row.modality in SCREENED and row.session_status != "skipped"
    ]


def _causes(sessions: Sequence[tuple[ExerciseSession, Patient]]) -> list[Cause]:
    if not sessions:
        return []
    moments = [session.performed_at for session, _patient in sessions]
    held = selectors.held_between({patient.pk for _, patient in sessions}, first=min(moments), last=max(moments))
    return [
        Cause(
            patient=patient,
            rule=RULE,
            level="review",
            subject=session.modality,
            source_kind=SOURCE,
            source_id=session.pk,
            occurred_at=session.performed_at,
            evidence={"checklist": answers.checklist, "items": [item.code for item in found]},
        )
        for session, patient in sessions
        for answers in held
        if answers.patient_id == patient.pk
        and answers.checklist == session.modality
        and answers.answered_at <= session.performed_at
        and (answers.superseded_at is None or session.performed_at < answers.superseded_at)
        and (found := checklists.contraindications(answers))
    ]
