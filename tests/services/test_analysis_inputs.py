"""What analyses ask of documents: the hours before a strength test, and the side that is involved."""

from datetime import datetime
from typing import Any

import pytest

from rehab.errors import Invalid
from rehab.services import patients
from tests.conftest import Cast
from tests.services.reading import parsed, refused

HOURS = {"hours_since_waking": 24, "hours_since_exercise": 72, "hours_since_anticholinesterase": 72}


@pytest.mark.parametrize("variant", ["mrc", "hhd", "grip", "pinch", "rm"])
def test_hours_stand_with_every_test_and_tell_no_two_series_apart(variant: str) -> None:
    with_hours = parsed("strength", variant, **dict.fromkeys(HOURS, 1.5))
    assert with_hours.series() == parsed("strength", variant).series()
    assert with_hours.columns() == parsed("strength", variant).columns()


@pytest.mark.parametrize(("name", "high"), HOURS.items())
def test_hours_have_their_range(name: str, high: float) -> None:
    for hours in (0, 0.25, high):
        assert getattr(parsed("strength", "grip", **{name: hours}), name) == hours
    for hours in (-0.1, high + 0.1):
        [(pointer, (_code, message))] = refused("strength", "grip", **{name: hours}).items()
        assert pointer == f"/{name}"
        assert f"Allowed: 0 – {high} h" in message


@pytest.mark.parametrize("side", ["left", "right", "both", "none", None])
def test_the_involved_side_is_stated_and_changed(cast: Cast, now: datetime, side: str | None) -> None:
    made = patients.enrol({"name": "Li Wei", "involved_side": side}, by=cast.therapist, now=now).patient
    assert made.involved_side == side
    other = "left" if side != "left" else None
    changed = patients.amend(made.pk, {"involved_side": other}, expected_version=1, by=cast.therapist, now=now)
    assert changed.involved_side == other


@pytest.mark.parametrize("side", ["middle", "", "LEFT", 1, ["left"]])
def test_another_side_is_refused(cast: Cast, now: datetime, side: Any) -> None:
    with pytest.raises(Invalid) as raised:
        patients.enrol({"name": "Li Wei", "involved_side": side}, by=cast.therapist, now=now)
    assert [problem.pointer for problem in raised.value.problems] == ["/involved_side"]
