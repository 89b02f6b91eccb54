"""What people do with articles: read, say whether it helped, check their understanding, ask; give to read, answer."""

import uuid
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from content.library import Text
from rehab.errors import AlreadyClosed, IdInUse, Invalid, NotFound, NotPermitted, Problem, VersionConflict
from rehab.models import ArticleAssignment, ArticleQuestion, ArticleReading, Patient
from rehab.selectors import library, patients, reading
from rehab.selectors.patients import Seen
from rehab.services import documents, events
from rehab.services.inputs.library import AnswerInput, AssignmentInput, CheckInput, QuestionInput

M = TypeVar("M", ArticleAssignment, ArticleQuestion)


def mark_read(slug: str, *, patient_id: uuid.UUID, language: str, by: User, now: datetime) -> ArticleReading:
    """Note that the patient or a caregiver has read an article; the first time stands."""
    seen, text = _reading_for(slug, patient_id, language=language, by=by, now=now)
    with transaction.atomic():
        row, is_new = _row(text.listed.slug, seen, language=language, by=by, now=now)
        if row.read_at is None:
            row.read_at = now
            _save(row, "read_at", language=language, by=by, now=now, seen=seen, changes={"first": is_new})
    return row


def say_whether_it_helped(
    slug: str, *, helped: bool, patient_id: uuid.UUID, language: str, by: User, now: datetime
) -> ArticleReading:
    seen, text = _reading_for(slug, patient_id, language=language, by=by, now=now)
    with transaction.atomic():
        row, _is_new = _row(text.listed.slug, seen, language=language, by=by, now=now)
        if row.helped != helped:
            row.helped = helped
            _save(row, "helped", language=language, by=by, now=now, seen=seen, changes={"helped": helped})
    return row


def answer_check(
    slug: str, document: Any, *, patient_id: uuid.UUID, language: str, by: User, now: datetime
) -> ArticleReading:
    """Store the answers to the check of an article and how many are right; the latest stand.

    ``Invalid`` unless each question has one of its options.
    """
    seen, text = _reading_for(slug, patient_id, language=language, by=by, now=now)
    parsed, check = documents.read(CheckInput, document), text.check
    problems = [
        Problem(f"/answers/{i}", "unknown_option", _("Choose one of the answers."))
        for i, (answer, question) in enumerate(zip(parsed.answers, check, strict=True))
        if answer >= len(question["options"])
    ]
    if problems:
        raise Invalid(problems)
    right = sum(answer == question["correct"] for answer, question in zip(parsed.answers, check, strict=True))
    with transaction.atomic():
        row, _is_new = _row(text.listed.slug, seen, language=language, by=by, now=now)
        row.check_answers, row.check_right, row.checked_at = list(parsed.answers), right, now
        fields = ("check_answers", "check_right", "checked_at")
        _save(row, *fields, language=language, by=by, now=now, seen=seen, changes={"right": right})
    return row


def _reading_for(slug: str, patient_id: uuid.UUID, *, language: str, by: User, now: datetime) -> tuple[Seen, Text]:
    seen = reading.get_as_reader(viewer=by, patient_id=patient_id)
    return seen, library.text(slug, library.desk_about(seen, viewer=by, language=language, now=now))


def _row(slug: str, seen: Seen, *, language: str, by: User, now: datetime) -> tuple[ArticleReading, bool]:
    """Return the row of a person and an article, locked: what is tapped twice is written one after the other."""
    rows = ArticleReading.objects.select_for_update(of=("self",))
    return rows.get_or_create(
        patient=seen.patient, reader=by, article_id=slug, defaults={"language": language, "updated_at": now}
    )


def _save(
    row: ArticleReading, *fields: str, language: str, by: User, now: datetime, seen: Seen, changes: dict[str, Any]
) -> None:
    row.language, row.updated_at = language, now
    row.save(update_fields=[*fields, "language", "updated_at"])
    action = {"read_at": "read", "helped": "rated"}.get(fields[0], "checked")
    changes = {"article": row.article_id, **changes}
    events.tell_of_patient(
        f"article.{action}", seen.patient, ("article_reading", row.pk), by=by, now=now, changes=changes
    )


def ask(document: Any, *, language: str, by: User, now: datetime) -> ArticleQuestion:
    """Ask the patient's therapists about an article that the asker may read.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``.
    """
    parsed = documents.read(QuestionInput, document)
    seen, about = _reading_for(parsed.article, parsed.patient, language=language, by=by, now=now)
    row = ArticleQuestion(
        id=parsed.id or new_id(),
        patient=seen.patient,
        article_id=about.listed.slug,
        asked_by=by,
        text=parsed.text,
        asked_at=now,
    )
    same = ("patient_id", "article_id", "asked_by_id", "text")
    return _add(row, seen.patient, action="article_question.asked", same=same, by=by, now=now)


def answer(question_id: uuid.UUID, document: Any, *, expected_version: int, by: User, now: datetime) -> ArticleQuestion:
    """Answer a question, once. ``AlreadyClosed`` if somebody has; ``VersionConflict`` for another version."""
    row, seen = reading.question(viewer=by, question_id=question_id)
    if not seen.may(Permission.TEACH):
        raise NotPermitted
    parsed = documents.read(AnswerInput, document)
    if row.answered_at is not None:
        raise AlreadyClosed
    columns = {"answer": parsed.text, "answered_by": by, "answered_at": now, "version": expected_version + 1}
    with transaction.atomic():
        # The condition is the lock: of two answers to one question, one finds it open.
        open_row = ArticleQuestion.objects.filter(pk=row.pk, version=expected_version, answered_at__isnull=True)
        if not open_row.update(**columns):
            raise VersionConflict(reading.question(viewer=by, question_id=question_id)[0].version)
        changes = {"article": row.article_id}
        events.tell_of_patient(
            "article_question.answered", seen.patient, ("article_question", row.pk), by=by, now=now, changes=changes
        )
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def assign(document: Any, *, language: str, by: User, now: datetime) -> ArticleAssignment:
    """Give a patient an article to read. ``Invalid`` if the patient may not read it, or is given it already."""
    parsed = documents.read(AssignmentInput, document)
    seen = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.TEACH)
    try:
        desk = library.desk_about(seen, viewer=by, language=language, now=now)
        about = library.text_in_some_language(parsed.article, desk)
    except NotFound:
        message = _("Article: this patient cannot read it. It is not for one of their conditions, or not released.")
        raise Invalid([Problem("/article", "not_for_patient", message)]) from None
    row = ArticleAssignment(
        id=parsed.id or new_id(),
        patient=seen.patient,
        article_id=about.listed.slug,
        note=parsed.note,
        assigned_by=by,
        assigned_at=now,
    )
    same = ("patient_id", "article_id", "note", "assigned_by_id")
    try:
        return _add(row, seen.patient, action="article_assignment.made", same=same, by=by, now=now)
    except IntegrityError:
        message = _("Article: this patient is given it to read already.")
        raise Invalid([Problem("/article", "assigned_already", message)]) from None


def end_assignment(assignment_id: uuid.UUID, *, by: User, now: datetime) -> ArticleAssignment:
    """Take an article off what a patient is given to read; what was read stays. ``AlreadyClosed`` if it was before."""
    row, seen = reading.assignment(viewer=by, assignment_id=assignment_id)
    if not seen.may(Permission.TEACH):
        raise NotPermitted
    with transaction.atomic():
        current = ArticleAssignment.objects.filter(pk=row.pk, ended_at__isnull=True)
        if not current.update(ended_at=now, ended_by=by, version=row.version + 1):
            raise AlreadyClosed
        changes = {"article": row.article_id}
        events.tell_of_patient(
            "article_assignment.ended", seen.patient, ("article_assignment", row.pk), by=by, now=now, changes=changes
        )
    row.ended_at, row.ended_by, row.version = now, by, row.version + 1
    return row


def _add(row: M, patient: Patient, *, action: str, same: tuple[str, ...], by: User, now: datetime) -> M:
    """Store a new row and tell of it, or return what stands under its id already if the fields ``same`` are equal."""
    if stored := _stored(row, same):
        return stored
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            target = (action.partition(".")[0], row.pk)
            events.tell_of_patient(action, patient, target, by=by, now=now, changes={"article": row.article_id})
    except IntegrityError:
        if stored := _stored(row, same):
            return stored
        raise
    return row


def _stored(row: M, same: tuple[str, ...]) -> M | None:
    """Return what stands under the id of a new row if it says the same; ``IdInUse`` if it says something else."""
    stored = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is not None and any(getattr(stored, name) != getattr(row, name) for name in same):
        raise IdInUse
    return stored
