"""Writing goals, changing and ending them, rating how far they are reached."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import (
    AlreadyClosed,
    EnteredInError,
    IdInUse,
    Invalid,
    NotFound,
    NotPermitted,
    Problem,
    VersionConflict,
    pointer_to,
)
from rehab.models import Goal, GoalReview, Patient, RecordVersion
from rehab.selectors import goals, patients
from rehab.services import documents, events, rows
from rehab.services.inputs.goals import GoalInput, GoalState, ReviewInput
from rehab.services.records import check_reason, in_changes

KIND = "goals"
#: What stands still once the period began, so that nobody moves the goalposts.
FROZEN = ("levels", "baseline_level", "importance", "difficulty", "period_start")


@dataclass(frozen=True)
class Written:
    goal: Goal
    created: bool


@dataclass(frozen=True)
class Rated:
    review: GoalReview
    created: bool


def create(document: Any, *, by: User, now: datetime) -> Written:
    """Write a goal for a patient whom ``by`` plans for. Its period has not begun, or begins today.

    The same id with the same content again answers what is stored; other content raises ``IdInUse``.
    """
    parsed = documents.read(GoalInput, document)
    patient = patients.get(viewer=by, patient_id=parsed.patient, to=Permission.PLAN).patient
    digest = _digest(parsed)
    if parsed.id is not None and (stored := goals.by_id(parsed.id)) is not None:
        return _same_goal(stored, digest)
    today = local_today(patient, now=now)
    _check(parsed.problems() or _start_problems(parsed.period_start, today=today))
    goal = Goal(
        id=parsed.id or new_id(),
        patient=patient,
        levels_written_on=today,
        created_by=by,
        created_digest=digest,
        created_at=now,
        updated_at=now,
        **_columns(parsed),
    )
    try:
        with transaction.atomic():
            goal.save(force_insert=True)
            events.tell_of_patient(
                "goal.created", patient, ("goal", goal.pk), by=by, now=now, changes={"version": 1, "digest": digest}
            )
    except IntegrityError:
        stored = goals.by_id(goal.pk)
        if stored is None:
            raise
        return _same_goal(stored, digest)
    return Written(goal, created=True)


def _same_goal(stored: Goal, digest: str) -> Written:
    if stored.created_digest != digest:
        raise IdInUse
    return Written(stored, created=False)


def amend(goal_id: uuid.UUID, changes: Any, *, reason: str, expected_version: int, by: User, now: datetime) -> Goal:
    """Change a goal; the version before is kept. Once the period began, ``FROZEN`` stands still."""
    goal, patient = _to_change(goal_id, reason=reason, expected_version=expected_version, by=by)
    _check_changes(changes)
    merged = rows.merge_patch(document_of(goal), changes)
    try:
        parsed = documents.read(GoalState, merged)
        problems = parsed.problems()
        today = local_today(patient, now=now)
        if parsed.period_start != goal.period_start:
            problems += _start_problems(parsed.period_start, today=today)
        _check(problems)
    except Invalid as error:
        raise Invalid(in_changes(error.problems)) from None
    columns = _columns(parsed)
    changed = {name for name, value in columns.items() if value != getattr(goal, name)}
    if not changed:
        raise Invalid([Problem("/changes", "nothing_changed", _("Changes: they change nothing."))])
    _check_frozen(changed, goal, today=today)
    if "levels" in changed:
        columns["levels_written_on"] = today
    return _change(goal, patient, columns, action="amended", reason=reason, fields=sorted(changed), by=by, now=now)


def close(goal_id: uuid.UUID, *, status: str, reason: str, expected_version: int, by: User, now: datetime) -> Goal:
    """Stop a goal before its last day, or mark it as entered in error: then it counts for nothing."""
    goal, patient = _to_change(goal_id, reason=reason, expected_version=expected_version, by=by)
    return _change(
        goal, patient, {"status": Goal.Status(status)}, action=status, reason=reason, fields=["status"], by=by, now=now
    )


def review(goal_id: uuid.UUID, document: Any, *, by: User, now: datetime) -> Rated:
    """Rate how far a goal is reached, or correct a rating with a reason; every rating is kept."""
    goal, seen = goals.get(viewer=by, goal_id=goal_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    parsed = documents.read(ReviewInput, document)
    digest = _digest(parsed, str(goal.pk))
    if parsed.id is not None and (stored := goals.review_by_id(parsed.id)) is not None:
        return _same_review(stored, digest)
    if goal.status == Goal.Status.ENTERED_IN_ERROR:
        raise EnteredInError
    _check(parsed.problems() or _day_problems(parsed.rated_on, goal, today=local_today(seen.patient, now=now)))
    if parsed.corrects is not None:
        _check_corrects(goal, parsed.corrects)
    row = GoalReview(
        id=parsed.id or new_id(),
        goal=goal,
        level=parsed.level,
        rated_on=parsed.rated_on,
        note=parsed.note,
        corrects_id=parsed.corrects,
        reason=parsed.reason,
        rated_by=by,
        created_digest=digest,
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            changes = {"goal": str(goal.pk), "level": row.level, "corrects": row.corrects_id and str(row.corrects_id)}
            events.tell_of_patient(
                "goal_review.created", seen.patient, ("goal_review", row.pk), by=by, now=now, changes=changes
            )
    except IntegrityError:
        stored = goals.review_by_id(row.pk)
        if stored is not None:
            return _same_review(stored, digest)
        if parsed.corrects is not None:  # somebody corrected it first
            _check_corrects(goal, parsed.corrects)
        raise
    return Rated(row, created=True)


def _same_review(stored: GoalReview, digest: str) -> Rated:
    if stored.created_digest != digest:
        raise IdInUse
    return Rated(stored, created=False)


def document_of(goal: Goal) -> dict[str, Any]:
    """Return what a goal says, as a document."""
    found = {name: getattr(goal, name) for name in GoalState.model_fields}
    return {**found, "period_start": goal.period_start.isoformat(), "period_end": goal.period_end.isoformat()}


def local_today(patient: Patient, *, now: datetime) -> date:
    """Return the date in the patient's own time zone."""
    return now.astimezone(ZoneInfo(patient.time_zone)).date()


def has_begun(goal: Goal, *, today: date) -> bool:
    return goal.period_start <= today


def _columns(parsed: GoalState) -> dict[str, Any]:
    stored = parsed.model_dump(include=set(GoalState.model_fields))
    return {**stored, "review_dates": [day.isoformat() for day in parsed.review_dates]}


def _digest(parsed: BaseModel, *more: str) -> str:
    content = parsed.model_dump(mode="json", exclude={"id"}, exclude_defaults=True)
    return hashlib.sha256(orjson.dumps([*more, content], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _check(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(problems)


def _start_problems(period_start: date, *, today: date) -> list[Problem]:
    if period_start >= today:
        return []
    message = format_lazy(
        _("First day: {value} is over. Levels are written before the period: {today} or later."),
        value=period_start.isoformat(),
        today=today.isoformat(),
    )
    return [Problem("/period_start", "out_of_range", message)]


def _day_problems(rated_on: date, goal: Goal, *, today: date) -> list[Problem]:
    if goal.period_start <= rated_on <= today:
        return []
    if today < goal.period_start:
        message = format_lazy(
            _("Rated on: the period begins on {first}; there is nothing to rate yet."),
            first=goal.period_start.isoformat(),
        )
    else:
        message = format_lazy(
            _("Rated on: {value} is not possible. Allowed: {low} to {high}."),
            value=rated_on.isoformat(),
            low=goal.period_start.isoformat(),
            high=today.isoformat(),
        )
    return [Problem("/rated_on", "out_of_range", message)]


def _check_corrects(goal: Goal, review_id: uuid.UUID) -> None:
    try:
        goals.review_of(goal, review_id)
    except NotFound:
        message = _("Corrects: no rating of this goal, or one that was corrected before.")
        raise Invalid([Problem("/corrects", "not_correctable", message)]) from None


def _to_change(goal_id: uuid.UUID, *, reason: str, expected_version: int, by: User) -> tuple[Goal, Patient]:
    goal, seen = goals.get(viewer=by, goal_id=goal_id)
    if not seen.may(Permission.PLAN):
        raise NotPermitted
    check_reason(reason)
    if goal.version != expected_version:
        raise VersionConflict(goal.version)
    if goal.status != Goal.Status.ACTIVE:
        raise AlreadyClosed
    return goal, seen.patient


def _check_changes(changes: Any) -> None:
    if not isinstance(changes, dict) or not changes:
        raise Invalid([Problem("/changes", "missing", _("Changes: an object with at least one field."))])
    refused = [
        Problem(pointer_to("changes", name), "not_allowed", format_lazy(_("{label}: cannot be amended."), label=name))
        for name in changes
        if name in ("id", "patient")
    ]
    _check(refused)


def _check_frozen(changed: set[str], goal: Goal, *, today: date) -> None:
    if has_begun(goal, today=today):
        message = _("{label}: stands still once the period has begun. Write a new goal instead.")
        _check(
            [
                Problem(pointer_to("changes", name), "period_begun", format_lazy(message, label=name))
                for name in FROZEN
                if name in changed
            ]
        )


def _change(
    goal: Goal,
    patient: Patient,
    columns: dict[str, Any],
    *,
    action: str,
    reason: str,
    fields: list[str],
    by: User,
    now: datetime,
) -> Goal:
    before = RecordVersion(
        kind=KIND,
        record_id=goal.pk,
        version=goal.version,
        document=document_of(goal),
        status=goal.status,
        changed_by_id=goal.changed_by_id or goal.created_by_id,
        change_reason=goal.change_reason,
        recorded_at=goal.updated_at,
    )
    columns |= {"version": goal.version + 1, "changed_by": by, "change_reason": reason, "updated_at": now}
    with transaction.atomic():
        # The condition on the version is the lock: of many changes of one version, one finds its row.
        if not goals.update_if_at_version(goal.pk, goal.version, columns):
            latest = goals.by_id(goal.pk)
            raise VersionConflict(latest.version if latest else goal.version)
        before.save(force_insert=True)
        for name, value in columns.items():
            setattr(goal, name, value)
        changes = {"version": goal.version, "fields": fields, "reason": reason}
        events.tell_of_patient(f"goal.{action}", patient, ("goal", goal.pk), by=by, now=now, changes=changes)
    return goal
