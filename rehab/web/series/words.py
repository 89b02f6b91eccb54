"""Series, states and trends in words and in the reader's units. Nothing here says more than the figures do."""

import math
from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics.change import Change
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.analytics.trend import Steps, Trend
from rehab.reference import units
from rehab.reference.scales import MRC_GRADES
from rehab.reference.thresholds import Threshold
from rehab.services.kinds import KINDS
from rehab.web.records import presenters as records
from rehab.web.records import words
from rehab.web.records.choices import words_for

_MCID: Mapping[str, str | Promise] = {
    "reached": gettext_lazy("It also reaches the smallest change that patients found important in studies."),
    "possible_within_error": gettext_lazy(
        "It reaches the smallest change that patients found important in studies, but lies within measurement error."
    ),
    "reached_error_unknown": gettext_lazy(
        "It reaches the smallest change that patients found important in studies; the measurement error is not known."
    ),
}
MAS_GRADES = ("0", "1", "1+", "2", "3", "4")
_SAME = 1e-6  # thirds of a grade are not exact
_GRADES_IN_THIRDS = {"-": -1 / 3, "+": 1 / 3}


def title(description: SeriesDescription) -> str:
    """Return what is measured, where and how."""
    return records.title_of(KINDS[description.kind], dict(description.fields))


def place(description: SeriesDescription) -> str:
    """Return what is measured and on which side, without how."""
    named = description.name(get_language() or "en")
    sides = {"left": _("left"), "right": _("right"), "both": _("both sides")}
    digit = dict(description.fields).get("digit")
    parts = [named, words_for("digit", digit) if digit else "", sides.get(description.side, "")]
    return _(", ").join(part for part in parts if part)


def how(description: SeriesDescription) -> list[str]:
    """Return what else must match for readings to be compared, in words."""
    return [words_for(field, value) for field, value in description.how]


def shown(description: SeriesDescription, value: float, user: User, *, stated_in: str = "") -> float:
    """Return a value as a chart places it: in the reader's unit; MRC ranks as grades, a plus or minus being a third.

    ``stated_in`` is the unit of ``value`` where it is not that of the series (a change of ranks is in grades).
    """
    if description.unit == "mrc_rank" and stated_in != "grade":
        names = MRC_GRADES["MRC11"]  # the median of a day may lie between two ranks
        return (_grade(names[math.floor(value)]) + _grade(names[math.ceil(value)])) / 2
    unit = words.preferred_unit(description.quantity, user) if description.quantity else None
    if unit is None:
        return value
    return units.from_canonical(quantity=description.quantity, value=value, unit=unit)


def _grade(name: str) -> float:
    return int(name[0]) + _GRADES_IN_THIRDS.get(name[-1], 0)


def axis_value(description: SeriesDescription, value: float) -> str:
    """Return what stands at a tick."""
    if description.unit == "mas_rank":
        return MAS_GRADES[int(value)] if 0 <= value < len(MAS_GRADES) else ""
    return f"{value:.6g}"


def unit_of(description: SeriesDescription, user: User) -> str:
    """Return the unit in words; empty for grades and points."""
    if description.unit == "deg":
        return "°"
    if description.unit in ("mrc_rank", "mas_rank", "category", "points"):
        return ""
    preferred = words.preferred_unit(description.quantity, user) if description.quantity else None
    return words_for("unit", preferred or description.unit)


def value(description: SeriesDescription, number: float, user: User, *, stated_in: str = "") -> str:
    """Return a value of the series with its unit; a grade by its name."""
    if description.unit == "mrc_rank":
        grade = shown(description, number, user, stated_in=stated_in)
        scale = dict(description.how).get("scale", "MRC11")
        return _("grade %(grade)s") % {"grade": _between(grade, {_grade(name): name for name in MRC_GRADES[scale]})}
    if description.unit == "mas_rank":
        return _("grade %(grade)s") % {"grade": _between(number, dict(enumerate(MAS_GRADES)))}
    return _with_unit(words.rounded(shown(description, number, user)), description, user)


def _between(grade: float, names: Mapping[float, str]) -> str:
    """Return the name of a grade, or of the two that a median lies between.

    >>> _between(2, dict(enumerate(MAS_GRADES))), _between(2.5, dict(enumerate(MAS_GRADES)))
    ('1+', '1+ to 2')
    """
    low = max(at for at in names if at < grade + _SAME)
    high = min(at for at in names if at > grade - _SAME)
    if low == high:
        return names[low]
    return _("%(low)s to %(high)s") % {"low": names[low], "high": names[high]}


def difference(description: SeriesDescription, number: float, user: User) -> str:
    """Return a difference between two values, with its sign."""
    if description.ordinal:
        return ngettext("%(n)s grade", "%(n)s grades", 1 if abs(number) == 1 else 2) % {
            "n": f"{number:+.2g}".replace("-", "−")
        }
    text = words.rounded(shown(description, abs(number), user))
    return _with_unit(f"{'−' if number < 0 else '+'}{text}", description, user)


def _with_unit(text: str, description: SeriesDescription, user: User) -> str:
    unit = unit_of(description, user)
    return f"{text}{unit}" if unit in ("", "°") else f"{text} {unit}"


def mcid_sentence(change: Change) -> str:
    return str(_MCID.get(change.mcid, ""))


def threshold_words(threshold: Threshold) -> tuple[str, str]:
    """Return who was studied, with what is to be known about the value, and the source."""
    language = get_language() or "en"
    note = threshold.note(language)
    return f"{threshold.population(language)}{' – ' if note else ''}{note}", threshold.source


def trend_sentence(description: SeriesDescription, found: Trend | Steps, user: User) -> str:
    """Return how fast a series changes, with its interval, or that there is no clear trend."""
    if isinstance(found, Steps):
        return _steps_sentence(found)
    if found.slope_per_week is None:
        return _("Too few readings for a trend: at least 4 days over 2 weeks are needed.")
    slope = _("%(slope)s per week") % {"slope": difference(description, found.slope_per_week, user)}
    if found.ci95_low_per_week is None or found.ci95_high_per_week is None:
        return _("No clear trend: %(slope)s, from too few days (%(n)s) for an interval.") % {
            "slope": slope,
            "n": found.n,
        }
    parts = {
        "slope": slope,
        "low": difference(description, found.ci95_low_per_week, user),
        "high": difference(description, found.ci95_high_per_week, user),
    }
    if found.direction == "up":
        return _("Rising: %(slope)s (95 %% interval %(low)s to %(high)s).") % parts
    if found.direction == "down":
        return _("Falling: %(slope)s (95 %% interval %(low)s to %(high)s).") % parts
    return _("No clear trend: %(slope)s (95 %% interval %(low)s to %(high)s).") % parts


def _steps_sentence(found: Steps) -> str:
    if found.n < 2:
        return _("Too few readings to see steps.")
    if not found.steps:
        return _("No step up or down. Grades have no slope.")
    ups = sum(1 for _on, before, after in found.steps if after > before)
    text = _("Steps up: %(ups)s, steps down: %(downs)s. Grades have no slope.") % {
        "ups": ups,
        "downs": len(found.steps) - ups,
    }
    sign = {
        1: _("Most pairs of days point up."),
        -1: _("Most pairs of days point down."),
        0: _("As many pairs of days point up as down."),
    }
    return f"{text} {sign[found.sign]}"


def span(found: Trend | Steps) -> str:
    """Return the days that a trend rests on."""
    if found.first_on is None or found.last_on is None:
        return ""
    return _("%(n)s days, %(first)s to %(last)s") % {
        "n": found.n,
        "first": words.day(found.first_on),
        "last": words.day(found.last_on),
    }


def short_day(on: date) -> str:
    """Return a day as it stands at an axis.

    >>> short_day(date(2026, 9, 27))
    '27 Sep'
    """
    return date_format(on, pgettext("short date, in Django's date format", "j M"))
