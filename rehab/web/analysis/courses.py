"""Fatigability, load and stimulation dose in words, with what is needed where there is too little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from rehab.analytics.series import key_of
from rehab.selectors.analyses.fatigability import MeasuredFatigability
from rehab.selectors.analyses.fes_dose import DoseWeek
from rehab.selectors.analyses.load import LoadWeek
from rehab.selectors.analyses.material import Material
from rehab.web import bars
from rehab.web.analysis import phrases
from rehab.web.records import words
from rehab.web.records.fields import muscle_name
from rehab.web.series import words as series_words

_NO_LOAD: Mapping[str, str | Promise] = {
    "effort_or_duration_missing": gettext_lazy("a session lacks its effort or duration"),
    "week_in_progress": gettext_lazy("the week is not over"),
    "every_day_alike": gettext_lazy("every day was alike"),
    "load_unknown": gettext_lazy("one of the two weeks is not known"),
    "no_load_the_week_before": gettext_lazy("no load the week before"),
}


@dataclass(frozen=True, slots=True)
class PairLine:
    on: str
    morning: str
    afternoon: str
    decrement: str
    hours: str


@dataclass(frozen=True, slots=True)
class FatigabilityCard:
    title: str
    how: str
    verdict: str
    is_decrease: bool
    figures: list[tuple[str, str]]
    needs: list[str]
    pairs: list[PairLine]


@dataclass(frozen=True, slots=True)
class LoadLine:
    week: str
    weekly: str
    monotony: str
    strain: str
    change: str
    sessions: int


@dataclass(frozen=True, slots=True)
class DoseLine:
    week: str
    channel: str
    sessions: int
    pulses: str
    minutes: str
    charge: str


def fatigability_card(found: Material, row: MeasuredFatigability, user: User) -> FatigabilityCard:
    description, result = found.series[key_of(row.series)].description, row.result
    figures = []
    if result.median_decrement_pct is not None:
        figures.append((_("Median decrease"), phrases.pct(result.median_decrement_pct)))
    if result.quartile_1_pct is not None and result.quartile_3_pct is not None:
        figures.append(
            (_("Middle half"), f"{phrases.pct(result.quartile_1_pct)} – {phrases.pct(result.quartile_3_pct)}")
        )
    figures.append((_("Lower in the afternoon"), f"{result.positive} / {result.n}"))
    if result.p_value is not None:
        figures.append((_("Sign test, one-sided"), f"p = {result.p_value:.3f}"))
    if row.mdc_pct is not None:
        figures.append((_("Measurement error of the method"), phrases.pct(row.mdc_pct)))
    return FatigabilityCard(
        title=series_words.title(description),
        how=phrases.joined(series_words.how(description)),
        verdict=_verdict(row),
        is_decrease=result.state == "consistent_decrease",
        figures=figures,
        needs=_needs(row),
        pairs=[
            PairLine(
                on=words.day(pair.on),
                morning=series_words.value(description, pair.morning, user),
                afternoon=series_words.value(description, pair.afternoon, user),
                decrement="–" if pair.decrement_pct is None else phrases.pct(pair.decrement_pct),
                hours=f"{_hours(pair.morning_hours_since_anticholinesterase)} / "
                f"{_hours(pair.afternoon_hours_since_anticholinesterase)}",
            )
            for pair in reversed(row.pairs)
        ],
    )


def load_chart(weeks: Sequence[LoadWeek]) -> tuple[bars.Columns, ...]:
    return bars.columns(
        [week.load.weekly for week in weeks],
        labels=[phrases.short_day(week.load.first_on) for week in weeks],
        texts=["?" if week.load.weekly is None else f"{week.load.weekly:.0f}" for week in weeks],
        last_is_open=bool(weeks) and weeks[-1].in_progress,
    )


def load_line(week: LoadWeek) -> LoadLine:
    load = week.load
    return LoadLine(
        week=_week_name(load.first_on, in_progress=week.in_progress),
        weekly=_or_why(load.weekly, week.reason, digits=0),
        monotony=_or_why(load.monotony, week.reason if load.weekly is not None else None, digits=2),
        strain=_or_why(load.strain, None, digits=0),
        change=str(_NO_LOAD[week.change_reason])
        if week.change_reason
        else f"{week.change_pct:+.0f} %".replace("-", "−"),
        sessions=load.n,
    )


def dose_lines(weeks: Sequence[DoseWeek]) -> list[DoseLine]:
    unknown = _("not known")
    return [
        DoseLine(
            week=_week_name(week.monday, in_progress=week.in_progress),
            channel=phrases.joined(
                [
                    muscle_name(dose.muscle),
                    str(phrases.SIDES[dose.side]),
                    _("channel %(number)s") % {"number": dose.channel},
                ]
            ),
            sessions=dose.n,
            pulses=unknown if dose.pulses is None else f"{dose.pulses:.0f}",
            minutes=unknown if dose.on_time_minutes is None else f"{dose.on_time_minutes:.1f} min",
            charge=unknown
            if dose.delivered_phase_charge_millicoulombs is None
            else f"{words.rounded(dose.delivered_phase_charge_millicoulombs)} mC",
        )
        for week in reversed(weeks)
        for dose in week.doses
    ]


def _week_name(monday: date, *, in_progress: bool) -> str:
    name = _("week of %(day)s") % {"day": words.day(monday)}
    return _("%(week)s (so far)") % {"week": name} if in_progress else name


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:g} h"


def _or_why(value: float | None, reason: str | None, *, digits: int) -> str:
    if value is not None:
        return f"{value:.{digits}f}"
    return f"– ({_NO_LOAD[reason]})" if reason else "–"


def _verdict(row: MeasuredFatigability) -> str:
    result = row.result
    if result.state == "consistent_decrease":
        return _("Consistent afternoon decrease, beyond measurement error.")
    if result.state == "no_consistent_decrease":
        return _("No consistent afternoon decrease beyond measurement error.")
    if result.reason == "no_threshold":
        return _("The measurement error of this method is not known, so nothing can be called consistent.")
    return ngettext(
        "%(needed)s valid morning–afternoon pairs in 21 days are needed; %(n)s so far.",
        "%(needed)s valid morning–afternoon pairs in 21 days are needed; %(n)s so far.",
        result.n,
    ) % {"needed": row.pairs_needed, "n": result.n}


def _needs(row: MeasuredFatigability) -> list[str]:
    needs = []
    if row.result.reason == "too_few_pairs":
        needs.append(
            _("A pair: a test within 2 hours of waking up and one at least 6 hours later, both 2 hours after exercise.")
        )
        if row.readings_without_waking_time:
            needs.append(
                ngettext(
                    "%(n)s test of these days does not say how long after waking up it was.",
                    "%(n)s tests of these days do not say how long after waking up they were.",
                    row.readings_without_waking_time,
                )
                % {"n": row.readings_without_waking_time}
            )
    return needs
