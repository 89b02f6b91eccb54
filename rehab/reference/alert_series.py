"""A series of readings in the words of an alert: what was measured where, and from what to what it changed.

Evidence of a decline: ``series`` (``measure``, ``code``, ``side``), ``baseline``, ``current`` and ``threshold`` in
``unit``. A grade or category is a rank, which sorts but says nothing to a reader: then no numbers are named.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rehab.reference.function_scales import FUNCTION_SCALES
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.red_flags import Phrase
from rehab.reference.symptoms import SIDES

_NAMED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"rom": MOTIONS, "girth": GIRTH_SITES, "function_scale": FUNCTION_SCALES}
)
SYMBOLS = {"deg": "°"}
RANKS = frozenset({"grade", "category", "mrc_rank", "mas_rank"})
"""Units of numbers that sort and say nothing to a reader."""

_CHANGED = Phrase(
    en="{place}: {current} against a baseline of {baseline}. The change is beyond the measurement error ({threshold}).",
    zh="{place}：目前 {current}，基线 {baseline}。变化超出测量误差（{threshold}）。",
)
_RANKED = Phrase(
    en="{place}: worse than the baseline by more than the measurement error.",
    zh="{place}：比基线差，且超出测量误差。",
)


_GIRTH = Phrase(
    en="{place}: {current} against a baseline of {baseline}. The limb is smaller by more than the measurement error "
    "({threshold}); girth alone does not tell muscle from fat or swelling.",
    zh="{place}：目前 {current}，基线 {baseline}。肢体变细，超出测量误差（{threshold}）；"
    "仅凭围度无法区分肌肉、脂肪或肿胀。",
)


def place(*, series: Mapping[str, Any], language: str) -> str:
    """Return what a series measures and on which side.

    >>> place(series={"measure": "hhd", "code": "KNE_EXT", "side": "left"}, language="en")
    'Knee extensors (quadriceps), left'
    """
    code, side = str(series.get("code", "")), str(series.get("side", ""))
    named = _NAMED.get(str(series.get("measure", "")), MUSCLES)
    parts = [str(named[code].name(language)) if code in named else code]
    if side in SIDES:
        words = SIDES[side].name(language)
        parts.append(words if language.lower().startswith("zh") else words.lower())
    return Phrase(en=", ", zh="，").text(language).join(part for part in parts if part)


def decline(*, evidence: Mapping[str, Any], language: str) -> str | None:
    """Return what declined, in one or two sentences; None if the evidence does not say which series.

    >>> decline(
    ...     evidence={"series": {"measure": "rom", "code": "KNE_FLEX", "side": "right"}, "unit": "deg",
    ...               "baseline": 110.0, "current": 91.5, "threshold": 10.0},
    ...     language="en",
    ... )
    'Knee flexion, right: 91.5° against a baseline of 110°. The change is beyond the measurement error (10°).'
    """
    series = evidence.get("series")
    if not isinstance(series, Mapping):
        return None
    unit = str(evidence.get("unit", ""))
    values = {name: evidence.get(name) for name in ("current", "baseline", "threshold")}
    phrase = _GIRTH if series.get("measure") == "girth" else _CHANGED
    if unit in RANKS or None in values.values():
        phrase = _RANKED
    text = phrase.text(language).replace("{place}", place(series=series, language=language))
    for name, value in values.items():
        text = text.replace("{" + name + "}", _amount(value, unit))
    return text


def _amount(value: Any, unit: str) -> str:
    number = (f"{value:.4g}" if isinstance(value, float) else str(value)).replace("-", "−")
    symbol = SYMBOLS.get(unit, unit if unit != "points" else "")
    return f"{number}{symbol}" if symbol in ("", "°") else f"{number} {symbol}"


def every_text() -> list[str]:
    """Return every sentence in both languages."""
    return [text for phrase in (_CHANGED, _RANKED, _GIRTH) for text in (phrase.en, phrase.zh)]
