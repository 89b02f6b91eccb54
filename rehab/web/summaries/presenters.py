"""Any summary in words, its versions, and the lines of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import CareRole
from rehab.analytics.summaries import CaseloadSummary, ClinicSummary, PatientSummary
from rehab.selectors.summaries import SeenSummary
from rehab.web.records import words
from rehab.web.summaries import caseload, clinic, lead, patient, phrases
from rehab.web.summaries.sheet import Sheet


def sheet(seen: SeenSummary, *, user: User) -> Sheet | None:
    """Return a summary in the active language and the reader's units; None if it is not computed yet."""
    payload = seen.payload
    if isinstance(payload, PatientSummary) and seen.seen is not None:
        return patient.sheet(seen, payload, seen.seen, user=user)
    if isinstance(payload, CaseloadSummary):
        return caseload.sheet(seen, payload)
    if isinstance(payload, ClinicSummary):
        return clinic.sheet(seen, payload)
    return None


@dataclass(frozen=True)
class Version:
    """A version of a summary, as the list of versions names it."""

    number: int
    url: str
    text: str
    is_shown: bool
    is_latest: bool


def versions(seen: SeenSummary) -> list[Version]:
    """Return every version, the latest first; nothing if there is only one."""
    if len(seen.versions) < 2:
        return []
    zone = ZoneInfo(seen.summary.time_zone)
    return [
        Version(
            number=line.version,
            url=url_of(seen, line.version),
            text=(
                _("from %(at)s") % {"at": words.moment(line.computed_at, zone)}
                if line.replaced_at is None
                else _("%(first)s to %(last)s")
                % {"first": words.moment(line.computed_at, zone), "last": words.moment(line.replaced_at, zone)}
            ),
            is_shown=line.version == seen.version,
            is_latest=line.replaced_at is None,
        )
        for line in seen.versions
    ]


def url_of(seen: SeenSummary, version: int) -> str:
    if version == seen.summary.version:
        return reverse("summary", args=[seen.summary.pk])
    return reverse("summary-version", args=[seen.summary.pk, version])


def pdf_url_of(seen: SeenSummary) -> str:
    query = "" if seen.is_latest else f"?version={seen.version}"
    return reverse("summary-pdf", args=[seen.summary.pk]) + query


@dataclass(frozen=True)
class Line:
    """A summary in a list."""

    url: str
    title: str
    days: str
    text: str
    again: str


def lines(found: Iterable[SeenSummary]) -> list[Line]:
    return [line(one) for one in found]


def line(seen: SeenSummary) -> Line:
    """Return a summary as a list shows it: what it is, and what was done in one sentence."""
    summary, payload = seen.summary, seen.payload
    text = ""
    if isinstance(payload, PatientSummary):
        own = seen.seen is not None and seen.seen.role == CareRole.PATIENT
        first = phrases.said(phrases.NOTES, "no_records") if "no_records" in payload.notes else ""
        text = first or lead.done(payload, own=own)
    elif isinstance(payload, CaseloadSummary):
        text = " ".join(caseload.said_counts(payload, *caseload.counts(payload)))
    elif isinstance(payload, ClinicSummary):
        text = " ".join(clinic.lead(payload))
    is_month = summary.period == "month"
    return Line(
        url=reverse("summary", args=[summary.pk]),
        title=phrases.said(phrases.TITLES, summary.period),
        days=phrases.month(summary.starts_on) if is_month else phrases.span(summary.starts_on, summary.ends_on),
        text=text,
        again=_("Computed again because late records arrived") if summary.version > 1 else "",
    )
