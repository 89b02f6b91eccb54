"""What people of a patient did with articles: read, checked, asked; what a therapist gave them to read."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import CareRole
from content.library import Listed
from rehab.errors import NotFound, NotPermitted
from rehab.models import ArticleAssignment, ArticleQuestion, ArticleReading, Patient
from rehab.selectors import access, patients
from rehab.selectors.paging import Position
from rehab.selectors.patients import Seen

#: How long an answer is shown on the patient's home.
NEWLY_ANSWERED = timedelta(days=14)


@dataclass(frozen=True)
class Given:
    """An article given to read, with what the patient and their caregivers did with it."""

    assignment: ArticleAssignment
    readings: list[ArticleReading]


@dataclass(frozen=True)
class Overview:
    """What a patient is asked to read, what else was read, and what was asked."""

    given: list[Given]
    others: list[ArticleReading]
    questions: list[ArticleQuestion]

    def slugs(self) -> set[str]:
        """Return the articles that it is about."""
        return {
            *(row.assignment.article_id for row in self.given),
            *(row.article_id for row in self.others),
            *(row.article_id for row in self.questions),
        }


def get_as_reader(*, viewer: User, patient_id: uuid.UUID) -> Seen:
    """Return the patient for themself or a caregiver; ``NotPermitted`` for therapists, who do not read for them."""
    seen = patients.get(viewer=viewer, patient_id=patient_id)
    if seen.role == CareRole.THERAPIST:
        raise NotPermitted
    return seen


def current(patient_id: uuid.UUID) -> QuerySet[ArticleAssignment]:
    """Return what a patient is given to read, the earliest first."""
    found = ArticleAssignment.objects.filter(patient_id=patient_id, ended_at__isnull=True)
    return found.select_related("assigned_by").order_by("assigned_at", "id")


@dataclass(frozen=True)
class Shelf:
    """What a patient is given to read, and the slugs of what the viewer has marked as read."""

    given: list[ArticleAssignment]
    read: frozenset[str]

    @property
    def unread(self) -> list[ArticleAssignment]:
        return [row for row in self.given if row.article_id not in self.read]

    @property
    def known(self) -> frozenset[str]:
        return self.read | {row.article_id for row in self.given}


def shelf(patient_id: uuid.UUID, *, viewer: User) -> Shelf:
    read = ArticleReading.objects.filter(patient_id=patient_id, reader=viewer, read_at__isnull=False)
    slugs = read.order_by("article_id").values_list("article_id", flat=True)
    return Shelf(list(current(patient_id)), frozenset(slugs))


def of_article(slug: str, *, viewer: User, patient_id: uuid.UUID) -> ArticleReading | None:
    return ArticleReading.objects.filter(patient_id=patient_id, reader=viewer, article_id=slug).first()


def questions_of(seen: Seen, *, viewer: User) -> QuerySet[ArticleQuestion]:
    """Return the questions of a patient that the viewer sees, the latest first; a caregiver sees their own."""
    found = ArticleQuestion.objects.filter(patient_id=seen.patient.pk).select_related("asked_by", "answered_by")
    if seen.role == CareRole.CAREGIVER:
        found = found.filter(asked_by=viewer)
    return found.order_by("-asked_at", "-id")


def newly_answered(seen: Seen, *, viewer: User, now: datetime) -> list[ArticleQuestion]:
    """Return the viewer's questions that were answered lately, the latest answer first."""
    found = questions_of(seen, viewer=viewer).filter(asked_by=viewer, answered_at__gte=now - NEWLY_ANSWERED)
    return list(found.order_by("-answered_at", "-id"))


def overview(*, viewer: User, patient_id: uuid.UUID) -> tuple[Seen, Overview]:
    """Return everything about articles of one patient, in a constant number of statements.

    A caregiver sees their own readings and questions alone, and what the patient is given to read.
    """
    seen = patients.get(viewer=viewer, patient_id=patient_id)
    rows = ArticleReading.objects.filter(patient_id=patient_id).select_related("reader")
    if seen.role == CareRole.CAREGIVER:
        rows = rows.filter(reader=viewer)
    readings = list(rows.order_by("-updated_at", "-id"))
    assignments = list(current(patient_id))
    questions = list(questions_of(seen, viewer=viewer))
    given = {row.article_id for row in assignments}
    return seen, Overview(
        given=[Given(row, [one for one in readings if one.article_id == row.article_id]) for row in assignments],
        others=[row for row in readings if row.article_id not in given],
        questions=questions,
    )


def assignment(*, viewer: User, assignment_id: uuid.UUID) -> tuple[ArticleAssignment, Seen]:
    """Return an assignment with its patient as the viewer sees them; else ``NotFound``."""
    row = ArticleAssignment.objects.filter(pk=assignment_id).select_related("assigned_by").first()
    if row is None:
        raise NotFound
    return row, patients.get(viewer=viewer, patient_id=row.patient_id)


def question(*, viewer: User, question_id: uuid.UUID) -> tuple[ArticleQuestion, Seen]:
    """Return a question with its patient; ``NotFound`` for who does not see the patient or, a caregiver, asked not."""
    row = ArticleQuestion.objects.filter(pk=question_id).select_related("asked_by", "answered_by").first()
    if row is None:
        raise NotFound
    seen = patients.get(viewer=viewer, patient_id=row.patient_id)
    if seen.role == CareRole.CAREGIVER and row.asked_by_id != viewer.pk:
        raise NotFound
    return row, seen


def _open(viewer: User) -> QuerySet[ArticleQuestion]:
    return ArticleQuestion.objects.filter(patient__in=access.patients_treated_by(viewer), answered_at__isnull=True)


def open_count(viewer: User) -> int:
    """Return how many questions of a therapist's patients wait for an answer."""
    return _open(viewer).count()


def waiting_of(patient_id: uuid.UUID) -> int:
    """Return how many questions about one patient wait for an answer."""
    return ArticleQuestion.objects.filter(patient_id=patient_id, answered_at__isnull=True).count()


def open_questions(
    *, viewer: User, after: Position | None, limit: int
) -> tuple[list[ArticleQuestion], Position | None]:
    """Return a page of the questions that wait, the longest waiting first. ``NotPermitted`` for who treats nobody."""
    if not access.clinics_worked_for_by(viewer).exists():
        raise NotPermitted
    found = _open(viewer).select_related("patient", "asked_by")
    if after is not None:
        found = found.filter(Q(asked_at__gt=after.at) | Q(asked_at=after.at, id__gt=after.id))
    rows = list(found.order_by("asked_at", "id")[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], Position(rows[limit - 1].asked_at, rows[limit - 1].pk)


def candidates_for(listed: Listed, *, viewer: User) -> list[Patient]:
    """Return the patients whom a therapist may give an article to, by name: those whose conditions allow it.

    ``NotPermitted`` for who is no therapist. What the clinic holds back is checked when the article is given.
    """
    if not access.clinics_worked_for_by(viewer).exists():
        raise NotPermitted
    found = access.patients_treated_by(viewer).order_by("name", "id")
    return [patient for patient in found if not listed.not_for & set(patient.conditions)]
