"""From a story, a seed and a last day to documents. The same seed and day give the same documents, ids included."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from rehab.management.demo.shapes import (
    DAYS,
    Angle,
    Document,
    Force,
    Grades,
    Home,
    Lift,
    Measure,
    Practice,
    Story,
    Tape,
)

NOTE_SHARE = 0.1
CAREGIVER_SHARE = 0.25
MINUTES_BETWEEN_TESTS = 3


@dataclass(frozen=True)
class Planned:
    """A document as the batch takes it, and who records it: therapist, patient or caregiver."""

    document: Document
    by: str

    @property
    def performed_at(self) -> datetime:
        return datetime.fromisoformat(self.document["performed_at"])


@dataclass(frozen=True)
class Correction:
    """What happens to a record later: ``changes``, or (None) it was entered in error."""

    kind: str
    id: uuid.UUID
    performed_at: datetime
    changes: Document | None
    reason: str
    by: str


@dataclass(frozen=True)
class Plan:
    records: list[Planned]
    corrections: list[Correction]


def plan(story: Story, *, seed: int | str, first: date) -> Plan:
    """Return sixteen weeks of records from ``first`` on, in the order of time, and their corrections."""
    writer = _Writer(story, seed=seed, first=first)
    records = sorted([*writer.visits(), *writer.home(), *writer.sessions()], key=lambda one: str(one.document["id"]))
    return Plan(*writer.corrected(records))


def record_id(moment: datetime, rng: Random) -> uuid.UUID:
    """Return a UUIDv7 of a moment, with seeded bits where others are random.

    >>> from datetime import UTC
    >>> record_id(datetime(2026, 3, 2, tzinfo=UTC), Random(1)).version
    7
    """
    milliseconds = int(moment.timestamp() * 1000)
    bits = rng.getrandbits(74)
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


class _Writer:
    def __init__(self, story: Story, *, seed: int | str, first: date) -> None:
        self.story, self.first = story, first
        self.rng = Random(f"{seed}/{story.key}")  # noqa: S311  # believable, not secret
        self.zone = ZoneInfo(story.time_zone)
        self._notes = 0

    def visits(self) -> Iterator[Planned]:
        """Yield clinic visits: two close together at either end, so that a change can be confirmed."""
        days = [2, 9, *range(23, 96, self.story.visit_every_weeks * 7), 102, 109]
        for index, day in enumerate(days):
            day = self._workday(day)
            notes = self.story.visit_notes
            note = notes[index // 2] if index % 2 == 0 and index // 2 < len(notes) else ""
            for order, measure in enumerate(self.story.measures):
                moment = self._moment(day, 10, order * MINUTES_BETWEEN_TESTS)
                document = self._measured(measure, day, progress=index / len(days))
                yield self._planned(document, moment, "therapist", note if order == 0 else "")

    def home(self) -> Iterator[Planned]:
        for task in self.story.home:
            for day in range(DAYS):
                weekdays = task.closely_on if day // 7 >= task.closely_from else task.weekdays
                if self._weekday(day) not in weekdays:
                    continue
                best = task.measure.course.at(day, self.rng)
                for hour, share in task.times:
                    document = _force(task.measure, best * share * self.rng.uniform(0.98, 1.02))
                    minutes = self.rng.randrange(20)
                    document |= _context(task, hour + minutes / 60)
                    yield self._planned(document, self._moment(day, hour, minutes), self._logger())

    def sessions(self) -> Iterator[Planned]:
        for practice in self.story.programme:
            first, last = practice.weeks
            for day in range(first * 7, last * 7):
                if self._weekday(day) in practice.weekdays:
                    moment = self._moment(day, practice.hour, self.rng.randrange(50))
                    by = "therapist" if practice.supervision == "therapist" else self._logger()
                    session = self._session(practice, day)
                    note = "" if session.get("status") == "skipped" else self._note()
                    yield self._planned(session, moment, by, note)

    def corrected(self, records: list[Planned]) -> tuple[list[Planned], list[Correction]]:
        """Add what people correct later: a session's duration, and a measurement that was sent twice.

        A caregiver of the demo may log, not amend, so none of theirs is chosen.
        """
        corrections = []
        if self.story.amended_because:
            done = [one for one in records if one.by != "caregiver" and "duration_min" in one.document]
            found = done[len(done) * 2 // 3]
            changes = {"duration_min": found.document["duration_min"] + 5}
            corrections.append(_correction(found, changes, self.story.amended_because))
        if self.story.in_error_because:
            tests = [
                index
                for index, one in enumerate(records)
                if one.by != "caregiver" and one.document["kind"] == "strength"
            ]
            index = tests[len(tests) // 2]
            original = records[index]
            moment = datetime.fromisoformat(original.document["performed_at"]) + timedelta(minutes=1)
            twice = self._planned({**original.document, "note": ""}, moment, original.by)
            records = [*records[: index + 1], twice, *records[index + 1 :]]
            corrections.append(_correction(twice, None, self.story.in_error_because))
        return records, corrections

    def _planned(self, document: Document, moment: datetime, by: str, note: str = "") -> Planned:
        common: Document = {
            "id": str(record_id(moment, self.rng)),
            "patient": str(self.story.id),
            "performed_at": moment.isoformat(),
        }
        written = {**document, **common}
        return Planned({**written, "note": note} if note else written, by)

    def _measured(self, measure: Measure, day: int, *, progress: float) -> Document:
        if isinstance(measure, Grades):
            grades = measure.grades.split()
            return {
                "kind": "strength",
                "method": "mrc",
                "scale": measure.scale,
                "grade": grades[int(progress * len(grades))],
                "muscle": measure.muscle,
                "side": measure.side,
                **measure.fields,
            }
        value = measure.course.at(day, self.rng)
        if isinstance(measure, Force):
            return _force(measure, value)
        if isinstance(measure, Lift):
            return {
                "kind": "strength",
                "method": "rm",
                "muscle": measure.muscle,
                "side": measure.side,
                "exercise": measure.exercise,
                "equipment": measure.equipment,
                "load": {"value": round(value * 2) / 2, "unit": "kg"},
                "repetitions": measure.repetitions,
            }
        if isinstance(measure, Angle):
            return {
                "kind": "rom",
                "motion": measure.motion,
                "side": measure.side,
                "rom_type": measure.rom_type,
                "value_deg": round(value),
                **measure.fields,
            }
        return _tape(measure, value, gap=self.rng.choice((0.1, 0.2, 0.3)))

    def _session(self, practice: Practice, day: int) -> Document:
        rng, story = self.rng, self.story
        head: Document = {"kind": "sessions", "modality": practice.modality, "setting": practice.setting}
        chance = rng.random()
        if chance > story.adherence + 0.06:
            return {**head, "status": "skipped", "reason": self._reason()}
        short = chance > story.adherence
        pain = max(0, min(4, round(story.pain + rng.gauss(0, 0.6))))
        tired = max(0, min(8, round(story.fatigue + rng.gauss(0, 0.8))))
        found: Document = {
            **head,
            "supervision": practice.supervision,
            "duration_min": max(5, round(practice.minutes * (0.6 if short else rng.choice((0.9, 1.0, 1.0, 1.1))))),
            "session_rpe": max(1, min(7, round(practice.rpe.at(day, rng)))),
            "pain_before": pain,
            "pain_during_max": pain + rng.choice((0, 0, 1)),
            "pain_after": pain,
            "fatigue_before": tired,
            "fatigue_after": min(9, tired + rng.choice((0, 1, 1, 2))),
            "details": practice.details(day // 7, rng),
        }
        if short:
            found |= {"status": rng.choice(("partial", "partial", "stopped_early")), "reason": self._reason()}
        if practice.targets:
            found["target_muscles"] = [{"muscle": muscle, "side": side} for muscle, side in practice.targets]
        return found

    def _reason(self) -> str:
        reasons = self.story.reasons
        return self.rng.choices(reasons, weights=range(len(reasons), 0, -1))[0]

    def _note(self) -> str:
        if not self.story.notes or self.rng.random() > NOTE_SHARE:
            return ""
        self._notes += 1
        return self.story.notes[(self._notes - 1) % len(self.story.notes)]

    def _logger(self) -> str:
        """Return who writes down what was done at home; a therapist enters the diaries of those without an account."""
        if not self.story.account:
            return "therapist"
        return "caregiver" if self.story.caregiver and self.rng.random() < CAREGIVER_SHARE else "patient"

    def _moment(self, day: int, hour: int, minutes: int) -> datetime:
        start = datetime.combine(self.first + timedelta(days=day), time(hour), tzinfo=self.zone)
        return start + timedelta(minutes=minutes)

    def _weekday(self, day: int) -> int:
        return (self.first + timedelta(days=day)).weekday()

    def _workday(self, day: int) -> int:
        return day + {5: -1, 6: 1}.get(self._weekday(day), 0)


def _force(measure: Force, value: float) -> Document:
    digits = 0 if measure.unit == "N" and value >= 30 else 1
    spread = (1.02, 1.0, 0.98) if measure.method == "grip" else (0.96, 1.0, 0.97)
    found: Document = {
        "kind": "strength",
        "method": measure.method,
        "muscle": measure.muscle,
        "side": measure.side,
        "trials": [{"value": round(value * share, digits), "unit": measure.unit} for share in spread],
    }
    if measure.method == "hhd":
        found |= {"test_type": "make", "device": "Dynamometer 1"}
    return {**found, **measure.fields}


def _context(task: Home, hour: float) -> Document:
    """Return how long before a test the patient woke and took the last dose."""
    found: Document = {}
    if task.wakes is not None:
        found["hours_since_waking"] = round(hour - task.wakes, 1)
    taken = [dose for dose in task.doses if dose <= hour]
    if taken:
        found["hours_since_anticholinesterase"] = round(hour - max(taken), 1)
    return found


def _tape(measure: Tape, value: float, *, gap: float) -> Document:
    return {
        "kind": "girth",
        "site": measure.site,
        "side": measure.side,
        "readings": [{"value": round(value + shift, 1), "unit": "cm"} for shift in (-gap / 2, gap / 2)],
        "position": "supine" if measure.site.startswith(("THIGH", "CALF")) else "sitting",
    }


def _correction(found: Planned, changes: Document | None, reason: str) -> Correction:
    document = found.document
    return Correction(document["kind"], uuid.UUID(document["id"]), found.performed_at, changes, reason, found.by)
