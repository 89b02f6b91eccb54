"""Function scales of which a clinician enters the total (or the time or distance) only.

No item text is shipped, and no threshold. Ranges are given where they are part of the scale's definition; a
measured time or distance has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehab.reference import _tables


@dataclass(frozen=True, slots=True)
class FunctionScale:
    """A scale by name. Items belong to the licensed forms and are not here."""

    code: str
    name_en: str
    name_zh: str
    version: str
    unit: str
    """``score``, ``m`` or ``s``."""
    minimum: int | None
    maximum: int | None
    better: str
    """``higher`` or ``lower``."""
    licence_en: str
    licence_zh: str

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)

    def licence(self, language: str) -> str:
        """What to know before using the form."""
        return _tables.localized(en=self.licence_en, zh=self.licence_zh, language=language)


_LICENSED = ("Licensed: use needs an agreement with the owner.", "受许可保护：使用前须获得权利人授权。")
_CHECK = ("Check the terms of the form before use.", "使用前请核对该量表的使用条款。")
_TEST = ("Performance test: no form.", "操作性测试：无需量表表格。")


def _scale(
    code: str,
    name_en: str,
    name_zh: str,
    licence: tuple[str, str],
    *,
    version: str = "",
    unit: str = "score",
    limits: tuple[int, int] | None = None,
    better: str = "higher",
) -> FunctionScale:
    return FunctionScale(
        code=code,
        name_en=name_en,
        name_zh=name_zh,
        version=version,
        unit=unit,
        minimum=limits[0] if limits else None,
        maximum=limits[1] if limits else None,
        better=better,
        licence_en=licence[0],
        licence_zh=licence[1],
    )


_SCALES = (
    _scale("scim", "Spinal Cord Independence Measure (SCIM-III)", "脊髓独立性量表（SCIM-III）", _CHECK,
           version="III", limits=(0, 100)),
    _scale("fim", "Functional Independence Measure (FIM)", "功能独立性评定量表（FIM）", _LICENSED, limits=(18, 126)),
    _scale("barthel", "Barthel Index", "Barthel 指数", _CHECK, version="0-100", limits=(0, 100)),
    _scale("alsfrs_r", "ALS Functional Rating Scale, revised (ALSFRS-R)",
           "肌萎缩侧索硬化功能评定量表修订版（ALSFRS-R）", _CHECK, version="R", limits=(0, 48)),
    _scale("mg_adl", "Myasthenia Gravis Activities of Daily Living (MG-ADL)", "重症肌无力日常生活活动量表（MG-ADL）",
           _CHECK, limits=(0, 24), better="lower"),
    _scale("six_minute_walk", "6-minute walk test (6MWT)", "6 分钟步行试验（6MWT）", _TEST, unit="m"),
    _scale("ten_metre_walk", "10-metre walk test (10MWT)", "10 米步行试验（10MWT）", _TEST, unit="s", better="lower"),
    _scale("timed_up_and_go", "Timed Up and Go (TUG)", "起立-行走计时测试（TUG）", _TEST, unit="s", better="lower"),
    _scale("five_sit_to_stand", "Five times sit to stand (5×STS)", "5 次坐立试验（5×STS）", _TEST, unit="s",
           better="lower"),
    _scale("berg", "Berg Balance Scale (BBS)", "Berg 平衡量表（BBS）", _CHECK, limits=(0, 56)),
)  # fmt: skip

FUNCTION_SCALES: Mapping[str, FunctionScale] = MappingProxyType({scale.code: scale for scale in _SCALES})
