"""A clinic's review of the library: its administrators say what is a draft, in review or approved, and until when."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic, User
from content.models import ArticleReview, ClinicLibrary
from rehab.errors import Invalid, NotFound, Problem, VersionConflict
from rehab.selectors import library_reviews, people
from rehab.services import documents, events
from rehab.services.inputs.library import ArticleReviewInput

#: An approval is looked at again after three years at the latest. A convention of this project.
LONGEST = timedelta(days=3 * 366)


def review(document: Any, *, clinic_id: uuid.UUID, by: User, now: datetime) -> ArticleReview:
    """Add a step to the review of a text. ``VersionConflict`` if the text has changed since it was read."""
    clinic = people.administered_clinic(by=by, clinic_id=clinic_id)
    parsed = documents.read(ArticleReviewInput, document)
    version = library_reviews.version_of(parsed.article, language=parsed.language)
    if version is None:
        raise NotFound
    if version != parsed.text_version:
        raise VersionConflict(version)
    _check_due(parsed, clinic, now=now)
    with transaction.atomic():
        step = ArticleReview.objects.create(
            clinic=clinic,
            article_id=parsed.article,
            language=parsed.language,
            text_version=parsed.text_version,
            state=parsed.state,
            due_on=parsed.due_on,
            note=parsed.note,
            reviewer=by,
            reviewed_at=now,
        )
        changes = {
            "article": parsed.article,
            "language": parsed.language,
            "version": parsed.text_version,
            "state": parsed.state,
        }
        events.tell_of_clinic(
            "article_review.added", clinic, ("article_review", step.pk), by=by, now=now, changes=changes
        )
    return step


def _check_due(parsed: ArticleReviewInput, clinic: Clinic, *, now: datetime) -> None:
    if parsed.state != "approved":
        if parsed.due_on is not None:
            message = _("Next review: only an approval has one.")
            raise Invalid([Problem("/due_on", "not_allowed", message)])
        return
    if parsed.due_on is None:
        message = _("Next review: missing. An approval says when the text is looked at again.")
        raise Invalid([Problem("/due_on", "missing", message)])
    today = now.astimezone(ZoneInfo(clinic.time_zone)).date()
    if not today < parsed.due_on <= today + LONGEST:
        message = format_lazy(
            _("Next review: {value} is not possible. Allowed: {low} to {high}."),
            value=parsed.due_on.isoformat(),
            low=(today + timedelta(days=1)).isoformat(),
            high=(today + LONGEST).isoformat(),
        )
        raise Invalid([Problem("/due_on", "out_of_range", message)])


def require_approval(*, clinic_id: uuid.UUID, required: bool, by: User, now: datetime) -> ClinicLibrary:
    """Say whether a clinic's patients read only what it has approved; saying it again changes nothing."""
    clinic = people.administered_clinic(by=by, clinic_id=clinic_id)
    with transaction.atomic():
        row, is_new = ClinicLibrary.objects.select_for_update(of=("self",)).get_or_create(
            clinic=clinic, defaults={"requires_approval": required, "changed_by": by, "changed_at": now}
        )
        if not is_new and row.requires_approval == required:
            return row
        if not is_new:
            row.requires_approval, row.changed_by, row.changed_at = required, by, now
            row.version += 1
            row.save(update_fields=["requires_approval", "changed_by", "changed_at", "version"])
        changes = {"requires_approval": required}
        events.tell_of_clinic("clinic.library_changed", clinic, ("clinic", clinic.pk), by=by, now=now, changes=changes)
    return row
