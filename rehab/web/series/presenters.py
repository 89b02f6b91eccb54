"""A patient's series as pages show them: a list by what is measured, and one series with its chart."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics.readings import Day
from rehab.analytics.trend import Trend
from rehab.models import SeriesBaseline
from rehab.selectors.series import SeriesState, SeriesTrend
from rehab.services.kinds import KINDS
from rehab.web import charts
from rehab.web.charts import Chart
from rehab.web.records import words as record_words
from rehab.web.series import states, table, words
from rehab.web.series.table import TableRow


@dataclass(frozen=True)
class Line:
    """One series of the list."""

    url: str
    title: str
    how: list[str]
    state: str
    tone: str
    change: str
    latest: str
    latest_on: str
    latest_note: str


@dataclass(frozen=True)
class Group:
    name: str
    lines: list[Line]


def groups(found: Iterable[SeriesState], *, patient_id: uuid.UUID, user: User) -> list[Group]:
    """Return the series by kind; in each, what changed comes first, then what was measured last."""
    every = sorted(found, key=_newest_change_first)
    made = []
    for kind in KINDS.values():
        lines = [
            line(one, patient_id=patient_id, user=user) for one in every if one.series.description.kind == kind.name
        ]
        if lines:
            made.append(Group(str(kind.label), lines))
    return made


def _newest_change_first(one: SeriesState) -> tuple[bool, int, str]:
    unchanged = one.assessed.change.state in ("stable", "insufficient_data")
    return unchanged, -one.series.measured[-1].on.toordinal(), one.series.key


def line(one: SeriesState, *, patient_id: uuid.UUID, user: User) -> Line:
    description, change = one.series.description, one.assessed.change
    latest = one.series.latest
    moved = ""
    if change.baseline is not None and change.current is not None:
        moved = _("%(baseline)s → %(current)s") % {
            "baseline": words.value(description, change.baseline, user, stated_in=change.unit),
            "current": words.value(description, change.current, user, stated_in=change.unit),
        }
    return Line(
        url=reverse("series", args=[patient_id, one.token]),
        title=words.title(description),
        how=words.how(description),
        state=states.name(description, change.state),
        tone=states.tone(description, change.state),
        change=moved,
        latest=words.value(description, latest["value"], user),
        latest_on=record_words.day(latest["on"]),
        latest_note=_("swelling recorded") if _is_swollen(one, latest["on"]) else "",
    )


def _is_swollen(found: SeriesState, on: date) -> bool:
    return any(one.swelling for one in found.series.measured if one.on == on)


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True)
class SetBaseline:
    """A baseline that a clinician set, in words."""

    id: uuid.UUID
    starts_on: str
    value: str
    reason: str
    note: str
    by: str
    at: str


@dataclass(frozen=True)
class Page:
    """One series in full."""

    title: str
    how: list[str]
    lower_is_better: bool
    ordinal: bool
    state: str
    tone: str
    sentence: str
    left_out: str
    mcid: str
    facts: list[Fact]
    baseline: SetBaseline | None
    trends: list[tuple[str, str, str]]
    charts: list[Chart]
    chart_text: str
    unit: str
    rows: list[TableRow]
    not_listed: int
    methods: str


def page(found: SeriesTrend, *, user: User) -> Page:
    description, change = found.state.series.description, found.state.assessed.change
    days = found.days or _days_by_eye(found.state)
    rows, not_listed = table.rows(found.state.series, days, user)
    return Page(
        title=words.title(description),
        how=words.how(description),
        lower_is_better=description.better == "lower",
        ordinal=description.ordinal,
        state=states.name(description, change.state),
        tone=states.tone(description, change.state),
        sentence=states.sentence(description, change),
        left_out=states.left_out(found.state.series.measured),
        mcid=words.mcid_sentence(change),
        facts=_facts(found.state, user),
        baseline=_baseline(found.state, user),
        trends=[
            (_("Last 12 weeks"), words.trend_sentence(description, found.twelve_weeks, user),
             words.span(found.twelve_weeks)),
            (_("All readings"), words.trend_sentence(description, found.all_time, user), words.span(found.all_time)),
        ],
        charts=_charts(found, days, user),
        chart_text=_chart_text(days, found, user),
        unit=words.unit_of(description, user),
        rows=rows,
        not_listed=not_listed,
        methods=f"{change.method}, {found.all_time.method}",
    )  # fmt: skip


def _days_by_eye(found: SeriesState) -> tuple[Day, ...]:
    """Return the days of a series that is never compared, so that it can be looked at."""
    return tuple(Day(one.on, one.value, (str(one.id),), frozenset()) for one in found.series.measured)


def _facts(found: SeriesState, user: User) -> list[Fact]:
    description, change = found.series.description, found.assessed.change
    facts = []
    if change.baseline is not None and change.current is not None and change.delta is not None:
        facts = [
            Fact(_("Baseline"), words.value(description, change.baseline, user, stated_in=change.unit)),
            Fact(_("Now"), words.value(description, change.current, user, stated_in=change.unit)),
        ]
        raw = change.current - change.baseline
        text = words.difference(description, raw, user)
        if change.delta_pct is not None:
            text += _(" (%(pct)s %%)") % {"pct": f"{raw / change.baseline * 100:+.0f}".replace("-", "−")}
        facts.append(Fact(_("Difference"), text))
    threshold = found.assessed.threshold
    if threshold is not None and change.threshold_value is not None:
        error = words.difference(description, change.threshold_value, user).lstrip("+")
        population, source = words.threshold_words(threshold)
        percent = _(" (%(pct)s %% of the baseline)") % {"pct": f"{threshold.value:g}"} if threshold.percent else ""
        facts += [
            Fact(_("Measurement error"), f"{error}{percent}"),
            Fact(_("Studied in"), population),
            Fact(_("Source"), f"{source} [{threshold.row_id}]"),
        ]
    if change.first_on is not None and change.last_on is not None:
        span = _("%(n)s days, %(first)s to %(last)s") % {
            "n": change.n,
            "first": record_words.day(change.first_on),
            "last": record_words.day(change.last_on),
        }
        facts.append(Fact(_("Rests on"), span))
    return facts


def _baseline(found: SeriesState, user: User) -> SetBaseline | None:
    row = found.baseline
    if row is None:
        return None
    value = "" if row.value is None else words.value(found.series.description, row.value, user)
    return SetBaseline(
        id=row.pk,
        starts_on=record_words.day(row.starts_on),
        value=value,
        reason=str(SeriesBaseline.Reason(row.reason).label),
        note=row.note,
        by=row.set_by.name,
        at=record_words.day(row.set_at.date()),
    )


def _charts(found: SeriesTrend, days: tuple[Day, ...], user: User) -> list[Chart]:
    description, change = found.state.series.description, found.state.assessed.change
    points = [(day.on, words.shown(description, day.value, user)) for day in days]
    baseline = threshold = None
    last_on = points[-1][0]
    if change.baseline is not None and change.first_on is not None:
        height = words.shown(description, change.baseline, user, stated_in=change.unit)
        baseline = charts.Line(change.first_on, height, max(last_on, change.first_on), height)
        if change.threshold_value is not None:
            threshold = words.shown(description, change.threshold_value, user, stated_in="grade")
    trend = found.twelve_weeks
    line = None
    if isinstance(trend, Trend) and trend.direction in ("up", "down"):
        line = _trend_line(trend, found, user)
    data = charts.Data(points, baseline, threshold, line)
    return [
        charts.draw(
            data,
            name=name,
            value_name=lambda value: words.axis_value(description, value),
            day_name=words.short_day,
            whole=description.ordinal,
        )
        for name in charts.SIZES
    ]


def _trend_line(trend: Trend, found: SeriesTrend, user: User) -> charts.Line | None:
    if trend.first_on is None or trend.last_on is None or trend.intercept is None or trend.slope_per_week is None:
        return None
    description = found.state.series.description
    weeks = (trend.last_on - trend.first_on) / timedelta(days=7)
    end = trend.intercept + trend.slope_per_week * weeks
    return charts.Line(
        trend.first_on,
        words.shown(description, trend.intercept, user),
        trend.last_on,
        words.shown(description, end, user),
    )


def _chart_text(days: tuple[Day, ...], found: SeriesTrend, user: User) -> str:
    """Return the chart in a sentence, for who does not see it."""
    description, change = found.state.series.description, found.state.assessed.change
    low, high = min(day.value for day in days), max(day.value for day in days)
    return _("%(n)s days from %(first)s to %(last)s, between %(low)s and %(high)s. %(state)s.") % {
        "n": len(days),
        "first": record_words.day(days[0].on),
        "last": record_words.day(days[-1].on),
        "low": words.value(description, low, user),
        "high": words.value(description, high, user),
        "state": states.name(description, change.state),
    }
