"""The words of summaries: periods, states, notes, reasons to look, doubts about the data."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from rehab.reference.conditions import CONDITIONS
from rehab.web.records import words
from rehab.web.series.words import short_day
from rehab.web.summaries.sheet import Tag

Words = Mapping[str, str | Promise]

#: A patient's own, somebody else's, a therapist's patients, a clinic.
OWN_TITLES: Words = {
    "day": gettext_lazy("Your day"),
    "week": gettext_lazy("Your week"),
    "four_weeks": gettext_lazy("Your last four weeks"),
}
TITLES: Words = {
    "day": gettext_lazy("Daily summary"),
    "week": gettext_lazy("Weekly summary"),
    "four_weeks": gettext_lazy("Four-week report"),
    "month": gettext_lazy("Monthly summary"),
}
BEFORE: Words = {
    "day": gettext_lazy("The day before"),
    "week": gettext_lazy("The week before"),
    "four_weeks": gettext_lazy("The four weeks before"),
}
CASELOAD_TITLES: Words = {
    "day": gettext_lazy("Your patients: the day"),
    "week": gettext_lazy("Your patients: the week"),
}

#: To patients and caregivers, in everyday words; to clinicians, in theirs.
PLAIN_STATES: Words = {
    "improved": gettext_lazy("Better"),
    "declined": gettext_lazy("Worse"),
    "stable": gettext_lazy("No change beyond measurement error"),
    "provisional_improved": gettext_lazy("Better, please repeat to confirm"),
    "provisional_declined": gettext_lazy("Worse, please repeat to confirm"),
    "insufficient_data": gettext_lazy("Cannot be said yet"),
}
STATES: Words = {
    "improved": gettext_lazy("Improved"),
    "declined": gettext_lazy("Declined"),
    "stable": gettext_lazy("No change beyond measurement error"),
    "provisional_improved": gettext_lazy("Improved, to be confirmed"),
    "provisional_declined": gettext_lazy("Declined, to be confirmed"),
    "insufficient_data": gettext_lazy("Cannot be said yet"),
}
TONES: Mapping[str, str] = {"improved": "success", "declined": "error", "provisional_declined": "amended"}
_WHY_NOT: Mapping[str | None, str | Promise] = {
    "too_few_days": gettext_lazy("Measure it on another day too: two days are needed to compare."),
    "only_visual_estimates": gettext_lazy("It was judged by eye, and that is not compared."),
    "no_threshold": gettext_lazy("It is not known how much this measurement differs from one time to the next."),
    "zero_baseline": gettext_lazy("It began at 0, so a change in percent cannot be worked out."),
}
NOTES: Words = {
    "no_records": gettext_lazy("Nothing was logged in this time."),
    "one_record": gettext_lazy("There is one entry from this time. With more entries, more can be said."),
    "only_skipped": gettext_lazy("Every session that was logged is marked as skipped."),
    "discharged": gettext_lazy("The care at the clinic has ended. The summaries end with it."),
    "first_period": gettext_lazy("This is the first summary. There is nothing to compare it with yet."),
}
REASONS: Mapping[str, tuple[str | Promise, str]] = {
    "alert_emergency": (gettext_lazy("Emergency alert open"), "error"),
    "alert_same_day": (gettext_lazy("Same-day alert open"), "amended"),
    "alert_review": (gettext_lazy("Alert to review"), ""),
    "declined": (gettext_lazy("Declined"), "error"),
    "provisional_declined": (gettext_lazy("Declined, to be confirmed"), "amended"),
    "adherence_drop": (gettext_lazy("Fewer sessions done"), "amended"),
    "nothing_logged": (gettext_lazy("Nothing logged"), ""),
    "improved": (gettext_lazy("Improved"), "success"),
}
QUALITY: Words = {
    "missing": gettext_lazy("Not measured, though it was measured before"),
    "low_resolution": gettext_lazy("Read in steps of 5° or more: small changes cannot be seen"),
    "single_reading": gettext_lazy("Rests on a single reading"),
    "changed_rater": gettext_lazy("Measured by another person than before"),
    "changed_device": gettext_lazy("Measured with another device than before"),
    "recalled": gettext_lazy("Logged more than 48 hours later, from memory"),
}
SYMPTOMS: Words = {"pain_nrs": gettext_lazy("Pain"), "fatigue_nrs": gettext_lazy("Tiredness")}


def language() -> str:
    return get_language() or "en"


def said(words_of: Words, key: str) -> str:
    return str(words_of.get(key, key))


def state(code: str, *, plain: bool) -> Tag:
    """Return a state as a tag; ``plain``: in everyday words."""
    return Tag(said(PLAIN_STATES if plain else STATES, code), TONES.get(code, ""))


def why_not(reason: str | None) -> str:
    """Return why a state cannot be given."""
    return str(_WHY_NOT.get(reason, _WHY_NOT["too_few_days"]))


def reason(code: str) -> Tag:
    text, tone = REASONS[code]
    return Tag(str(text), tone)


def span(first: date, last: date) -> str:
    """Return the days of a period.

    >>> span(date(2026, 3, 2), date(2026, 3, 8)), span(date(2026, 3, 2), date(2026, 3, 2))
    ('March 2, 2026 to March 8, 2026', 'March 2, 2026')
    """
    if first == last:
        return words.day(first)
    return _("%(first)s to %(last)s") % {"first": words.day(first), "last": words.day(last)}


def month(first: date) -> str:
    """Return a calendar month.

    >>> month(date(2026, 3, 1))
    'March 2026'
    """
    return date_format(first, "YEAR_MONTH_FORMAT")


def weekday(on: date) -> str:
    """Return a day with its weekday.

    >>> weekday(date(2026, 3, 9))
    'Monday, March 9, 2026'
    """
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(on, "l"), "day": words.day(on)}


def short_weekday(on: date) -> str:
    """Return a day with its weekday where it stands among others.

    >>> short_weekday(date(2026, 3, 9))
    'Mon 9 Mar'
    """
    return _("%(weekday)s %(day)s") % {"weekday": date_format(on, "D"), "day": short_day(on)}


def made(version: int, computed_at: datetime | None, zone: str) -> str:
    """Return when a version was computed, and why again."""
    if computed_at is None:
        return ""
    at = words.moment(computed_at, ZoneInfo(zone))
    if version > 1:
        return _("Version %(n)d, computed again on %(at)s because records came late.") % {"n": version, "at": at}
    return _("Computed on %(at)s from what had been logged by then.") % {"at": at}


def more(left_out: int) -> str:
    """Return how many things are left out here."""
    text = ngettext(
        "%(n)s more stands on the page of this summary.", "%(n)s more stand on the page of this summary.", left_out
    )
    return text % {"n": left_out}


def condition(code: str) -> str:
    return CONDITIONS[code].name(language()) if code in CONDITIONS else code


def percent(value: float) -> str:
    return f"{value:.0f}\N{NO-BREAK SPACE}%"


def number(value: float) -> str:
    """Return a computed number: of a scale, or a load, which has four digits and more.

    >>> number(3.0), number(2.5), number(1260.0)
    ('3', '2.5', '1260')
    """
    return words.rounded(value)
