"""The payload of a summary: what is computed once and shown on pages, in e-mails, as PDF and by the API.

It holds codes and numbers in canonical units, no words: each reader gets them in their own language and units. It is a
pure function of the records up to the end of the period. Shapes are versioned by ``SCHEMA_VERSION``: a stored payload
is read by the version it was written with. Contents: ``analytics.md`` §11; never an average across muscles.
"""

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Final = 1

State = Literal["insufficient_data", "improved", "declined", "stable", "provisional_improved", "provisional_declined"]
Note = Literal["no_records", "one_record", "only_skipped", "discharged", "first_period"]
QualityCode = Literal["missing", "low_resolution", "single_reading", "changed_rater", "changed_device", "recalled"]
Pct = Annotated[float, Field(ge=0, le=100)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Counts(Part):
    """What was logged in the period, entered in error left out. ``sessions``: done wholly or in part."""

    records: int
    measurements: int
    check_ins: int
    sessions: int
    sessions_completed: int
    sessions_skipped: int
    active_days: int


class AdherenceOf(Part):
    """Sessions due in the period (excused removed) and completed; percentages are None below 3 due sessions.

    ``missed``: due, and nothing of it was done; a session done in part is neither completed nor missed.
    """

    due: int
    completed: int
    missed: int
    excused: int
    extra: int
    recalled: int
    session_pct: Pct | None
    dose_pct: Pct | None
    streak: int


class Dose(Part):
    """Sessions of one modality, done wholly or in part; minutes None if none were recorded."""

    modality: str
    sessions: int
    minutes: float | None
    fes_on_minutes: float | None = None


class Load(Part):
    """Foster's week (``analytics.load``); only for weeks, only for clinicians."""

    weekly: float | None
    monotony: float | None
    strain: float | None
    change_pct: float | None


class Symptom(Part):
    """A single-item scale over the period: ``pain_nrs`` or ``fatigue_nrs``."""

    code: str
    n: int
    median: float
    maximum: float
    previous_median: float | None


class TrendOf(Part):
    """Theil–Sen over the twelve weeks that end with the period."""

    direction: Literal["up", "down", "no_clear_trend", "insufficient"]
    n: int
    slope_per_week: float | None
    ci95_low_per_week: float | None
    ci95_high_per_week: float | None


class Point(Part):
    on: dt.date
    value: float


class SeriesOf(Part):
    """A series measured by the end of the period, its state against the baseline at that moment."""

    series: str
    """As it stands in an address: ``analytics.series.token_of`` its key."""
    kind: str
    measure: str
    code: str
    side: str
    how: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...] = ()
    """Of the series' description: what tells what is measured, such as the kind of range and the digit."""
    quantity: str = ""
    """Of the series' description: what people read in units of their own."""
    unit: str
    better: Literal["higher", "lower"]
    ordinal: bool
    state: State
    reason: str | None
    baseline: float | None
    current: float | None
    delta: float | None
    threshold_value: float | None
    threshold_row: str | None
    n: int
    last_on: dt.date
    in_period: bool
    state_before: State | None
    """State at the end of the period before, so that what is new can be told."""
    points: tuple[Point, ...]
    """Medians of the latest days, at most 24, within the twelve weeks that end with the period."""
    trend: TrendOf | None


class GoalOf(Part):
    id: str
    title: str
    review_on: dt.date | None
    level: int | None
    rated_on: dt.date | None


class DueNext(Part):
    """A programme item of the next day, or of the seven days after a longer period: on a day, or so many times."""

    item: str
    name: str
    modality: str
    on: dt.date | None
    times: int | None


class AlertOf(Part):
    """An alert open at the end of the period; only for who treats the patient."""

    id: str
    rule: str
    level: str
    status: str
    raised_on: dt.date


class Quality(Part):
    """What makes the numbers of a series less sure (``analytics.md`` §11)."""

    code: QualityCode
    series: str | None
    on: dt.date | None


class Week(Part):
    """A week's totals, for the small chart of the weeks."""

    starts_on: dt.date
    sessions: int
    minutes: float | None


class Inputs(Part):
    records: int
    digest: str
    methods: tuple[str, ...]


class PatientSummary(Part):
    """A patient's day, week or four weeks. ``load``, ``alerts``, ``quality`` are for clinicians only."""

    schema_version: Literal[1] = SCHEMA_VERSION
    audience: Literal["patient"] = "patient"
    period: Literal["day", "week", "four_weeks"]
    starts_on: dt.date
    ends_on: dt.date
    time_zone: str
    notes: tuple[Note, ...]
    counts: Counts
    adherence: AdherenceOf | None
    doses: tuple[Dose, ...]
    load: Load | None
    symptoms: tuple[Symptom, ...]
    series: tuple[SeriesOf, ...]
    weeks: tuple[Week, ...]
    goals: tuple[GoalOf, ...]
    due_next: tuple[DueNext, ...]
    alerts: tuple[AlertOf, ...]
    quality: tuple[Quality, ...]
    article: str | None
    """Slug of one article that fits, if there is one."""
    inputs: Inputs


#: What a patient or caregiver does not get of a payload.
CLINICIAN_ONLY = frozenset({"load", "alerts", "quality"})

Reason = Literal[
    "alert_emergency", "alert_same_day", "alert_review", "declined", "provisional_declined", "adherence_drop",
    "nothing_logged", "improved",
]  # fmt: skip


class Looked(Part):
    """One patient of a caseload summary: why to look, most pressing first."""

    patient: str
    name: str
    reasons: tuple[Reason, ...]
    declined: tuple[SeriesOf, ...]
    improved: tuple[SeriesOf, ...]
    adherence: AdherenceOf | None
    alerts: tuple[AlertOf, ...]
    quality: tuple[Quality, ...]
    records: int


class CaseloadSummary(Part):
    """A therapist's day or week in one clinic. A day in which nothing happened has no patients and is not sent."""

    schema_version: Literal[1] = SCHEMA_VERSION
    audience: Literal["therapist"] = "therapist"
    period: Literal["day", "week"]
    starts_on: dt.date
    ends_on: dt.date
    time_zone: str
    patients_treated: int
    patients: tuple[Looked, ...]
    inputs: Inputs


class Bucket(Part):
    """Patients with adherence from ``low_pct`` up to ``high_pct``; None: not shown, as these or the others are few."""

    low_pct: int
    high_pct: int
    patients: int | None


class Outcome(Part):
    """States at the end of the month of patients with one condition; None: not shown, as fewer than 5 patients have it,
    or so few do not that they could be told by subtraction (small cells)."""

    condition: str
    patients: int | None
    with_improved: int | None
    with_declined: int | None
    stable: int | None


class ClinicSummary(Part):
    """A clinic's month: counts that cannot be traced to a person."""

    schema_version: Literal[1] = SCHEMA_VERSION
    audience: Literal["clinic"] = "clinic"
    period: Literal["month"]
    starts_on: dt.date
    ends_on: dt.date
    time_zone: str
    patients: int | None
    patients_active: int | None
    records: int | None
    sessions: int | None
    alerts_raised: int | None
    adherence: tuple[Bucket, ...]
    outcomes: tuple[Outcome, ...]
    inputs: Inputs
