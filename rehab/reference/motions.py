"""Joint motions with AAOS/AMA reference figures, input limits and published measurement error.

``aaos_*`` and ``ama_min``: AAOS, *Joint Motion* (1965) and *Clinical Measurement of Joint Motion* (1994), as
tabulated in Norkin & White, *Measurement of Joint Motion* (2016), appendix table A.1; notation after Ryf &
Weymann 1995 (neutral-zero method). ``mdc_*`` carry their own source in ``mdc_source``. ``hard_min`` and
``hard_max`` are input limits, wide enough for contracture and hypermobility; they are not norms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast

from rehab.reference import _tables

Scale = Literal["direction", "deficit"]
Better = Literal["higher", "lower"]

_DIGIT_JOINTS = frozenset({"finger_mcp", "finger_pip", "finger_dip"})
_SPINE_JOINTS = frozenset({"cervical_spine", "thoracolumbar_spine"})
_MIDLINE_MOTIONS = frozenset({"flexion", "extension"})


@dataclass(frozen=True, slots=True)
class JointMotion:
    """One motion of one joint; all angles in degrees.

    On the ``direction`` scale the value is the angle reached in the named direction (negative: cannot reach
    neutral; higher is better). On the ``deficit`` scale 0 is full extension, positive an extension deficit,
    negative hyperextension (lower is better, down to 0).
    """

    code: str
    joint: str
    motion: str
    name_en: str
    name_zh: str
    plane: str
    scale: Scale
    better: Better
    aaos_from: float | None
    aaos_to: float | None
    ama_min: float | None
    hard_min: float
    hard_max: float
    mdc_intra_deg: float | None
    """Same rater."""
    mdc_inter_deg: float | None
    """Different raters."""
    mdc_level: str | None
    """Confidence level of the MDC: ``90``, ``95``, ``unstated`` or ``LoA95 half-width``."""
    mdc_context: str | None
    mdc_source: str | None
    notation_note: str

    @property
    def needs_digit(self) -> bool:
        """Whether a record must say which finger (the thumb has joints of its own)."""
        return self.joint in _DIGIT_JOINTS

    @property
    def has_side(self) -> bool:
        """Whether a record must say left or right: all but flexion and extension of the spine."""
        return not (self.joint in _SPINE_JOINTS and self.motion in _MIDLINE_MOTIONS)

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)


def _from_row(row: dict[str, str]) -> JointMotion:
    if (row["scale"], row["better"]) not in {("direction", "higher"), ("deficit", "lower")}:
        raise ValueError(f"{row['code']}: scale {row['scale']!r} with better {row['better']!r}")
    return JointMotion(
        code=row["code"],
        joint=row["joint"],
        motion=row["motion"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        plane=row["plane"],
        scale=cast("Scale", row["scale"]),
        better=cast("Better", row["better"]),
        aaos_from=_tables.number_or_none(text=row["aaos_from"]),
        aaos_to=_tables.number_or_none(text=row["aaos_to"]),
        ama_min=_tables.number_or_none(text=row["ama_min"]),
        hard_min=float(row["hard_min"]),
        hard_max=float(row["hard_max"]),
        mdc_intra_deg=_tables.number_or_none(text=row["mdc_intra_deg"]),
        mdc_inter_deg=_tables.number_or_none(text=row["mdc_inter_deg"]),
        mdc_level=row["mdc_level"] or None,
        mdc_context=row["mdc_context"] or None,
        mdc_source=row["mdc_source"] or None,
        notation_note=row["notation_note"],
    )


MOTIONS: Mapping[str, JointMotion] = MappingProxyType(
    {row["code"]: _from_row(row) for row in _tables.rows(name="joint_motions")}
)
