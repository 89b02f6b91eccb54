"""The emergency texts and the rules of the red flags in words and in both languages, for a clinician to sign off.

What is signed is a version: the numbers that people give the texts, the questions and the rules, and a digest of all
that stands here, so that nothing can change under a signature though somebody forgot a number.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache

from rehab.analytics import red_flags
from rehab.analytics._red_flag_rules import RULES, Rule
from rehab.reference import red_flag_texts as texts
from rehab.reference import red_flags as reference
from rehab.reference.conditions import CONDITIONS
from rehab.reference.red_flags import ANSWERS, FLAGS, QUESTIONS, Phrase

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Worded:
    """One text, or one rule in words; ``level`` is that of what it belongs to, empty for none."""

    code: str
    level: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Part:
    """Texts that belong together: ``messages``, ``first_aid``, ``crisis``, ``questions`` or a flag's code."""

    code: str
    rows: tuple[Worded, ...]


def _worded(code: str, phrase: Phrase, level: str = "") -> Worded:
    return Worded(code, level, phrase.en, phrase.zh)


def wording() -> tuple[Part, ...]:
    """Every text that a patient or carer may read in an emergency, in the order of urgency."""
    around = {
        "reported": texts.REPORTED,
        "recorded": texts.RECORDED,
        "logged": texts.LOGGED,
        "not_monitored": texts.NOT_MONITORED,
        "stop_session": texts.STOP_SESSION,
        "therapist_told": texts.THERAPIST_TOLD,
        "not_told": texts.NOT_TOLD,
        "number_not_known": texts.EMERGENCY_UNNAMED,
    }
    return (
        Part(
            "messages",
            (
                *(_worded(level, phrase, level) for level, phrase in texts.LEVEL_TEXTS.items()),
                *(_worded(code, phrase) for code, phrase in around.items()),
            ),
        ),
        Part("first_aid", tuple(_worded(f"ad_{number}", one, "emergency") for number, one in _first_aid())),
        Part(
            "crisis",
            (
                *(_worded(f"crisis_{number}", one, "same_day") for number, one in enumerate(texts.CRISIS, start=1)),
                _worded("before_questionnaire", texts.BEFORE_QUESTIONNAIRE),
            ),
        ),
        Part("questions", tuple(_questions())),
    )


def _first_aid() -> Iterable[tuple[int, Phrase]]:
    return enumerate((texts.AD_INTRO, *texts.AD_STEPS))


def _questions() -> Iterator[Worded]:
    yield _worded("intro", reference.INTRO)
    for question in QUESTIONS.values():
        yield Worded(question.code, question.level, question.ask_en, question.ask_zh)
        for answer in question.answers:
            yield Worded(answer.code, answer.level, f"– {answer.label_en}", f"– {answer.label_zh}")


def rules() -> tuple[Part, ...]:
    """Every rule by its flag, in words."""
    found = [*(Worded(rule.id, rule.level, _rule(rule, "en"), _rule(rule, "zh")) for rule in RULES), *_coded()]
    parts = (
        Part(flag, tuple(row for row in found if row.code.split(".")[0] == flag.lower())) for flag in (*FLAGS, "EVERY")
    )
    return tuple(part for part in parts if part.rows)


def _rule(rule: Rule, language: str) -> str:
    zh = language == "zh"
    text = ("以下任何一项：{}" if zh else "Any of: {}").format(_listed(rule.any_of, language))
    if rule.with_any:
        text += ("；并且以下任何一项：{}" if zh else "; together with any of: {}").format(
            _listed(rule.with_any, language)
        )
    if rule.or_conditions:
        known = _joined(sorted(CONDITIONS[code].name(language) for code in rule.or_conditions), language)
        joint = ("，或已知患有：{}" if zh else ", or a known condition: {}") if rule.with_any else (
            "；并且已知患有：{}" if zh else "; with a known condition: {}"
        )  # fmt: skip
        text += joint.format(known)
    if rule.unless:
        text += ("；但未勾选：{}" if zh else "; but none of: {}").format(_listed(rule.unless, language))
    return f"{text}。" if zh else f"{text}."


def _listed(codes: Iterable[str], language: str) -> str:
    order = list(ANSWERS)
    named = [ANSWERS[code].name(language) for code in sorted(codes, key=order.index)]
    return _joined([name.rstrip(".。") for name in named], language)


def _joined(names: Iterable[str], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(names)


def _coded() -> Iterator[Worded]:
    """Yield the rules that are no list of answers: measurements, item 9, and what holds for every flag."""
    volume, mip, mep = (
        red_flags.VITAL_CAPACITY_BELOW_ML_PER_KG,
        red_flags.MIP_BELOW_CMH2O,
        red_flags.MEP_BELOW_CMH2O,
    )
    fall, count, rise = red_flags.FALL_ABOVE_PCT, red_flags.BREATH_COUNT_UP_TO, red_flags.SYSTOLIC_RISE_FROM_MMHG
    yield Worded(
        "resp_nm.below_limit",
        "emergency",
        f"Measured by a clinician: vital capacity below {volume:g} mL/kg, inspiratory mouth pressure below {mip:g} "
        f"cmH2O, or expiratory mouth pressure below {mep:g} cmH2O.",
        f"临床人员测得：肺活量低于 {volume:g} mL/kg，或最大吸气压低于 {mip:g} cmH2O，或最大呼气压低于 {mep:g} cmH2O。",
    )
    yield Worded(
        "resp_nm.fall_from_baseline",
        "emergency",
        f"Measured by a clinician: one of these fell by more than {fall:g} % from the person's own baseline.",
        f"临床人员测得：以上任何一项比本人基线下降超过 {fall:g}%。",
    )
    yield Worded(
        "resp_nm.breath_count",
        "emergency",
        f"Guillain-Barré syndrome: a count of {count} or less in one breath.",
        f"吉兰-巴雷综合征：单次呼吸计数不超过 {count}。",
    )
    yield Worded(
        "ad.blood_pressure",
        "emergency",
        f"Spinal cord injury at or above T6, or of a level that is not known: systolic blood pressure {rise:g} mmHg "
        "or more above the person's own baseline.",
        f"T6 及以上（或平面不明）的脊髓损伤：收缩压比本人基线高 {rise:g} mmHg 或以上。",
    )
    yield Worded(
        "self_harm.reported",
        "same_day",
        "Item 9 of the PHQ-9 answered with 1 or more.",
        "PHQ-9 第 9 题的回答为 1 分或以上。",
    )
    yield Worded(
        "contra.session",
        "review",
        "A session was logged against a contraindication that held at that time.",
        "在禁忌证有效期间，仍记录了相应的训练。",
    )
    yield Worded(
        "every.not_detailed",
        "",
        "A question that is ticked without an answer beneath it counts at the worst level of its answers.",
        "只勾选了问题而未选择具体回答时，按其回答中最紧急的级别处理。",
    )
    yield Worded(
        "every.unchanged",
        "",
        "What is the same as before raises nothing if it is on record as a known deficit; else it is for review.",
        "“和以前一样”的情况，如已登记为基线缺损，则不触发；否则列为待查看。",
    )


@cache
def version() -> str:
    """The version of all that stands here, such as ``1.1.1-0a1b2c3d``: texts, questions, rules, and a digest.

    >>> version().split("-")[0].count(".")
    2
    """
    content = [asdict(part) for part in (*wording(), *rules())]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return f"{texts.VERSION}.{reference.VERSION}.{red_flags.VERSION}-{digest[:_DIGITS]}"
