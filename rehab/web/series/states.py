"""The state of a series in words.

A girth has no better and worse: muscle, fat and swelling all make a limb larger. So its states say larger and smaller.
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from rehab.analytics.change import Change
from rehab.analytics.series_descriptions import SeriesDescription
from rehab.selectors.readings import Measured

#: Short, for a tag.
_STATES: Mapping[str, str | Promise] = {
    "improved": gettext_lazy("Improved"),
    "declined": gettext_lazy("Declined"),
    "stable": gettext_lazy("No change beyond measurement error"),
    "provisional_improved": gettext_lazy("Improved, to be confirmed"),
    "provisional_declined": gettext_lazy("Declined, to be confirmed"),
    "insufficient_data": gettext_lazy("Cannot be said yet"),
}
_GIRTH_STATES: Mapping[str, str | Promise] = {
    "improved": gettext_lazy("Larger (beyond measurement error)"),
    "declined": gettext_lazy("Smaller (beyond measurement error)"),
    "provisional_improved": gettext_lazy("Larger, to be confirmed"),
    "provisional_declined": gettext_lazy("Smaller, to be confirmed"),
}
#: The class of the tag.
_TONES = {"improved": "tag--success", "declined": "tag--error", "provisional_declined": "tag--amended"}
_SENTENCES: Mapping[str, str | Promise] = {
    "improved": gettext_lazy("The last readings are better than the baseline by more than the measurement error."),
    "declined": gettext_lazy("The last readings are worse than the baseline by more than the measurement error."),
    "stable": gettext_lazy(
        "No change beyond measurement error: a change smaller than that could not be told from chance."
    ),
    "provisional_improved": gettext_lazy(
        "One reading is better than the baseline by more than the measurement error. "
        "Measure again on another day to confirm it."
    ),
    "provisional_declined": gettext_lazy(
        "One reading is worse than the baseline by more than the measurement error. "
        "Measure again on another day to confirm it."
    ),
}
_GIRTH_SENTENCES: Mapping[str, str | Promise] = {
    "improved": gettext_lazy(
        "The last readings are larger than the baseline by more than the measurement error. "
        "Girth alone does not tell whether muscle, fat or swelling changed."
    ),
    "declined": gettext_lazy(
        "The last readings are smaller than the baseline by more than the measurement error. "
        "Girth alone does not tell whether muscle, fat or swelling changed."
    ),
    "provisional_improved": gettext_lazy(
        "One reading is larger than the baseline by more than the measurement error. "
        "Measure again on another day to confirm it."
    ),
    "provisional_declined": gettext_lazy(
        "One reading is smaller than the baseline by more than the measurement error. "
        "Measure again on another day to confirm it."
    ),
}
_REASONS: Mapping[str | None, str | Promise] = {
    "too_few_days": gettext_lazy("Readings on at least two days are needed before they can be compared."),
    "only_visual_estimates": gettext_lazy("Estimates by eye are kept, but not compared."),
    "only_swelling": gettext_lazy(
        "There are only readings taken while the limb was swollen, so no state can be given."
    ),
    "no_threshold": gettext_lazy("The measurement error of this measure is not known, so no state can be given."),
    "zero_baseline": gettext_lazy("The baseline is 0, so a change in percent of it cannot be worked out."),
}


def is_neutral(description: SeriesDescription) -> bool:
    """Return whether a change of the series is neither for the better nor for the worse."""
    return description.measure == "girth"


def name(description: SeriesDescription, state: str) -> str:
    """Return a state as it stands in a tag."""
    return str(_GIRTH_STATES.get(state, _STATES[state]) if is_neutral(description) else _STATES[state])


def tone(description: SeriesDescription, state: str) -> str:
    """Return the class of the tag; empty for a state that calls for none."""
    return "" if is_neutral(description) else _TONES.get(state, "")


def sentence(description: SeriesDescription, change: Change) -> str:
    """Return what a state means, or why there is none."""
    if change.state == "insufficient_data":
        return str(_REASONS[change.reason])
    words = _SENTENCES[change.state]
    return str(_GIRTH_SENTENCES.get(change.state, words) if is_neutral(description) else words)


def left_out(measured: Iterable[Measured]) -> str:
    """Return how many readings count in no state because swelling was recorded with them; empty if none."""
    count = sum(one.swelling for one in measured)
    if not count:
        return ""
    return ngettext(
        "%(n)d reading is left out, because swelling was recorded with it.",
        "%(n)d readings are left out, because swelling was recorded with them.",
        count,
    ) % {"n": count}
