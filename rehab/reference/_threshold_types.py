"""What a change threshold is and what it may depend on; public through ``rehab.reference.thresholds``."""

from dataclasses import dataclass, replace
from typing import Literal

from rehab.reference import _tables

Kind = Literal["MDC95", "MDC90", "MCID", "SDC", "reproducibility", "LoA95", "unstated", "convention"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold as it is applied, with the row it comes from.

    ``value`` is in ``unit``: N, N/kg, deg, points, levels, grade or category, or ``%`` of the baseline when
    ``percent``. ``kind`` MCID is a smallest important difference; every other kind stands for measurement
    error.
    """

    row_id: str
    value: float
    unit: str
    percent: bool
    kind: Kind
    population_en: str
    population_zh: str
    source: str
    note_en: str = ""
    note_zh: str = ""

    def population(self, language: str) -> str:
        """Who was studied, for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.population_en, zh=self.population_zh, language=language)

    def note(self, language: str) -> str:
        """What to know about the value; may be empty."""
        return _tables.localized(en=self.note_en, zh=self.note_zh, language=language)

    def noted(self, en: str, zh: str) -> "Threshold":
        """The same threshold with a further sentence in its note."""
        return replace(self, note_en=f"{self.note_en} {en}".strip(), note_zh=f"{self.note_zh}{zh}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the two readings that are compared; ``None`` where it is not."""

    same_rater: bool | None = None
    interval_days: int | None = None
    side: Literal["left", "right"] | None = None
    hand: Literal["dominant", "non_dominant"] | None = None
    fixation: Literal["hand", "belt", "frame", "purpose_built"] | None = None
    """What holds the dynamometer."""
    position: str | None = None
    instrument: str | None = None
    rom_type: str | None = None
    low_resolution: bool = False
    """Every angle of the session is a multiple of 5°."""
    baseline_newtons: float | None = None
