"""The text of a pattern hint with names in place of codes, in English or Chinese. For clinicians only."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from rehab.analytics.hints import TEXTS_EN, TEXTS_ZH, Code
from rehab.reference import hint_texts as words
from rehab.reference.motions import MOTIONS

CAPSULAR = "CAPSULAR"
_CAPSULAR: Mapping[bool, str] = MappingProxyType(
    {
        False: "Passive motion of the {joint} is lost in the order of its capsular pattern: {losses}. The evidence "
        "for capsular patterns is limited.",
        True: "{joint}被动活动度的受限顺序符合关节囊模式：{losses}。关节囊模式的证据有限。",
    }
)


def text(*, code: str, parameters: Mapping[str, Any], language: str) -> str:
    """The sentence of a hint; ``parameters`` as ``hints.Hint`` has them, or those of a capsular pattern.

    >>> text(code="SINGLE_NERVE", parameters={"names": ("ulnar",)}, language="en")
    'Weakness in nerve ulnar territory.'
    >>> text(code="CAPSULAR", language="en", parameters={
    ...     "joint": "knee", "motions": ("KNE_FLEX", "KNE_EXT"), "losses_degrees": (45.0, 12.0)})[:77]
    'Passive motion of the knee is lost in the order of its capsular pattern: Knee'
    """
    chinese = language.startswith("zh")
    if code == CAPSULAR:
        losses = [
            f"{MOTIONS[motion].name(language)} {loss:.0f}°"
            for motion, loss in zip(parameters["motions"], parameters["losses_degrees"], strict=True)
        ]
        return _CAPSULAR[chinese].format(
            joint=words.name_of(parameters["joint"], language), losses=("、" if chinese else ", ").join(losses)
        )
    shown = {name: _shown(value, language) for name, value in parameters.items()}
    return (TEXTS_ZH if chinese else TEXTS_EN)[cast("Code", code)].format(**shown)


def _shown(value: Any, language: str) -> Any:
    return words.names_of(value, language) if isinstance(value, Sequence) and not isinstance(value, str) else value
