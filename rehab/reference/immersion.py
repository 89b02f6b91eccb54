"""Share of body weight that the legs carry when standing still in water.

Men and women: Schneider et al. 2007, Phys Med Rehab Kuror 17:88-93, doi:10.1055/s-2007-960475 (34 healthy
adults, 21-26 y). Others: Adegoke 2014, doi:10.1186/1471-2474-15-261; Harrison & Bulstrode 1987, Physiother
Pract 3:60-63. Static standing only: walking loads more (Harrison, Hillman & Bulstrode 1992, Physiotherapy
78:164-166), and posture changes it (at the ASIS, inclined while holding on, 43-47 %, Adegoke). Never apply
these to walking or jogging.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rehab.reference import _tables

Sex = Literal["male", "female"]

_SCHNEIDER = "Schneider et al. 2007, Phys Med Rehab Kuror 17:88-93, doi:10.1055/s-2007-960475"
_ADEGOKE = "Adegoke 2014, doi:10.1186/1471-2474-15-261 (students, n 193, standing erect)"
_HARRISON = "Harrison & Bulstrode 1987, Physiother Pract 3:60-63"


@dataclass(frozen=True, slots=True)
class CarriedShare:
    """Percent of body weight carried in static standing, with the study it comes from."""

    mean_pct: float
    sd_pct: float | None
    population: str
    source: str


@dataclass(frozen=True, slots=True)
class ImmersionLevel:
    """How deep the person stands."""

    code: str
    name_en: str
    name_zh: str
    men: CarriedShare
    women: CarriedShare
    others: tuple[CarriedShare, ...]
    display_fraction: str | None
    """Rounded share for display, for example ``1/2``."""
    body_fat_formula: tuple[float, float] | None
    """(a, b) of ``a - b * body fat %``, in percent of body weight (Schneider 2007)."""

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)


def _schneider(mean_pct: float, sd_pct: float, population: str) -> CarriedShare:
    return CarriedShare(mean_pct=mean_pct, sd_pct=sd_pct, population=population, source=_SCHNEIDER)


def _harrison(mean_pct: float, population: str) -> CarriedShare:
    return CarriedShare(mean_pct=mean_pct, sd_pct=None, population=population, source=_HARRISON)


_LEVELS = (
    ImmersionLevel(
        code="popliteal",
        name_en="Back of the knee",
        name_zh="腘窝",
        men=_schneider(88.1, 2.3, "men"),
        women=_schneider(86.7, 1.9, "women"),
        others=(),
        display_fraction=None,
        body_fat_formula=None,
    ),
    ImmersionLevel(
        code="asis",
        name_en="Front of the hip bone (ASIS)",
        name_zh="髂前上棘",
        men=_schneider(59.1, 4.4, "men"),
        women=_schneider(52.5, 4.9, "women"),
        others=(
            CarriedShare(mean_pct=52.3, sd_pct=5.8, population="students, erect", source=_ADEGOKE),
            _harrison(54.0, "men"),
            _harrison(47.0, "women"),
        ),
        display_fraction="1/2",
        body_fat_formula=(65.02, 0.52),
    ),
    ImmersionLevel(
        code="xiphisternum",
        name_en="Lower end of the breastbone",
        name_zh="剑突",
        men=_schneider(35.3, 3.3, "men"),
        women=_schneider(31.6, 2.7, "women"),
        others=(_harrison(35.0, "men"), _harrison(28.0, "women")),
        display_fraction="1/3",
        body_fat_formula=(39.42, 0.34),
    ),
    ImmersionLevel(
        code="sternoclavicular_c7",
        name_en="Collarbone / base of the neck (C7)",
        name_zh="胸锁关节 / 第七颈椎",
        men=_schneider(11.8, 1.9, "men"),
        women=_schneider(10.2, 3.2, "women"),
        others=(_harrison(10.0, "men, C7"), _harrison(8.0, "women, C7")),
        display_fraction="1/10",
        body_fat_formula=(14.23, 0.19),
    ),
)

IMMERSION_LEVELS: Mapping[str, ImmersionLevel] = MappingProxyType({level.code: level for level in _LEVELS})
"""From shallow to deep."""

WATER_TEMPERATURE_ACCEPT_CELSIUS: tuple[float, float] = (20.0, 40.0)
"""Input limits of this project."""
WATER_TEMPERATURE_USUAL_CELSIUS: tuple[float, float] = (26.0, 36.0)
"""Outside this range ask to confirm (a convention of this project). Therapeutic pools are usually 33.5-35.5
°C: Becker 2009, PM&R 1:859-872, doi:10.1016/j.pmrj.2009.05.017."""


def percent_carried(*, level: str, sex: Sex | None) -> CarriedShare:
    """Percent of body weight carried when standing still at an immersion level.

    With ``sex=None`` the midpoint of men and women, without a standard deviation; the source text says so.
    Unknown level or sex: ``ValueError``.

    >>> percent_carried(level="asis", sex="female").mean_pct
    52.5
    >>> percent_carried(level="asis", sex=None).mean_pct
    55.8
    """
    row = _level(code=level)
    if sex is None:
        return CarriedShare(
            mean_pct=round((row.men.mean_pct + row.women.mean_pct) / 2, 2),
            sd_pct=None,
            population="midpoint of men and women",
            source=f"{_SCHNEIDER}; midpoint of its values for men and women",
        )
    if sex not in {"male", "female"}:
        raise ValueError(f"sex must be 'male', 'female' or None, not {sex!r}")
    return row.men if sex == "male" else row.women


def percent_carried_from_body_fat(*, level: str, body_fat_pct: float) -> float | None:
    """Percent of body weight carried, from body fat B in %: ASIS 65.02 - 0.52 B, xiphisternum 39.42 - 0.34 B,
    sternoclavicular joint 14.23 - 0.19 B (Schneider 2007). ``None`` where no formula was published.

    Raises ``ValueError`` for an unknown level, body fat outside 0-100 %, or a result that is not above zero.

    >>> round(percent_carried_from_body_fat(level="asis", body_fat_pct=20), 2)
    54.62
    """
    formula = _level(code=level).body_fat_formula
    if not 0 <= body_fat_pct <= 100:
        raise ValueError(f"body_fat_pct must be between 0 and 100, not {body_fat_pct}")
    if formula is None:
        return None
    intercept, slope = formula
    carried = intercept - slope * body_fat_pct
    if carried <= 0:
        raise ValueError(f"the formula does not hold at {body_fat_pct} % body fat")
    return carried


def _level(*, code: str) -> ImmersionLevel:
    if code not in IMMERSION_LEVELS:
        raise ValueError(f"unknown immersion level {code!r}; one of {', '.join(IMMERSION_LEVELS)}")
    return IMMERSION_LEVELS[code]
