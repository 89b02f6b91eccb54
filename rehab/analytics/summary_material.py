"""What the summary of one patient is built from, as a selector reads it. Days are proleptic ordinals throughout.

It holds no more than the payload needs, in an order of its own, so that a digest of it says whether anything that
counts has changed.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from rehab.analytics.series import LOW_RESOLUTION_STEP_DEGREES, Subject
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.analytics.tally import Filled, PhaseRow, fill

PeriodName = Literal["day", "week", "four_weeks", "month"]

#: How far back the small chart of the weeks, the points of a series and its trend go.
TWELVE_WEEKS = 84
WEEK = 7
#: Sessions are read from so many weeks before the period on; a streak that goes on before is read once more.
WEEKS_BEFORE = 4
ROLLING = 28


class Window(NamedTuple):
    """A period of local days. ``today`` is the day on which it is looked at: the day after it once it is over."""

    period: PeriodName
    first: int
    last: int
    today: int

    @property
    def starts_on(self) -> dt.date:
        return dt.date.fromordinal(self.first)

    @property
    def ends_on(self) -> dt.date:
        return dt.date.fromordinal(self.last)

    @property
    def days(self) -> int:
        return self.last - self.first + 1

    @property
    def before(self) -> int:
        """The first day of the period before, taken to be as long."""
        return self.first - self.days

    @property
    def monday(self) -> int:
        return monday_of(self.first)


def monday_of(day: int) -> int:
    """The Monday of an ordinal's ISO week.

    >>> dt.date.fromordinal(monday_of(dt.date(2026, 3, 4).toordinal())).isoformat()
    '2026-03-02'
    """
    return day - (day - 1) % WEEK


class RawSeries(NamedTuple):
    """The readings of a series up to the end of the period, in order of time, in the unit of the series."""

    key: str
    description: SeriesDescription
    ons: list[int]
    values: list[float]
    raters: str | list[str]
    """Who measured: one name for all readings, or one for each."""


class SetRow(NamedTuple):
    """A baseline that a clinician set, the latest last; ``value`` None: the readings from the day on make it."""

    key: str
    starts_on: int
    value: float | None
    held_at_end: bool
    held_before: bool
    """Whether it was in force at the end of the period, and at the end of the period before."""


class SessionOf(NamedTuple):
    on: int
    item: str | None
    modality: str
    status: str
    repetitions: int | None
    minutes: float | None
    load: float | None
    recalled: bool
    fes_on_seconds: float | None
    fes_places: str | None
    """Muscle and side of each channel, in order."""


class CheckInOf(NamedTuple):
    on: int
    pain: int | None
    fatigue: int | None


class AlertRow(NamedTuple):
    id: str
    rule: str
    level: str
    status: str
    raised_on: dt.date
    is_open: bool
    """At the end of the period; the others were raised in it."""


class GoalRow(NamedTuple):
    id: str
    title: str
    period_end: str
    review_dates: list[str]
    level: int | None
    rated_on: str | None


class TotalRow(NamedTuple):
    """A week's totals as they were stored."""

    monday: int
    sessions: int
    minutes: float | None


@dataclass(slots=True)
class Material:
    """Everything that one patient's summary is a function of."""

    window: Window
    time_zone: str
    subject: Subject
    enrolled_on: int
    discharged_on: int | None
    series: list[RawSeries] = field(default_factory=list)
    baselines: list[SetRow] = field(default_factory=list)
    logged: dict[str, list[int]] = field(default_factory=dict)
    """By kind of record, the days of the period's records of kinds that are neither check-ins nor sessions."""
    measured: int = 0
    """How many of these are measurements."""
    check_ins: list[CheckInOf] = field(default_factory=list)
    sessions: list[SessionOf] = field(default_factory=list)
    sessions_from: int = 0
    totals: list[TotalRow] = field(default_factory=list)
    alerts: list[AlertRow] = field(default_factory=list)
    goals: list[GoalRow] = field(default_factory=list)
    phases: list[PhaseRow] = field(default_factory=list)
    """Items by their ids, in the order of the programmes."""
    excused: list[tuple[int, int]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """What the items are called."""
    digest: str = ""
    _filled: Filled | None = None

    def filled(self) -> Filled:
        """What was due from the first session read to the end of the period, and what was done for it."""
        if self._filled is None:
            self._filled = fill(
                phases=self.phases,
                excused=self.excused,
                sessions=[
                    (one.on, one.item, one.modality, one.status == "completed", one.repetitions, one.minutes,
                     one.recalled)
                    for one in self.sessions
                    if one.status != "skipped"
                ],
                first=self.sessions_from,
                last=self.window.last,
            )  # fmt: skip
        return self._filled

    def coarse_on(self) -> frozenset[dt.date]:
        """The days on which every angle, of two or more, was a multiple of 5° (``analytics.rom.is_low_resolution``)."""
        angles: dict[int, list[float]] = {}
        for raw in self.series:
            if raw.description.measure == "rom":
                for on, value in zip(raw.ons, raw.values, strict=True):
                    angles.setdefault(on, []).append(value)
        return frozenset(
            dt.date.fromordinal(on)
            for on, each in angles.items()
            if len(each) > 1 and not any(value % LOW_RESOLUTION_STEP_DEGREES for value in each)
        )

    def read_sessions_from(self, monday: int, sessions: list[SessionOf]) -> None:
        """Take the sessions from a Monday (an ordinal) on in place of those that are there."""
        self.sessions, self.sessions_from, self._filled = sessions, monday, None

    def inputs(self) -> list[Any]:
        """The same as plain lists, for a digest."""
        return [
            self.window,
            self.time_zone,
            sorted(self.subject.conditions),
            self.subject.dominant_hand,
            self.enrolled_on,
            self.discharged_on,
            [(one.key, one.ons, one.values, one.raters) for one in self.series],
            self.baselines,
            sorted(self.logged.items()),
            self.check_ins,
            self.sessions,
            self.totals,
            self.alerts,
            self.goals,
            self.phases,
            self.excused,
            sorted(self.names.items()),
        ]
