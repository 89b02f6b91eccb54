import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import rom


@pytest.mark.parametrize(
    ("extension", "flexion", "text", "arc"),
    [
        (-5, 130, "5-0-130", 135),
        (10, 130, "0-10-130", 120),
        (0, 135, "0-0-135", 135),
        (-0.0, 135, "0-0-135", 135),
        (2.5, 90, "0-2.5-90", 87.5),
        (40, 40, "0-40-40", 0),
    ],
)
def test_neutral_zero_and_arc(extension, flexion, text, arc):
    assert rom.neutral_zero(extension_degrees=extension, flexion_degrees=flexion) == text
    assert rom.total_arc(extension_degrees=extension, flexion_degrees=flexion) == arc


@pytest.mark.parametrize(("extension", "flexion"), [(50, 40), (0, -5), (float("nan"), 90), (0, float("inf"))])
def test_neutral_zero_refuses_what_it_cannot_write(extension, flexion):
    with pytest.raises(ValueError, match=r"must be|is below"):
        rom.neutral_zero(extension_degrees=extension, flexion_degrees=flexion)


@pytest.mark.parametrize(
    ("scale", "arom", "prom", "lag"),
    [("deficit", 20, 5, 15), ("deficit", 5, 5, 0), ("direction", 10, 30, 20), ("direction", -15, 0, 15)],
)
def test_extension_lag(scale, arom, prom, lag):
    assert rom.extension_lag(scale=scale, arom_degrees=arom, prom_degrees=prom) == lag


ANGLE = st.floats(-180, 180)


@given(arom=ANGLE, prom=ANGLE)
def test_the_two_scales_mirror_one_another(arom, prom):
    assert rom.extension_lag(scale="deficit", arom_degrees=arom, prom_degrees=prom) == rom.extension_lag(
        scale="direction", arom_degrees=-arom, prom_degrees=-prom
    )


@given(angles=st.lists(ANGLE, min_size=1, max_size=5))
def test_greatest_motion_mirrors_too(angles):
    mirrored = [-angle for angle in angles]
    assert rom.aggregate(trials=angles, how="max", scale="direction") == -rom.aggregate(
        trials=mirrored, how="max", scale="deficit"
    )


def test_hyperextension_positive_sources_are_turned():
    assert rom.deficit_from_hyperextension_positive(extension_degrees=1.6) == -1.6
    assert rom.deficit_from_hyperextension_positive(extension_degrees=-0.7) == 0.7
    assert str(rom.deficit_from_hyperextension_positive(extension_degrees=0)) == "0.0"


def test_aggregate():
    assert rom.aggregate(trials=[118, 122, 120], scale="direction") == 120
    assert rom.aggregate(trials=[118, 122, 120], how="max", scale="direction") == 122
    assert rom.aggregate(trials=[-3, 4, 2], scale="deficit") == 1


def test_refusals():
    with pytest.raises(ValueError, match="at least one trial"):
        rom.aggregate(trials=[], scale="direction")
    with pytest.raises(ValueError, match="trial 1 must be a finite number"):
        rom.aggregate(trials=[float("nan")], scale="direction")
    with pytest.raises(ValueError, match="'max' or 'mean'"):
        rom.aggregate(trials=[1], how="best", scale="direction")
    with pytest.raises(ValueError, match="'direction' or 'deficit'"):
        rom.aggregate(trials=[1], scale="up")
    with pytest.raises(ValueError, match="'direction' or 'deficit'"):
        rom.extension_lag(scale="up", arom_degrees=1, prom_degrees=1)


@pytest.mark.parametrize(
    ("angles", "expected"),
    [
        ([90, 120, 45], True),
        ([10, 20, 100], True),
        ([0, -5], True),
        ([90, 91], False),
        ([90, 2.5], False),
        ([], False),
    ],
)
def test_low_resolution(angles, expected):
    assert rom.is_low_resolution(angles_degrees=angles) is expected
