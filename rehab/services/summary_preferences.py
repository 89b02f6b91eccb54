"""Which summaries a person wants by e-mail, and when not: chosen on a page, over the API, or by a link in an e-mail."""

import re
import uuid
from datetime import datetime, time
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounts import audit
from accounts.models import User
from rehab.errors import Invalid, NotFound, Problem
from rehab.models import SummaryPreference
from rehab.selectors import summary_deliveries as selectors
from rehab.services import documents
from rehab.services.inputs.base import Document, Ui

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


def _read_clock(value: Any) -> time | None:
    if value is None:
        return None
    # A number would be taken for seconds since midnight.
    if isinstance(value, str) and (match := _CLOCK.fullmatch(value)):
        return time(int(match[1]), int(match[2]))
    raise PydanticCustomError("clock_time", "is not a time of day")


Clock = Annotated[
    time | None,
    BeforeValidator(_read_clock),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK.pattern}$", "nullable": True}),
]


class SummaryPreferencesInput(Document):
    """Any of them; what is left out stays. Quiet hours: both times, or null for both (21:00 to 07:00)."""

    daily: Annotated[bool, Ui(_("Every day, what was logged and what is due"))] = False
    weekly: Annotated[bool, Ui(_("Every week, how it went"))] = False
    four_weekly: Annotated[bool, Ui(_("Every four weeks, a progress report"))] = False
    caseload_daily: Annotated[bool, Ui(_("Every morning after a day in which something happened"))] = False
    caseload_weekly: Annotated[bool, Ui(_("Every week, that the summary of my patients is ready"))] = False
    monthly: Annotated[bool, Ui(_("Every month, that the summary of the clinic is ready"))] = False
    quiet_from: Annotated[Clock, Ui(_("Send nothing from"))] = None
    quiet_until: Annotated[Clock, Ui(_("Send nothing until"))] = None


def of(user: User, *, now: datetime) -> SummaryPreference:
    """Return a person's choices, with a row made for whoever chose nothing: the link to unsubscribe needs one."""
    found, _created = SummaryPreference.objects.get_or_create(user=user, defaults={"updated_at": now})
    return found


def change(document: Any, *, by: User, now: datetime) -> SummaryPreference:
    """Change what is given; the rest stays. ``Invalid`` if nothing is given, or half of the quiet hours."""
    parsed = documents.read(SummaryPreferencesInput, document)
    changes = parsed.model_dump(exclude_unset=True)
    if not changes:
        raise Invalid([Problem("", "nothing_changed", _("Changes: they change nothing."))])
    with transaction.atomic():
        stored = of(by, now=now)
        preference = SummaryPreference.objects.select_for_update().get(pk=stored.pk)
        for name, value in changes.items():
            setattr(preference, name, value)
        _check_quiet(preference)
        _save(preference, list(changes), by=by, now=now)
    return preference


def _check_quiet(preference: SummaryPreference) -> None:
    start, end = preference.quiet_from, preference.quiet_until
    if (start is None) != (end is None):
        missing = "/quiet_from" if start is None else "/quiet_until"
        raise Invalid([Problem(missing, "missing", _("Quiet hours: give both times, or neither."))])
    if start is not None and start == end:
        message = _("Quiet hours: from and until are the same. Allowed: two different times.")
        raise Invalid([Problem("/quiet_until", "same_time", message)])


def unsubscribe(*, key: uuid.UUID, choice: str, everything: bool, now: datetime) -> SummaryPreference:
    """Turn off what a link in an e-mail is about, or every summary. Safe to repeat; ``NotFound`` for another link.

    Whoever holds the link may do it and no more: e-mails stop, nothing is shown.
    """
    if choice not in selectors.CHOICES:
        raise NotFound
    with transaction.atomic():
        preference = SummaryPreference.objects.select_for_update().filter(unsubscribe_key=key).first()
        if preference is None:
            raise NotFound
        off = [
            name for name in (selectors.CHOICES if everything else (choice,)) if getattr(preference, name) is not False
        ]
        for name in off:
            setattr(preference, name, False)
        if off:
            _save(preference, off, by=None, now=now)
    return preference


def _save(preference: SummaryPreference, names: list[str], *, by: User | None, now: datetime) -> None:
    preference.updated_at = now
    preference.save(update_fields=[*names, "updated_at"])
    audit.write(
        audit.event(
            action="user.summaries_chosen" if by else "user.summaries_unsubscribed",
            target_kind="user",
            target_id=preference.user_id,
            by=by,
            at=now,
            changes={"fields": sorted(names)},
        )
    )
