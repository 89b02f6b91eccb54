"""Single-item symptom scales and the lists that go with them.

All are ordinal: report a median, a count or a change by category. The Modified Ashworth rank 0-5 is for sorting
only (1+ = 1.5 is a plotting habit, not an interval). Where a lower motor neuron lesion leaves low tone (cauda
equina, neuropathy) the Modified Ashworth scale does not apply.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehab.reference import _tables
from rehab.reference.conditions import CONDITIONS, LOWER_MOTOR_NEURON, UPPER_MOTOR_NEURON


@dataclass(frozen=True, slots=True)
class Term:
    """A code with its words in both languages."""

    code: str
    name_en: str
    name_zh: str

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)


@dataclass(frozen=True, slots=True)
class Grade:
    """One step of an ordinal scale; ``rank`` sorts, it is not an interval."""

    code: str
    rank: int
    text_en: str
    text_zh: str

    def text(self, language: str) -> str:
        """What the step means, for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.text_en, zh=self.text_zh, language=language)


@dataclass(frozen=True, slots=True)
class Scale:
    """A single-item scale. ``change_en`` says which change matters, if one was published."""

    code: str
    name_en: str
    name_zh: str
    minimum: int
    maximum: int
    anchor_low_en: str
    anchor_low_zh: str
    anchor_high_en: str
    anchor_high_zh: str
    change_en: str
    change_zh: str
    source: str
    grades: tuple[Grade, ...] = ()
    """Every step with its words; empty for a numeric scale that has only its two ends described."""

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)

    def anchors(self, language: str) -> tuple[str, str]:
        """Words for the lowest and the highest value."""
        return (
            _tables.localized(en=self.anchor_low_en, zh=self.anchor_low_zh, language=language),
            _tables.localized(en=self.anchor_high_en, zh=self.anchor_high_zh, language=language),
        )

    def change(self, language: str) -> str:
        """Which change matters, for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.change_en, zh=self.change_zh, language=language)


def _graded(code: str, name: tuple[str, str], change: tuple[str, str], source: str, grades: tuple[Grade, ...]) -> Scale:
    low, high = grades[0], grades[-1]
    return Scale(
        code=code,
        name_en=name[0],
        name_zh=name[1],
        minimum=low.rank,
        maximum=high.rank,
        anchor_low_en=low.text_en,
        anchor_low_zh=low.text_zh,
        anchor_high_en=high.text_en,
        anchor_high_zh=high.text_zh,
        change_en=change[0],
        change_zh=change[1],
        source=source,
        grades=grades,
    )


_OWN = "Convention of this project"
_FARRAR = "Farrar 2001, Pain 94:149-158, doi:10.1016/s0304-3959(01)00349-9"
_SALAFFI = "Salaffi 2004, doi:10.1016/j.ejpain.2003.09.004"
_ONE_CATEGORY = ("1 category", "1 级")
_NO_CHANGE = ("", "")

_SEVERITY = (
    Grade("none", 0, "None", "无"),
    Grade("mild", 1, "Mild", "轻度"),
    Grade("moderate", 2, "Moderate", "中度"),
    Grade("severe", 3, "Severe", "重度"),
)
_MG_STEPS = (
    Grade("0", 0, "None", "无"),
    Grade("1", 1, "Mild", "轻度"),
    Grade("2", 2, "Moderate", "中度"),
    Grade("3", 3, "Severe", "重度"),
)

_SCALES = (
    Scale(
        code="pain_nrs",
        name_en="Pain",
        name_zh="疼痛",
        minimum=0,
        maximum=10,
        anchor_low_en="no pain",
        anchor_low_zh="无痛",
        anchor_high_en="worst pain imaginable",
        anchor_high_zh="能想象的最剧烈疼痛",
        change_en="2 points or 30 % less is clinically important; 1 point or 15 % less is slightly better",
        change_zh="下降 2 分或 30 % 为有临床意义；下降 1 分或 15 % 为稍有好转",
        source=f"{_FARRAR}; {_SALAFFI}",
    ),
    Scale(
        code="fatigue_nrs",
        name_en="Fatigue",
        name_zh="疲劳",
        minimum=0,
        maximum=10,
        anchor_low_en="no fatigue",
        anchor_low_zh="不疲劳",
        anchor_high_en="worst fatigue imaginable",
        anchor_high_zh="能想象的最严重疲劳",
        change_en="No change that matters was verified: show the trend only",
        change_zh="没有经核实的有意义变化值：只显示趋势",
        source=_OWN,
    ),
    _graded(
        "spasm_freq",
        ("Spasm frequency (Penn)", "痉挛频率（Penn）"),
        _ONE_CATEGORY,
        "Penn 1989, N Engl J Med 320:1517-1521",
        (
            Grade("0", 0, "No spasms", "无痉挛"),
            Grade("1", 1, "Mild, only with stimulation", "轻度，仅在受刺激时出现"),
            Grade("2", 2, "Infrequent, less than once an hour", "偶发，每小时少于 1 次"),
            Grade("3", 3, "More than once an hour", "每小时多于 1 次"),
            Grade("4", 4, "More than 10 times an hour", "每小时多于 10 次"),
        ),
    ),
    _graded(
        "spasm_severity",
        ("Spasm severity", "痉挛程度"),
        _NO_CHANGE,
        "Priebe 1996 (Penn Spasm Frequency Scale)",
        (
            Grade("1", 1, "Mild", "轻度"),
            Grade("2", 2, "Moderate", "中度"),
            Grade("3", 3, "Severe", "重度"),
        ),
    ),
    _graded(
        "mas",
        ("Modified Ashworth scale", "改良 Ashworth 量表"),
        ("1 category or more, same rater", "1 级或以上，同一评定者"),
        "Bohannon & Smith 1987, Phys Ther 67:206-207",
        (
            Grade("0", 0, "No increase in tone", "肌张力无增高"),
            Grade(
                "1",
                1,
                "Slight increase: catch and release, or minimal resistance at the end of the range",
                "略微增高：出现卡住后放松，或在活动范围末端有轻微阻力",
            ),
            Grade(
                "1+",
                2,
                "Slight increase: catch, then minimal resistance through less than half of the range",
                "轻度增高：出现卡住，其后在不到一半的活动范围内有轻微阻力",
            ),
            Grade(
                "2",
                3,
                "More marked increase through most of the range, part easily moved",
                "较明显增高：大部分活动范围内有阻力，但受累部位仍易被移动",
            ),
            Grade("3", 4, "Considerable increase, passive movement difficult", "显著增高，被动活动困难"),
            Grade("4", 5, "Rigid", "僵直"),
        ),
    ),
    *(
        _graded(code, name, ("A new site", "出现新的部位"), _OWN, _SEVERITY)
        for code, name in (
            ("fasciculation", ("Muscle twitching", "肌肉跳动（肌束颤动）")),
            ("cramps", ("Cramps", "抽筋")),
            ("paraesthesia", ("Tingling", "刺麻感（感觉异常）")),
            ("numbness", ("Numbness", "麻木")),
        )
    ),
    *(
        _graded(f"mg_{code}", name, _NO_CHANGE, f"{_OWN}: own items, not MG-ADL", _MG_STEPS)
        for code, name in (
            ("ptosis", ("Drooping eyelids", "眼睑下垂")),
            ("diplopia", ("Double vision", "复视")),
            ("chewing", ("Trouble chewing", "咀嚼困难")),
            ("swallowing", ("Trouble swallowing", "吞咽困难")),
            ("speech", ("Trouble speaking", "说话困难")),
            ("breathing", ("Trouble breathing", "呼吸困难")),
            ("neck", ("Weak neck", "颈部无力")),
            ("limbs", ("Weak arms or legs", "四肢无力")),
        )
    ),
)

SCALES: Mapping[str, Scale] = MappingProxyType({scale.code: scale for scale in _SCALES})

MAPPED_SYMPTOMS: tuple[str, ...] = ("fasciculation", "cramps", "paraesthesia", "numbness")
"""Given with their sites; a new site goes to the clinician's list."""
MG_ITEMS: tuple[str, ...] = tuple(code for code in SCALES if code.startswith("mg_"))
"""With the time of day and the hours since the last pyridostigmine."""


def _terms(*terms: Term) -> Mapping[str, Term]:
    return MappingProxyType({term.code: term for term in terms})


PAIN_CONTEXTS = _terms(
    Term("rest", "At rest", "静息时"),
    Term("movement", "On movement", "活动时"),
    Term("night", "At night", "夜间"),
    Term("during_session", "During the session", "训练中"),
)
FATIGUE_PERIODS = _terms(Term("last_24_h", "Last 24 hours", "过去 24 小时"), Term("now", "Now", "现在"))
SIDES = _terms(
    Term("left", "Left", "左侧"), Term("right", "Right", "右侧"), Term("both", "Both sides", "双侧"),
    Term("midline", "Middle", "中间"),
)  # fmt: skip

BODY_REGIONS = _terms(
    Term("head", "Head", "头部"),
    Term("face", "Face", "面部"),
    Term("neck", "Neck", "颈部"),
    Term("shoulder", "Shoulder", "肩部"),
    Term("upper_arm", "Upper arm", "上臂"),
    Term("elbow", "Elbow", "肘部"),
    Term("forearm", "Forearm", "前臂"),
    Term("wrist", "Wrist", "腕部"),
    Term("hand", "Hand", "手部"),
    Term("chest", "Chest", "胸部"),
    Term("abdomen", "Belly", "腹部"),
    Term("upper_back", "Upper back", "上背部"),
    Term("lower_back", "Lower back", "腰部"),
    Term("saddle", "Saddle area", "会阴部（坐鞍区）"),
    Term("hip", "Hip", "髋部"),
    Term("buttock", "Buttock", "臀部"),
    Term("thigh", "Thigh", "大腿"),
    Term("knee", "Knee", "膝部"),
    Term("lower_leg", "Lower leg", "小腿"),
    Term("ankle", "Ankle", "踝部"),
    Term("foot", "Foot", "足部"),
)
"""Regions of the body map, from the head down; a convention of this project."""


def mas_rank(*, grade: str) -> int:
    """Rank 0-5 of a Modified Ashworth grade, for sorting only; unknown grade: ``ValueError``.

    >>> [mas_rank(grade=grade) for grade in ("0", "1", "1+", "2", "3", "4")]
    [0, 1, 2, 3, 4, 5]
    """
    ranks = {step.code: step.rank for step in SCALES["mas"].grades}
    if grade not in ranks:
        raise ValueError(f"{grade!r} is not a Modified Ashworth grade; one of {', '.join(ranks)}")
    return ranks[grade]


def mas_applies(*, condition: str) -> bool:
    """Whether muscle tone can be graded with the scale: not where the typical lesion is of the lower motor neuron
    alone. Unknown condition code: ``ValueError``.

    >>> mas_applies(condition="stroke"), mas_applies(condition="cauda_equina")
    (True, False)
    """
    if condition not in CONDITIONS:
        raise ValueError(f"unknown condition {condition!r}")
    tags = CONDITIONS[condition].tags
    return LOWER_MOTOR_NEURON not in tags or UPPER_MOTOR_NEURON in tags
