"""The sides of a patient beside one another, from records."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics.readings import Day
from rehab.analytics.series_descriptions import describe
from rehab.errors import NotFound, NotPermitted
from rehab.models import Patient
from rehab.selectors.analyses import material, sides
from rehab.selectors.analyses.material import Material
from rehab.selectors.analyses.sides import MeasuredSides
from rehab.selectors.readings import Measured, Series
from rehab.services import patients
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, TODAY, ago, angle, force, girth, grade, grip, log


def rows(cast: Cast) -> dict[str, MeasuredSides]:
    found = sides.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW)
    return {row.code: row for row in found.rows}


def involved(cast: Cast, side: str | None) -> None:
    version = Patient.objects.get(pk=cast.patient.pk).version
    patients.amend(cast.patient.pk, {"involved_side": side}, expected_version=version, by=cast.therapist, now=NOW)


def test_a_force_of_both_sides(cast: Cast) -> None:
    involved(cast, "right")
    left, right = force(cast, "KNE_EXT", "left", 240, ago(3)), force(cast, "KNE_EXT", "right", 180, ago(1))
    found = rows(cast)["KNE_EXT"].comparison
    assert found is not None
    assert (found.left, found.right, found.lsi_pct, found.asymmetry_pct) == (240, 180, 75, 25)
    assert (found.n, found.first_on, found.last_on) == (2, ago(3), ago(1))
    assert found.ids == (str(left.pk), str(right.pk))
    assert found.method == "sides/1"


@pytest.mark.parametrize(
    ("side", "suppressed"),
    [(None, "involved_side_unknown"), ("both", "both_sides_involved"), ("none", "no_side_involved")],
)
def test_the_ratio_is_suppressed_unless_one_side_is_involved(cast: Cast, side: str | None, suppressed: str) -> None:
    if side:
        involved(cast, side)
    grip(cast, "left", 300, ago(1))
    grip(cast, "right", 240, ago(1))
    found = rows(cast)["HAND_GRIP"].comparison
    assert found is not None
    assert (found.lsi_pct, found.suppressed, found.asymmetry_pct) == (None, suppressed, 20)


def test_grades_have_a_difference_and_no_ratio(cast: Cast) -> None:
    involved(cast, "right")
    grade(cast, "ANK_DF", "left", "5", ago(1))
    grade(cast, "ANK_DF", "right", "4", ago(1))
    found = rows(cast)["ANK_DF"].comparison
    assert found is not None
    assert (found.difference, found.lsi_pct, found.asymmetry_pct) == (1, None, None)


def test_of_several_grades_on_a_day_the_last_one_counts(cast: Cast) -> None:
    """Their median would lie between two ranks, and be no grade."""
    grade(cast, "ANK_DF", "left", "4", ago(1), hour=9)
    grade(cast, "ANK_DF", "left", "5", ago(1), hour=10)
    grade(cast, "ANK_DF", "right", "5", ago(1))
    found = rows(cast)["ANK_DF"].comparison
    assert found is not None
    assert found.difference == 0


def test_motion_and_girth(cast: Cast) -> None:
    involved(cast, "left")
    angle(cast, "KNE_FLEX", "left", 110, ago(1))
    angle(cast, "KNE_FLEX", "right", 135, ago(1))
    angle(cast, "KNE_EXT", "left", 10, ago(1))
    angle(cast, "KNE_EXT", "right", -2, ago(1))
    girth(cast, "THIGH_10", "left", 40.5, ago(1))
    girth(cast, "THIGH_10", "right", 43.0, ago(1))
    found = {code: row.comparison.difference for code, row in rows(cast).items() if row.comparison}
    assert found == {"KNE_FLEX": 25, "KNE_EXT": 12, "THIGH_10": 2.5}


def test_what_was_measured_another_way_is_not_set_beside_it(cast: Cast) -> None:
    force(cast, "KNE_EXT", "left", 240, ago(1), test_type="make")
    force(cast, "KNE_EXT", "right", 180, ago(1), test_type="break")
    found = sides.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW).rows
    assert [(row.comparison, row.reason) for row in found] == [(None, "other_side_not_measured")] * 2


def test_sides_more_than_a_week_apart_are_not_compared_but_shown(cast: Cast) -> None:
    grip(cast, "left", 300, ago(20))
    grip(cast, "right", 240, ago(12))
    row = rows(cast)["HAND_GRIP"]
    assert (row.comparison, row.reason) == (None, "sides_not_within_7_days")
    assert row.left is not None
    assert row.right is not None
    assert (row.left.value, row.left.on, row.right.value, row.right.on) == (300, ago(20), 240, ago(12))


def test_an_earlier_pair_stands_where_the_last_day_has_none(cast: Cast) -> None:
    grip(cast, "left", 300, ago(20))
    grip(cast, "right", 240, ago(19))
    grip(cast, "right", 260, ago(1))
    found = rows(cast)["HAND_GRIP"].comparison
    assert found is not None
    assert (found.left, found.right) == (300, 240)


def test_what_was_read_by_eye_is_not_compared(cast: Cast) -> None:
    for side in ("left", "right"):
        angle(cast, "KNE_FLEX", side, 110, ago(1), instrument="visual_estimate")
    assert (rows(cast)["KNE_FLEX"].comparison, rows(cast)["KNE_FLEX"].reason) == (None, "read_by_eye")


def test_what_has_no_side_is_left_out(cast: Cast) -> None:
    log(cast, "strength", "mrc", ago(1), muscle="NECK_FLEX", side="none")
    assert rows(cast) == {}


@pytest.mark.parametrize(("role", "error"), [("patient_user", NotPermitted), ("caregiver", NotPermitted),
                                             ("colleague", NotFound), ("admin", NotFound)])  # fmt: skip
def test_it_is_for_clinicians_of_the_team(cast: Cast, role: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        sides.of_patient(viewer=cast.user(role), patient_id=cast.patient.pk, now=NOW)


# --- Properties, without a database
DAYS = st.dictionaries(st.integers(0, 40), st.floats(0.5, 500), min_size=1, max_size=8)
MIRROR = {"left": "right", "right": "left"}


def found_of(values: dict[str, dict[int, float]], involved_side: str | None, factor: float = 1) -> Material:
    series = {}
    for side, by_day in values.items():
        description = describe(
            kind="strength", details={"method": "hhd", "muscle": "KNE_EXT", "side": side, "test_type": "make"}
        )
        measured = tuple(
            Measured(f"{side}-{day}", ago(day), NOW, value * factor, "r")  # type: ignore[arg-type]
            for day, value in sorted(by_day.items(), reverse=True)
        )
        key = f"strength|hhd|make|kne_ext|{side}|||"
        series[key] = Series(Patient().pk, key, description, measured)
    patient = Patient(involved_side=involved_side, time_zone="UTC", conditions=[])
    return Material(patient=patient, today=TODAY, series=series)


def figures(row: MeasuredSides) -> tuple[Any, ...]:
    found = row.comparison
    return (row.reason, found and found.lsi_pct, found and found.asymmetry_pct, found and found.suppressed)


@given(DAYS, DAYS, st.sampled_from(["left", "right", "both", "none", None]))
def test_mirrored_sides_mirror_the_asymmetry(left: dict[int, float], right: dict[int, float], side: str | None) -> None:
    [row] = sides.compared(found_of({"left": left, "right": right}, side))
    [mirror] = sides.compared(found_of({"left": right, "right": left}, MIRROR.get(side or "", side)))
    reason, lsi, asymmetry, suppressed = figures(row)
    assert figures(mirror) == (reason, lsi, None if asymmetry is None else -asymmetry, suppressed)


@given(DAYS, DAYS, st.sampled_from([0.25, 4.0]))
def test_the_unit_changes_nothing(left: dict[int, float], right: dict[int, float], factor: float) -> None:
    values = {"left": left, "right": right}
    [row], [scaled] = (sides.compared(found_of(values, "left", by)) for by in (1.0, factor))
    assert figures(row) == figures(scaled)


@given(st.lists(st.integers(0, 30), max_size=10), st.integers(0, 30))
def test_the_nearest_day_lies_within_a_week(days: list[int], to: int) -> None:
    found = material.nearest([Day(ago(day), 1.0, (), frozenset()) for day in days], to=ago(to))
    near = [abs(day - to) for day in days if abs(day - to) <= 7]
    assert (found is None) == (not near)
    if found is not None:
        assert abs((found.on - ago(to)).days) == min(near)


def test_a_key_has_one_mirror(cast: Cast) -> None:
    row = next(iter(found_of({"left": {0: 1.0}}, None).series.values()))
    assert material.mirrored(row) == "strength|hhd|make|kne_ext|right|||"
