"""Everything that pattern hints are read from, gathered from a patient's records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rehab.analytics import capsular, losses
from rehab.analytics.capsular import PATTERNS, CapsularHint, PassiveMotion
from rehab.analytics.findings import (
    Course,
    Decline,
    Findings,
    GroupFatigability,
    Period,
    Side,
    SideDifference,
    SymptomDay,
)
from rehab.analytics.series import low_resolution, thresholds_for
from rehab.reference.motions import MOTIONS
from rehab.selectors.analyses import distribution, fatigability, material, sides
from rehab.selectors.analyses.fatigability import Contexts
from rehab.selectors.analyses.material import Material
from rehab.selectors.readings import Series

#: What loads muscle: stretching and breathing exercises do not rebuild what disuse took.
TRAINING = frozenset(
    {"resistance_band", "weights", "aquatic", "fes", "weight_bearing", "balance_gait", "aerobic", "other"}
)
CAPSULAR_DAYS = 28


@dataclass(frozen=True, slots=True)
class Reported:
    """What check-ins say; the defaults stand for "nothing recorded"."""

    symptom_days: tuple[SymptomDay, ...] = ()
    sensory_change: bool | None = None
    proximal_signs: tuple[str, ...] = ()
    immobilised: tuple[Period, ...] = ()


def gathered(found: Material, contexts: Contexts, reported: Reported) -> Findings:
    """Return the findings of one patient up to today."""
    falls, rises = _courses(found)
    return Findings(
        declines=declines_of(found),
        indices=distribution.indices_of(distribution.of_limbs(found)),
        fatigability=tuple(
            GroupFatigability(row.code, _side(row.side), row.result)
            for row in fatigability.assessed(found, contexts)
        ),
        symptom_days=reported.symptom_days,
        side_differences=_side_differences(found),
        falls=falls,
        rises=rises,
        immobilised=reported.immobilised,
        trained_on=frozenset(session.on for session in found.sessions if session.modality in TRAINING),
        sensory_change=reported.sensory_change,
        proximal_signs=reported.proximal_signs,
    )  # fmt: skip


def declines_of(found: Material) -> tuple[Decline, ...]:
    """Return the losses of strength: over the whole course, and those within 28 days."""
    return tuple(
        decline
        for row in found.of("strength")
        for decline in (
            losses.overall(
                description=row.description,
                readings=row.readings(),
                subject=found.subject,
                set_baseline=found.baselines.get(row.key),
            ),
            rapid_of(found, row),
        )
        if decline is not None
    )


def rapid_of(found: Material, row: Series) -> Decline | None:
    return losses.rapid(description=row.description, readings=row.readings(), subject=found.subject, today=found.today)


def _courses(found: Material) -> tuple[tuple[Course, ...], tuple[Course, ...]]:
    falls: list[Course] = []
    rises: list[Course] = []
    for row in (*found.of("strength"), *found.of("girth")):
        down, up = losses.courses(description=row.description, readings=row.readings(), subject=found.subject)
        falls += down
        rises += up
    return tuple(falls), tuple(rises)


def _side_differences(found: Material) -> tuple[SideDifference, ...]:
    return tuple(
        SideDifference(
            muscle=row.code,
            on=row.comparison.last_on,
            grades=row.comparison.difference if row.measure == "mrc" else None,
            asymmetry_pct=row.comparison.asymmetry_pct,
            ids=row.comparison.ids,
        )
        for row in sides.compared(found)
        if row.kind == "strength" and row.comparison is not None
    )


def _side(side: str) -> Side:
    return "left" if side == "left" else "right" if side == "right" else "none"


@dataclass(frozen=True, slots=True)
class SidedCapsular:
    """A capsular pattern with where it is, and what the motions were held against."""

    side: str
    digit: str
    hint: CapsularHint
    reference: str  # "other_side", "aaos", or "mixed"


def capsular_patterns(found: Material) -> tuple[SidedCapsular, ...]:
    """Return the capsular patterns of the last 28 days: of each joint the last day with two of its motions.

    A motion is held against the other side, if that is the healthy one, else against the AAOS figure.
    """
    passive = [
        row for row in found.of("rom") if row.description.rom_type == "PROM" and not row.description.visual_estimate
    ]
    places = sorted({(row.description.side, _digit(row)) for row in passive})
    patterns = (
        pattern
        for side, digit in places
        for joint in PATTERNS
        if (pattern := _pattern(found, passive, side=side, digit=digit, joint=joint))
    )
    return tuple(patterns)


def _pattern(found: Material, passive: list[Series], *, side: str, digit: str, joint: str) -> SidedCapsular | None:
    here = [
        row
        for row in passive
        if (row.description.side, _digit(row)) == (side, digit) and MOTIONS[row.description.code].joint == joint
    ]
    first = found.today - timedelta(days=CAPSULAR_DAYS)
    days = sorted({one.on for row in here for one in row.measured if one.on > first}, reverse=True)
    codes = set(PATTERNS[joint][1])
    for on in days:
        motions = dict(_motions(found, here, on=on))
        if len(codes & motions.keys()) < capsular.MIN_MOTIONS:
            continue
        hints = capsular.find(motions=[motion for motion, _reference in motions.values()])
        references = {reference for _motion, reference in motions.values()}
        return next(
            (
                SidedCapsular(side, digit, hint, references.pop() if len(references) == 1 else "mixed")
                for hint in hints
                if hint.joint == joint
            ),
            None,
        )
    return None


def _motions(found: Material, rows: list[Series], *, on: date) -> Iterator[tuple[str, tuple[PassiveMotion, str]]]:
    """Yield the motions of one day that have something to be held against; of one measured twice, the last way."""
    for row in rows:
        day = next((day for day in material.days_of(row) if day.on == on), None)
        code = row.description.code
        if day is None or (reference := _reference(found, row, on=on)) is None:
            continue
        threshold, _mcid = thresholds_for(
            description=row.description,
            subject=found.subject,
            same_rater=True,
            interval_days=0,
            baseline=reference[0],
            low_resolution=low_resolution(values=[day.value], coarse_visit=on in row.coarse_on),
        )
        if threshold is not None:
            motion = PassiveMotion(day.ids[-1], on, code, day.value, reference[0], threshold.value)
            yield code, (motion, reference[1])


def _reference(found: Material, row: Series, *, on: date) -> tuple[float, str] | None:
    motion = MOTIONS[row.description.code]
    other = found.other_side(row)
    if other is not None and found.patient.involved_side == row.description.side:
        day = material.nearest(material.days_of(other), to=on)
        if day is not None and (motion.scale == "deficit" or day.value > 0):
            return day.value, "other_side"
    aaos = motion.aaos_to
    if aaos is None or (motion.scale == "direction" and aaos <= 0):
        return None
    return aaos, "aaos"


def _digit(row: Series) -> str:
    return material.how_of(row.description).get("digit", "")
