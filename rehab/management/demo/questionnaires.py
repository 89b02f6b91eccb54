"""Questionnaires of some stories: a clinic that offers them, somebody who answers item 9, and an answer that alerts."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Clinic, User
from rehab.management.demo.shapes import Story
from rehab.models import Record
from rehab.reference.questionnaires import QUESTIONNAIRES
from rehab.services import clinics, questionnaires, responders

CRISIS_LINE = "Samaritans, 116 123"
_IDS = uuid.UUID("01980002-0000-7000-8000-000000000000")

#: By story: the day of the sixteen weeks, the questionnaire, and its answers in order.
ANSWERED: dict[str, tuple[tuple[int, str, str], ...]] = {
    "Emma Clarke": ((30, "phq2", "10"), (30, "gad2", "01"), (86, "phq2", "00")),
    "Margaret Hughes": (
        (20, "phq2", "21"),
        (20, "phq9", "211210110"),
        (20, "gad2", "21"),
        (20, "gad7", "2111010"),
        (76, "phq2", "22"),
        (76, "phq9", "223321210"),
    ),
    "Carlos Rivera": (
        (41, "phq2", "11"),
        (110, "phq2", "22"),
        (110, "phq9", "222212101"),
    ),
}


def switch_on(clinic: Clinic, *, responder: User, by: User, now: datetime) -> None:
    clinics.change(
        clinic_id=clinic.pk,
        name=clinic.name,
        time_zone=clinic.time_zone,
        emergency_number=clinic.emergency_number,
        crisis_line=CRISIS_LINE,
        by=by,
        now=now,
    )
    responders.add(clinic_id=clinic.pk, user_id=responder.pk, by=by, now=now)
    responders.offer(clinic_id=clinic.pk, mode="with_item_9", by=by, now=now)


def answer(story: Story, patient: User, *, first: date) -> int:
    """Answer what the story answers, in the evening of its day; return how many questionnaires that is."""
    planned = ANSWERED.get(story.name, ())
    opened: dict[str, str] = {}
    for number, (day, code, values) in enumerate(planned):
        family = code[:3]
        at = datetime.combine(first + timedelta(days=day), time(19, number), tzinfo=ZoneInfo(story.time_zone))
        made = questionnaires.create(
            {
                "id": str(uuid.UUID(int=_IDS.int + (story.id.int & 0xFF) * 0x100 + number)),
                "patient": str(story.id),
                "performed_at": at.isoformat(),
                "instrument": code,
                "answers": {
                    item.loinc: int(value) for item, value in zip(QUESTIONNAIRES[code].items, values, strict=True)
                },
                "follows": opened[family] if code in ("phq9", "gad7") else None,
            },
            by=patient,
            source=Record.Source.DEMO,
            now=at,
        )
        opened[family] = str(made.response_id)
    return len(planned)
