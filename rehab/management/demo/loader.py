"""Recording the stories through the services that everybody uses, all in one transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from rehab.management.demo import (
    alerts,
    analyses,
    check_ins,
    diary,
    generator,
    goals,
    library,
    people,
    programs,
    questionnaires,
    summaries,
)
from rehab.management.demo.diary import Entry
from rehab.management.demo.generator import Correction, Planned
from rehab.management.demo.shapes import Story
from rehab.management.demo.stories import EVERYBODY


@dataclass(frozen=True)
class Loaded:
    records: int
    corrections: int
    summaries: int


@dataclass(frozen=True)
class _Written:
    """A story as it is written for one day: who records, what, and what is corrected."""

    story: Story
    first: date
    users: dict[str, User]
    planned: list[Planned]
    corrections: list[Correction]

    def entries(self) -> Iterator[Entry]:
        return (Entry(one, self.users[one.by]) for one in self.planned)


def load(*, seed: int, today: date | None, password: str, now: datetime, say: Callable[[str], object]) -> Loaded:
    """Make the clinic, its people, their records and what follows from them, each at its own time.

    Call inside a transaction: all of it, or nothing.
    """
    days = [(story, people.first_day(story, today=today, now=now)) for story in EVERYBODY]
    staff = people.found(password=password, first=min(first for _story, first in days))
    written = []
    for story, first in days:
        users = people.enrol(story, therapist=staff.treating(story), first=first, password=password)
        one = _write(story, users, seed=seed, first=first)
        written.append(one)
        say(f"  {story.name}: {len(one.planned)} records ({', '.join(story.conditions)})")
    made = diary.record((entry for one in written for entry in one.entries()), now=now)
    for one in written:
        _follow(one, now=now)
    teams = {one.story.key: one.users for one in written}
    alerts.load(teams, responder=staff.founder, now=now)
    library.load(teams, staff, now=now)
    computed = summaries.load(teams, now=now)
    return Loaded(made, sum(len(one.corrections) for one in written), computed)


def _write(story: Story, users: dict[str, User], *, seed: int, first: date) -> _Written:
    plan = generator.plan(story, seed=seed, first=first)
    began = people.enrolled_on(story, first=first)
    items = programs.write(story, users["therapist"], first=max(first, began))
    planned = [
        *programs.linked(plan.records, items),
        *goals.assessments(story, seed=seed, first=first),
        *check_ins.planned(story, seed=seed, first=first),
        *analyses.planned(story, seed=seed, first=first),
    ]
    kept = [one for one in planned if not story.silent and one.performed_at.date() >= began]
    return _Written(story, first, users, kept, plan.corrections)


def _follow(written: _Written, *, now: datetime) -> None:
    story, users, first = written.story, written.users, written.first
    goals.agree(story, first=first, by=users["therapist"])
    for correction in written.corrections:
        diary.correct(correction, users[correction.by], now=now)
    if "patient" in users:
        questionnaires.answer(story, users["patient"], first=first)
    if story.discharged_days:
        programs.end(story, users["therapist"], first=first)
        people.discharge(story, by=users["therapist"], first=first)
