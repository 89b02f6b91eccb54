"""Goals with five levels each, and ratings of them.

Goal attainment scaling: Kiresuk & Sherman 1968, Community Ment Health J 4:443-453, doi:10.1007/BF01530764. The
limits of length are a convention of this project.
"""

import uuid
from datetime import date, timedelta
from typing import Annotated, Literal

from annotated_types import Interval, MaxLen, MinLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.errors import Problem
from rehab.services.inputs.base import Day, Document, Note, RecordId, Text, Ui
from rehab.services.inputs.checks import invalid, only

LONGEST_DAYS = 731
EARLIEST_START, LATEST_START = date(1900, 1, 1), date(2200, 1, 1)
LEVEL_NAMES = ("much_less", "less", "expected", "more", "much_more")
"""From −2 to +2."""
MIDDLE = LEVEL_NAMES.index("expected")

LevelText = Annotated[Text, MinLen(1), MaxLen(500)]
Weight = Annotated[int, Interval(ge=1, le=3)]
Level = Literal[-2, -1, 0, 1, 2]


def level_name(level: int) -> str:
    """Return the name of a level.

    >>> level_name(-2), level_name(0)
    ('much_less', 'expected')
    """
    return LEVEL_NAMES[level + MIDDLE]


class GoalLevels(Document):
    """What can be seen or measured at each level, so that two people would rate alike."""

    much_less: Annotated[LevelText, Ui(_("Much less than expected (−2)"))]
    less: Annotated[LevelText, Ui(_("Less than expected (−1)"))]
    expected: Annotated[LevelText, Ui(_("As expected (0)"))]
    more: Annotated[LevelText, Ui(_("More than expected (+1)"))]
    much_more: Annotated[LevelText, Ui(_("Much more than expected (+2)"))]


class GoalState(Document):
    """What a goal says; the levels, the baseline, the weight and the start stand still once the period began."""

    title: Annotated[Text, MinLen(1), MaxLen(200), Ui(_("Goal"), hint=_("In the patient's own words."))]
    levels: GoalLevels
    baseline_level: Annotated[
        Literal[-2, -1, 0],
        Ui(_("Level at the start"), hint=_("Usually −1; −2 if no worse state is possible, 0 to keep what is there.")),
    ] = -1
    importance: Annotated[Weight, Ui(_("Importance"), unit="1-3")] = 1
    difficulty: Annotated[Weight, Ui(_("Difficulty"), unit="1-3")] = 1
    period_start: Annotated[Day, Ui(_("First day"))]
    period_end: Annotated[Day, Ui(_("Last day"))]
    review_dates: Annotated[tuple[Day, ...], MaxLen(24), Ui(_("Days to look at it again"))] = ()

    def problems(self) -> list[Problem]:
        """Return what does not fit together."""
        texts = [text.strip().casefold() for text in self.levels.model_dump().values()]
        if (
            far := _outside("/period_start", _("First day"), self.period_start, EARLIEST_START, LATEST_START)
        ) is not None:
            return [far]
        latest = self.period_start + timedelta(days=LONGEST_DAYS)
        return only(
            invalid("/title", "string_too_short", _("Goal: missing. It is required."))
            if not self.title.strip()
            else None,
            *(
                invalid(f"/levels/{name}", "string_too_short", _("Every level needs a text."))
                for name, text in zip(LEVEL_NAMES, texts, strict=True)
                if not text
            ),
            invalid("/levels", "repeated", _("Levels: the five texts must differ from one another."))
            if len(set(texts)) < len(texts)
            else None,
            _outside("/period_end", _("Last day"), self.period_end, self.period_start + timedelta(days=1), latest),
            *(
                _outside(f"/review_dates/{i}", _("Days to look at it again"), day, self.period_start, self.period_end)
                for i, day in enumerate(self.review_dates)
            ),
        )


def _outside(pointer: str, label: object, day: date, first: date, last: date) -> Problem | None:
    if first <= day <= last:
        return None
    message = format_lazy(
        _("{label}: {value} is not possible. Allowed: {low} to {high}."),
        label=label, value=day.isoformat(), low=first.isoformat(), high=last.isoformat(),
    )  # fmt: skip
    return Problem(pointer, "out_of_range", message)


class GoalInput(GoalState):
    """A goal to write."""

    id: RecordId | None = None
    patient: uuid.UUID


class ReviewInput(Document):
    """A rating. One that ``corrects`` another says why, and takes its place; both are kept."""

    id: RecordId | None = None
    level: Annotated[Level, Ui(_("Level reached"))]
    rated_on: Annotated[Day, Ui(_("Rated on"))]
    note: Annotated[Note, Ui(_("Note"), rows=3)] = ""
    corrects: uuid.UUID | None = None
    reason: Annotated[Text, MaxLen(500), Ui(_("Why is it corrected?"))] = ""

    def problems(self) -> list[Problem]:
        corrects = self.corrects is not None
        if corrects and len(self.reason.strip()) < 3:
            return [invalid("/reason", "missing", _("Reason: say why, in 3 to 500 characters."))]
        if not corrects and self.reason:
            return [invalid("/reason", "not_allowed", _("Reason: only a correction has one."))]
        return []
