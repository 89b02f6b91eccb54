import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.reference import bands
from rehab.reference.bands import (
    BAND_PRODUCTS,
    BandForcePoint,
    force_newtons,
    interpolated_force_newtons,
)
from rehab.reference.units import to_canonical

TABLE = {
    "theraband_tan": (2.4, 3.4, 10.7, 15.1),
    "theraband_yellow": (3.0, 4.3, 13.3, 19.1),
    "theraband_red": (3.7, 5.5, 16.5, 24.5),
    "theraband_green": (4.6, 6.7, 20.5, 29.8),
    "theraband_blue": (5.8, 8.6, 25.8, 38.3),
    "theraband_black": (7.3, 10.2, 32.5, 45.4),
    "theraband_silver": (10.2, 15.3, 45.4, 68.1),
    "theraband_gold": (14.2, 21.3, 63.2, 94.7),
}


@pytest.mark.parametrize(("code", "row"), TABLE.items())
def test_manufacturer_table(code, row):
    product = BAND_PRODUCTS[code]
    assert [point.elongation_pct for point in product.force_points] == [100, 200]
    assert tuple(point.force_lbf for point in product.force_points) == row[:2]
    assert tuple(point.force_newtons for point in product.force_points) == row[2:]
    assert force_newtons(product_code=code, elongation_pct=100) == row[2]
    assert force_newtons(product_code=code, elongation_pct=200) == row[3]


@pytest.mark.parametrize("code", TABLE)
def test_newtons_are_the_rounded_pounds_force(code):
    for point in BAND_PRODUCTS[code].force_points:
        newtons = to_canonical(quantity="force", value=point.force_lbf, unit="lbf")
        assert newtons == pytest.approx(point.force_newtons, abs=0.06)


def test_lines_and_versions():
    assert list(TABLE) == [code for code, product in BAND_PRODUCTS.items() if product.force_points]
    assert {product.line for product in BAND_PRODUCTS.values()} == {"professional_flat_band_tubing", "clx"}
    assert all(code == product.code == product.level_code for code, product in BAND_PRODUCTS.items())
    assert all(product.source for product in BAND_PRODUCTS.values())


def test_clx_has_no_force():
    assert force_newtons(product_code="theraband_clx_red", elongation_pct=150) is None


@pytest.mark.parametrize("elongation_pct", [0, 99.9, 200.1, 300])
def test_nothing_is_extrapolated(elongation_pct):
    assert force_newtons(product_code="theraband_red", elongation_pct=elongation_pct) is None


@given(elongation_pct=st.floats(100, 200), code=st.sampled_from(list(TABLE)))
def test_force_stays_between_its_points(elongation_pct, code):
    force = force_newtons(product_code=code, elongation_pct=elongation_pct)
    assert force is not None
    assert TABLE[code][2] <= force <= TABLE[code][3] + 1e-9


def test_half_way():
    assert force_newtons(product_code="theraband_green", elongation_pct=150) == pytest.approx(25.15)


def test_own_points_in_any_order():
    own = [BandForcePoint(150, 30.0), BandForcePoint(50, 10.0), BandForcePoint(100, 15.0)]
    assert interpolated_force_newtons(force_points=own, elongation_pct=75) == 12.5
    assert interpolated_force_newtons(force_points=own, elongation_pct=120) == 21.0
    assert interpolated_force_newtons(force_points=[], elongation_pct=120) is None


def test_an_unknown_product_is_refused():
    with pytest.raises(ValueError, match="unknown band product 'red'"):
        force_newtons(product_code="red", elongation_pct=150)


def _row(**changes):
    row = {
        "brand": "B",
        "line": "l",
        "level_code": "b_red",
        "colour": "red",
        "elongation_pct": "100",
        "force_lbf": "",
        "force_newtons": "10",
        "source": "s",
        "valid_from": "2024-03-01",
    }
    return {**row, **changes}


def test_a_dated_chart_in_newtons():
    product = bands._products([_row()])["b_red"]
    assert product.valid_from == dt.date(2024, 3, 1)
    assert product.force_points == (BandForcePoint(100, 10.0, None),)


def test_a_level_with_two_versions_is_refused():
    with pytest.raises(ValueError, match="b_red appears twice"):
        bands._products([_row(), _row(valid_from="2025-03-01")])
