"""Sides and limbs in words: both values beside every ratio, and why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from rehab.analytics.series import key_of
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.analytics.sides import SideComparison, SideValue
from rehab.reference import hint_texts as hint_words
from rehab.selectors.analyses.distribution import LimbIndices
from rehab.selectors.analyses.material import Material
from rehab.selectors.analyses.sides import MeasuredSides
from rehab.web import bars
from rehab.web.analysis import phrases
from rehab.web.records.choices import words_for
from rehab.web.series import words as series_words

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
NOT_COMPARED: Mapping[str, str | Promise] = {
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


class SideLines:
    """The sides of one patient as one reader sees them."""

    def __init__(self, found: Material, user: User) -> None:
        self.found, self.user = found, user

    def line(self, row: MeasuredSides) -> SideLine:
        description = self._described(row.left_series or row.right_series or "")
        left, right = row.left, row.right
        shares = bars.shares(left.value if left else 0, right.value if right else 0)
        return SideLine(
            title=description.name(phrases.language()),
            how=self._how(description),
            left=self._side_value(description, left),
            left_on=phrases.short_day(left.on) if left else "",
            left_share=shares[0],
            right=self._side_value(description, right),
            right_on=phrases.short_day(right.on) if right else "",
            right_share=shares[1],
            results=self._side_results(description, row.comparison) if row.comparison else [],
        )

    def _described(self, token: str) -> SeriesDescription:
        return self.found.series[key_of(token)].description

    def _how(self, description: SeriesDescription) -> str:
        method = dict(description.fields).get("method")
        rom_type = dict(description.fields).get("rom_type")
        shown = [words_for("method", method)] if method else [words_for("rom_type", rom_type)] if rom_type else []
        return phrases.joined([*shown, *series_words.how(description)])

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
            amount = series_words.difference(description, found.difference, self.user).removeprefix("+")
            template = (
                _("Motion lost on the involved side: %(amount)s")
                if description.kind == "rom"
                else _("Uninvolved minus involved: %(amount)s")
            )
            results.append(template % {"amount": amount})
        if found.suppressed is not None:
            results.append(str(_SUPPRESSED[found.suppressed]))
        return results


def limb_line(limb: LimbIndices) -> LimbLine:
    index = limb.mrc if limb.mrc.value is not None else limb.force
    return LimbLine(
        name=str(LIMBS[limb.limb, limb.side]),
        grades=_index(limb.mrc.value, notable=limb.mrc.notable, unit=_("ranks")),
        forces=_index(limb.force.value, notable=limb.force.notable, unit=_("points"))
        + (f" ({_REFERENCES[limb.reference_kind]})" if limb.force.value is not None else ""),
        groups=_("near: %(near)s – far: %(far)s")
        % {
            "near": hint_words.names_of(index.proximal, phrases.language()) or "–",
            "far": hint_words.names_of(index.distal, phrases.language()) or "–",
        },
    )


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
    beyond = _("notable")
    return f"{text} – {beyond}" if notable else text
