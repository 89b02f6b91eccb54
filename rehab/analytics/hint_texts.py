"""The text of a pattern hint with names in place of codes, in English or Chinese. For clinicians only."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, cast

from rehab.reference import hint_texts as words
from rehab.reference.motions import MOTIONS

Code = Literal["ACUTE_SUBACUTE", "PROG_DISTAL", "PROG_PROXIMAL", "FLUCTUATING", "MYOTOMAL", "SINGLE_NERVE", "DISUSE"]

CAPSULAR = "CAPSULAR"

TEXTS_EN: Mapping[Code, str] = MappingProxyType(
    {
        "ACUTE_SUBACUTE": "Rapid loss in {groups} groups over {days} days. Urgent review.",
        "PROG_DISTAL": "Distal-predominant decline ({muscles}). Often neurogenic; correlate with sensation, "
        "reflexes, EMG.",
        "PROG_PROXIMAL": "Proximal-predominant decline ({muscles}). Often myogenic; correlate with CK, EMG, drug "
        "history.",
        "FLUCTUATING": "Afternoon or exertional worsening. Consider neuromuscular junction; check breathing and "
        "swallowing.",
        "MYOTOMAL": "Weakness in segment {names} ({muscles}).",
        "SINGLE_NERVE": "Weakness in nerve {names} territory.",
        "DISUSE": "Timing fits disuse; recheck after reloading.",
    }
)
"""By code; parameters are those of ``Hint.parameters``, lists joined with commas."""
TEXTS_ZH: Mapping[Code, str] = MappingProxyType(
    {
        "ACUTE_SUBACUTE": "{days} 天内 {groups} 组肌群肌力快速下降，需紧急评估。",
        "PROG_DISTAL": "以远端为主的肌力下降（{muscles}）。多见于神经源性病变；请结合感觉、反射和肌电图判断。",
        "PROG_PROXIMAL": "以近端为主的肌力下降（{muscles}）。多见于肌源性病变；请结合肌酸激酶、肌电图和用药史判断。",
        "FLUCTUATING": "下午或活动后加重。请考虑神经肌肉接头病变；并检查呼吸与吞咽。",
        "MYOTOMAL": "{names} 节段支配的肌肉无力（{muscles}）。",
        "SINGLE_NERVE": "{names}支配区肌肉无力。",
        "DISUSE": "时间过程符合废用；恢复负荷后请复查。",
    }
)
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
