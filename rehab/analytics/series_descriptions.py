"""What a series is a series of.

All readings that share a series key were taken the same way, so one record says for all of them what is measured,
where, in which unit and which way is better.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rehab.reference.function_scales import FUNCTION_SCALES
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.thresholds import Measure

Unit = Literal["N", "kg", "deg", "cm", "m", "s", "mL", "points", "mrc_rank", "mas_rank", "category"]
Better = Literal["higher", "lower"]

_NAMES: Mapping[str, Mapping[str, Any]] = {"rom": MOTIONS, "girth": GIRTH_SITES, "function_scale": FUNCTION_SCALES}


@dataclass(frozen=True, slots=True)
class SeriesDescription:
    """What the readings of a series have in common."""

    kind: str
    """Kind of record: the address segment of the API."""
    measure: str
    """How it is measured: hhd, grip, pinch, rm, mrc, rom, girth …"""
    code: str
    """Muscle, motion, site or score."""
    side: str
    unit: Unit
    better: Better
    ordinal: bool = False
    quantity: str = ""
    """Row of ``reference.units`` for values that people read in units of their own."""
    fields: tuple[tuple[str, str], ...] = ()
    """What tells what is measured, field and value as recorded: method, muscle, motion, site, digit, side."""
    how: tuple[tuple[str, str], ...] = ()
    """What else must match: type of test, scale, position, device …"""
    threshold_measure: Measure | None = None
    fixation: Literal["hand", "belt", "frame"] | None = None
    position: str | None = None
    instrument: str | None = None
    rom_type: str | None = None
    visual_estimate: bool = False
    """Read by eye: never compared."""

    def name(self, language: str) -> str:
        """The muscle, motion, site or scale in a language such as ``en`` or ``zh-hans``; else its code."""
        named = _NAMES.get(self.measure, MUSCLES)
        return str(named[self.code].name(language)) if self.code in named else self.code


def describe(*, kind: str, details: Mapping[str, Any]) -> SeriesDescription:
    """What a series is, from the document of any record in it (``details`` as stored). ``KeyError``: unknown kind.

    >>> found = describe(kind="rom", details={"motion": "KNE_EXT", "side": "left", "rom_type": "PROM"})
    >>> found.unit, found.better
    ('deg', 'lower')
    """
    return DESCRIBERS[kind](details)


def _fields(details: Mapping[str, Any], *names: str) -> tuple[tuple[str, str], ...]:
    found = []
    for name in names:
        value = details.get(name)
        if isinstance(value, Mapping):  # a quantity as it was typed
            value = f"{value['value']:.12g} {value['unit']}"
        if value not in (None, ""):
            found.append((name, f"{value:.12g}" if isinstance(value, float) else str(value)))
    return tuple(found)


_UNITS_OF_STRENGTH: Mapping[str, tuple[Unit, str]] = {
    "mrc": ("mrc_rank", ""),
    "hhd": ("N", "force"),
    "grip": ("N", "force"),
    "pinch": ("N", "force"),
    "rm": ("kg", "mass"),
}
_HOW_STRENGTH = (
    "scale", "test_type", "protocol", "exercise", "equipment", "position", "joint_angle_degrees", "pad_site",
    "lever_arm", "stabilisation", "handle_position", "device",
)  # fmt: skip


def _strength(details: Mapping[str, Any]) -> SeriesDescription:
    method = details["method"]
    unit, quantity = _UNITS_OF_STRENGTH[method]
    muscle = details.get("muscle") or {"grip": "HAND_GRIP", "pinch": "HAND_PINCH"}[method]
    return SeriesDescription(
        kind="strength",
        measure=method,
        code=muscle,
        side=details["side"],
        unit=unit,
        better="higher",
        ordinal=method == "mrc",
        quantity=quantity,
        fields=_fields({**details, "muscle": muscle}, "method", "muscle", "side"),
        how=_fields(details, *_HOW_STRENGTH),
        threshold_measure=None if method == "rm" else method,
        fixation=details.get("stabilisation"),
        position=details.get("position"),
    )


def _rom(details: Mapping[str, Any]) -> SeriesDescription:
    instrument = details.get("instrument") or "universal_goniometer"
    return SeriesDescription(
        kind="rom",
        measure="rom",
        code=details["motion"],
        side=details["side"],
        unit="deg",
        better=MOTIONS[details["motion"]].better,
        fields=_fields(details, "motion", "rom_type", "digit", "side"),
        how=_fields(details, "position", "neighbour_position", "instrument"),
        threshold_measure="rom",
        position=details.get("position"),
        instrument=instrument,
        rom_type=details["rom_type"],
        visual_estimate=instrument == "visual_estimate",
    )


def _girth(details: Mapping[str, Any]) -> SeriesDescription:
    return SeriesDescription(
        kind="girth",
        measure="girth",
        code=details["site"],
        side=details["side"],
        unit="cm",
        better="higher",
        quantity="length",
        fields=_fields(details, "site", "side"),
        how=_fields(details, "distance", "landmark", "position"),
        threshold_measure="girth",
        position=details.get("position"),
    )


def _assessment(details: Mapping[str, Any]) -> SeriesDescription:
    name = details["assessment"]
    scale = FUNCTION_SCALES.get(details.get("scale") or "")
    unit, better = _UNITS_OF_ASSESSMENT.get(name, ("points", "higher"))
    if scale is not None:
        unit, better = _UNITS_OF_SCALES[scale.unit], "lower" if scale.better == "lower" else "higher"
    return SeriesDescription(
        kind="assessments",
        measure=name,
        code=details.get("muscle") or details.get("scale") or name,
        side=details.get("side") or "none",
        unit=unit,
        better=better,
        ordinal=unit == "mas_rank",
        fields=_fields({"side": "none", **details}, "assessment", "muscle", "scale", "side"),
        how=_fields(details, "position", "form_version", "aid", "rater"),
        threshold_measure="mas" if name == "mas" else None,
        position=details.get("position"),
    )


_UNITS_OF_SCALES: Mapping[str, Unit] = {"score": "points", "m": "m", "s": "s"}
_UNITS_OF_ASSESSMENT: Mapping[str, tuple[Unit, Better]] = {
    "mas": ("mas_rank", "lower"),
    "respiratory": ("mL", "higher"),
}

#: One entry for each kind of measurement; ``tests/selectors/test_readings.py`` holds that none lacks.
DESCRIBERS: dict[str, Callable[[Mapping[str, Any]], SeriesDescription]] = {
    "strength": _strength,
    "rom": _rom,
    "girth": _girth,
    "assessments": _assessment,
}
