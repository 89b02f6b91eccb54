"""Limb girth sites.

Sites: Harrelson 1998, J Sport Rehabil 7:300 (joint line, 20 cm above, 15 cm below, spring-tension tape the
more accurate); J Med Assoc Thai 2012;95 Suppl 10:S178-83 (thigh difference largest 18-20 cm above the joint
line). Girth is not muscle mass: fat and oedema count too. ``hard_min_cm`` and ``hard_max_cm`` are wide input
limits chosen by this project, to catch typing errors and wrong units; they are not norms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehab.reference import _tables

_INPUT_LIMITS_CM: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"thigh": (10.0, 150.0), "calf": (8.0, 100.0), "arm": (5.0, 100.0), "forearm": (5.0, 80.0)}
)


@dataclass(frozen=True, slots=True)
class GirthSite:
    """A place on a limb where the tape goes. ``default_distance_cm`` is the distance from the landmark."""

    code: str
    name_en: str
    name_zh: str
    landmark_en: str
    landmark_zh: str
    default_distance_cm: float | None
    """``None`` where the site is the largest girth or a midpoint."""
    family: str
    """thigh, calf, arm or forearm."""

    @property
    def hard_min_cm(self) -> float:
        """Lowest girth that is accepted; an input limit, not a norm."""
        return _INPUT_LIMITS_CM[self.family][0]

    @property
    def hard_max_cm(self) -> float:
        """Highest girth that is accepted; an input limit, not a norm."""
        return _INPUT_LIMITS_CM[self.family][1]

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)

    def landmark(self, language: str) -> str:
        """Where to measure, for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.landmark_en, zh=self.landmark_zh, language=language)


def _thigh(*, code: str, distance_cm: int) -> GirthSite:
    return GirthSite(
        code=code,
        name_en=f"Thigh, {distance_cm} cm",
        name_zh=f"大腿围（{distance_cm} 厘米处）",
        landmark_en=f"{distance_cm} cm above the top of the kneecap (or the medial joint line: record which)",
        landmark_zh=f"髌骨上缘（或膝内侧关节线，须注明）以上 {distance_cm} 厘米",
        default_distance_cm=float(distance_cm),
        family="thigh",
    )


_SITES = (
    _thigh(code="THIGH_10", distance_cm=10),
    _thigh(code="THIGH_20", distance_cm=20),
    GirthSite(
        code="CALF_MAX",
        name_en="Calf, largest",
        name_zh="小腿最大围",
        landmark_en="largest calf girth",
        landmark_zh="小腿最粗处",
        default_distance_cm=None,
        family="calf",
    ),
    GirthSite(
        code="CALF_15",
        name_en="Calf, 15 cm",
        name_zh="小腿围（15 厘米处）",
        landmark_en="15 cm below the medial joint line of the knee",
        landmark_zh="膝内侧关节线以下 15 厘米",
        default_distance_cm=15.0,
        family="calf",
    ),
    GirthSite(
        code="ARM_MID",
        name_en="Upper arm, middle",
        name_zh="上臂中点围",
        landmark_en="midpoint between the acromion and the olecranon",
        landmark_zh="肩峰与尺骨鹰嘴连线中点",
        default_distance_cm=None,
        family="arm",
    ),
    GirthSite(
        code="FOREARM_MAX",
        name_en="Forearm, largest",
        name_zh="前臂最大围",
        landmark_en="largest forearm girth",
        landmark_zh="前臂最粗处",
        default_distance_cm=None,
        family="forearm",
    ),
    GirthSite(
        code="FOREARM_10",
        name_en="Forearm, 10 cm",
        name_zh="前臂围（10 厘米处）",
        landmark_en="10 cm below the olecranon (or the lateral epicondyle: record which)",
        landmark_zh="尺骨鹰嘴（或肱骨外上髁，须注明）以下 10 厘米",
        default_distance_cm=10.0,
        family="forearm",
    ),
)

GIRTH_SITES: Mapping[str, GirthSite] = MappingProxyType({site.code: site for site in _SITES})
