import pytest

from rehab.reference.immersion import (
    IMMERSION_LEVELS,
    WATER_TEMPERATURE_ACCEPT_CELSIUS,
    WATER_TEMPERATURE_USUAL_CELSIUS,
    percent_carried,
    percent_carried_from_body_fat,
)


@pytest.mark.parametrize(
    ("level", "men", "women", "middle", "fraction"),
    [
        ("popliteal", (88.1, 2.3), (86.7, 1.9), 87.4, None),
        ("asis", (59.1, 4.4), (52.5, 4.9), 55.8, "1/2"),
        ("xiphisternum", (35.3, 3.3), (31.6, 2.7), 33.45, "1/3"),
        ("sternoclavicular_c7", (11.8, 1.9), (10.2, 3.2), 11.0, "1/10"),
    ],
)
def test_table(level, men, women, middle, fraction):
    male, female, unknown = (percent_carried(level=level, sex=sex) for sex in ("male", "female", None))
    assert (male.mean_pct, male.sd_pct) == men
    assert (female.mean_pct, female.sd_pct) == women
    assert (unknown.mean_pct, unknown.sd_pct) == (middle, None)
    assert "midpoint" in unknown.source
    assert "10.1055/s-2007-960475" in male.source
    assert IMMERSION_LEVELS[level].display_fraction == fraction


def test_levels_go_from_shallow_to_deep():
    assert list(IMMERSION_LEVELS) == ["popliteal", "asis", "xiphisternum", "sternoclavicular_c7"]
    for sex in ("male", "female", None):
        shares = [percent_carried(level=level, sex=sex).mean_pct for level in IMMERSION_LEVELS]
        assert shares == sorted(shares, reverse=True)


def test_other_studies_are_kept_apart():
    others = {
        code: [(share.mean_pct, share.sd_pct) for share in level.others] for code, level in IMMERSION_LEVELS.items()
    }
    assert others == {
        "popliteal": [],
        "asis": [(52.3, 5.8), (54, None), (47, None)],
        "xiphisternum": [(35, None), (28, None)],
        "sternoclavicular_c7": [(10, None), (8, None)],
    }


def test_names():
    assert IMMERSION_LEVELS["xiphisternum"].name("en") == "Lower end of the breastbone"
    assert IMMERSION_LEVELS["xiphisternum"].name("zh") == "剑突"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("asis", 65.02 - 0.52 * 20),
        ("xiphisternum", 39.42 - 0.34 * 20),
        ("sternoclavicular_c7", 14.23 - 0.19 * 20),
    ],
)
def test_body_fat_formulas(level, expected):
    assert percent_carried_from_body_fat(level=level, body_fat_pct=20) == pytest.approx(expected)


def test_body_fat_without_a_formula():
    assert percent_carried_from_body_fat(level="popliteal", body_fat_pct=20) is None


@pytest.mark.parametrize("body_fat_pct", [-1, 101, float("nan"), 80])
def test_body_fat_out_of_range(body_fat_pct):
    with pytest.raises(ValueError, match=r"body_fat_pct must be|does not hold"):
        percent_carried_from_body_fat(level="sternoclavicular_c7", body_fat_pct=body_fat_pct)


def test_unknown_level_or_sex_is_refused():
    with pytest.raises(ValueError, match="unknown immersion level 'waist'"):
        percent_carried(level="waist", sex=None)
    with pytest.raises(ValueError, match="sex must be"):
        percent_carried(level="asis", sex="f")


def test_water_temperature_limits():
    assert WATER_TEMPERATURE_ACCEPT_CELSIUS == (20, 40)
    assert WATER_TEMPERATURE_USUAL_CELSIUS == (26, 36)
