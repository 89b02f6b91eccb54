"""What the people of the demo did with the learning library: given to read, read, asked, answered, reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from rehab.management.demo import central, disuse, nerve, neuron
from rehab.management.demo.people import Staff
from rehab.management.demo.shapes import Story
from rehab.selectors import library as shelves
from rehab.selectors import library_reviews as reviewed
from rehab.selectors import reading
from rehab.services import library, library_reviews


@dataclass(frozen=True)
class Given:
    """An article that the therapist gave to read so many days ago, and what became of it.

    ``by``: who read it, and ``wrong``: which questions of its check they got wrong; None: nobody has read it yet.
    """

    story: Story
    article: str
    days_ago: int
    note: str
    by: str | None = None
    wrong: tuple[int, ...] = ()


@dataclass(frozen=True)
class Asked:
    story: Story
    article: str
    days_ago: int
    text: str
    answer: str = ""


@dataclass(frozen=True)
class Reviewed:
    """A step of the clinic's review; an approval is looked at again a year later."""

    article: str
    language: str
    days_ago: int
    state: str
    note: str


GIVEN = (
    Given(
        central.STROKE,
        "stroke-and-muscle",
        40,
        "You asked why the hand takes longer than the leg. This explains it; tell me on Thursday what you make of it.",
        by="patient",
    ),
    Given(central.STROKE, "what-your-charts-mean", 4, "Before our review: how to read your own charts."),
    Given(
        disuse.FRACTURE, "weight-bearing-step-by-step", 70, "For the weeks with the scale.", by="patient", wrong=(1,)
    ),
    Given(
        nerve.CAUDA_EQUINA,
        "electrical-stimulation",
        12,
        "读完这篇，您会明白左小腿的刺激为什么和右腿不一样。有不清楚的，直接在文章下面问我。",
        by="patient",
    ),
    Given(neuron.MOTOR_NEURON, "family-and-caregivers", 30, "For the two of you.", by="caregiver"),
)
ASKED = (
    Asked(
        disuse.FRACTURE,
        "weight-bearing-step-by-step",
        68,
        "Does it count as weight on the leg when I carry my son?",
        "It does: whatever you carry presses on the leg as well. Please sit down with him until the X-ray review; we "
        "will look at it together then.",
    ),
    Asked(
        nerve.CAUDA_EQUINA,
        "electrical-stimulation",
        2,
        "文章说，没有神经的肌肉对普通的短脉冲没有反应。我左脚大趾现在能动一点了，这说明神经在恢复吗？",
    ),
)
REVIEWED = (
    Reviewed("resistance-bands", "en", 45, "in_review", "Sent round in the physiotherapy team."),
    Reviewed("resistance-bands", "en", 31, "approved", "Fits our home programmes."),
    Reviewed("electrical-stimulation", "en", 9, "in_review", "Waiting for the stimulation clinic."),
)
A_YEAR = timedelta(days=365)


def load(teams: Mapping[str, Mapping[str, User]], staff: Staff, *, now: datetime) -> None:
    """Do it in the order of time, through the services; ``teams`` by story key."""
    for review in REVIEWED:
        _review(review, staff, now=now - timedelta(days=review.days_ago))
    for given in GIVEN:
        if given.story.key in teams:
            _give(given, teams[given.story.key], now=now - timedelta(days=given.days_ago))
    for asked in ASKED:
        if asked.story.key in teams:
            _ask(asked, teams[asked.story.key], now=now - timedelta(days=asked.days_ago))


def _review(review: Reviewed, staff: Staff, *, now: datetime) -> None:
    document = {
        "article": review.article,
        "language": review.language,
        "text_version": reviewed.version_of(review.article, language=review.language),
        "state": review.state,
        "note": review.note,
        "due_on": (now + A_YEAR).date().isoformat() if review.state == "approved" else None,
    }
    library_reviews.review(document, clinic_id=staff.clinic.pk, by=staff.admin, now=now)


def _give(given: Given, team: Mapping[str, User], *, now: datetime) -> None:
    patient, language = given.story.id, given.story.language
    document = {"patient": str(patient), "article": given.article, "note": given.note}
    library.assign(document, language=language, by=team["therapist"], now=now)
    if given.by is None:
        return
    reader, later = team[given.by], now + timedelta(hours=30)
    seen = reading.get_as_reader(viewer=reader, patient_id=patient)
    desk = shelves.desk_about(seen, viewer=reader, language=language, now=later)
    check = shelves.text(given.article, desk).check
    answers = [
        (question["correct"] + (number in given.wrong)) % len(question["options"])
        for number, question in enumerate(check)
    ]
    how: dict[str, Any] = {"patient_id": patient, "language": language, "by": reader, "now": later}
    library.mark_read(given.article, **how)
    library.answer_check(given.article, {"answers": answers}, **how)
    library.say_whether_it_helped(given.article, helped=True, **how)


def _ask(asked: Asked, team: Mapping[str, User], *, now: datetime) -> None:
    document = {"patient": str(asked.story.id), "article": asked.article, "text": asked.text}
    question = library.ask(document, language=asked.story.language, by=team["patient"], now=now)
    if asked.answer:
        answer, later = {"text": asked.answer}, now + timedelta(hours=20)
        library.answer(question.pk, answer, expected_version=question.version, by=team["therapist"], now=later)
