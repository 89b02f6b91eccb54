"""Analyses in words and in the reader's units: figures, what they rest on, and why there is none. No judgement more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics import hint_texts
from rehab.analytics.series import SeriesDescription, key_of
from rehab.analytics.sides import SideComparison, SideValue
from rehab.reference import hint_texts as hint_words
from rehab.reference.motions import MOTIONS
from rehab.selectors.analyses.distribution import LimbIndices
from rehab.selectors.analyses.fatigability import MeasuredFatigability
from rehab.selectors.analyses.hints import ShownHint
from rehab.selectors.analyses.load import LoadWeek
from rehab.selectors.analyses.overview import Overview
from rehab.selectors.analyses.sides import MeasuredSides
from rehab.web import bars
from rehab.web.records import words
from rehab.web.records.choices import words_for
from rehab.web.records.fields import muscle_name
from rehab.web.series import words as series_words

SIDES: Mapping[str, str | Promise] = {
    "left": gettext_lazy("left"),
    "right": gettext_lazy("right"),
    "both": gettext_lazy("both sides"),
    "none": "",
}
LIMBS: Mapping[tuple[str, str], str | Promise] = {
    ("upper", "left"): gettext_lazy("Left arm"),
    ("upper", "right"): gettext_lazy("Right arm"),
    ("lower", "left"): gettext_lazy("Left leg"),
    ("lower", "right"): gettext_lazy("Right leg"),
}
_REFERENCES: Mapping[str | None, str | Promise] = {
    "unaffected_side": gettext_lazy("in % of the healthy side"),
    "own_baseline": gettext_lazy("in % of their own baseline"),
}
_NO_SIDES: Mapping[str, str | Promise] = {
    "other_side_not_measured": gettext_lazy("The other side was not measured the same way."),
    "sides_not_within_7_days": gettext_lazy("The sides were not measured within 7 days of each other."),
    "read_by_eye": gettext_lazy("Estimates by eye are not compared."),
}
_SUPPRESSED: Mapping[str, str | Promise] = {
    "both_sides_involved": gettext_lazy("No ratio: both sides are involved."),
    "no_side_involved": gettext_lazy("No ratio: neither side is involved."),
    "involved_side_unknown": gettext_lazy("No ratio: the involved side is not stated."),
    "reference_is_zero": gettext_lazy("No ratio: the other side is 0."),
}
_NO_LOAD: Mapping[str, str | Promise] = {
    "effort_or_duration_missing": gettext_lazy("a session lacks its effort or duration"),
    "week_in_progress": gettext_lazy("the week is not over"),
    "every_day_alike": gettext_lazy("every day was alike"),
    "load_unknown": gettext_lazy("one of the two weeks is not known"),
    "no_load_the_week_before": gettext_lazy("no load the week before"),
}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    what: str
    when: str
    readings: list[tuple[str, str]]  # value and day, and the address of the record


@dataclass(frozen=True, slots=True)
class HintCard:
    title: str
    text: str
    sides: str
    red_flag: bool
    evidence: list[EvidenceLine]
    signs: str
    missing: str
    exceptions: str
    held_against: str
    until: str
    method: str
    dismiss_url: str
    dismissed: str
    dismissed_because: str


@dataclass(frozen=True, slots=True)
class SideLine:
    title: str
    how: str
    left: str
    left_on: str
    left_share: float
    right: str
    right_on: str
    right_share: float
    results: list[str]


@dataclass(frozen=True, slots=True)
class LimbLine:
    name: str
    grades: str
    forces: str
    groups: str


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


def language() -> str:
    return get_language() or "en"


def hint_title(hint: ShownHint) -> str:
    """Return the heading of a hint, with what tells it from another of its code."""
    name = hint_words.TITLES[hint.code].name(language())
    parameters = hint.parameters
    if "names" in parameters:
        place = [hint_words.names_of(parameters["names"], language()), str(SIDES[parameters["side"]])]
    elif "joint" in parameters:
        digit = words_for("digit", parameters["digit"]) if parameters["digit"] else ""
        place = [hint_words.name_of(parameters["joint"], language()), str(SIDES[parameters["side"]]), digit]
    else:
        return name
    return f"{name}: {_joined(place)}"


def _joined(parts: Iterable[str]) -> str:
    return _(", ").join(part for part in parts if part)


def _span(first: date, last: date) -> str:
    if first == last:
        return words.day(first)
    return _("%(first)s to %(last)s") % {"first": words.day(first), "last": words.day(last)}


class Page:
    """One patient's analyses as one reader sees them."""

    def __init__(self, found: Overview, user: User) -> None:
        self.found, self.user = found, user
        self._readings = {
            str(one.id): (row.description, one) for row in found.found.series.values() for one in row.measured
        }

    def context(self) -> dict[str, Any]:
        """Return what the template takes."""
        compared = [self.side_line(row) for row in self.found.sides if row.comparison is not None]
        cards = [self.hint_card(row) for row in self.found.hints]
        return {
            "hints": [card for card in cards if not card.dismissed],
            "dismissed": [card for card in cards if card.dismissed],
            "involved": self.found.involved_side,
            "sides": compared,
            "one_sided": sum(row.comparison is None for row in self.found.sides),
            "one_sided_reasons": sorted({str(_NO_SIDES[row.reason]) for row in self.found.sides if row.reason}),
            "limbs": [self.limb_line(limb) for limb in self.found.limbs if limb.mrc.n or limb.force.n],
            "pattern": self.found.pattern,
            "fatigability": [self.fatigability_card(row) for row in self.found.fatigability],
            "loads": [self.load_line(week) for week in reversed(self.found.load)],
            "load_chart": self.load_chart() if any(week.load.n for week in self.found.load) else (),
            "doses": self.dose_lines(),
            "weeks": len(self.found.load),
        }

    # --- Hints
    def hint_card(self, hint: ShownHint) -> HintCard:
        names, dismissal = language(), hint.dismissal
        return HintCard(
            title=hint_title(hint),
            text=hint_texts.text(code=hint.code, parameters=hint.parameters, language=names),
            sides={True: _("symmetric"), False: _("asymmetric")}.get(hint.symmetric, "")
            if hint.symmetric is not None
            else "",
            red_flag=hint.red_flag is not None,
            evidence=[self._evidence(hint, row) for row in hint.evidence],
            signs=_joined(hint_words.name_of(sign, names) for sign in hint.parameters.get("signs", ())),
            missing=_joined(self._missing(hint)),
            exceptions=_joined(hint_words.EXCEPTIONS[code].name(names) for code in hint.exceptions),
            held_against=hint_words.REFERENCES[hint.parameters["reference"]].name(names)
            if "reference" in hint.parameters
            else "",
            until=words.day(hint.expires_on),
            method=hint.method,
            dismiss_url=reverse("hint-dismiss", args=[self.found.seen.patient.pk, hint.key]),
            dismissed=""
            if dismissal is None
            else _("%(name)s, %(moment)s")
            % {
                "name": dismissal.dismissed_by.name,
                "moment": words.moment(dismissal.dismissed_at, self.found.found.zone),
            },
            dismissed_because="" if dismissal is None else dismissal.reason,
        )

    def _missing(self, hint: ShownHint) -> list[str]:
        names = language()
        return [
            hint_words.MISSING[code].name(names) if code in hint_words.MISSING else MOTIONS[code].name(names)
            for code in hint.missing
        ]

    def _evidence(self, hint: ShownHint, row: Any) -> EvidenceLine:
        capsular = hint.code == hint_texts.CAPSULAR
        name = MOTIONS[row.what].name(language()) if capsular else hint_words.name_of(row.what, language())
        readings = []
        for id_ in row.ids:
            if id_ in self._readings:
                description, one = self._readings[id_]
                url = reverse("record", args=[description.kind, one.id])
                readings.append(
                    (f"{series_words.value(description, one.value, self.user)}, {_short(one.on)}", url)
                )  # fmt: skip
        return EvidenceLine(_joined([name, str(SIDES[row.side])]), _span(row.first_on, row.last_on), readings)

    # --- Sides
    def side_line(self, row: MeasuredSides) -> SideLine:
        description = self._described(row.left_series or row.right_series or "")
        left, right = row.left, row.right
        shares = bars.shares(left.value if left else 0, right.value if right else 0)
        return SideLine(
            title=description.name(language()),
            how=self._how(description),
            left=self._side_value(description, left),
            left_on=_short(left.on) if left else "",
            left_share=shares[0],
            right=self._side_value(description, right),
            right_on=_short(right.on) if right else "",
            right_share=shares[1],
            results=self._side_results(description, row.comparison) if row.comparison else [],
        )

    def _described(self, token: str) -> SeriesDescription:
        return self.found.found.series[key_of(token)].description

    def _how(self, description: SeriesDescription) -> str:
        method = dict(description.fields).get("method")
        rom_type = dict(description.fields).get("rom_type")
        shown = [words_for("method", method)] if method else [words_for("rom_type", rom_type)] if rom_type else []
        return _joined([*shown, *series_words.how(description)])

    def _side_value(self, description: SeriesDescription, value: SideValue | None) -> str:
        return series_words.value(description, value.value, self.user) if value else ""

    def _side_results(self, description: SeriesDescription, found: SideComparison) -> list[str]:
        if description.measure == "mrc":
            return [_grades(found.difference or 0)]
        results = []
        if found.lsi_pct is not None:
            results.append(_("Symmetry index (involved of uninvolved): %(pct)s %%") % {"pct": f"{found.lsi_pct:.0f}"})
        if found.asymmetry_pct is not None:
            results.append(_asymmetry(found.asymmetry_pct))
        if found.difference is not None:
            amount = series_words.difference(description, found.difference, self.user)
            template = (
                _("Involved side: %(amount)s of motion lost")
                if description.kind == "rom"
                else _("Uninvolved minus involved: %(amount)s")
            )
            results.append(template % {"amount": amount})
        if found.suppressed is not None:
            results.append(str(_SUPPRESSED[found.suppressed]))
        return results

    # --- Distribution
    def limb_line(self, limb: LimbIndices) -> LimbLine:
        index = limb.mrc if limb.mrc.value is not None else limb.force
        return LimbLine(
            name=str(LIMBS[limb.limb, limb.side]),
            grades=_index(limb.mrc.value, notable=limb.mrc.notable, unit=_("ranks")),
            forces=_index(limb.force.value, notable=limb.force.notable, unit=_("points"))
            + (f" ({_REFERENCES[limb.reference_kind]})" if limb.force.value is not None else ""),
            groups=_("near: %(near)s – far: %(far)s")
            % {
                "near": hint_words.names_of(index.proximal, language()) or "–",
                "far": hint_words.names_of(index.distal, language()) or "–",
            },
        )

    # --- Fatigability
    def fatigability_card(self, row: MeasuredFatigability) -> FatigabilityCard:
        description, result = self._described(row.series), row.result
        figures = []
        if result.median_decrement_pct is not None:
            figures.append((_("Median decrease"), _pct(result.median_decrement_pct)))
        if result.quartile_1_pct is not None and result.quartile_3_pct is not None:
            figures.append((_("Middle half"), f"{_pct(result.quartile_1_pct)} – {_pct(result.quartile_3_pct)}"))
        figures.append((_("Lower in the afternoon"), f"{result.positive} / {result.n}"))
        if result.p_value is not None:
            figures.append((_("Sign test, one-sided"), f"p = {result.p_value:.3f}"))
        if row.mdc_pct is not None:
            figures.append((_("Measurement error of the method"), _pct(row.mdc_pct)))
        return FatigabilityCard(
            title=series_words.title(description),
            how=_joined(series_words.how(description)),
            verdict=_verdict(row),
            is_decrease=result.state == "consistent_decrease",
            figures=figures,
            needs=_needs(row),
            pairs=[
                PairLine(
                    on=words.day(pair.on),
                    morning=series_words.value(description, pair.morning, self.user),
                    afternoon=series_words.value(description, pair.afternoon, self.user),
                    decrement="–" if pair.decrement_pct is None else _pct(pair.decrement_pct),
                    hours=f"{_hours(pair.morning_hours_since_anticholinesterase)} / "
                    f"{_hours(pair.afternoon_hours_since_anticholinesterase)}",
                )
                for pair in reversed(row.pairs)
            ],
        )

    # --- Load and dose
    def load_chart(self) -> tuple[bars.Columns, ...]:
        weeks = self.found.load
        return bars.columns(
            [week.load.weekly for week in weeks],
            labels=[_short(week.load.first_on) for week in weeks],
            texts=["?" if week.load.weekly is None else f"{week.load.weekly:.0f}" for week in weeks],
            last_is_open=bool(weeks) and weeks[-1].in_progress,
        )

    def load_line(self, week: LoadWeek) -> LoadLine:
        load = week.load
        return LoadLine(
            week=_week_name(load.first_on, in_progress=week.in_progress),
            weekly=_or_why(load.weekly, week.reason, digits=0),
            monotony=_or_why(load.monotony, week.reason, digits=2),
            strain=_or_why(load.strain, week.reason, digits=0),
            change=str(_NO_LOAD[week.change_reason]) if week.change_reason else f"{week.change_pct:+.0f} %",
            sessions=load.n,
        )

    def dose_lines(self) -> list[DoseLine]:
        unknown = _("not known")
        return [
            DoseLine(
                week=_week_name(week.monday, in_progress=week.in_progress),
                channel=_joined(
                    [
                        muscle_name(dose.muscle),
                        str(SIDES[dose.side]),
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
            for week in reversed(self.found.doses)
            for dose in week.doses
        ]


def _short(on: date) -> str:
    return date_format(on, "MONTH_DAY_FORMAT")


def _week_name(monday: date, *, in_progress: bool) -> str:
    name = _("week of %(day)s") % {"day": words.day(monday)}
    return _("%(week)s (so far)") % {"week": name} if in_progress else name


def _pct(value: float) -> str:
    return f"{value:.0f} %"


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:g} h"


def _or_why(value: float | None, reason: str | None, *, digits: int) -> str:
    if value is not None:
        return f"{value:.{digits}f}"
    return f"– ({_NO_LOAD[reason]})" if reason else "–"


def _grades(difference: float) -> str:
    """Return how far the sides are apart; a plus or minus is a third of a grade."""
    amount = f"{abs(difference):.2g}"
    if round(difference, 6) == 0:
        return _("Same grade")
    weaker = {"amount": amount}
    return (
        _("Right weaker by %(amount)s grades") % weaker
        if difference > 0
        else _("Left weaker by %(amount)s grades") % weaker
    )


def _asymmetry(pct: float) -> str:
    amount = {"pct": f"{abs(pct):.0f}"}
    if round(pct) == 0:
        return _("Sides alike within 0.5 %")
    return _("Right weaker by %(pct)s %%") % amount if pct > 0 else _("Left weaker by %(pct)s %%") % amount


def _index(value: float | None, *, notable: bool, unit: str) -> str:
    if value is None:
        return _("At least 2 near and 2 far groups within 7 days are needed.")
    text = f"{value:+.3g} {unit}".replace("-", "−")
    return f"{text} – {_('notable')}" if notable else text


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
