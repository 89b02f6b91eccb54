"""What pattern hints are read from: results of the other modules, with their dates and ids."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from rehab.analytics.distribution import ProximalDistalIndex
from rehab.analytics.fatigability import Fatigability

Side = Literal["left", "right", "none"]


@dataclass(frozen=True, slots=True)
class Decline:
    """Loss of strength of one group on one side."""

    muscle: str
    side: Side
    first_on: dt.date
    """Last day on which the strength was still there."""
    last_on: dt.date
    confirmed: bool
    """State ``declined`` of ``rehab.analytics.change``."""
    full_grade: bool
    """At least one full MRC grade was lost."""
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupFatigability:
    """Result of one group on one side."""

    muscle: str
    side: Side
    result: Fatigability


@dataclass(frozen=True, slots=True)
class SymptomDay:
    """One symptom item (0-3) in the morning and in the afternoon of a day."""

    item: str
    on: dt.date
    morning: int
    afternoon: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Difference of the sides of one group, above 0 = right weaker (see ``rehab.analytics.sides``)."""

    muscle: str
    on: dt.date
    grades: float | None
    asymmetry_pct: float | None
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A fall or a rise, beyond measurement error, of a girth or a strength."""

    what: str
    """Code of the muscle or of the girth site."""
    side: Side
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Logged immobilisation or bed rest; both days included."""

    first_on: dt.date
    last_on: dt.date
    id: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything known of one patient that hints are read from."""

    declines: tuple[Decline, ...] = ()
    indices: tuple[ProximalDistalIndex, ...] = ()
    fatigability: tuple[GroupFatigability, ...] = ()
    symptom_days: tuple[SymptomDay, ...] = ()
    side_differences: tuple[SideDifference, ...] = ()
    falls: tuple[Course, ...] = ()
    rises: tuple[Course, ...] = ()
    immobilised: tuple[Period, ...] = ()
    trained_on: frozenset[dt.date] = frozenset()
    sensory_change: bool | None = None
    """``None``: not recorded."""
    proximal_signs: tuple[str, ...] = ()
    """Recorded ones of: stairs, rising, arms_overhead, winged_scapula, waddling_gait."""
