"""The quick states agree with ``assessed`` on any readings."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.analytics.quick import QuickState, state_of
from rehab.analytics.readings import Reading
from rehab.analytics.series import Subject, assessed
from rehab.analytics.series_descriptions import describe

START = dt.date(2026, 3, 2)
STROKE = Subject(conditions=frozenset({"stroke"}), dominant_hand="right")
SERIES: dict[str, tuple[dict[str, Any], st.SearchStrategy[float]]] = {
    "hhd": ({"method": "hhd", "muscle": "KNE_EXT", "side": "left", "stabilisation": "belt"}, st.floats(1, 400)),
    "grip": ({"method": "grip", "muscle": "HAND_GRIP", "side": "left"}, st.floats(10, 400)),
    "pinch": ({"method": "pinch", "muscle": "HAND_PINCH", "side": "left"}, st.floats(1, 100)),
    "mrc": ({"method": "mrc", "muscle": "KNE_EXT", "side": "left", "scale": "MRC11"}, st.integers(0, 10).map(float)),
    "rom": ({"motion": "KNE_EXT", "side": "left", "rom_type": "PROM"}, st.integers(-15, 60).map(float)),
    "by_eye": (
        {"motion": "KNE_EXT", "side": "left", "rom_type": "PROM", "instrument": "visual_estimate"},
        st.integers(0, 9).map(float),
    ),
    "five": ({"motion": "KNE_FLEX", "side": "left", "rom_type": "PROM"}, st.integers(10, 30).map(lambda n: 5.0 * n)),
    "girth": ({"site": "THIGH_10", "side": "left"}, st.floats(35, 55)),
}
KINDS = {"rom": "rom", "by_eye": "rom", "five": "rom", "girth": "girth"}


def deciding(readings: list[Reading]) -> tuple[list[tuple[dt.date, float, str]], int]:
    """Return what the database sends: the readings of the first and last two days, and how many days there are."""
    days = sorted({reading.on for reading in readings})
    kept = {*days[:2], *days[-2:]}
    return [(one.on, one.value, str(one.rater)) for one in readings if one.on in kept], len(days)


@pytest.mark.parametrize("name", SERIES)
@given(data=st.data())
@settings(max_examples=200)
def test_the_state_is_that_of_the_whole_series(name: str, data: Any) -> None:
    details, values = SERIES[name]
    description = describe(kind=KINDS.get(name, "strength"), details=details)
    drawn = data.draw(st.lists(st.tuples(st.integers(0, 60), values, st.sampled_from("ab")), max_size=9))
    readings = [
        Reading(str(i), START + dt.timedelta(days=day * 2), value, rater, description.visual_estimate)
        for i, (day, value, rater) in enumerate(drawn)
    ]
    rows, days = deciding(readings)
    whole = assessed(description=description, readings=readings, subject=STROKE).change
    quick = state_of(rows=rows, days=days, description=description, subject=STROKE)
    assert quick == QuickState.of(whole)
    assert (quick is None) == (whole.state == "insufficient_data")
