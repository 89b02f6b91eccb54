"""A clinic's month in words: counts that nobody can be told from."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.analytics.summaries import ClinicSummary
from rehab.selectors.summaries import SeenSummary
from rehab.web import bars
from rehab.web.summaries import phrases
from rehab.web.summaries.sheet import Bars, Part, Sheet, Table


def sheet(seen: SeenSummary, payload: ClinicSummary) -> Sheet:
    parts = (_counts(payload), _adherence(payload), _outcomes(payload))
    return Sheet(
        title=_("The clinic's month"),
        subtitle=f"{seen.summary.clinic.name} · {phrases.month(payload.starts_on)}",
        lead=tuple(lead(payload)),
        parts=tuple(part for part in parts if part.table or part.lines),
        contact=(),
        emergency="",
        made=phrases.made(seen.version, seen.computed_at, seen.summary.time_zone),
        url=reverse("summary", args=[seen.summary.pk]),
    )


def lead(payload: ClinicSummary) -> list[str]:
    if payload.patients is None:
        return [_("There are fewer than 5 patients: no counts are shown, so that nobody can be told from them.")]
    if payload.patients_active is None:
        return [ngettext("%(n)s patient.", "%(n)s patients.", payload.patients) % {"n": payload.patients}]
    text = ngettext(
        "%(active)s of %(n)s patient logged something.", "%(active)s of %(n)s patients logged something.",
        payload.patients,
    )  # fmt: skip
    return [text % {"active": payload.patients_active, "n": payload.patients}]


def _count(value: int | None) -> str:
    return _("fewer than 5") if value is None else str(value)


def _counts(payload: ClinicSummary) -> Part:
    rows = (
        (_("Patients"), _count(payload.patients)),
        (_("Patients who logged something"), _total(payload.patients_active)),
        (_("Records"), _total(payload.records)),
        (_("Sessions"), _total(payload.sessions)),
        (_("Alerts raised"), _total(payload.alerts_raised)),
    )
    return Part(key="counts", heading=_("Counts"), table=Table(_("Counts"), (_("What"), _("Number")), rows))


def _total(value: int | None) -> str:
    """Return a number that may be hidden although it is large, for what would follow from it."""
    return _("not shown") if value is None else str(value)


def _adherence(payload: ClinicSummary) -> Part:
    heading = _("How much of the plans was done")
    if all(one.patients is None for one in payload.adherence):
        hidden = (_("Not shown, as some groups would be too small."),) if payload.adherence else ()
        return Part(key="adherence", heading=heading, lines=hidden)
    labels = tuple(_("%(low)s–%(high)s %%") % {"low": one.low_pct, "high": one.high_pct} for one in payload.adherence)
    texts = tuple(_total(one.patients) for one in payload.adherence)
    table = Table(
        _("Patients by the share of planned sessions that they did"),
        (_("Share"), _("Patients")),
        tuple(zip(labels, texts, strict=True)),
    )
    values = tuple(None if one.patients is None else float(one.patients) for one in payload.adherence)
    over = tuple("–" if one.patients is None else str(one.patients) for one in payload.adherence)
    drawn = Bars(bars.columns(values, labels=labels, texts=over), labels, values, over, table.caption, table)
    return Part(key="adherence", heading=heading, table=table, bars=drawn)


def _outcomes(payload: ClinicSummary) -> Part:
    hidden = [phrases.condition(one.condition) for one in payload.outcomes if one.patients is None]
    rows = [
        (phrases.condition(one.condition), *map(_total, cells))
        for one in payload.outcomes
        if (cells := (one.patients, one.with_improved, one.with_declined, one.stable))[0] is not None
    ]
    few = _("Not shown, as a group would be too small: %(conditions)s.") % {"conditions": _(", ").join(hidden)}
    head = (
        _("Condition"),
        _("Patients"),
        _("With something improved"),
        _("With something declined"),
        _("No change beyond measurement error"),
    )
    return Part(
        key="outcomes",
        heading=_("Outcomes by condition"),
        lines=(few,) if hidden else (),
        table=Table(_("At the end of the month"), head, tuple(rows)) if rows else None,
        note=_(
            "A patient may count as improved and as declined, by different measurements. "
            "Counts below 5 are hidden, and those from which such a count would follow."
        )
        if rows
        else "",
    )
