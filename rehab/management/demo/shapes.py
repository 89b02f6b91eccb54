"""What a story is made of. A story is data; ``generator`` turns it into documents."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Literal

WEEKS = 16
DAYS = WEEKS * 7

#: The patient of examples/sixteen-weeks.json and of the README.
DEMO_PATIENT_ID = uuid.UUID("01980000-0000-7000-8000-000000000001")

Document = dict[str, Any]
#: What one modality adds to a session in a given week.
Details = Callable[[int, Random], Document]

#: Fields that several stories give to a test.
SEATED: Document = {"position": "sitting", "stabilisation": "belt", "lever_arm": {"value": 34, "unit": "cm"}}
SPASTIC: Document = {"spasticity_present": True}


def patient_id(number: int) -> uuid.UUID:
    """Return the constant id of the patient of a story; number 1 is the demo patient."""
    return uuid.UUID(int=DEMO_PATIENT_ID.int - 1 + number)


@dataclass(frozen=True)
class Course:
    """A number over the weeks: where it starts, what each week adds, how much readings scatter (about 1 SD)."""

    start: float
    weekly: float = 0.0
    noise: float = 0.0

    def at(self, day: int, rng: Random) -> float:
        scatter = max(-1.5, min(1.5, rng.gauss(0, 1)))
        return self.start + self.weekly * day / 7 + self.noise * scatter


@dataclass(frozen=True)
class Force:
    """Hand-held dynamometry, grip or pinch; the course is in ``unit``."""

    muscle: str
    side: str
    course: Course
    method: Literal["hhd", "grip", "pinch"] = "hhd"
    unit: str = "N"
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Grades:
    """Manual muscle tests: the grades in order, spread evenly over the visits."""

    muscle: str
    side: str
    grades: str
    scale: str = "MRC8"
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lift:
    """A load lifted ``repetitions`` times; the course is in kg."""

    muscle: str
    side: str
    course: Course
    exercise: str
    repetitions: int = 8
    equipment: str = "machine"


@dataclass(frozen=True)
class Angle:
    motion: str
    side: str
    rom_type: str
    course: Course
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tape:
    """Limb girth in cm."""

    site: str
    side: str
    course: Course


Measure = Force | Grades | Lift | Angle | Tape


@dataclass(frozen=True)
class Home:
    """A measure at home on some weekdays (0 is Monday). ``times``: hour of the day, and the share of the force then."""

    measure: Force
    weekdays: tuple[int, ...]
    times: tuple[tuple[int, float], ...] = ((9, 1.0),)
    #: From this week on it is measured on these weekdays instead.
    closely_from: int = WEEKS
    closely_on: tuple[int, ...] = ()
    #: Hours of the day at which the patient wakes, and takes an anticholinesterase; they are written with each test.
    wakes: int | None = None
    doses: tuple[int, ...] = ()


@dataclass(frozen=True)
class Practice:
    """A kind of session in a programme, on some weekdays, from one week until before another."""

    modality: str
    weekdays: tuple[int, ...]
    details: Details
    minutes: int = 25
    hour: int = 16
    rpe: Course = Course(3, 0.06, 0.6)
    setting: str = "home"
    supervision: str = "none"
    targets: tuple[tuple[str, str], ...] = ()
    weeks: tuple[int, int] = (0, WEEKS)


@dataclass(frozen=True)
class Story:
    """A patient: who they are, what is measured, what they practise, what they say about it."""

    key: str
    id: uuid.UUID
    name: str
    sex: str
    birth_date: date
    dominant_hand: str
    conditions: tuple[str, ...]
    time_zone: str
    measures: tuple[Measure, ...]
    programme: tuple[Practice, ...]
    home: tuple[Home, ...] = ()
    visit_every_weeks: int = 2
    adherence: float = 0.88
    #: Why sessions are missed, most usual first.
    reasons: tuple[str, ...] = ("time", "fatigue", "unwell")
    pain: float = 1.0
    fatigue: float = 2.5
    notes: tuple[str, ...] = ()
    visit_notes: tuple[str, ...] = ()
    #: Has an account and logs their own sessions; the language of the account.
    account: bool = False
    language: str = "en"
    force_unit: str = "N"
    #: A caregiver's name, who logs some of the sessions.
    caregiver: str = ""
    #: Which therapist treats: 0 founded the clinic, 1 was invited.
    therapist: int = 1
    #: Why a session's duration is corrected later, and why a record is marked in error; empty: it does not happen.
    amended_because: str = ""
    in_error_because: str = ""
    #: The sixteen weeks ended on a Friday at least so many days ago, and care with them; 0: they end yesterday.
    discharged_days: int = 0
    #: In care only for so many days, and nothing was recorded before; 0: from the first of the sixteen weeks on.
    new_for_days: int = 0
    #: Nothing is ever logged.
    silent: bool = False

    @property
    def email(self) -> str:
        return f"{self.key.replace('_', '.')}@demo.example"

    @property
    def caregiver_email(self) -> str:
        return f"carer.of.{self.email}"
