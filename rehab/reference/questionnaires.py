"""PHQ and GAD questionnaires: official English wording, unedited.

Items: PHQ-9 and GAD-7 forms of phqscreeners.com; codes: LOINC (this material contains content from LOINC,
http://loinc.org, copyright Regenstrief Institute and the LOINC Committee, available at no cost under
http://loinc.org/license). The difficulty question is not scored.

Item 9 of the PHQ-9 may be asked only where somebody answers for it: without such a service offer the PHQ-8 (the
same items without the ninth) or the PHQ-2. A screen is not a diagnosis.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rehab.reference import _tables

Code = Literal["phq2", "phq8", "phq9", "gad2", "gad7"]

PERMISSION_NOTICE = (
    "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant "
    "from Pfizer Inc. No permission required to reproduce, translate, display or distribute."
)
LANGUAGES: tuple[str, ...] = ("en",)
"""Languages whose official wording was checked word for word."""

_NOT_OFFERED_EN = (
    "This questionnaire is available in English only: its official Chinese translation could not yet be checked word "
    "for word, and a questionnaire must not be translated freely."
)
_NOT_OFFERED_ZH = "本问卷目前仅提供英文版：其官方中文译本尚未逐字核对，而问卷不得自行翻译。"


def reason_not_offered(*, language: str) -> str:
    """Why a language is missing, in that language; empty where the questionnaires are offered.

    >>> reason_not_offered(language="en-gb")
    ''
    """
    if is_offered(language=language):
        return ""
    return _tables.localized(en=_NOT_OFFERED_EN, zh=_NOT_OFFERED_ZH, language=language)


def is_offered(*, language: str) -> bool:
    """Whether the questionnaires exist in a language such as ``en`` or ``zh-hans``.

    >>> is_offered(language="en"), is_offered(language="zh-hans")
    (True, False)
    """
    return language.lower().split("-")[0] in LANGUAGES


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its score, its LOINC answer code and its official words."""

    value: int
    loinc: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question under the prompt; ``loinc`` is its code."""

    loinc: str
    text_en: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One form. Scores run from 0 to ``maximum``, three for each item."""

    code: Code
    title: str
    prompt_en: str
    items: tuple[Item, ...]
    difficulty: Item | None
    """Asked after the items, if any problem was checked off; never scored."""
    panel_loinc: str | None
    total_loinc: str | None
    source: str
    permission: str = PERMISSION_NOTICE
    languages: tuple[str, ...] = LANGUAGES

    @property
    def maximum(self) -> int:
        """The highest total."""
        return 3 * len(self.items)


OPTIONS: tuple[Option, ...] = (
    Option(0, "LA6568-5", "Not at all"),
    Option(1, "LA6569-3", "Several days"),
    Option(2, "LA6570-1", "More than half the days"),
    Option(3, "LA6571-9", "Nearly every day"),
)
DIFFICULTY_OPTIONS: tuple[Option, ...] = (
    Option(0, "LA6572-7", "Not difficult at all"),
    Option(1, "LA6573-5", "Somewhat difficult"),
    Option(2, "LA6574-3", "Very difficult"),
    Option(3, "LA6575-0", "Extremely difficult"),
)


def _items(*rows: tuple[str, str]) -> tuple[Item, ...]:
    return tuple(Item(loinc=loinc, text_en=text, options=OPTIONS) for loinc, text in rows)


SELF_HARM_ITEM = "44260-8"
"""Item 9 of the PHQ-9. An answer of 1 or more shows the crisis message at once; it is never imputed."""

_PHQ9 = _items(
    ("44250-9", "Little interest or pleasure in doing things"),
    ("44255-8", "Feeling down, depressed, or hopeless"),
    ("44259-0", "Trouble falling or staying asleep, or sleeping too much"),
    ("44254-1", "Feeling tired or having little energy"),
    ("44251-7", "Poor appetite or overeating"),
    (
        "44258-2",
        "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
    ),
    ("44252-5", "Trouble concentrating on things, such as reading the newspaper or watching television"),
    (
        "44253-3",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or "
        "restless that you have been moving around a lot more than usual",
    ),
    (SELF_HARM_ITEM, "Thoughts that you would be better off dead or of hurting yourself in some way"),
)
_GAD7 = _items(
    ("69725-0", "Feeling nervous, anxious or on edge"),
    ("68509-9", "Not being able to stop or control worrying"),
    ("69733-4", "Worrying too much about different things"),
    ("69734-2", "Trouble relaxing"),
    ("69735-9", "Being so restless that it is hard to sit still"),
    ("69689-8", "Becoming easily annoyed or irritable"),
    ("69736-7", "Feeling afraid as if something awful might happen"),
)
_DIFFICULTY = Item(
    loinc="44256-6",
    text_en=(
        "If you checked off any problems, how difficult have these problems made it for you to do your work, take "
        "care of things at home, or get along with other people?"
    ),
    options=DIFFICULTY_OPTIONS,
)

_PHQ_PROMPT = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
_GAD_PROMPT = "Over the last 2 weeks, how often have you been bothered by the following problems?"

_QUESTIONNAIRES = (
    Questionnaire(
        code="phq2",
        title="PHQ-2",
        prompt_en=_PHQ_PROMPT,
        items=_PHQ9[:2],
        difficulty=None,
        panel_loinc="55757-9",
        total_loinc="55758-7",
        source="Kroenke 2003, Med Care 41:1284-1292",
    ),
    Questionnaire(
        code="phq8",
        title="PHQ-8",
        prompt_en=_PHQ_PROMPT,
        items=_PHQ9[:8],
        difficulty=None,
        panel_loinc=None,
        total_loinc=None,
        source="Kroenke 2009, J Affect Disord 114:163-173",
    ),
    Questionnaire(
        code="phq9",
        title="PHQ-9",
        prompt_en=_PHQ_PROMPT,
        items=_PHQ9,
        difficulty=_DIFFICULTY,
        panel_loinc="44249-1",
        total_loinc="44261-6",
        source="Kroenke 2001, J Gen Intern Med 16:606-613",
    ),
    Questionnaire(
        code="gad2",
        title="GAD-2",
        prompt_en=_GAD_PROMPT,
        items=_GAD7[:2],
        difficulty=None,
        panel_loinc=None,
        total_loinc=None,
        source="Kroenke 2007, Ann Intern Med 146:317-325",
    ),
    Questionnaire(
        code="gad7",
        title="GAD-7",
        prompt_en=_GAD_PROMPT,
        items=_GAD7,
        difficulty=None,
        panel_loinc="69737-5",
        total_loinc="70274-6",
        source="Spitzer 2006, Arch Intern Med 166:1092-1097",
    ),
)

QUESTIONNAIRES: Mapping[str, Questionnaire] = MappingProxyType({form.code: form for form in _QUESTIONNAIRES})
