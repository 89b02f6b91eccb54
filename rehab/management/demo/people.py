"""The clinic of the demo and its people, who came when their stories began."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Clinic, User
from accounts.roles import ClinicRole, Permission
from rehab.management.demo import analyses, check_ins, questionnaires
from rehab.management.demo.shapes import DAYS, Story
from rehab.services import clinics, patients, people, preferences

CLINIC = "Riverside Rehabilitation"
CLINIC_ZONE = "Europe/London"
EMERGENCY_NUMBER = "999"
FOUNDER = ("david.osei@demo.example", "David Osei")
THERAPIST = ("hannah.brooks@demo.example", "Hannah Brooks")
ADMIN = ("samuel.okafor@demo.example", "Samuel Okafor")
SATURDAY = 5
#: So long before its first patient of the demo the clinic was founded.
BEFORE = timedelta(weeks=12)


@dataclass(frozen=True)
class Staff:
    clinic: Clinic
    founder: User
    therapist: User
    admin: User

    def treating(self, story: Story) -> User:
        return (self.founder, self.therapist)[story.therapist]


def found(*, password: str, first: date) -> Staff:
    """Found the clinic, and let its staff in, some weeks before a day."""
    began = datetime.combine(first - BEFORE, time(9), tzinfo=ZoneInfo(CLINIC_ZONE))
    founder = _sign_up(FOUNDER, password=password, time_zone=CLINIC_ZONE, now=began)
    clinic = clinics.found(name=CLINIC, time_zone=CLINIC_ZONE, emergency_number=EMERGENCY_NUMBER, by=founder, now=began)
    therapist = _staff(THERAPIST, ClinicRole.THERAPIST, clinic, by=founder, password=password, now=began)
    admin = _staff(ADMIN, ClinicRole.CLINIC_ADMIN, clinic, by=founder, password=password, now=began)
    questionnaires.switch_on(clinic, responder=founder, by=founder, now=began)
    return Staff(clinic, founder, therapist, admin)


def first_day(story: Story, *, today: date | None, now: datetime) -> date:
    """Return the first of the sixteen weeks that end the day before ``today``, so that nothing lies in the future.

    ``today`` is the date in the patient's own zone; one given is used unless it has not begun there yet. Of who was
    discharged they ended earlier, on a Friday.
    """
    local_today = now.astimezone(ZoneInfo(story.time_zone)).date()
    after = min(today or local_today, local_today)
    if story.discharged_days:
        after -= timedelta(days=story.discharged_days)
        after -= timedelta(days=(after.weekday() - SATURDAY) % 7)
    return after - timedelta(days=DAYS)


def enrolled_on(story: Story, *, first: date) -> date:
    """Return the day on which care began: with the first record, and of those who are new long after ``first``."""
    if story.new_for_days:
        return first + timedelta(days=DAYS - story.new_for_days)
    return first - timedelta(days=analyses.DAYS_BEFORE.get(story.key, 0))


def enrol(story: Story, *, therapist: User, first: date, password: str) -> dict[str, User]:
    """Enrol the patient in the morning of the first day; return who records for them, by what they are."""
    now = datetime.combine(enrolled_on(story, first=first), time(7, 30), tzinfo=ZoneInfo(story.time_zone))
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


def discharge(story: Story, *, by: User, first: date) -> None:
    """End the care with the last of the sixteen weeks, as was agreed at the last visit."""
    last = first + timedelta(days=DAYS - 1)
    now = datetime.combine(last, time(21), tzinfo=ZoneInfo(story.time_zone))
    patients.amend(story.id, {"discharged_on": last.isoformat()}, expected_version=1, by=by, now=now)


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
