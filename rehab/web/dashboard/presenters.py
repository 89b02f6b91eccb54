"""Turning people, moments and caseloads into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.roles import Permission
from rehab.models import ClinicQuestionnaires, Patient
from rehab.reference.alert_rules import LEVEL_NAMES
from rehab.reference.conditions import CONDITIONS
from rehab.selectors.caseload import CONTACT_DAYS, CaseloadRow
from rehab.selectors.questionnaires import Offer
from rehab.selectors.states import Known
from rehab.web.alerts.presenters import TONES
from rehab.web.portal.presenters import last_day_of_care
from rehab.web.programs import progress
from rehab.web.series import states as state_words
from rehab.web.series import words as series_words

#: Changed series of one state that a line of the caseload names; the rest is counted.
SHOWN_SERIES = 3


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
class ChangedSeries:
    url: str
    place: str


@dataclass(frozen=True)
class Changes:
    """The series of one state; ``more`` says how many are not named."""

    state: str
    tone: str
    series: list[ChangedSeries]
    more: str


@dataclass(frozen=True)
class CaseloadLine:
    """One patient; texts are empty where there is nothing to say. Days are those of the patient's own time zone."""

    name: str
    url: str
    conditions: list[str]
    care: str
    level: str
    level_tone: str
    alerts: str
    adherence: str
    weeks: list[str]
    changes: list[Changes]
    unchanged: str
    last_ago: str
    last_on: str
    contact_ago: str


def caseload_line(row: CaseloadRow) -> CaseloadLine:
    patient = row.patient
    last_on = ""
    if row.last_activity_at is not None:
        last_on = date_format(row.last_activity_at.astimezone(ZoneInfo(patient.time_zone)), "DATE_FORMAT")
    level, count = row.worst_level, row.alerts.count if row.alerts else 0
    language = get_language() or "en"
    return CaseloadLine(
        name=patient.name,
        url=reverse("patient", args=[patient.pk]),
        conditions=conditions(patient.conditions),
        care=last_day_of_care(patient),
        level=next((words.text(language) for code, words in LEVEL_NAMES.items() if code == level), ""),
        level_tone=TONES.get(level, ""),
        alerts=ngettext("%(n)d open alert", "%(n)d open alerts", count) % {"n": count} if count else "",
        adherence=_adherence(row),
        weeks=_weeks(row),
        changes=[_changes(group, patient) for group in _by_state_in_words(row.changed)],
        unchanged=_unchanged(row),
        last_ago="" if row.inactive_days is None else days_ago(row.inactive_days),
        last_on=last_on,
        contact_ago=_contact(row),
    )


def _state_in_words(one: Known) -> str:
    return state_words.name(one.description, one.state.state)


def _by_state_in_words(changed: Iterable[Known]) -> list[list[Known]]:
    groups: dict[str, list[Known]] = {}
    for one in changed:
        groups.setdefault(_state_in_words(one), []).append(one)
    return list(groups.values())


def _changes(found: list[Known], patient: Patient) -> Changes:
    hidden = len(found) - SHOWN_SERIES
    return Changes(
        state=_state_in_words(found[0]),
        tone=state_words.tone(found[0].description, found[0].state.state),
        series=[
            ChangedSeries(reverse("series", args=[patient.pk, one.token]), series_words.place(one.description))
            for one in found[:SHOWN_SERIES]
        ],
        more=ngettext("and %(n)d more", "and %(n)d more", hidden) % {"n": hidden} if hidden > 0 else "",
    )


def _adherence(row: CaseloadRow) -> str:
    found = row.adherence.rolling
    if not found.due:
        return ""
    counts = _("%(done)d of %(due)d") % {"done": found.completed, "due": found.due}
    return counts if found.session_pct is None else f"{counts} ({found.session_pct:.0f}\N{NO-BREAK SPACE}%)"


def _weeks(row: CaseloadRow) -> list[str]:
    """Return how the running ISO week stands, and how the one before went."""
    week, last = row.adherence.week, row.adherence.last_week
    found = []
    if week.planned:
        found.append(_("This week: %(counts)s") % {"counts": progress.week_words(week)})
    if last.due:
        found.append(_("Last week: %(counts)s") % {"counts": progress.window_words(last)})
    return found


def _unchanged(row: CaseloadRow) -> str:
    stable = row.counts["stable"]
    if stable:
        text = ngettext("%(n)d within measurement error", "%(n)d within measurement error", stable)
        return text % {"n": stable}
    return "" if row.changed else _("Nothing to compare yet")


def _contact(row: CaseloadRow) -> str:
    if row.contact_days is not None:
        return days_ago(row.contact_days)
    if row.last_activity_at is None:
        return ""
    return _("More than %(days)d days ago, or never") % {"days": CONTACT_DAYS}
