"""The key and the state of a series, and which threshold its change is held against.

What a series is a series of: ``rehab.analytics.series_descriptions``. Thresholds: ``rehab.reference.thresholds``.
"""

import base64
import binascii
import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rehab.analytics.change import Change, assess
from rehab.analytics.frames import Baseline, frame
from rehab.analytics.readings import Day, Reading
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.reference.thresholds import (
    THRESHOLD_ROWS,
    WEAK_GRIP_NEWTONS,
    Facts,
    Measure,
    Threshold,
    select,
    select_mcid,
)

LOW_RESOLUTION_STEP_DEGREES = 5


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

    >>> from rehab.analytics.series_descriptions import describe
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
