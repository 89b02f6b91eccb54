"""Pattern hints of a patient, for clinicians alone; those set aside come with who did so and why."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Permission
from rehab.analytics import hints as rules
from rehab.analytics.hints import Evidence, Hint
from rehab.models import HintDismissal
from rehab.selectors import check_ins, patients
from rehab.selectors.analyses import fatigability, findings, material
from rehab.selectors.analyses.fatigability import Contexts
from rehab.selectors.analyses.findings import Reported, SidedCapsular
from rehab.selectors.analyses.material import Material
from rehab.selectors.patients import Seen

CAPSULAR = "CAPSULAR"
#: Signs and sensory symptoms that were reported before these days, of which today is the last, say nothing any more.
REPORTED_DAYS = 365


@dataclass(frozen=True, slots=True)
class ShownHint:
    """A hint as it is shown. ``key`` tells two hints of one code apart; ``dismissal`` holds while no data are new."""

    key: str
    code: str
    parameters: dict[str, Any]
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    symmetric: bool | None
    exceptions: tuple[str, ...]
    red_flag: str | None
    expires_on: date
    n: int
    first_on: date
    last_on: date
    ids: tuple[str, ...]
    method: str
    dismissal: HintDismissal | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    seen: Seen
    rows: tuple[ShownHint, ...]


def of_patient(*, viewer: User, patient_id: uuid.UUID, now: datetime) -> Hints:
    """Return the hints that hold now, set aside or not. For clinicians."""
    seen = patients.get(viewer=viewer, patient_id=patient_id, to=Permission.VIEW_ANALYSIS)
    [found] = material.of_patients([seen.patient], now=now, with_sessions=True)
    contexts = fatigability.contexts_of([patient_id], since=found.today)
    return Hints(seen, of_material(found, contexts))


def of_material(found: Material, contexts: Contexts) -> tuple[ShownHint, ...]:
    """Return the hints that a patient's records give today, with what sets them aside."""
    dismissals = _latest(_dismissals(found.patient.pk))
    return tuple(_with_dismissal(row, dismissals.get(row.key)) for row in _holding(found, contexts))


def _holding(found: Material, contexts: Contexts) -> Iterator[ShownHint]:
    gathered = findings.gathered(found, contexts, reported(found.patient.pk, today=found.today))
    for hint in rules.evaluate(findings=gathered, today=found.today):
        yield _shown(hint)
    for pattern in findings.capsular_patterns(found):
        yield _shown_capsular(pattern)


def reported(patient_id: uuid.UUID, *, today: date) -> Reported:
    """Return what check-ins say of a patient, in a statement for each thing that is asked of them."""
    since = today - timedelta(days=REPORTED_DAYS - 1)
    return Reported(
        symptom_days=check_ins.symptom_days(patient_id, since=today - timedelta(days=rules.EXPIRES_AFTER_DAYS - 1)),
        sensory_change=check_ins.sensory_change(patient_id, since=since),
        proximal_signs=check_ins.proximal_signs(patient_id, since=since),
        immobilised=check_ins.immobilised(patient_id, since=date.min),
    )


def _shown(hint: Hint) -> ShownHint:
    parameters: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in sorted(hint.parameters.items())
    }
    place = f"{'_'.join(parameters['names'])}-{parameters['side']}" if "names" in parameters else ""
    return ShownHint(
        key=f"{hint.code}-{place}" if place else hint.code,
        code=hint.code,
        parameters=parameters,
        evidence=hint.evidence,
        missing=hint.missing,
        symmetric=hint.symmetric,
        exceptions=hint.exceptions,
        red_flag=hint.red_flag,
        expires_on=hint.expires_on,
        n=hint.n,
        first_on=hint.first_on,
        last_on=hint.last_on,
        ids=hint.ids,
        method=hint.method,
    )


def _shown_capsular(pattern: SidedCapsular) -> ShownHint:
    hint = pattern.hint
    place = "-".join(part for part in (hint.joint, pattern.side, pattern.digit) if part)
    return ShownHint(
        key=f"{CAPSULAR}-{place}",
        code=CAPSULAR,
        parameters={
            "joint": hint.joint,
            "side": pattern.side,
            "digit": pattern.digit,
            "motions": list(hint.motions),
            "losses_degrees": list(hint.losses_degrees),
            "reference": pattern.reference,
        },
        evidence=tuple(
            Evidence(motion, pattern.side, hint.first_on, hint.last_on, (id_,))
            for motion, id_ in zip(hint.motions, hint.ids, strict=True)
        ),
        missing=hint.missing,
        symmetric=None,
        exceptions=(),
        red_flag=None,
        expires_on=hint.last_on + timedelta(days=rules.EXPIRES_AFTER_DAYS),
        n=hint.n,
        first_on=hint.first_on,
        last_on=hint.last_on,
        ids=hint.ids,
        method=hint.method,
    )


def _with_dismissal(row: ShownHint, dismissal: HintDismissal | None) -> ShownHint:
    if dismissal is None or not set(row.ids) <= set(dismissal.seen_ids):
        return row
    return replace(row, dismissal=dismissal)


def _dismissals(patient_id: uuid.UUID) -> Iterable[HintDismissal]:
    return (
        HintDismissal.objects.filter(patient_id=patient_id)
        .select_related("dismissed_by")
        .order_by("hint_key", "dismissed_at", "id")
    )


def _latest(found: Iterable[HintDismissal]) -> dict[str, HintDismissal]:
    return {row.hint_key: row for row in found}


def dismissal_by_id(dismissal_id: uuid.UUID) -> HintDismissal | None:
    return HintDismissal.objects.filter(pk=dismissal_id).select_related("dismissed_by").first()
