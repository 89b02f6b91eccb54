"""Published measurement error of range of motion, from ``mdc_*`` of ``rehab.reference.motions``."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from rehab.reference._threshold_types import Facts, Threshold
from rehab.reference.motions import JointMotion

MDC90_TO_MDC95 = 1.191
"""MDC95 = 1.191 × MDC90 (1.96 / 1.645; Weir 2005, J Strength Cond Res 19:231-240)."""
LOW_RESOLUTION_DEGREES = 10.0
"""Angles read to the nearest 5° or 10°: the threshold is not below this."""

_DIGIT_JOINTS = frozenset(
    {"finger_mcp", "finger_pip", "finger_dip", "thumb_cmc", "thumb_mcp", "thumb_ip"},
)
_LOW_RESOLUTION_NOTE = (
    "Raised to 10°: the angles were read to the nearest 5° or 10°.",
    "角度按 5° 或 10° 读数，阈值提高到 10°。",
)
_CONTEXTS_ZH: Mapping[str, str] = MappingProxyType(
    {
        "CROM device; neck pain; same rater": "CROM 测量仪；颈痛患者；同一测量者",
        "CROM device; left rotation; no neck pain; same rater": "CROM 测量仪；左旋；无颈痛者；同一测量者",
        "digital inclinometer; AROM; 30 healthy adults": "数字倾角仪；主动活动度；30 名健康成人",
        "universal goniometer; 38 patients elbow/forearm/wrist": "通用量角器；38 名肘、前臂或腕部患者",
        "long-arm goniometer; passive, seated; TKA day 3": "长臂量角器；被动，坐位；全膝置换术后第 3 天",
        "ACL patients; test-retest / inter-rater; upper end over 3 devices (goniometer worst)": (
            "前交叉韧带患者；重测或不同测量者；三种仪器中的最大值（量角器最差）"
        ),
        "weight-bearing lunge test; systematic review": "负重弓步试验；系统综述",
    }
)
_STUDIED_INSTRUMENTS: Mapping[str, str] = MappingProxyType(
    {
        "CROM": "inclinometer",
        "inclinometer": "inclinometer",
        "goniometer;": "universal_goniometer",
    }
)
_STUDIED_TYPES: Mapping[str, str] = MappingProxyType({"AROM": "AROM", "passive": "PROM"})


def is_digit(*, motion: JointMotion) -> bool:
    """Whether the motion is one of a finger or the thumb."""
    return motion.joint in _DIGIT_JOINTS


def not_below_one_rater(*, different: Threshold, same: Threshold) -> Threshold:
    """The larger of the thresholds between raters and of one rater; it says so where it is that of one rater."""
    if different.value >= same.value:
        return different
    value = f"{different.value:.4g}"
    return same.noted(
        f"The figure between raters is {value}°, which is smaller: a change of rater never lowers the threshold.",
        f"不同测量者之间的数值为 {value}°，反而更小：更换测量者不会降低阈值。",
    )


def with_low_resolution(*, threshold: Threshold, facts: Facts) -> Threshold:
    """The larger of the threshold and 10° where the angles were read to the nearest 5° or 10°."""
    if facts.low_resolution and threshold.value < LOW_RESOLUTION_DEGREES:
        return replace(threshold, value=LOW_RESOLUTION_DEGREES).noted(*_LOW_RESOLUTION_NOTE)
    return threshold


def published(*, motion: JointMotion, facts: Facts) -> Threshold | None:
    """The row of the motion that was studied as these readings were taken, as MDC95 where it can be."""
    same = bool(facts.same_rater)
    value = motion.mdc_intra_deg if same else motion.mdc_inter_deg
    context = motion.mdc_context or ""
    if value is None or not _studied_so(context=context, facts=facts):
        return None
    threshold = Threshold(
        row_id=f"ROM_{motion.code}_{'SAME' if same else 'DIFFERENT'}",
        value=value,
        unit="deg",
        percent=False,
        kind="MDC95",
        population_en=context,
        population_zh=_CONTEXTS_ZH[context],
        source=motion.mdc_source or "",
    )
    if motion.mdc_level == "90":
        raised = replace(threshold, value=value * MDC90_TO_MDC95)
        return raised.noted(f"MDC90 of {value:g}° × 1.191.", f"MDC90 {value:g}° × 1.191。")
    if motion.mdc_level == "unstated":
        unstated = replace(threshold, kind="unstated")
        return unstated.noted("Confidence level unstated; kept as it is.", "文献未说明置信水平；按原值使用。")
    if motion.mdc_level == "LoA95 half-width":
        agreement = replace(threshold, kind="LoA95")
        return agreement.noted("Half-width of the 95 % limits of agreement.", "95 % 一致性界限的半宽。")
    return threshold


def _studied_so(*, context: str, facts: Facts) -> bool:
    """Whether instrument and type of motion, where they are known, are those of the study."""
    instruments = [known for word, known in _STUDIED_INSTRUMENTS.items() if word in context]
    types = [known for word, known in _STUDIED_TYPES.items() if word in context]
    return all(facts.instrument in {None, known} for known in instruments) and all(
        facts.rom_type in {None, known} for known in types
    )
