"""What a patient's summary says first: what was done, and what has changed, in a few sentences."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.translation import ngettext

from rehab.analytics.summaries import AdherenceOf, PatientSummary, SeriesOf
from rehab.web.summaries import measured, phrases


def lines(payload: PatientSummary, *, own: bool, clinician: bool) -> Iterator[str]:
    """Yield the sentences; ``own``: spoken to the patient."""
    yield from (phrases.said(phrases.NOTES, note) for note in payload.notes)
    if "no_records" not in payload.notes:
        yield done(payload, own=own)
    if payload.period == "day":  # two lines, and what is due
        yield from islice(_changes(one for one in payload.series if one.in_period), 1)
    else:
        yield from _changes(payload.series)
    if clinician and payload.alerts:
        n = len(payload.alerts)
        yield ngettext("%(n)d open alert", "%(n)d open alerts", n) % {"n": n}


def done(payload: PatientSummary, *, own: bool) -> str:
    """Return in a sentence what was done of what was planned, or else what was logged."""
    found, counts = payload.adherence, payload.counts
    if found is not None and found.due:
        return planned(found, own=own)
    n = counts.sessions_completed
    if n:
        text = (
            ngettext("You did %(n)s session.", "You did %(n)s sessions.", n)
            if own
            else ngettext("%(n)s session was done.", "%(n)s sessions were done.", n)
        )
        return text % {"n": n}
    text = (
        ngettext("You logged %(n)s entry.", "You logged %(n)s entries.", counts.records)
        if own
        else ngettext("%(n)s entry was logged.", "%(n)s entries were logged.", counts.records)
    )
    return text % {"n": counts.records}


def planned(found: AdherenceOf, *, own: bool) -> str:
    """Return how many of the planned sessions were done."""
    text = (
        ngettext(
            "You did %(done)s of %(due)s planned session.", "You did %(done)s of %(due)s planned sessions.", found.due
        )
        if own
        else ngettext(
            "%(done)s of %(due)s planned session was done.",
            "%(done)s of %(due)s planned sessions were done.",
            found.due,
        )
    )
    return text % {"done": found.completed, "due": found.due}


def _changes(found: Iterable[SeriesOf]) -> Iterator[str]:
    """Yield how many measurements changed, and how; that a limb is larger is neither better nor worse."""
    girths: list[str] = []
    others: list[str] = []
    for one in found:
        (girths if measured.is_neutral(one) else others).append(one.state)
    states = [*others, *girths]
    if n := others.count("declined"):
        yield ngettext(
            "%(n)s measurement is worse than at the start, by more than measurement error.",
            "%(n)s measurements are worse than at the start, by more than measurement error.",
            n,
        ) % {"n": n}
    if n := girths.count("declined"):
        yield ngettext(
            "%(n)s limb girth is smaller than at the start, by more than measurement error.",
            "%(n)s limb girths are smaller than at the start, by more than measurement error.",
            n,
        ) % {"n": n}
    if n := others.count("improved"):
        yield ngettext(
            "%(n)s measurement is better than at the start, by more than measurement error.",
            "%(n)s measurements are better than at the start, by more than measurement error.",
            n,
        ) % {"n": n}
    if n := girths.count("improved"):
        yield ngettext(
            "%(n)s limb girth is larger than at the start, by more than measurement error.",
            "%(n)s limb girths are larger than at the start, by more than measurement error.",
            n,
        ) % {"n": n}
    if n := sum(state.startswith("provisional_") for state in states):
        yield ngettext(
            "%(n)s measurement looks different, but is not confirmed yet: please repeat it within two weeks.",
            "%(n)s measurements look different, but are not confirmed yet: please repeat them within two weeks.",
            n,
        ) % {"n": n}
    if n := states.count("stable"):
        yield ngettext(
            "%(n)s measurement shows no change beyond measurement error.",
            "%(n)s measurements show no change beyond measurement error.",
            n,
        ) % {"n": n}
