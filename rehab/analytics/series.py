"""What a series is a series of, and which threshold its change is held against.

All readings that share a series key were taken the same way, so one record says for all of them what is measured,
where, in which unit and which way is better. Thresholds: ``rehab.reference.thresholds``.
"""

import base64
import binascii
import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from rehab.analytics.change import Baseline, Change, assess, frame
from rehab.analytics.readings import Day, Reading
from rehab.reference.function_scales import FUNCTION_SCALES
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.thresholds import (
    THRESHOLD_ROWS,
    WEAK_GRIP_NEWTONS,
    Facts,
    Measure,
    Threshold,
    select,
    select_mcid,
)

Unit = Literal["N", "kg", "deg", "cm", "m", "s", "mL", "points", "mrc_rank", "mas_rank", "category"]
Better = Literal["higher", "lower"]

LOW_RESOLUTION_STEP_DEGREES = 5


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


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of the patient that the choice of a threshold depends on."""

    conditions: frozenset[str] = frozenset()
    dominant_hand: str = "unknown"


def token_of(key: str) -> str:
    """The series key as it stands in an address: base64url without padding.

    >>> token_of("girth||calf_max|left|||")
    'Z2lydGh8fGNhbGZfbWF4fGxlZnR8fHw'
    """
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(token: str) -> str:
    """The inverse of ``token_of``; ``ValueError`` for anything that it does not make.

    >>> key_of("Z2lydGh8fGNhbGZfbWF4fGxlZnR8fHw")
    'girth||calf_max|left|||'
    """
    try:
        key = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error) as error:
        raise ValueError("not a series") from error
    if "\0" in key or token_of(key) != token:
        raise ValueError("not a series")
    return key


def kind_of(key: str) -> str:
    """The kind of record that a series key begins with.

    >>> kind_of("girth||calf_max|left|||")
    'girth'
    """
    return key.partition("|")[0]


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


def low_resolution(*, values: Iterable[float], coarse_visit: bool) -> bool:
    """Whether angles that are compared were read to the nearest 5° or 10°.

    So they were if every angle of a visit among them was (``coarse_visit``). An angle that was taken alone at its
    visit cannot say; then all that are compared are looked at together. Convention of this project.

    >>> low_resolution(values=[90, 95], coarse_visit=False), low_resolution(values=[90, 93], coarse_visit=False)
    (True, False)
    >>> low_resolution(values=[90, 93], coarse_visit=True)
    True
    """
    return coarse_visit or all(value % LOW_RESOLUTION_STEP_DEGREES == 0 for value in values)


_INTERVAL_STEPS = tuple(sorted({row.min_interval_days for row in THRESHOLD_ROWS.values()}))


def thresholds_for(
    *,
    description: SeriesDescription,
    subject: Subject,
    same_rater: bool | None,
    interval_days: int,
    baseline: float,
    low_resolution: bool,
) -> tuple[Threshold | None, Threshold | None]:
    """The measurement-error threshold T and the MCID for a comparison; ``None`` where there is none.

    ``baseline`` in the unit of the series. Choice: ``rehab.reference.thresholds.select``.
    """
    return _chosen(
        description.threshold_measure,
        description.code,
        subject,
        description.side,
        description.fixation,
        description.position,
        description.instrument,
        description.rom_type,
        bool(same_rater),
        # Only whether an interval reaches the next row's own matters: so few combinations are worked out once.
        _INTERVAL_STEPS[bisect_right(_INTERVAL_STEPS, interval_days) - 1],
        description.unit == "N" and baseline < WEAK_GRIP_NEWTONS,
        low_resolution and description.measure == "rom",
    )


@lru_cache(maxsize=16_384)
def _chosen(
    measure: Measure | None,
    code: str,
    subject: Subject,
    side: str,
    fixation: Literal["hand", "belt", "frame"] | None,
    position: str | None,
    instrument: str | None,
    rom_type: str | None,
    same_rater: bool,
    interval_days: int,
    weak: bool,
    low_resolution: bool,
) -> tuple[Threshold | None, Threshold | None]:
    if measure is None:
        return None, None
    hand: Literal["dominant", "non_dominant"] | None = None
    if side in ("left", "right") and subject.dominant_hand in ("left", "right"):
        hand = "dominant" if side == subject.dominant_hand else "non_dominant"
    facts = Facts(
        same_rater=same_rater,
        interval_days=interval_days,
        side="left" if side == "left" else "right" if side == "right" else None,
        hand=hand,
        fixation=fixation,
        position=position,
        instrument=instrument,
        rom_type=rom_type,
        low_resolution=low_resolution,
        baseline_newtons=0.0 if weak else None,
    )
    conditions = subject.conditions
    return (
        select(measure=measure, code=code, conditions=conditions, facts=facts),
        select_mcid(measure=measure, code=code, conditions=conditions, facts=facts),
    )


@dataclass(frozen=True, slots=True)
class Assessed:
    """A change with the rows that it was held against."""

    change: Change
    threshold: Threshold | None
    mcid: Threshold | None


@dataclass(frozen=True, slots=True)
class SetBaseline:
    """A clinician's baseline: compared from this day on, with this value; without one, with the first readings."""

    on: dt.date
    value: float | None = None


def assessed(
    *,
    description: SeriesDescription,
    readings: Iterable[Reading],
    subject: Subject,
    set_baseline: SetBaseline | None = None,
    days: tuple[Day, ...] | None = None,
) -> Assessed:
    """State of a series against the threshold that fits its days, raters, interval and patient.

    Readings in the unit of the series; rules: ``rehab.analytics.change`` (``frame`` first, then ``assess``). A
    baseline that a clinician set leaves out what was measured before its day. ``days``: all readings by day, if
    known already.

    >>> on = dt.date(2026, 3, 2)
    >>> knee = describe(kind="rom", details={"motion": "KNE_FLEX", "side": "left", "rom_type": "AROM"})
    >>> angles = [Reading("a", on, 88.0, "r"), Reading("b", on + dt.timedelta(days=30), 99.0, "r")]
    >>> assessed(description=knee, readings=angles, subject=Subject()).change.state
    'provisional_improved'
    """
    baseline = None
    if set_baseline is not None:
        days = None
        readings = [reading for reading in readings if reading.on >= set_baseline.on]
        if set_baseline.value is not None:
            baseline = Baseline(on=set_baseline.on, value=set_baseline.value)
    readings = tuple(readings)
    found = frame(readings=readings, baseline=baseline, days=days)
    threshold = mcid = None
    if found is not None:
        measured = found.current_days if baseline else (*found.baseline_days, *found.current_days)
        days_compared = {day.on for day in measured}
        compared = [reading for reading in readings if reading.on in days_compared and not reading.visual_estimate]
        values = [reading.value for reading in compared]
        if baseline is not None:
            values.append(baseline.value)
        threshold, mcid = thresholds_for(
            description=description,
            subject=subject,
            same_rater=found.same_rater,
            interval_days=found.interval_days,
            baseline=found.baseline,
            low_resolution=low_resolution(
                values=values, coarse_visit=any(reading.coarse_visit for reading in compared)
            ),
        )
    change = assess(
        readings=readings,
        unit=description.unit,
        better=description.better,
        threshold=threshold,
        mcid=mcid,
        baseline=baseline,
        framed=found,
    )
    return Assessed(change, threshold, mcid)
