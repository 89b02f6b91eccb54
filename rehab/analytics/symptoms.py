"""Symptoms: change of pain, pain during exercise, new sites, and numbness that is known."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rehab.analytics import _checks

PainChange = Literal["important_decrease", "slight_decrease", "none", "slight_increase", "important_increase"]
_SADDLE = "saddle"

PainDuring = Literal["safe", "acceptable", "not_settled", "awaiting_next_morning", "too_high"]


@dataclass(frozen=True, slots=True)
class PainDifference:
    """Change of a pain rating; points and percent are negative when there is less pain."""

    points: int
    percent: float | None
    """Of the baseline; ``None`` if that was 0."""
    change: PainChange


def pain_change(*, baseline: int, current: int) -> PainDifference:
    """Change between two ratings 0-10 of the same site, side and context.

    −2 points or −30 % is clinically important, −1 point or −15 % slightly better. A higher baseline needs more, so
    the points and the percent are given beside the word. For more pain the same limits are a convention of this
    project. Sources: Farrar 2001, Pain 94:149-158, doi:10.1016/s0304-3959(01)00349-9; Salaffi 2004,
    doi:10.1016/j.ejpain.2003.09.004.

    >>> pain_change(baseline=7, current=5)
    PainDifference(points=-2, percent=-28.57142857142857, change='important_decrease')
    """
    _rating("baseline", baseline)
    _rating("current", current)
    points = current - baseline
    percent = points / baseline * 100 if baseline else None
    size = abs(points)
    important = size >= 2 or (percent is not None and round(abs(percent), 6) >= 30)
    if size == 0:
        change: PainChange = "none"
    elif points < 0:
        change = "important_decrease" if important else "slight_decrease"
    else:
        change = "important_increase" if important else "slight_increase"
    return PainDifference(points=points, percent=percent, change=change)


@dataclass(frozen=True, slots=True)
class PainRule:
    """Pain of one session by the pain-monitoring model."""

    state: PainDuring
    note_to_therapist: bool
    """The therapist decides about the load; the patient's text never does."""


def pain_during_exercise(*, worst_during: int, before: int | None = None, next_morning: int | None = None) -> PainRule:
    """Pain-monitoring model on ratings 0-10: 0-2 safe, 3-5 acceptable if back to baseline the next morning, above
    5 a note to the therapist, whose decision it is to reduce the load.

    Baseline is the rating before the session; 3-5 without both ratings is ``awaiting_next_morning``, 3-5 that is
    above baseline the next morning ``not_settled`` (also noted), as is a morning worse than the session itself where
    the rating before it is missing. Not for pain that is a red flag. Source: Thomeé
    1997, Phys Ther 77:1690-1703.

    >>> pain_during_exercise(worst_during=4, before=2, next_morning=2).state
    'acceptable'
    >>> pain_during_exercise(worst_during=6).note_to_therapist
    True
    """
    _rating("worst_during", worst_during)
    for name, value in (("before", before), ("next_morning", next_morning)):
        if value is not None:
            _rating(name, value)
    if worst_during <= 2:
        return PainRule(state="safe", note_to_therapist=False)
    if worst_during > 5:
        return PainRule(state="too_high", note_to_therapist=True)
    if next_morning is not None and next_morning > (worst_during if before is None else before):
        return PainRule(state="not_settled", note_to_therapist=True)
    if before is None or next_morning is None:
        return PainRule(state="awaiting_next_morning", note_to_therapist=False)
    return PainRule(state="acceptable", note_to_therapist=False)


def new_sites(*, earlier: Collection[str], current: Collection[str]) -> tuple[str, ...]:
    """Sites of a symptom that were never given before, sorted; they go to the clinician's list.

    A convention of this project. A site is any text that names a region and side.

    >>> new_sites(earlier=["hand left"], current=["hand left", "thigh right"])
    ('thigh right',)
    """
    return tuple(sorted(set(current) - set(earlier)))


@dataclass(frozen=True, slots=True)
class Numbness:
    """Numbness as a check-in tells it; a region or side that was not stated is ``None``."""

    region: str | None
    side: str | None
    """left, right, both or midline."""
    severity: int
    """0 none, 1 mild, 2 moderate, 3 severe."""


def known_numbness(*, told: Iterable[Sequence[Numbness]], deficits: Collection[str]) -> tuple[Numbness, ...]:
    """The numbness that was there at enrolment, from the first check-in that speaks of it.

    Enrolment keeps that there is numbness, in the saddle area (``saddle_numbness``) or elsewhere (``sensation``), but
    neither site nor strength. ``told``: what each check-in says of numbness, in order of time. A first answer of
    "none" leaves nothing known. Convention of this project.

    >>> foot = Numbness("foot", "left", 2)
    >>> known_numbness(told=[[foot], [Numbness("hand", "left", 1)]], deficits=["sensation"]) == (foot,)
    True
    """
    check_ins = list(told)
    found: list[Numbness] = []
    for deficit, in_saddle in (("saddle_numbness", True), ("sensation", False)):
        if deficit in deficits:
            there = ([one for one in told if (one.region == _SADDLE) is in_saddle] for told in check_ins)
            found += next((one for one in there if one), ())
    return tuple(one for one in found if one.severity > 0)


def is_known_numbness(*, known: Collection[Numbness], told: Numbness) -> bool:
    """Whether numbness is known and not worse: no new region or side, and no stronger than it was there.

    Told without a region, or on no stated side, it is not taken for new. Convention of this project.

    >>> known = [Numbness("foot", "left", 2)]
    >>> [is_known_numbness(known=known, told=Numbness("foot", side, 2)) for side in ("left", "right", "both", None)]
    [True, False, False, True]
    """
    sides = ("left", "right") if told.side == "both" else (told.side,)
    return told.severity == 0 or all(
        any(_covers(one, told.region, side) and told.severity <= one.severity for one in known) for side in sides
    )


def _covers(known: Numbness, region: str | None, side: str | None) -> bool:
    return (region is None or region == known.region) and (
        region == _SADDLE or side is None or known.side in (None, "both", side)
    )


def spasm_severity_is_asked(*, frequency: int) -> bool:
    """Whether the severity of spasms is asked: at a Penn frequency of 1 or more (Priebe 1996); 0-4.

    >>> spasm_severity_is_asked(frequency=0), spasm_severity_is_asked(frequency=1)
    (False, True)
    """
    _checks.within(name="frequency", value=frequency, low=0, high=4)
    return frequency >= 1


def _rating(name: str, value: int) -> None:
    _checks.within(name=name, value=value, low=0, high=10)
    if value != int(value):
        raise ValueError(f"{name} must be a whole number, not {value}")
