"""What only clinicians get of a patient's summary: open alerts, load, doubts about the data."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from rehab.analytics.summaries import PatientSummary, Quality, SeriesOf
from rehab.web.alerts import presenters as alert_words
from rehab.web.records import words
from rehab.web.summaries import measured, phrases
from rehab.web.summaries.sheet import Item, Part, Table, Tag


def parts(payload: PatientSummary) -> Iterator[Part]:
    """Yield what only clinicians get; in a payload for patients nothing is left of it."""
    yield Part(
        key="alerts",
        heading=_("Open alerts"),
        items=tuple(
            Item(
                title=alert_words.rule_name(one.rule),
                tags=(Tag(alert_words.level_name(one.level), alert_words.TONES[one.level].removeprefix("tag--")),),
                lines=(_("Raised on %(day)s") % {"day": words.day(one.raised_on)},),
                url=reverse("alert", args=[one.id]),
            )
            for one in payload.alerts
        ),
    )
    if payload.load is not None and (payload.load.weekly != 0 or payload.load.change_pct):
        rows = tuple(
            (label, phrases.number(value))
            for label, value in (
                (_("Load of the week (effort × minutes)"), payload.load.weekly),
                (_("Monotony"), payload.load.monotony),
                (_("Strain"), payload.load.strain),
                (_("Change to the week before, in percent"), payload.load.change_pct),
            )
            if value is not None
        )
        if rows:
            yield Part(key="load", heading=_("Load"), table=Table(_("Load"), (_("Figure"), _("Value")), rows))
    yield Part(
        key="quality",
        heading=_("Data quality"),
        items=tuple(quality_items(payload.quality, payload.series)),
    )


def quality_items(found: Iterable[Quality], series: Iterable[SeriesOf]) -> Iterator[Item]:
    """Yield what makes the numbers less sure, with what it concerns."""
    names = {one.series: measured.short_name(one) for one in series}
    for one in found:
        if one.series is None:
            what = _("The record as a whole")
        else:
            what = names.get(one.series) or measured.name_of_token(one.series) or _("A measurement")
        yield Item(
            title=what,
            lines=(phrases.said(phrases.QUALITY, one.code),),
            more=words.day(one.on) if one.on else "",
        )
