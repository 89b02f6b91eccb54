"""Scores of the PHQ and GAD questionnaires. A screen is not a diagnosis.

Sleep, fatigue, appetite and slowing may come from the neurological disease or its drugs: show the item profile to
the clinician, never the total alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rehab.reference.questionnaires import QUESTIONNAIRES, SELF_HARM_ITEM, Code

Band = Literal["minimal", "mild", "moderate", "moderately_severe", "severe"]

VERSION = "1"
"""Version of the method; change it with any rule here."""

SCREEN_POSITIVE_FROM = 10
FOLLOW_UP_FROM = 3
RELEVANT_CHANGE_FROM = 5

_SHORT = frozenset({"phq2", "gad2"})
_MAY_MISS: Mapping[str, int] = {"phq9": 2, "gad7": 1}
_BANDS: Mapping[str, tuple[tuple[int, Band], ...]] = {
    "phq9": ((20, "severe"), (15, "moderately_severe"), (10, "moderate"), (5, "mild"), (0, "minimal")),
    "gad7": ((15, "severe"), (10, "moderate"), (5, "mild"), (0, "minimal")),
}


@dataclass(frozen=True, slots=True)
class Score:
    """Result of one questionnaire, with what the clinician needs to read it."""

    questionnaire: Code
    total: int | None
    """``None`` where too many items are missing."""
    prorated: bool
    items: tuple[tuple[str, int | None], ...]
    """LOINC code and answer of every item, in the order of the form."""
    missing: tuple[str, ...]
    band: Band | None
    screen_positive: bool | None
    """Total of 10 or more (PHQ-8, PHQ-9, GAD-7), 3 or more (PHQ-2, GAD-2); ``None`` without a total."""
    follow_up: Code | None
    """The longer form to offer after a short one; PHQ-8 in place of PHQ-9 where nobody answers for item 9."""
    self_harm: bool
    """Item 9 answered with 1 or more, whatever the total. Not a level of risk."""
    method_version: str


def score(*, questionnaire: Code, answers: Mapping[str, int | None], self_harm_is_answered_for: bool = False) -> Score:
    """Score answers 0-3 by LOINC code; a missing item is absent or ``None``.

    Total: the sum. PHQ-9 with at most 2 and GAD-7 with at most 1 missing item: mean of the answered items × number
    of items, rounded (a half upwards). Item 9 of the PHQ-9 is never imputed: without it there is no PHQ-9 total.
    The other forms need every item (a convention of this project, as is the GAD-7 rule).

    Bands: PHQ-9 0-4 minimal, 5-9 mild, 10-14 moderate, 15-19 moderately severe, 20-27 severe (Kroenke 2001, J Gen
    Intern Med 16:606-613); GAD-7 from 5 mild, 10 moderate, 15 severe (Spitzer 2006, Arch Intern Med
    166:1092-1097). Short forms from 3 lead to the long one (Kroenke 2003, Med Care 41:1284-1292; Kroenke 2007, Ann
    Intern Med 146:317-325). PHQ-8: Kroenke 2009, J Affect Disord 114:163-173.

    Unknown questionnaire or item, or an answer that is not 0, 1, 2 or 3: ``ValueError``.

    >>> score(questionnaire="phq2", answers={"44250-9": 2, "44255-8": 1}).follow_up
    'phq8'
    >>> score(questionnaire="gad2", answers={"69725-0": 1, "68509-9": 1}).follow_up is None
    True
    """
    if questionnaire not in QUESTIONNAIRES:
        raise ValueError(f"unknown questionnaire {questionnaire!r}; one of {', '.join(QUESTIONNAIRES)}")
    form = QUESTIONNAIRES[questionnaire]
    codes = [item.loinc for item in form.items]
    _check(answers=answers, codes=codes)
    given = {code: answers.get(code) for code in codes}
    answered = [value for value in given.values() if value is not None]
    missing = tuple(code for code, value in given.items() if value is None)
    total = _total(questionnaire=questionnaire, answered=answered, missing=missing, count=len(codes))
    short = questionnaire in _SHORT
    positive = None if total is None else total >= positive_from(questionnaire=questionnaire)
    return Score(
        questionnaire=questionnaire,
        total=total,
        prorated=bool(missing) and total is not None,
        items=tuple(given.items()),
        missing=missing,
        band=_band(questionnaire=questionnaire, total=total),
        screen_positive=positive,
        follow_up=_follow_up(questionnaire, self_harm_is_answered_for) if short and positive else None,
        self_harm=(given.get(SELF_HARM_ITEM) or 0) >= 1,
        method_version=VERSION,
    )


def positive_from(*, questionnaire: Code) -> int:
    """The lowest total of a positive screen: 10 (PHQ-8, PHQ-9, GAD-7) or 3 (PHQ-2, GAD-2).

    >>> positive_from(questionnaire="phq2"), positive_from(questionnaire="phq9")
    (3, 10)
    """
    return FOLLOW_UP_FROM if questionnaire in _SHORT else SCREEN_POSITIVE_FROM


def bands(*, questionnaire: Code) -> tuple[tuple[int, Band], ...]:
    """The lowest total of each band with its name, lowest first; empty where no bands are published for the form.

    >>> bands(questionnaire="gad7")
    ((0, 'minimal'), (5, 'mild'), (10, 'moderate'), (15, 'severe'))
    """
    return tuple(reversed(_BANDS.get(questionnaire, ())))


@dataclass(frozen=True, slots=True)
class Change:
    """Difference of two PHQ-9 totals; negative is fewer symptoms."""

    points: int
    clinically_relevant: bool


def phq9_change(*, earlier: int, later: int) -> Change:
    """Change between two PHQ-9 totals 0-27; 5 points or more either way is clinically relevant.

    Source: Löwe 2004, Med Care 42:1194-1201.

    >>> phq9_change(earlier=14, later=9)
    Change(points=-5, clinically_relevant=True)
    """
    for name, total in (("earlier", earlier), ("later", later)):
        if total not in range(QUESTIONNAIRES["phq9"].maximum + 1):
            raise ValueError(f"{name} must be a whole number between 0 and 27, not {total}")
    points = later - earlier
    return Change(points=points, clinically_relevant=abs(points) >= RELEVANT_CHANGE_FROM)


def _check(*, answers: Mapping[str, int | None], codes: list[str]) -> None:
    if unknown := sorted(answers.keys() - set(codes)):
        raise ValueError(f"unknown item {', '.join(unknown)}")
    for code, value in answers.items():
        if value is not None and value not in range(4):
            raise ValueError(f"answer to {code} must be 0, 1, 2 or 3, not {value}")


def _total(*, questionnaire: str, answered: list[int], missing: tuple[str, ...], count: int) -> int | None:
    if len(missing) > _MAY_MISS.get(questionnaire, 0) or SELF_HARM_ITEM in missing:
        return None
    return (2 * sum(answered) * count + len(answered)) // (2 * len(answered))


def _band(*, questionnaire: str, total: int | None) -> Band | None:
    if total is None:
        return None
    return next((band for lowest, band in _BANDS.get(questionnaire, ()) if total >= lowest), None)


def _follow_up(questionnaire: str, self_harm_is_answered_for: bool) -> Code:
    if questionnaire == "gad2":
        return "gad7"
    return "phq9" if self_harm_is_answered_for else "phq8"
