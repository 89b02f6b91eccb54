"""A series of a summary: its state in words, its change in the reader's units, a small chart with its values."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics.series import key_of
from rehab.analytics.series_descriptions import SeriesDescription, Unit
from rehab.analytics.summaries import SeriesOf, TrendOf
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.services.kinds import KINDS
from rehab.web import charts
from rehab.web.records import words as record_words
from rehab.web.series import states, words
from rehab.web.summaries import phrases
from rehab.web.summaries.sheet import Graph, Item, Table, Tag

#: What changed comes first, what needs a look before what went well; then what was measured lately.
ORDER = ("declined", "provisional_declined", "improved", "provisional_improved", "stable", "insufficient_data")


#: Grades are stated as such; the words of series know them by the scale that they are ranks of.
_UNITS: Mapping[str, Unit] = {"grade": "mrc_rank", "category": "mas_rank"}


def in_order(found: Iterable[SeriesOf]) -> list[SeriesOf]:
    return sorted(found, key=lambda one: (ORDER.index(one.state), -one.last_on.toordinal(), one.series))


def description_of(one: SeriesOf) -> SeriesDescription:
    """Return what a series is, as the words of series take it."""
    return SeriesDescription(
        kind=one.kind,
        measure=one.measure,
        code=one.code,
        side=one.side,
        unit=_UNITS.get(one.unit) or cast("Unit", one.unit),
        better=one.better,
        ordinal=one.ordinal,
        quantity=one.quantity,
        fields=one.fields,
        how=one.how,
    )


def name_of(one: SeriesOf) -> str:
    """Return what is measured and where; how too, if that is known."""
    description = description_of(one)
    return words.title(description) if one.fields and one.kind in KINDS else words.place(description)


def name_of_token(token: str) -> str:
    """Return what a series is of, where no more is known of it than its address; empty if that does not tell."""
    try:
        kind, *parts = key_of(token).split("|")
    except ValueError:
        return ""
    places: Mapping[str, Any] = {"rom": MOTIONS, "girth": GIRTH_SITES}.get(kind, MUSCLES)
    # Where muscle and side stand differs: the key of a graded one names its scale before them.
    found = next((places[part.upper()] for part in parts if part.upper() in places), None)
    if found is None:
        return ""
    sides = {"left": _("left"), "right": _("right"), "both": _("both sides")}
    return _(", ").join([found.name(phrases.language()), *(sides[part] for part in parts if part in sides)])


def short_name(one: SeriesOf) -> str:
    return words.place(description_of(one))


def change_of(one: SeriesOf, user: User) -> str:
    """Return baseline and present value; empty where there is nothing to compare."""
    if one.baseline is None or one.current is None:
        return ""
    description = description_of(one)
    return _("%(baseline)s → %(current)s") % {
        "baseline": words.value(description, one.baseline, user, stated_in=one.unit),
        "current": words.value(description, one.current, user, stated_in=one.unit),
    }


def is_neutral(one: SeriesOf) -> bool:
    """Return whether a change of it is neither for the better nor for the worse, as that of a girth."""
    return states.is_neutral(description_of(one))


def state_of(one: SeriesOf, state: str, *, plain: bool) -> Tag:
    """Return a state of the series as a tag; a girth is larger or smaller, as on the page of the series."""
    description = description_of(one)
    if states.is_neutral(description):
        return Tag(states.name(description, state))
    return phrases.state(state, plain=plain)


def items(found: Iterable[SeriesOf], *, user: User, patient: str, period: str, plain: bool) -> tuple[Item, ...]:
    """Return the series of a patient's summary. ``plain``: for patients and caregivers, to whom how something was
    measured is said only where two series have the same name."""
    made = [_item(one, user=user, patient=patient, period=period, plain=plain) for one in in_order(found)]
    names = Counter(one.title for one in made)
    return tuple(replace(one, more="") if plain and names[one.title] == 1 else one for one in made)


def _item(one: SeriesOf, *, user: User, patient: str, period: str, plain: bool) -> Item:
    lines = [change_of(one, user)]
    if one.state == "insufficient_data":
        lines.append(phrases.why_not(one.reason))
    if not one.in_period:
        lines.append(_("Last measured on %(day)s.") % {"day": record_words.day(one.last_on)})
    elif one.state_before == f"provisional_{one.state}":
        lines.append(_("Confirmed by a measurement on another day."))
    elif one.state_before not in (None, one.state, "insufficient_data") and one.state != "insufficient_data":
        lines.append(
            _("%(before)s: %(state)s.")
            % {
                "before": phrases.said(phrases.BEFORE, period),
                "state": _lowered(state_of(one, str(one.state_before), plain=plain).text),
            }
        )
    return Item(
        title=name_of(one),
        tags=(state_of(one, one.state, plain=plain),),
        lines=tuple(line for line in lines if line),
        more=" · ".join(words.how(description_of(one))),
        url=reverse("series", args=[patient, one.series]),
        graph=graph(one, user),
        details=() if plain else tuple(_figures(one, user)),
    )


def _lowered(text: str) -> str:
    """Return a state as it stands within a sentence.

    >>> _lowered("Better, please repeat to confirm")
    'better, please repeat to confirm'
    """
    return text[:1].lower() + text[1:]


def _figures(one: SeriesOf, user: User) -> Iterable[str]:
    description = description_of(one)
    if one.threshold_value is not None:
        error = words.difference(description, one.threshold_value, user).lstrip("+")
        yield _("Measurement error: %(error)s [%(row)s].") % {"error": error, "row": one.threshold_row or "–"}
    if one.trend is not None:
        yield _trend(one.trend, description, user)


def _trend(found: TrendOf, description: SeriesDescription, user: User) -> str:
    if found.slope_per_week is None:
        return _("Too few readings for a trend: at least 4 days over 2 weeks are needed.")
    slope = _("%(slope)s per week") % {"slope": words.difference(description, found.slope_per_week, user)}
    if found.ci95_low_per_week is None or found.ci95_high_per_week is None:
        return _("No clear trend: %(slope)s, from too few days (%(n)s) for an interval.") % {
            "slope": slope,
            "n": found.n,
        }
    parts = {
        "slope": slope,
        "low": words.difference(description, found.ci95_low_per_week, user),
        "high": words.difference(description, found.ci95_high_per_week, user),
    }
    if found.direction == "up":
        return _("Rising: %(slope)s (95 %% interval %(low)s to %(high)s).") % parts
    if found.direction == "down":
        return _("Falling: %(slope)s (95 %% interval %(low)s to %(high)s).") % parts
    return _("No clear trend: %(slope)s (95 %% interval %(low)s to %(high)s).") % parts


def graph(one: SeriesOf, user: User) -> Graph | None:
    """Return a small chart of the latest days; None below two days."""
    if len(one.points) < 2:
        return None
    description = description_of(one)
    points = [(point.on, words.shown(description, point.value, user, stated_in=one.unit)) for point in one.points]
    baseline = threshold = None
    if one.baseline is not None:
        height = words.shown(description, one.baseline, user, stated_in=one.unit)
        baseline = charts.Line(points[0][0], height, points[-1][0], height)
        if one.threshold_value is not None:
            threshold = words.shown(description, one.threshold_value, user, stated_in=one.unit)
    chart = charts.draw(
        charts.Data(points, baseline, threshold),
        name="small",
        value_name=lambda value: words.axis_value(description, value),
        day_name=words.short_day,
        whole=description.ordinal,
    )
    return Graph(
        chart=chart,
        text=_text(one, user),
        table=Table(
            caption=name_of(one),
            head=(_("Day"), _("Value")),
            rows=tuple(
                (record_words.day(point.on), words.value(description, point.value, user, stated_in=one.unit))
                for point in reversed(one.points)
            ),
        ),
    )


def _text(one: SeriesOf, user: User) -> str:
    """Return the chart in a sentence, for who does not see it."""
    description = description_of(one)
    low, high = min(point.value for point in one.points), max(point.value for point in one.points)
    return _("%(n)s days from %(first)s to %(last)s, between %(low)s and %(high)s.") % {
        "n": len(one.points),
        "first": record_words.day(one.points[0].on),
        "last": record_words.day(one.points[-1].on),
        "low": words.value(description, low, user, stated_in=one.unit),
        "high": words.value(description, high, user, stated_in=one.unit),
    }
