import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import sides
from rehab.analytics.sides import SideValue

ON = dt.date(2026, 3, 2)
LATER = dt.date(2026, 3, 4)


def left_right(left, right):
    return {"left": SideValue(left, ON, ("a", "b")), "right": SideValue(right, LATER, ("c",))}


def test_strength():
    found = sides.compare_strength(**left_right(240, 180), involved="right")
    assert (found.lsi_pct, found.asymmetry_pct, found.suppressed) == (75, 25, None)
    assert (found.left, found.right, found.n) == (240, 180, 2)
    assert (found.first_on, found.last_on) == (ON, LATER)
    assert (found.ids, found.method) == (("a", "b", "c"), "sides/1")
    assert sides.compare_strength(**left_right(240, 180), involved="left").lsi_pct == pytest.approx(400 / 3)


@pytest.mark.parametrize(
    ("involved", "reason"),
    [("both", "both_sides_involved"), ("none", "no_side_involved"), (None, "involved_side_unknown")],
)
def test_no_ratio_without_a_good_side(involved, reason):
    found = sides.compare_strength(**left_right(240, 180), involved=involved)
    assert (found.lsi_pct, found.suppressed, found.asymmetry_pct) == (None, reason, 25)
    assert sides.compare_girth(**left_right(43, 41), involved=involved).difference is None
    rom = sides.compare_rom(scale="direction", **left_right(120, 90), involved=involved)
    assert (rom.difference, rom.suppressed) == (None, reason)


def test_a_reference_of_nothing():
    found = sides.compare_strength(**left_right(0, 20), involved="right")
    assert (found.lsi_pct, found.suppressed, found.asymmetry_pct) == (None, "reference_is_zero", -100)
    assert sides.compare_strength(**left_right(0, 0), involved="right").asymmetry_pct is None


@pytest.mark.parametrize(
    ("scale", "left", "right", "involved", "expected"),
    [
        ("direction", 110, 135, "left", 25),
        ("direction", 110, 135, "right", -25),
        ("deficit", 10, -2, "left", 12),
        ("deficit", 10, -2, "right", -12),
        ("direction", -15, 10, "left", 25),
    ],
)
def test_range_of_motion(scale, left, right, involved, expected):
    assert sides.compare_rom(scale=scale, **left_right(left, right), involved=involved).difference == expected


def test_girth():
    assert sides.compare_girth(**left_right(43.0, 40.5), involved="right").difference == 2.5
    assert sides.compare_girth(**left_right(43.0, 40.5), involved="left").difference == -2.5


@pytest.mark.parametrize(("left", "right", "grades"), [(10, 7, 1), (4, 7, -1), (4, 2, 1), (7, 6, 1 / 3)])
def test_mrc_has_a_difference_and_no_ratio(left, right, grades):
    found = sides.compare_mrc(**left_right(left, right))
    assert found.difference == pytest.approx(grades)
    assert found.lsi_pct is found.asymmetry_pct is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: sides.lsi_pct(involved=1, uninvolved=0),
        lambda: sides.lsi_pct(involved=-1, uninvolved=1),
        lambda: sides.asymmetry_pct(left=-1, right=1),
        lambda: sides.girth_difference_cm(involved=0, uninvolved=40),
        lambda: sides.rom_difference_degrees(scale="up", involved=0, uninvolved=40),  # type: ignore[arg-type]
        lambda: sides.rom_difference_degrees(scale="direction", involved=float("nan"), uninvolved=40),
    ],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(ValueError, match="must be"):
        call()


FORCE = st.floats(0.1, 1500)


@given(left=FORCE, right=FORCE)
def test_mirrored_sides_mirror_the_asymmetry(left, right):
    asymmetry = sides.asymmetry_pct(left=left, right=right)
    assert asymmetry == -sides.asymmetry_pct(left=right, right=left)
    assert -100 <= asymmetry <= 100


@given(left=FORCE, right=FORCE)
def test_mirrored_sides_keep_the_index(left, right):
    one = sides.compare_strength(**left_right(left, right), involved="left")
    other = sides.compare_strength(**left_right(right, left), involved="right")
    assert one.lsi_pct == other.lsi_pct


@given(left=FORCE, right=FORCE, factor=st.sampled_from([9.80665, 4.4482216]))
def test_a_change_of_unit_changes_no_ratio(left, right, factor):
    one = sides.compare_strength(**left_right(left, right), involved="left")
    other = sides.compare_strength(**left_right(left / factor, right / factor), involved="left")
    assert (one.lsi_pct, one.asymmetry_pct) == pytest.approx((other.lsi_pct, other.asymmetry_pct), abs=1e-9)
