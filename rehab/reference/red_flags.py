"""Red flags, and the few questions that ask for them.

A page of questions shows one line per flag under ``INTRO``; ``NONE_OF_THESE`` answers the whole page with one tap.
Who picks a line sees the answers beneath it (``DETAIL``) and ticks what fits. A line that was picked but not yet
detailed counts at the worst level of its answers, so the emergency text need not wait for a form.

Every question is "new or worse in the last 2 weeks?" because people with a chronic lesion may always have saddle
numbness or bladder trouble: an answer with a ``deficit`` may be given as "the same as before" by a patient who
is known to have it. Whom a question is asked is chosen widely: when it is not known, it is asked.

Flags are open questions for a clinician, never diagnoses; the absence of a flag says nothing. What is raised, and
when, is decided in ``rehab.analytics.red_flags``. Sources: see ``Flag.source``; the choice of questions, their
words and their audiences are conventions of this project.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast, get_args

from rehab.reference import _tables
from rehab.reference.conditions import CONDITIONS, NEUROMUSCULAR

Level = Literal["emergency", "same_day", "review"]
"""``emergency``: call the local emergency number now. ``same_day``: contact the care team or urgent care today.
``review``: the therapist looks before the next session."""
Context = Literal["check_in", "session"]
Audience = Literal["everyone", "neuromuscular", "spinal_cord", "spinal_cord_t6"]

VERSION = "1"
"""Version of the questions and their words; change it with any of them."""

LEVELS: tuple[Level, ...] = get_args(Level)
"""Worst first."""

SPINAL_CORD_CONDITIONS: frozenset[str] = frozenset({"incomplete_spinal_cord_injury", "complete_spinal_cord_injury"})
SPINAL_CONDITIONS: frozenset[str] = SPINAL_CORD_CONDITIONS | {"cauda_equina"}
"""Known disease of the spine: takes the place of back or leg pain in the CES rule."""
BREATHING_CONDITIONS: frozenset[str] = (
    frozenset(code for code, condition in CONDITIONS.items() if NEUROMUSCULAR in condition.tags)
    | SPINAL_CORD_CONDITIONS
    | {"multiple_sclerosis", "other"}
)
"""Who is asked about breathing muscles: every neuromuscular disease, spinal cord injury, and what is not known."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag. Its name is for clinicians; patients read ``rehab.reference.red_flag_texts``."""

    code: str
    name_en: str
    name_zh: str
    source: str

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)


@dataclass(frozen=True, slots=True)
class Answer:
    """One box to tick."""

    code: str
    question: str
    flags: tuple[str, ...]
    level: Level
    """The level of the rule the answer belongs to, when that is complete."""
    deficit: str | None
    """One of ``BASELINE_DEFICITS``: if known and unchanged, the answer raises nothing."""
    audience: Audience
    label_en: str
    label_zh: str
    reported_en: str
    reported_zh: str

    def name(self, language: str) -> str:
        """Label of the box for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.label_en, zh=self.label_zh, language=language)

    def reported(self, language: str) -> str:
        """The answer as it follows "You reported"."""
        return _tables.localized(en=self.reported_en, zh=self.reported_zh, language=language)


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a check-in, or the stop prompts of a session, with the boxes beneath it."""

    code: str
    flag: str | None
    """``None`` for the stop prompts, whose answers belong to several flags."""
    context: Context
    audience: Audience
    ask_en: str
    ask_zh: str
    reported_en: str
    reported_zh: str
    answers: tuple[Answer, ...]

    @property
    def level(self) -> Level:
        """The worst level of its answers."""
        return next(level for level in LEVELS if any(answer.level == level for answer in self.answers))

    def ask(self, language: str) -> str:
        """The line for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.ask_en, zh=self.ask_zh, language=language)

    def reported(self, language: str) -> str:
        """The line as it follows "You reported", for one that was picked without a box beneath it."""
        return _tables.localized(en=self.reported_en, zh=self.reported_zh, language=language)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in both languages."""

    en: str
    zh: str

    def text(self, language: str) -> str:
        """The text for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.en, zh=self.zh, language=language)


NONE_OF_THESE = "none_of_these"
"""Answer code of the one tap. A box that is ticked beside it still counts."""

INTRO = Phrase(
    en="In the last 2 weeks, is any of these new or worse than before?",
    zh="过去 2 周内，以下情况有没有新出现，或比以前加重？",
)
DETAIL = Phrase(en="Which of these is new or worse?", zh="以下哪些是新出现或加重的？")
NONE_LABEL = Phrase(en="None of these", zh="以上都没有")
UNCHANGED_LABEL = Phrase(en="I have this, and it is the same as before", zh="我一直有这种情况，和以前一样")

BASELINE_DEFICITS: Mapping[str, Phrase] = MappingProxyType(
    {
        "saddle_numbness": Phrase(en="Numbness around the saddle area", zh="会阴部（坐鞍区）麻木"),
        "bladder": Phrase(en="Trouble with bladder control", zh="排尿控制障碍"),
        "bowel": Phrase(en="Trouble with bowel control", zh="排便控制障碍"),
        "sensation": Phrase(en="Numbness or loss of feeling elsewhere", zh="其他部位麻木或感觉减退"),
        "sexual_function": Phrase(en="Trouble with sexual function", zh="性功能障碍"),
    }
)
"""What a clinician stores at enrolment because the patient has it already."""

_CES = (
    "GIRFT National Suspected Cauda Equina Syndrome Pathway 2023; BMJ Best Practice (recent onset < 14 days or "
    "deterioration); NICE CKS sciatica"
)
_AD = "Consortium for Spinal Cord Medicine 2001 (2nd ed.), 2020 update: systolic 20 mmHg or more above own baseline"
_RESP = "Leonhard 2019, Nat Rev Neurol 15:671-683; Lawn 2001 (20/30/40 rule)"
_RHABDO = "Triad of muscle pain, weakness and dark urine"
_OWN = "Convention of this project"

FLAGS: Mapping[str, Flag] = MappingProxyType(
    {
        flag.code: flag
        for flag in (
            Flag("CES", "Cauda equina warning signs", "马尾神经受压警示症状", _CES),
            Flag("RESP_NM", "Breathing or swallowing weakness", "呼吸或吞咽肌无力", _RESP),
            Flag("RAPID_WEAK", "Rapid loss of strength", "肌力快速下降", _OWN),
            Flag("STROKE", "Stroke warning signs", "脑卒中警示症状", _OWN),
            Flag("AD", "Autonomic dysreflexia warning signs", "自主神经反射异常警示症状", _AD),
            Flag("DVT_PE", "Leg or lung clot warning signs", "下肢或肺部血栓警示症状", "Wells 2003"),
            Flag("RHABDO", "Muscle breakdown warning signs", "横纹肌溶解警示症状", _RHABDO),
            Flag("CARDIAC", "Heart warning signs", "心脏警示症状", _OWN),
            Flag("FRACTURE_FALL", "Fall or possible fracture", "跌倒或疑似骨折", _OWN),
            Flag("SKIN", "Skin injury", "皮肤损伤", _OWN),
            Flag("INFECTION", "Infection warning signs", "感染警示症状", _OWN),
            Flag("SELF_HARM", "Thoughts of self-harm reported", "报告有自伤想法", _OWN),
            Flag("CONTRA", "Session against an active contraindication", "存在有效禁忌证时进行了训练", _OWN),
        )
    }
)


def _answer(row: dict[str, str]) -> Answer:
    return Answer(
        code=row["code"],
        question=row["question"],
        flags=_tables.split(text=row["flags"], separator=";"),
        level=cast("Level", row["level"]),
        deficit=row["deficit"] or None,
        audience=cast("Audience", row["audience"]),
        label_en=row["label_en"],
        label_zh=row["label_zh"],
        reported_en=row["reported_en"],
        reported_zh=row["reported_zh"],
    )


ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {row["code"]: _answer(row) for row in _tables.rows(name="red_flag_answers")}
)


def _question(row: dict[str, str]) -> Question:
    return Question(
        code=row["code"],
        flag=row["flag"] or None,
        context=cast("Context", row["context"]),
        audience=cast("Audience", row["audience"]),
        ask_en=row["ask_en"],
        ask_zh=row["ask_zh"],
        reported_en=row["reported_en"],
        reported_zh=row["reported_zh"],
        answers=tuple(answer for answer in ANSWERS.values() if answer.question == row["code"]),
    )


QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {row["code"]: _question(row) for row in _tables.rows(name="red_flag_questions")}
)
"""In the order they are shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answers that fit this patient."""

    question: Question
    answers: tuple[Answer, ...]


def questions_for(
    *, context: Context, conditions: Collection[str], injury_at_or_above_t6: bool | None = None
) -> tuple[Asked, ...]:
    """The questions of a page for a patient with these condition codes, in order.

    ``injury_at_or_above_t6`` matters for spinal cord injury only; ``None`` (not known) asks. No condition on
    record asks about breathing too. Unknown condition code: ``ValueError``.

    >>> [asked.question.code for asked in questions_for(context="session", conditions=["stroke"])]
    ['stop']
    """
    fits = _audiences(conditions=conditions, injury_at_or_above_t6=injury_at_or_above_t6)
    return tuple(
        Asked(question=question, answers=tuple(answer for answer in question.answers if answer.audience in fits))
        for question in QUESTIONS.values()
        if question.context == context and question.audience in fits
    )


def _audiences(*, conditions: Collection[str], injury_at_or_above_t6: bool | None) -> frozenset[str]:
    if unknown := sorted(set(conditions) - CONDITIONS.keys()):
        raise ValueError(f"unknown condition {', '.join(unknown)}")
    spinal_cord = not SPINAL_CORD_CONDITIONS.isdisjoint(conditions)
    fits = {
        "everyone": True,
        "neuromuscular": not conditions or not BREATHING_CONDITIONS.isdisjoint(conditions),
        "spinal_cord": spinal_cord,
        "spinal_cord_t6": spinal_cord and injury_at_or_above_t6 is not False,
    }
    return frozenset(audience for audience, does in fits.items() if does)
