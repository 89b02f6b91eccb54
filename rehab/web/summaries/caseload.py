"""A therapist's day or week in one clinic: who needs a look first and why."""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.analytics.summaries import CaseloadSummary, Looked, SeriesOf
from rehab.selectors.summaries import SeenSummary
from rehab.web.summaries import clinicians, lead, measured, phrases
from rehab.web.summaries.sheet import Item, Part, Sheet, Tag

#: Changed series that a line names; the rest is counted.
NAMED = 4


def sheet(seen: SeenSummary, payload: CaseloadSummary) -> Sheet:
    """Return a caseload in words. The payload's order is kept: most pressing first."""
    first = [one for one in payload.patients if set(one.reasons) - {"improved"}]
    rest = [one for one in payload.patients if one.reasons and one not in first]
    larger = [one for one in rest if _is_larger(one)]
    better = [one for one in rest if one not in larger]
    parts = (
        Part(key="first", heading=_("Who needs a look first"), items=tuple(map(_line, first))),
        Part(key="better", heading=_("Improved"), items=tuple(map(_line, better))),
        Part(key="larger", heading=_("Limb girth"), items=tuple(map(_line, larger))),
        Part(key="quality", heading=_("Data quality"), items=tuple(_quality(payload.patients))),
    )
    days = phrases.span(payload.starts_on, payload.ends_on)
    return Sheet(
        title=phrases.said(phrases.CASELOAD_TITLES, payload.period),
        subtitle=f"{seen.summary.clinic.name} · {days}",
        lead=tuple(_lead(seen, payload, len(first), len(better))),
        parts=tuple(part for part in parts if part.items),
        contact=(),
        emergency="",
        made=phrases.made(seen.version, seen.computed_at, seen.summary.time_zone),
        url=reverse("summary", args=[seen.summary.pk]),
    )


def counts(payload: CaseloadSummary) -> tuple[int, int]:
    """Return how many need a look, and how many have something that improved and nothing else; girths do not."""
    first = [one for one in payload.patients if set(one.reasons) - {"improved"}]
    rest = [one for one in payload.patients if one.reasons and one not in first]
    return len(first), sum(not _is_larger(one) for one in rest)


def _is_larger(one: Looked) -> bool:
    """Return whether all that improved are girths: that a limb is larger is no improvement, as it may be swollen."""
    return bool(one.improved) and all(map(measured.is_neutral, one.improved))


def _lead(seen: SeenSummary, payload: CaseloadSummary, first: int, better: int) -> Iterator[str]:
    yield from said_counts(payload, first, better)
    if seen.left_out:
        yield (
            ngettext(
                "%(n)s patient whom you no longer treat is not shown.",
                "%(n)s patients whom you no longer treat are not shown.",
                seen.left_out,
            ) % {"n": seen.left_out}
        )  # fmt: skip


def said_counts(payload: CaseloadSummary, first: int, better: int) -> Iterator[str]:
    """Yield the counts in sentences, without a name."""
    if not payload.patients_treated:
        yield _("You treated no patient here in this time.")
    elif first:
        yield ngettext(
            "%(n)s of your %(all)s patients needs a look first.", "%(n)s of your %(all)s patients need a look first.",
            first,
        ) % {"n": first, "all": payload.patients_treated}  # fmt: skip
    else:
        yield (
            ngettext(
                "No alert, decline or fall in adherence was recorded for your %(all)s patient.",
                "No alert, decline or fall in adherence was recorded for your %(all)s patients.",
                payload.patients_treated,
            ) % {"all": payload.patients_treated}
        )  # fmt: skip
    if better:
        yield ngettext(
            "%(n)s patient has improved beyond measurement error.",
            "%(n)s patients have improved beyond measurement error.",
            better,
        ) % {"n": better}


def _line(one: Looked) -> Item:
    lines = [
        *_changed(_("Declined: %(series)s."), _("Smaller: %(series)s."), one.declined),
        *_changed(_("Improved: %(series)s."), _("Larger: %(series)s."), one.improved),
    ]
    if one.adherence is not None and one.adherence.due:
        lines.append(lead.planned(one.adherence, own=False))
    elif not one.records:
        lines.append(phrases.said(phrases.NOTES, "no_records"))
    if one.alerts:
        n = len(one.alerts)
        lines.append(ngettext("%(n)d open alert", "%(n)d open alerts", n) % {"n": n})
    return Item(
        title=one.name,
        tags=tuple(_reason(one, code) for code in one.reasons),
        lines=tuple(lines),
        url=reverse("patient", args=[one.patient]),
    )


def _reason(one: Looked, code: str) -> Tag:
    """Return a reason as a tag: in the words of girths where it rests on girths alone."""
    changed = [series for series in (*one.declined, *one.improved) if series.state == code]
    if changed and all(map(measured.is_neutral, changed)):
        return measured.state_of(changed[0], code, plain=False)
    return phrases.reason(code)


def _changed(template: str, of_girths: str, found: Sequence[SeriesOf]) -> Iterator[str]:
    for said, neutral in ((template, False), (of_girths, True)):
        names = [measured.short_name(one) for one in found if measured.is_neutral(one) is neutral]
        if names:
            shown = names[:NAMED]
            if more := len(names) - len(shown):
                shown.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
            yield said % {"series": _("; ").join(shown)}


def _quality(found: Iterable[Looked]) -> Iterator[Item]:
    for one in found:
        items = list(clinicians.quality_items(one.quality, (*one.declined, *one.improved)))
        if items:
            lines = dict.fromkeys(_("%(what)s: %(why)s") % {"what": item.title, "why": item.lines[0]} for item in items)
            yield Item(title=one.name, lines=tuple(lines), url=reverse("series-list", args=[one.patient]))
