import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import girth


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(41.0, 41.5, False), (41.2, 40.7, False), (41.0, 41.6, True), (41.6, 41.0, True), (41.0, 41.0, False)],
)
def test_third_reading_only_above_half_a_centimetre(first, second, expected):
    assert girth.needs_third_reading(first_cm=first, second_cm=second) is expected


@given(tenths=st.integers(50, 1500))
def test_exactly_half_a_centimetre_never_needs_a_third(tenths):
    assert not girth.needs_third_reading(first_cm=tenths / 10, second_cm=(tenths + 5) / 10)
    assert girth.needs_third_reading(first_cm=tenths / 10, second_cm=(tenths + 6) / 10)


def test_mean():
    assert girth.mean_girth_cm(readings_cm=[41.0, 41.5]) == 41.25
    assert girth.mean_girth_cm(readings_cm=[41.0, 42.0, 41.5]) == 41.5


def test_refusals():
    with pytest.raises(ValueError, match="at least one reading"):
        girth.mean_girth_cm(readings_cm=[])
    with pytest.raises(ValueError, match="reading 2 must be above 0"):
        girth.mean_girth_cm(readings_cm=[41, 0])
    with pytest.raises(ValueError, match="second_cm must be above 0"):
        girth.needs_third_reading(first_cm=41, second_cm=-41)
