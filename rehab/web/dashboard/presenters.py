"""Turning people and moments into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.roles import Permission
from rehab.models import ClinicQuestionnaires
from rehab.reference.conditions import CONDITIONS
from rehab.selectors.people import CaseloadRow
from rehab.selectors.questionnaires import Offer


def days_ago(days: int) -> str:
    """Return how long ago something was, in whole days.

    >>> days_ago(0), days_ago(1), days_ago(12)
    ('Today', 'Yesterday', '12 days ago')
    """
    if days <= 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}


def conditions(codes: Iterable[str]) -> list[str]:
    language = get_language() or "en"
    return [CONDITIONS[code].name(language) if code in CONDITIONS else code for code in codes]


def permissions(codes: Iterable[str]) -> list[str]:
    """Return what a caregiver may do, in words; seeing is always part of it."""
    words = {
        Permission.VIEW_RECORDS: _("see the records"),
        Permission.LOG_RECORDS: _("add records"),
        Permission.AMEND_RECORDS: _("correct records"),
    }
    held = {Permission.VIEW_RECORDS.value, *codes}
    return [words[permission] for permission in words if permission in held]


def questionnaires(offer: Offer) -> str:
    """Return what a clinic offers, and who answers item 9, in one line."""
    mode = str(ClinicQuestionnaires.Mode(offer.mode).label)
    if not offer.asks_item_9:
        return mode
    return _("%(mode)s: %(names)s") % {"mode": mode, "names": _(", ").join(offer.responders)}


@dataclass(frozen=True)
class CaseloadLine:
    name: str
    url: str
    conditions: list[str]
    last_ago: str
    last_on: str  # in the patient's own time zone; both are empty if nothing was recorded


def caseload_line(row: CaseloadRow, *, now: datetime) -> CaseloadLine:
    ago = on = ""
    if row.last_activity_at is not None:
        zone = ZoneInfo(row.patient.time_zone)
        local = row.last_activity_at.astimezone(zone)
        ago = days_ago((now.astimezone(zone).date() - local.date()).days)
        on = date_format(local, "DATE_FORMAT")
    return CaseloadLine(
        name=row.patient.name,
        url=reverse("patient", args=[row.patient.pk]),
        conditions=conditions(row.patient.conditions),
        last_ago=ago,
        last_on=on,
    )
