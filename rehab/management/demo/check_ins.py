"""Check-ins of the stories: how people say they are, two or three times a week, as their condition has it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from rehab.management.demo.generator import Planned, record_id
from rehab.management.demo.shapes import DAYS, Course, Document, Story

#: What a patient has already, as the therapist asked at enrolment, and where a spinal cord injury lies.
KNOWN: dict[str, Document] = {
    "wang_xiuying": {"baseline_deficits": ["saddle_numbness", "bladder", "bowel"]},
    "carlos_rivera": {"baseline_deficits": ["bladder", "sensation"], "injury_at_or_above_t6": False},
    "ramesh_thapa": {"baseline_deficits": ["sensation"]},
    "daniel_novak": {"baseline_deficits": []},
    "margaret_hughes": {"baseline_deficits": []},
}


_MOOD = Course(6, 0.06, 0.8)
_SLEEP = Course(6.8, 0.02, 0.6)


def _nothing_more(_day: int, _hour: int, _rng: Random) -> Document:
    return {}


@dataclass(frozen=True)
class Pain:
    site: str
    side: str
    context: str
    course: Course


@dataclass(frozen=True)
class Told:
    """How somebody says they are. ``hours``: times of day; ``more`` adds what their condition asks for."""

    fatigue: Course
    pain: tuple[Pain, ...] = ()
    weekdays: tuple[int, ...] = (1, 4)
    hours: tuple[int, ...] = (19,)
    mood: Course = _MOOD
    sleep: Course = _SLEEP
    unchanged: tuple[str, ...] = ()
    more: Callable[[int, int, Random], Document] = _nothing_more


#: What was new or worse on a day of the sixteen weeks.
REPORTED: dict[tuple[str, int], list[str]] = {
    ("carlos_rivera", 106): ["skin_pressure"],
    ("wang_xiuying", 108): ["infection_urine"],
    ("emma_clarke", 20): ["dvt_leg"],
}


def _symptom(symptom: str, severity: str, site: str = "", side: str = "") -> Document:
    found = {"symptom": symptom, "severity": severity}
    return found | ({"site": site, "side": side} if site else {})


def _myasthenia(_day: int, hour: int, rng: Random) -> Document:
    """Worse towards evening, as the tablets of noon wear off; breathing and swallowing stay untouched."""
    late = hour >= 12
    items = {
        "ptosis": 2 if late else rng.choice((0, 0, 1)),
        "diplopia": rng.choice((1, 1, 2)) if late else 0,
        "chewing": rng.choice((0, 1)) if late else 0,
        "swallowing": 0,
        "speech": rng.choice((0, 1)) if late else 0,
        "breathing": 0,
        "neck": 1 if late else 0,
        "limbs": 2 if late else 1,
    }
    return {"myasthenia": {**items, "hours_since_pyridostigmine": 4.0 if late else 1.0}}


def _spasms(day: int, _hour: int, rng: Random) -> Document:
    frequency = rng.choice((1, 2, 2)) if day < 70 else rng.choice((0, 1, 1))
    numb = _symptom("numbness", "moderate", "foot", "both")
    severity = {"spasm_severity": 1} if frequency else {}
    return {"spasm_frequency": frequency, **severity, "symptoms": [numb]}


def _motor_neuron(day: int, _hour: int, rng: Random) -> Document:
    twitching = [_symptom("fasciculation", "mild", "hand", "right")]
    twitching += [_symptom("fasciculation", "mild", "thigh", "left")] if day >= 100 else []
    cramps = [_symptom("cramps", rng.choice(("mild", "moderate")), "lower_leg", "both")] if day % 7 == 4 else []
    return {"symptoms": [*twitching, *cramps, _symptom("numbness", "none")]}


def _tingling(day: int, _hour: int, _rng: Random) -> Document:
    severity = "moderate" if day < 40 else "mild"
    return {"symptoms": [_symptom("paraesthesia", severity, "hand", "both"),
                         _symptom("paraesthesia", severity, "foot", "both")]}  # fmt: skip


def _soles(_day: int, _hour: int, _rng: Random) -> Document:
    return {"symptoms": [_symptom("numbness", "moderate", "foot", "both")]}


TOLD: dict[str, Told] = {
    "lin_wei": Told(
        Course(5, -0.12, 0.8),
        (Pain("shoulder", "right", "movement", Course(4.4, -0.2, 0.5)),),
        (1, 4, 6),
        mood=Course(4.5, 0.15, 0.8),
        more=lambda day, _hour, _rng: {"spasm_frequency": 1, "spasm_severity": 1} if day % 3 == 0 else {},
    ),
    "carlos_rivera": Told(
        Course(4, -0.04, 0.8), (Pain("lower_back", "midline", "rest", Course(3, -0.04, 0.6)),), more=_spasms,
        unchanged=("ces_bladder",),
    ),
    "emma_clarke": Told(
        Course(3.4, -0.12, 0.7), (Pain("knee", "left", "movement", Course(5, -0.26, 0.5)),), (0, 2, 5)
    ),
    "wang_xiuying": Told(
        Course(4, -0.06, 0.7),
        (Pain("lower_back", "midline", "movement", Course(3.6, -0.1, 0.5)),),
        unchanged=("ces_saddle", "ces_bladder", "ces_bowel"),
        more=lambda _day, _hour, _rng: {"symptoms": [_symptom("numbness", "moderate", "saddle", "midline")]},
    ),
    "li_xiaowen": Told(Course(6.4, -0.2, 0.7), (), (0, 2, 4), mood=Course(4.5, 0.16, 0.8), more=_tingling),
    "daniel_novak": Told(Course(4.2, 0, 0.7), (), (1, 3, 5), (8, 17), more=_myasthenia),
    "margaret_hughes": Told(
        Course(4.6, 0.1, 0.6), (), (1, 4), mood=Course(5, -0.02, 0.9), sleep=Course(6.2, 0, 0.6), more=_motor_neuron
    ),
    "ramesh_thapa": Told(
        Course(3, 0, 0.6), (Pain("foot", "both", "night", Course(4.6, 0, 0.6)),), (2, 5), sleep=Course(5.9, 0, 0.5),
        more=_soles,
    ),
}  # fmt: skip


def planned(story: Story, *, seed: int | str, first: date) -> Iterator[Planned]:
    """Yield the check-ins of sixteen weeks from ``first`` on; none for those who have no account to write them."""
    told = TOLD.get(story.key)
    if told is None or not story.account:
        return
    rng, zone = Random(f"{seed}/check-ins/{story.key}"), ZoneInfo(story.time_zone)  # noqa: S311
    for day in range(DAYS):
        on = first + timedelta(days=day)
        new = REPORTED.get((story.key, day), [])
        if on.weekday() not in told.weekdays and not new:
            continue
        if rng.random() > story.adherence and not new:
            continue
        for hour in told.hours:
            at = datetime.combine(on, time(hour, rng.randrange(40)), tzinfo=zone)
            document = _check_in(told, day, hour, new if hour == told.hours[-1] else [], rng)
            common = {"id": str(record_id(at, rng)), "patient": str(story.id), "performed_at": at.isoformat()}
            yield Planned({"kind": "check-ins", **document, **common}, "patient")


def _check_in(told: Told, day: int, hour: int, new: list[str], rng: Random) -> Document:
    found: Document = {
        "fatigue": _rating(told.fatigue.at(day, rng) + (1 if hour >= 12 and len(told.hours) > 1 else 0)),
        "red_flags": _flags(told, new),
        **told.more(day, hour, rng),
    }
    pains = [
        {"nrs": _rating(pain.course.at(day, rng)), "site": pain.site, "side": pain.side, "context": pain.context}
        for pain in told.pain
    ]
    if pains:
        found["pain"] = pains
    if rng.random() < 0.6:
        found |= {"mood": _rating(told.mood.at(day, rng)), "sleep_hours": round(told.sleep.at(day, rng) * 2) / 2}
    if rng.random() < 0.4:
        found |= {"protein": rng.random() < 0.7, "activity": rng.random() < 0.8}
    return found


def _flags(told: Told, new: list[str]) -> Document:
    if new or told.unchanged:
        return {"new_or_worse": new, "unchanged": list(told.unchanged)}
    return {"none_of_these": True}


def _rating(value: float) -> int:
    return max(0, min(10, round(value)))
