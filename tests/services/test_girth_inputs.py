"""Limb girth: two readings, a third if they differ, the mean counts."""

from typing import Any

import pytest

from tests.services.reading import asked, derived, parsed, refused


def cm(*values: float) -> list[dict[str, Any]]:
    return [{"value": value, "unit": "cm"} for value in values]


def test_the_mean_of_the_readings_counts_whatever_their_unit() -> None:
    assert derived("girth", "girth", readings=[{"value": 412, "unit": "mm"}, *cm(41.4)]) == {
        "girth_cm": pytest.approx(41.3),
        "readings": 2,
    }


def test_two_readings_that_differ_ask_for_a_third() -> None:
    assert asked("girth", "girth", readings=cm(41, 41.5)) == {}
    assert asked("girth", "girth", readings=cm(41, 41.6)).keys() == {"/readings"}
    assert asked("girth", "girth", readings=cm(41, 41.6, 41.3)) == {}
    assert asked("girth", "girth", readings=cm(41)) == {}


def test_sites_and_limits() -> None:
    assert refused("girth", "girth", site="WAIST") == {"/site": ("unknown_code", "Site: WAIST is not a known code.")}
    found = refused("girth", "girth", readings=cm(41, 400), distance={"value": 61, "unit": "cm"})
    assert found["/readings/1/value"][1].startswith("Girth: 400 cm is not possible. Allowed: ")
    assert found["/readings/1/value"][1].endswith(" cm.")
    assert found["/distance/value"][1] == "Distance from the landmark: 61 cm is not possible. Allowed: 0 to 60 cm."
    assert refused("girth", "girth", readings=[])["/readings"][1] == "Readings: too few. Allowed: at least 1."
    assert refused("girth", "girth", readings=cm(1, 2, 3, 4))["/readings"][1] == "Readings: too many. Allowed: up to 3."


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("side", "left", "right"),
        ("distance", {"value": 10, "unit": "cm"}, {"value": 12, "unit": "cm"}),
        ("landmark", "medial_joint_line", "superior_patellar_pole"),
        ("position", "supine", "standing"),
    ],
)
def test_another_place_on_the_limb_is_another_series(name: str, one: Any, other: Any) -> None:
    assert parsed("girth", "girth", **{name: one}).series() != parsed("girth", "girth", **{name: other}).series()
