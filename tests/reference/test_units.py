import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.reference.units import UCUM_CODES, UNITS, from_canonical, to_canonical

PAIRS = [(quantity, unit) for quantity, units in UNITS.items() for unit in units]
FACTOR_PAIRS = [(quantity, unit) for quantity, unit in PAIRS if quantity != "temperature"]


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "expected"),
    [
        ("force", 1, "N", 1.0),
        ("force", 1, "kgf", 9.80665),
        ("force", 1, "lbf", 4.4482216),
        ("length", 412, "mm", 41.2),
        ("length", 3, "mm", 0.3),
        ("length", 1, "in", 2.54),
        ("mass", 1, "lb", 0.45359237),
        ("distance", 6, "m", 6.0),
        ("temperature", 34.5, "Cel", 34.5),
        ("temperature", 32, "degF", 0.0),
        ("temperature", 104, "degF", 40.0),
    ],
)
def test_worked_values(quantity, value, unit, expected):
    assert to_canonical(quantity=quantity, value=value, unit=unit) == expected
    assert from_canonical(quantity=quantity, value=expected, unit=unit) == pytest.approx(value, rel=1e-15)


def test_pound_force_agrees_with_kilogram_force():
    newtons = to_canonical(quantity="force", value=0.45359237, unit="kgf")
    assert newtons == pytest.approx(to_canonical(quantity="force", value=1, unit="lbf"), rel=1e-8)


@given(pair=st.sampled_from(FACTOR_PAIRS), value=st.floats(-1e9, 1e9).filter(lambda x: x == 0 or abs(x) > 1e-9))
def test_there_and_back(pair, value):
    quantity, unit = pair
    canonical = to_canonical(quantity=quantity, value=value, unit=unit)
    assert from_canonical(quantity=quantity, value=canonical, unit=unit) == pytest.approx(value, rel=5e-16, abs=0)


@given(value=st.floats(-500, 500), unit=st.sampled_from(UNITS["temperature"]))
def test_temperature_there_and_back(value, unit):
    canonical = to_canonical(quantity="temperature", value=value, unit=unit)
    back = from_canonical(quantity="temperature", value=canonical, unit=unit)
    assert back == pytest.approx(value, rel=1e-15, abs=1e-12)


def test_the_first_unit_is_canonical():
    assert {quantity: units[0] for quantity, units in UNITS.items()} == {
        "force": "N",
        "length": "cm",
        "mass": "kg",
        "distance": "m",
        "temperature": "Cel",
    }
    for quantity, units in UNITS.items():
        assert to_canonical(quantity=quantity, value=1.25, unit=units[0]) == 1.25


def test_every_unit_has_a_ucum_code():
    assert set(UCUM_CODES) == {unit for _, unit in PAIRS}
    assert UCUM_CODES["lbf"] == "[lbf_av]"


@pytest.mark.parametrize("function", [to_canonical, from_canonical])
def test_what_cannot_be_converted_is_refused(function):
    with pytest.raises(ValueError, match="unknown quantity 'torque'"):
        function(quantity="torque", value=1, unit="N.m")
    with pytest.raises(ValueError, match="'kg' is not a unit of force"):
        function(quantity="force", value=1, unit="kg")
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not a finite number"):
            function(quantity="force", value=value, unit="N")
