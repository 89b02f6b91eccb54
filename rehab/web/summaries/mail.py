"""A summary as e-mail: subject, text and HTML in the reader's language.

To patients and caregivers, who asked for it, it carries the summary. E-mail is not private: to therapists and clinics
it carries counts and a link, and names nobody.
"""

from dataclasses import replace

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics.summaries import CaseloadSummary, ClinicSummary, PatientSummary
from rehab.errors import NotFound
from rehab.outbound.email import Letter
from rehab.selectors.summaries import SeenSummary
from rehab.web.bars import shares
from rehab.web.summaries import caseload, clinic, phrases, presenters
from rehab.web.summaries.sheet import Part, Sheet

#: Series that an e-mail tells of; the rest stands on the page.
ROOM = 12
#: Of the width, so that the number after the longest bar does not shorten it.
_LONGEST = 0.85


def letter(seen: SeenSummary, user: User, unsubscribe_url: str) -> Letter:
    """Return a summary as e-mail to ``user``, in their language and units; ``NotFound`` if it is not computed yet.

    ``seen`` is what this person may see (``rehab.selectors.summaries.get``); ``unsubscribe_url`` is complete.
    """
    with translation.override(user.language):
        sheet = presenters.sheet(seen, user=user)
        if sheet is None:
            raise NotFound
        sheet = _within(sheet) if _may_carry(seen) else _counts_only(sheet, seen)
        context = {
            "sheet": sheet,
            "url": f"{settings.SITE_URL}{sheet.url}",
            "unsubscribe_url": unsubscribe_url,
            "language": user.language,
            "bars": _bars(sheet),
            "clinic": "" if seen.seen is not None and not seen.for_clinician else seen.summary.clinic.name,
        }
        return Letter(
            subject=_subject(sheet, seen),
            text=_tidy(render_to_string("email/summary.txt", context)),
            html=render_to_string("email/summary.html", context),
        )


def _may_carry(seen: SeenSummary) -> bool:
    return isinstance(seen.payload, PatientSummary) and not seen.for_clinician


def _within(sheet: Sheet) -> Sheet:
    """Return the sheet with so many things in each part as an e-mail holds; how many are left out is said."""
    return replace(sheet, parts=tuple(map(_shortened, sheet.parts)))


def _shortened(part: Part) -> Part:
    left_out = len(part.items) - ROOM
    return part if left_out <= 0 else replace(part, items=part.items[:ROOM], note=phrases.more(left_out))


def _counts_only(sheet: Sheet, seen: SeenSummary) -> Sheet:
    """Return the sheet without anybody's name and without what was measured."""
    payload, summary = seen.payload, seen.summary
    lead: tuple[str, ...] = (_("A summary of one of your patients is ready."),)
    if isinstance(payload, CaseloadSummary):
        lead = tuple(caseload.said_counts(payload, *caseload.counts(payload)))
    elif isinstance(payload, ClinicSummary):
        lead = tuple(clinic.lead(payload))
    days = phrases.span(summary.starts_on, summary.ends_on)
    subtitle = days if isinstance(payload, PatientSummary) else sheet.subtitle
    private = _("This message says nothing about a patient on purpose: e-mail is not private.")
    return replace(sheet, lead=(*lead, private), subtitle=subtitle, parts=(), contact=(), emergency="")


def _subject(sheet: Sheet, seen: SeenSummary) -> str:
    """Return the subject: what it is and which days, nobody's name."""
    summary = seen.summary
    is_month = summary.period == "month"
    days = phrases.month(summary.starts_on) if is_month else phrases.span(summary.starts_on, summary.ends_on)
    return _("%(title)s, %(days)s") % {"title": sheet.title, "days": days}


def _bars(sheet: Sheet) -> list[tuple[str, str, float]]:
    """Return the sessions of the weeks as name, number and length in percent."""
    drawn = next((part.bars for part in sheet.parts if part.key == "plan" and part.bars), None)
    if drawn is None:
        return []
    most = max((value or 0 for value in drawn.values), default=0)
    rows = zip(drawn.labels, drawn.texts, drawn.values, strict=True)
    return [(label, text, shares(value or 0, most)[0] * _LONGEST) for label, text, value in rows]


def _tidy(text: str) -> str:
    """Return plain text without blanks at the ends of lines and without more than one empty line."""
    lines: list[str] = []
    for line in (each.rstrip() for each in text.strip().splitlines()):
        if line or lines[-1:] != [""]:
            lines.append(line)
    return "\n".join(lines) + "\n"
