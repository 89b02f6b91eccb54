import pytest

from rehab.reference.function_scales import FUNCTION_SCALES


@pytest.mark.parametrize(
    ("code", "limits", "unit", "better"),
    [
        ("scim", (0, 100), "score", "higher"),
        ("fim", (18, 126), "score", "higher"),
        ("barthel", (0, 100), "score", "higher"),
        ("alsfrs_r", (0, 48), "score", "higher"),
        ("mg_adl", (0, 24), "score", "lower"),
        ("six_minute_walk", (None, None), "m", "higher"),
        ("ten_metre_walk", (None, None), "s", "lower"),
        ("timed_up_and_go", (None, None), "s", "lower"),
        ("five_sit_to_stand", (None, None), "s", "lower"),
        ("berg", (0, 56), "score", "higher"),
    ],
)
def test_ranges(code, limits, unit, better):
    scale = FUNCTION_SCALES[code]
    assert ((scale.minimum, scale.maximum), scale.unit, scale.better) == (limits, unit, better)


@pytest.mark.parametrize("scale", FUNCTION_SCALES.values(), ids=lambda scale: scale.code)
def test_names_and_licences_in_both_languages(scale):
    assert scale.name("en") == scale.name_en != scale.name("zh-hans") == scale.name_zh
    assert scale.licence("en") == scale.licence_en != scale.licence("zh-hans") == scale.licence_zh


def test_there_are_ten():
    assert len(FUNCTION_SCALES) == 10
