"""What the presenters of analyses share: names of sides, dates, percentages, lists."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rehab.web.records import words

SIDES: Mapping[str, str | Promise] = {
    "left": gettext_lazy("left"),
    "right": gettext_lazy("right"),
    "both": gettext_lazy("both sides"),
    "none": "",
}


def language() -> str:
    return get_language() or "en"


def joined(parts: Iterable[str]) -> str:
    return _(", ").join(part for part in parts if part)


def span(first: date, last: date) -> str:
    if first == last:
        return words.day(first)
    return _("%(first)s to %(last)s") % {"first": words.day(first), "last": words.day(last)}


def short_day(on: date) -> str:
    return date_format(on, "MONTH_DAY_FORMAT")


def pct(value: float) -> str:
    return f"{value:.0f} %"
