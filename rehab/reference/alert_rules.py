"""The rules that raise an alert for a therapist: red flags, and rules derived from the record.

A red flag is raised in the transaction of the record that it comes from; a derived rule by workers that read what was
recorded. ``levels`` are all that a rule can raise, worst first. Names and ``watches`` are for therapists; patients read
``rehab.reference.red_flag_texts`` and never see an alert.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from rehab.reference import _tables
from rehab.reference.red_flags import FLAGS, Level, Phrase

VERSION = "1"
"""Version of the derived rules; change it with any of them."""

LEVELS: tuple[Level, ...] = get_args(Level)
"""Worst first."""

LEVEL_NAMES: Mapping[Level, Phrase] = MappingProxyType(
    {
        "emergency": Phrase(en="Emergency", zh="紧急"),
        "same_day": Phrase(en="Same day", zh="当天处理"),
        "review": Phrase(en="Review", zh="待查看"),
    }
)
LEVEL_MEANINGS: Mapping[Level, Phrase] = MappingProxyType(
    {
        "emergency": Phrase(
            en="This can need urgent medical care. Contact the patient now.",
            zh="这种情况可能需要紧急医疗救治。请立即联系患者。",
        ),
        "same_day": Phrase(en="Contact the patient today.", zh="请在当天联系患者。"),
        "review": Phrase(en="Look at it before the next session.", zh="请在下次训练前查看。"),
    }
)


COMPUTED_SOURCES: frozenset[str] = frozenset({"series", "analytics/hints", "programs"})
"""Kinds of sources that workers compute over many records. A red flag of such a source was reported by nobody."""


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule; ``derived`` tells what workers compute from what is raised with the record itself."""

    code: str
    name_en: str
    name_zh: str
    watches_en: str
    watches_zh: str
    levels: tuple[Level, ...]
    derived: bool
    source: str

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)

    def watches(self, language: str) -> str:
        """What the rule looks at, in one sentence."""
        return _tables.localized(en=self.watches_en, zh=self.watches_zh, language=language)


_FLAG_LEVELS: Mapping[str, tuple[Level, ...]] = {
    "CES": ("emergency", "same_day", "review"),
    "RESP_NM": ("emergency", "same_day", "review"),
    "RAPID_WEAK": ("emergency", "same_day", "review"),
    "STROKE": ("emergency",),
    "AD": ("emergency",),
    "DVT_PE": ("emergency", "same_day"),
    "RHABDO": ("emergency", "review"),
    "CARDIAC": ("emergency",),
    "FRACTURE_FALL": ("same_day", "review"),
    "SKIN": ("same_day", "review"),
    "INFECTION": ("same_day",),
    "SELF_HARM": ("same_day",),
    "CONTRA": ("review",),
}
_ANSWERS = Phrase(
    en="The patient's answers in check-ins and sessions, and measurements entered by clinicians.",
    zh="患者在自评和训练中的回答，以及临床人员录入的测量结果。",
)
_WATCHES: Mapping[str, Phrase] = {
    "SELF_HARM": Phrase(
        en="The last question of the PHQ-9, and reports in free text.", zh="PHQ-9 的最后一题，以及自由文字中的报告。"
    ),
    "CONTRA": Phrase(
        en="Sessions of a kind against which a contraindication is answered with yes.",
        zh="在相应禁忌证被勾选为“是”的情况下进行的训练。",
    ),
}


def _of_flag(code: str) -> AlertRule:
    flag, watches = FLAGS[code], _WATCHES.get(code, _ANSWERS)
    return AlertRule(
        code=code,
        name_en=flag.name_en,
        name_zh=flag.name_zh,
        watches_en=watches.en,
        watches_zh=watches.zh,
        levels=_FLAG_LEVELS[code],
        derived=code == "CONTRA",
        source=flag.source,
    )


_DERIVED = (
    AlertRule(
        code="PAIN",
        name_en="Pain during exercise",
        name_zh="训练中疼痛",
        watches_en=("The worst pain in a session: above 5, or 3 to 5 and not back to where it was the next morning."),
        watches_zh="训练中最严重的疼痛：超过 5 分，或为 3–5 分且次日早晨未恢复到训练前水平。",
        levels=("review",),
        derived=True,
        source="Pain-monitoring model, Thomeé 1997, Phys Ther 77:1690-1703",
    ),
    AlertRule(
        code="DECLINE",
        name_en="Decline beyond measurement error",
        name_zh="下降超出测量误差",
        watches_en="Readings of one series, lower than the baseline by the threshold or more, on two days.",
        watches_zh="同一系列的读数：在两个不同日期比基线低，且差值达到或超过阈值。",
        levels=("review",),
        derived=True,
        source="Weir 2005, J Strength Cond Res 19:231-240; the threshold's own source stands beside it",
    ),
    AlertRule(
        code="ADHERENCE_DROP",
        name_en="Drop in adherence",
        name_zh="依从性下降",
        watches_en="Sessions that were logged, against the sessions that the programme plans.",
        watches_zh="已记录的训练次数与训练计划安排的次数之比。",
        levels=("review",),
        derived=True,
        source="Convention of this project",
    ),
)

ALERT_RULES: Mapping[str, AlertRule] = MappingProxyType(
    {rule.code: rule for rule in (*(_of_flag(code) for code in FLAGS), *_DERIVED)}
)
"""Every rule by its code: the red flags in their order, then the derived rules."""


def is_worse(*, level: str, than: str) -> bool:
    """Whether one level is more urgent than another; an unknown level is a ``ValueError``.

    >>> is_worse(level="emergency", than="same_day"), is_worse(level="review", than="review")
    (True, False)
    """
    return rank_of(level) < rank_of(than)


def rank_of(level: str) -> int:
    """Place of a level in ``LEVELS``, 0 the worst; an unknown level is a ``ValueError``.

    >>> rank_of("same_day")
    1
    """
    order: tuple[str, ...] = LEVELS
    return order.index(level)


ITEM_9_MATTER = ("SELF_HARM", "item_9")
"""Rule and subject of an alert about item 9 of the PHQ-9."""


def is_reserved(*, rule: str, subject: str) -> bool:
    """Whether an alert reaches those alone who answer item 9 for the patient's clinic, and not the care team.

    >>> is_reserved(rule="SELF_HARM", subject="item_9"), is_reserved(rule="SELF_HARM", subject="")
    (True, False)
    """
    return (rule, subject) == ITEM_9_MATTER
