"""Recording the stories through the services that everybody uses, all in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from accounts.models import Clinic, User
from accounts.roles import ClinicRole, Permission
from rehab.management.demo import alerts, analyses, check_ins, generator, goals, programs, questionnaires
from rehab.management.demo.generator import Correction, Planned
from rehab.management.demo.shapes import DAYS, Story
from rehab.management.demo.stories import STORIES
from rehab.models import Record
from rehab.services import batch, clinics, patients, people, preferences, records
from rehab.services.kinds import KINDS

CLINIC = "Riverside Rehabilitation"
CLINIC_ZONE = "Europe/London"
EMERGENCY_NUMBER = "999"
FOUNDER = ("david.osei@demo.example", "David Osei")
THERAPIST = ("hannah.brooks@demo.example", "Hannah Brooks")
ADMIN = ("samuel.okafor@demo.example", "Samuel Okafor")


@dataclass(frozen=True)
class Loaded:
    records: int
    corrections: int


def load(*, seed: int, today: date | None, password: str, now: datetime, say: Callable[[str], object]) -> Loaded:
    """Make the clinic, its people and their records. Call inside a transaction: all of it, or nothing."""
    founder = _sign_up(FOUNDER, password=password, time_zone=CLINIC_ZONE, now=now)
    clinic = clinics.found(name=CLINIC, time_zone=CLINIC_ZONE, emergency_number=EMERGENCY_NUMBER, by=founder, now=now)
    therapist = _staff(THERAPIST, ClinicRole.THERAPIST, clinic, by=founder, password=password, now=now)
    _staff(ADMIN, ClinicRole.CLINIC_ADMIN, clinic, by=founder, password=password, now=now)
    questionnaires.switch_on(clinic, responder=founder, by=founder, now=now)
    made, corrected, teams = 0, 0, {}
    for story in STORIES:
        users = _people_of(story, therapist=(founder, therapist)[story.therapist], password=password, now=now)
        teams[story.key] = users
        first = first_day(story, today=today, now=now)
        plan = generator.plan(story, seed=seed, first=first)
        items = programs.write(story, users["therapist"], first=first)
        planned = [
            *programs.linked(plan.records, items),
            *goals.assessments(story, seed=seed, first=first),
            *check_ins.planned(story, seed=seed, first=first),
            *analyses.planned(story, seed=seed, first=first),
        ]
        record(planned, users, now=now)
        goals.agree(story, first=first, by=users["therapist"])
        for correction in plan.corrections:
            correct(correction, users[correction.by], now=now)
        if "patient" in users:
            questionnaires.answer(story, users["patient"], first=first, now=now)
        made, corrected = made + len(planned), corrected + len(plan.corrections)
        say(f"  {story.name}: {len(planned)} records ({', '.join(story.conditions)})")
    alerts.load(teams, now=now)
    return Loaded(made, corrected)


def first_day(story: Story, *, today: date | None, now: datetime) -> date:
    """Return the first of the sixteen weeks that end the day before ``today``, so that nothing lies in the future.

    ``today`` is the date in the patient's own zone; one given is used unless it has not begun there yet.
    """
    local_today = now.astimezone(ZoneInfo(story.time_zone)).date()
    return min(today or local_today, local_today) - timedelta(days=DAYS)


def record(planned: Iterable[Planned], users: dict[str, User], *, now: datetime) -> None:
    ordered = sorted(planned, key=lambda one: one.by)
    for by, group in groupby(ordered, key=lambda one: one.by):
        items = [one.document for one in group]
        for start in range(0, len(items), batch.MAX_ITEMS):
            part = items[start : start + batch.MAX_ITEMS]
            outcomes = batch.record_all(part, by=users[by], source=Record.Source.DEMO, now=now)
            for outcome in outcomes:
                if outcome.outcome != "created":
                    messages = "; ".join(f"{one.pointer} {one.message}" for one in outcome.problems)
                    raise RuntimeError(f"{part[outcome.index]}: {outcome.outcome} {outcome.code} {messages}")


def correct(correction: Correction, by: User, *, now: datetime) -> None:
    kind = KINDS[correction.kind]
    if correction.changes is None:
        records.enter_in_error(kind, correction.id, reason=correction.reason, expected_version=1, by=by, now=now)
    else:
        records.amend(
            kind,
            correction.id,
            correction.changes,
            reason=correction.reason,
            expected_version=1,
            confirm=False,
            by=by,
            now=now,
        )


def _people_of(story: Story, *, therapist: User, password: str, now: datetime) -> dict[str, User]:
    """Enrol the patient; return who records for them, by what they are."""
    document = {
        "id": str(story.id),
        "name": story.name,
        "birth_date": story.birth_date.isoformat(),
        "sex": story.sex,
        "dominant_hand": story.dominant_hand,
        "conditions": list(story.conditions),
        "time_zone": story.time_zone,
        "involved_side": analyses.INVOLVED.get(story.key),
        **check_ins.KNOWN.get(story.key, {}),
    }
    patients.enrol(document, by=therapist, now=now)
    users = {"therapist": therapist}
    if story.account:
        users["patient"] = patient = _sign_up(
            (story.email, story.name),
            password=password,
            time_zone=story.time_zone,
            language=story.language,
            force_unit=story.force_unit,
            now=now,
        )
        invitation = people.invite_patient(
            patient_id=story.id, email=story.email, language=story.language, by=therapist, now=now
        )
        people.accept(invitation, by=patient, now=now)
    if story.caregiver:
        users["caregiver"] = caregiver = _sign_up(
            (story.caregiver_email, story.caregiver),
            password=password,
            time_zone=story.time_zone,
            language=story.language,
            now=now,
        )
        invitation = people.invite_caregiver(
            patient_id=story.id,
            email=story.caregiver_email,
            permissions=[Permission.LOG_RECORDS],
            language=story.language,
            by=users["patient"],
            now=now,
        )
        people.accept(invitation, by=caregiver, now=now)
    return users


def _staff(person: tuple[str, str], role: str, clinic: Clinic, *, by: User, password: str, now: datetime) -> User:
    user = _sign_up(person, password=password, time_zone=clinic.time_zone, now=now)
    invitation = people.invite_staff(clinic_id=clinic.pk, email=user.email, role=role, language="en", by=by, now=now)
    people.accept(invitation, by=user, now=now)
    return user


def _sign_up(
    person: tuple[str, str],
    *,
    password: str,
    time_zone: str,
    now: datetime,
    language: str = "en",
    force_unit: str = "N",
) -> User:
    email, name = person
    user = people.sign_up(email=email, name=name, password=password, language=language)
    return preferences.change({"time_zone": time_zone, "force_unit": force_unit}, by=user, now=now)
