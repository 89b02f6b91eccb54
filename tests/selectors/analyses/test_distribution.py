"""Proximal-distal indices from records."""

from typing import Any

import pytest

from rehab.errors import NotPermitted
from rehab.selectors.analyses import distribution
from rehab.selectors.analyses.distribution import Distribution, LimbIndices
from rehab.services import patients
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, force, grade

LEG = {"HIP_FLEX": 10, "HIP_ABD": 9, "ANK_DF": 4, "HALLUX_EXT": 2}
GRADES = ("0", "1", "2", "3-", "3", "3+", "4-", "4", "4+", "5-", "5")


def found(cast: Cast) -> Distribution:
    return distribution.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=NOW)


def leg(cast: Cast, side: str = "left") -> LimbIndices:
    return next(limb for limb in found(cast).limbs if (limb.limb, limb.side) == ("lower", side))


def graded(cast: Cast, side: str = "left", **ranks: int) -> list[str]:
    return [
        str(grade(cast, muscle, side, GRADES[rank], ago(2)).pk) for muscle, rank in {**LEG, **ranks}.items()
    ]  # fmt: skip


def test_the_worked_leg(cast: Cast) -> None:
    ids = graded(cast)
    index = leg(cast).mrc
    assert (index.value, index.notable, index.reason) == (-6.5, True, None)
    assert (index.n, index.first_on, index.last_on) == (4, ago(2), ago(2))
    assert set(index.ids) == set(ids)
    assert index.method == "distribution/1"
    assert found(cast).pattern is None, "one limb is not shown as a pattern"


def test_two_limbs_are_a_pattern(cast: Cast) -> None:
    graded(cast)
    graded(cast, "right", ANK_DF=5)
    assert found(cast).pattern == "distal_weaker"


def test_the_other_way_round(cast: Cast) -> None:
    for side in ("left", "right"):
        graded(cast, side, HIP_FLEX=4, HIP_ABD=5, ANK_DF=9, HALLUX_EXT=10)
    assert found(cast).pattern == "proximal_weaker"


def test_too_few_groups_and_groups_of_long_ago(cast: Cast) -> None:
    assert {(limb.mrc.value, limb.mrc.reason) for limb in found(cast).limbs} == {(None, "too_few_groups")}
    assert {(limb.force.value, limb.reference_kind) for limb in found(cast).limbs} == {(None, None)}
    graded(cast)
    grade(cast, "HIP_ABD", "left", "5", ago(1))
    grade(cast, "ANK_DF", "left", "3", ago(1))
    assert leg(cast).mrc.n == 4
    for muscle in ("HIP_FLEX", "HIP_ABD"):
        grade(cast, muscle, "right", "5", ago(30))
    for muscle in ("ANK_DF", "HALLUX_EXT"):
        grade(cast, muscle, "right", "3", ago(2))
    assert leg(cast, "right").mrc.reason == "too_few_groups"


def forces(cast: Cast, side: str, on: int, **newtons: float) -> list[str]:
    return [str(force(cast, muscle, side, value, ago(on)).pk) for muscle, value in newtons.items()]


def test_forces_against_their_own_baseline(cast: Cast) -> None:
    before = forces(cast, "left", 60, HIP_FLEX=200, HIP_ABD=200, ANK_DF=200, HALLUX_EXT=200)
    now = forces(cast, "left", 1, HIP_FLEX=180, HIP_ABD=160, ANK_DF=80, HALLUX_EXT=60)
    limb = leg(cast)
    assert limb.force.value == pytest.approx(-50)
    assert (limb.force.notable, limb.reference_kind) == (True, "own_baseline")
    assert set(limb.force.ids) == set(now)
    assert set(limb.reference_ids) == set(before)


def test_forces_against_the_healthy_side(cast: Cast) -> None:
    patients.amend(cast.patient.pk, {"involved_side": "left"}, expected_version=1, by=cast.therapist, now=NOW)
    healthy = forces(cast, "right", 2, HIP_FLEX=200, HIP_ABD=200, ANK_DF=100, HALLUX_EXT=100)
    forces(cast, "left", 1, HIP_FLEX=200, HIP_ABD=200, ANK_DF=50, HALLUX_EXT=50)
    limb = leg(cast)
    assert (limb.force.value, limb.reference_kind) == (-50, "unaffected_side")
    assert set(limb.reference_ids) == set(healthy)
    assert leg(cast, "right").force.value is None, "the healthy side has no baseline of its own yet"


def test_without_the_healthy_side_the_own_baseline_stands(cast: Cast) -> None:
    patients.amend(cast.patient.pk, {"involved_side": "left"}, expected_version=1, by=cast.therapist, now=NOW)
    forces(cast, "left", 60, HIP_FLEX=200, HIP_ABD=200, ANK_DF=200, HALLUX_EXT=200)
    forces(cast, "left", 1, HIP_FLEX=200, HIP_ABD=200, ANK_DF=100, HALLUX_EXT=100)
    assert (leg(cast).force.value, leg(cast).reference_kind) == (-50, "own_baseline")


@pytest.mark.parametrize("role", ["patient_user", "caregiver"])
def test_it_is_for_clinicians(cast: Cast, role: str) -> None:
    with pytest.raises(NotPermitted):
        distribution.of_patient(viewer=cast.user(role), patient_id=cast.patient.pk, now=NOW)


def test_typed_units_change_nothing(cast: Cast) -> None:
    def in_pounds(newtons: float) -> dict[str, Any]:
        return {"trials": [{"value": newtons / 4.4482216152605, "unit": "lbf"}]}

    forces(cast, "left", 60, HIP_FLEX=200, HIP_ABD=200, ANK_DF=200, HALLUX_EXT=200)
    for muscle, value in {"HIP_FLEX": 180, "HIP_ABD": 160, "ANK_DF": 80, "HALLUX_EXT": 60}.items():
        force(cast, muscle, "left", 0, ago(1), **in_pounds(value))
    assert leg(cast).force.value == pytest.approx(-50)
