"""Red flags raised by a patient's own answers and by measurements that a clinician entered.

Pure and complete in one call. An empty result means that no rule fired, never that all is well: no text is made
from it. Unknown codes are refused, and nothing that was ticked is dropped: an answer whose rule is not complete is
shown to the therapist (``review``, or ``same_day`` for a sign of the cauda equina without pain).

Sources: ``rehab.reference.red_flags.FLAGS``. Where they are silent the rules are conventions of this project.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rehab.analytics import _checks
from rehab.analytics._red_flag_rules import RULES
from rehab.reference.red_flags import (
    ANSWERS,
    BASELINE_DEFICITS,
    FLAGS,
    LEVELS,
    NONE_OF_THESE,
    QUESTIONS,
    SPINAL_CORD_CONDITIONS,
    Level,
)

VERSION = "1"
"""Version of the rules; change it with any of them."""

VITAL_CAPACITY_BELOW_ML_PER_KG = 20.0
MIP_BELOW_CMH2O = 30.0
MEP_BELOW_CMH2O = 40.0
FALL_ABOVE_PCT = 30.0
BREATH_COUNT_UP_TO = 19
SYSTOLIC_RISE_FROM_MMHG = 20.0

_LINES = {question.code: question.flag for question in QUESTIONS.values() if question.flag}
"""The questions that can be picked before an answer beneath them is ticked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Measurements of one day, with the patient's own baseline where there is one; entered by clinicians.

    Vital capacity in mL per kg of body mass (0 or more) for the limit of 20, and in mL for the fall, which a change of
    body mass must neither hide nor feign; inspiratory and expiratory mouth pressure in cmH2O as
    positive numbers, count reached in one breath, systolic blood pressure in mmHg. A normal oxygen saturation does
    not exclude weak breathing muscles, so it is not among them.
    """

    vital_capacity_ml_per_kg: float | None = None
    vital_capacity_ml: float | None = None
    vital_capacity_baseline_ml: float | None = None
    mip_cmh2o: float | None = None
    mip_baseline_cmh2o: float | None = None
    mep_cmh2o: float | None = None
    mep_baseline_cmh2o: float | None = None
    single_breath_count: int | None = None
    systolic_mmhg: float | None = None
    systolic_baseline_mmhg: float | None = None


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """One red flag at the worst level that fired, with everything that made it fire."""

    flag: str
    level: Level
    answers: tuple[str, ...]
    """Codes of answers (or of a question picked without one), in the order of the questionnaire."""
    measures: tuple[str, ...]
    """Names of the fields of ``Measures``."""
    rule: str
    """The first rule of that level."""
    rule_version: str


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: str
    flag: str
    level: Level
    answers: frozenset[str] = frozenset()
    measure: str | None = None


def worst(*, levels: Collection[Level]) -> Level | None:
    """The worst of some levels; ``None`` for none, which is no statement about the patient.

    >>> worst(levels=["review", "emergency", "same_day"])
    'emergency'
    """
    return min(levels, key=LEVELS.index, default=None)


def evaluate(
    *,
    answers: Collection[str] = (),
    unchanged: Collection[str] = (),
    baseline_deficits: Collection[str] = (),
    conditions: Collection[str] = (),
    injury_at_or_above_t6: bool | None = None,
    measures: Measures | None = None,
    self_harm: bool = False,
    contraindicated_session: bool = False,
) -> tuple[RaisedFlag, ...]:
    """The red flags raised, worst first, one per flag code; empty if no rule fired (which is no all-clear).

    ``answers`` are the codes ticked as new or worse, or of a question picked without one of its answers, which
    counts at the worst level of that question. ``unchanged`` are codes ticked as the same as before: known ones
    (their deficit is in ``baseline_deficits``) raise nothing, ones not on record a review, and answers that no
    baseline deficit can explain count like any other. ``self_harm`` (item 9 of the PHQ-9 at 1 or more, or a report
    in free text) is ``same_day``: how soon staff must answer, never a level of risk.

    Raises ``ValueError`` for an unknown answer or deficit and for measures out of range.

    >>> [(flag.flag, flag.level) for flag in evaluate(answers=["ces_saddle", "ces_pain"])]
    [('CES', 'emergency')]
    >>> evaluate(answers=["none_of_these"])
    ()
    """
    _check(codes={*answers, *unchanged}, known={NONE_OF_THESE, *ANSWERS, *_LINES}, what="answer")
    _check(codes=set(baseline_deficits), known=set(BASELINE_DEFICITS), what="baseline deficit")
    explained = {code for code in unchanged if code in ANSWERS and ANSWERS[code].deficit} - set(answers)
    ticked = {*answers, *unchanged} - explained
    hits = [
        *_from_answers(ticked, conditions),
        *_from_questions(ticked, explained),
        *_from_unchanged(explained, baseline_deficits),
        *_from_measures(measures or Measures(), conditions, injury_at_or_above_t6),
    ]
    if self_harm:
        hits.append(_Hit("self_harm.reported", "SELF_HARM", "same_day"))
    if contraindicated_session:
        hits.append(_Hit("contra.session", "CONTRA", "review"))
    return _merged(hits)


@dataclass(frozen=True, slots=True)
class EmergencySigns:
    """What a form shows the emergency text for, before anything is sent.

    ``alone``: answers and questions that are an emergency by themselves. ``pairs``: by flag, two sets; one answer of
    each together is an emergency.
    """

    alone: frozenset[str]
    pairs: dict[str, tuple[frozenset[str], frozenset[str]]]


def emergency_signs(*, conditions: Collection[str]) -> EmergencySigns:
    """The signs that are an emergency for a patient with these conditions, as ``evaluate`` would find them.

    A form that follows them never shows less than ``evaluate`` finds; it shows more where another answer takes the
    urgency away again (weakness that spreads upwards, but over weeks).

    >>> "stroke_face" in emergency_signs(conditions=[]).alone
    True
    """
    alone = frozenset(
        code
        for code in (*ANSWERS, *_LINES)
        if any(flag.level == "emergency" for flag in evaluate(answers=[code], conditions=conditions))
    )
    pairs = {
        rule.flag: (rule.any_of - alone, rule.with_any - alone)
        for rule in RULES
        if rule.level == "emergency" and rule.any_of - alone and rule.with_any - alone
    }
    return EmergencySigns(alone=alone, pairs=pairs)


def _check(*, codes: set[str], known: set[str], what: str) -> None:
    if unknown := sorted(codes - known):
        raise ValueError(f"unknown {what} {', '.join(unknown)}")


def _from_answers(ticked: Collection[str], conditions: Collection[str]) -> Iterator[_Hit]:
    for rule in RULES:
        if fired := rule.fired(ticked=ticked, conditions=conditions):
            yield _Hit(rule.id, rule.flag, rule.level, fired)


def _from_questions(ticked: Collection[str], explained: Collection[str]) -> Iterator[_Hit]:
    detailed = {ANSWERS[code].question for code in {*ticked, *explained} if code in ANSWERS}
    for code, flag in _LINES.items():
        if code in ticked and code not in detailed:
            yield _Hit(f"{flag.lower()}.not_detailed", flag, QUESTIONS[code].level, frozenset({code}))


def _from_unchanged(explained: Collection[str], baseline_deficits: Collection[str]) -> Iterator[_Hit]:
    for code in explained:
        if ANSWERS[code].deficit not in baseline_deficits:
            for flag in ANSWERS[code].flags:
                yield _Hit(f"{flag.lower()}.unchanged_not_on_record", flag, "review", frozenset({code}))


def _from_measures(
    measures: Measures, conditions: Collection[str], injury_at_or_above_t6: bool | None
) -> Iterator[_Hit]:
    """20/30/40 rule and a fall of more than 30 %: Leonhard 2019, Nat Rev Neurol 15:671-683; Lawn 2001.

    Single-breath count in Guillain-Barré syndrome alone; blood pressure in spinal cord injury at or above T6, or
    where the level is not known.
    """
    pairs = (
        ("vital_capacity_ml_per_kg", None, VITAL_CAPACITY_BELOW_ML_PER_KG),
        ("vital_capacity_ml", measures.vital_capacity_baseline_ml, 0.0),
        ("mip_cmh2o", measures.mip_baseline_cmh2o, MIP_BELOW_CMH2O),
        ("mep_cmh2o", measures.mep_baseline_cmh2o, MEP_BELOW_CMH2O),
    )
    for name, baseline, limit in pairs:
        value: float | None = getattr(measures, name)
        if baseline is not None:
            _checks.positive(**{f"baseline of {name}": baseline})
        if value is None:
            continue
        _checks.not_negative(**{name: value})
        if value < limit:
            yield _Hit("resp_nm.below_limit", "RESP_NM", "emergency", measure=name)
        if baseline is not None and round((baseline - value) / baseline * 100, 6) > FALL_ABOVE_PCT:
            yield _Hit("resp_nm.fall_from_baseline", "RESP_NM", "emergency", measure=name)
    count = measures.single_breath_count
    if count is not None:
        _checks.not_negative(single_breath_count=count)
        if count <= BREATH_COUNT_UP_TO and "guillain_barre" in conditions:
            yield _Hit("resp_nm.breath_count", "RESP_NM", "emergency", measure="single_breath_count")
    if measures.systolic_mmhg is not None and measures.systolic_baseline_mmhg is not None:
        _checks.positive(systolic_mmhg=measures.systolic_mmhg, systolic_baseline_mmhg=measures.systolic_baseline_mmhg)
        rise = round(measures.systolic_mmhg - measures.systolic_baseline_mmhg, 6)
        exposed = not SPINAL_CORD_CONDITIONS.isdisjoint(conditions) and injury_at_or_above_t6 is not False
        if exposed and rise >= SYSTOLIC_RISE_FROM_MMHG:
            yield _Hit("ad.blood_pressure", "AD", "emergency", measure="systolic_mmhg")


def _merged(hits: list[_Hit]) -> tuple[RaisedFlag, ...]:
    order = [*QUESTIONS, *ANSWERS]
    raised = []
    for flag in FLAGS:
        own = sorted((hit for hit in hits if hit.flag == flag), key=lambda hit: LEVELS.index(hit.level))
        if own:
            raised.append(
                RaisedFlag(
                    flag=flag,
                    level=own[0].level,
                    answers=tuple(sorted({code for hit in own for code in hit.answers}, key=order.index)),
                    measures=tuple(dict.fromkeys(hit.measure for hit in own if hit.measure)),
                    rule=own[0].rule,
                    rule_version=VERSION,
                )
            )
    return tuple(sorted(raised, key=lambda found: LEVELS.index(found.level)))
