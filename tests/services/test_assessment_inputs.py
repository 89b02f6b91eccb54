"""Assessments by clinicians: worked values, limits, and what is shown to nobody but in its place."""

from typing import Any

import pytest

from rehab.reference.function_scales import FUNCTION_SCALES
from tests.services.reading import asked, derived, parsed, refused

ISNCSCI = ("C5", "C6", "C7", "C8", "T1", "L2", "L3", "L4", "L5", "S1")
GROUPS = ("SHO_ABD", "ELB_FLEX", "WRI_EXT", "HIP_FLEX", "KNE_EXT", "ANK_DF")


def grades(names: tuple[str, ...], grade: str, **changes: str | None) -> dict[str, str | None]:
    return {**dict.fromkeys(names, grade), **changes}


# --- Tone


@pytest.mark.parametrize(("grade", "rank"), [("0", 0), ("1", 1), ("1+", 2), ("2", 3), ("3", 4), ("4", 5)])
def test_a_grade_of_tone_is_text_with_a_rank_that_sorts(grade: str, rank: int) -> None:
    found = parsed("assessments", "mas", ashworth=grade)
    assert found.columns()["series_value"] == rank
    assert derived("assessments", "mas", ashworth=grade) == {"rank": rank}


def test_tone_is_graded_in_muscles_of_the_limbs() -> None:
    assert refused("assessments", "mas", ashworth="1.5").keys() == {"/ashworth"}
    assert refused("assessments", "mas", side="both").keys() == {"/side"}
    assert refused("assessments", "mas", muscle="FACIAL")["/muscle"][0] == "method_does_not_fit"
    assert refused("assessments", "mas", muscle="NOTHING")["/muscle"][0] == "unknown_code"


@pytest.mark.parametrize(
    ("conditions", "asks"),
    [
        ([], False),
        (["stroke"], False),
        (["cauda_equina"], True),
        (["diabetic_neuropathy", "guillain_barre"], True),
        (["cauda_equina", "stroke"], False),
        (["motor_neuron_disease"], False),
    ],
)
def test_tone_asks_to_be_confirmed_where_the_lower_motor_neuron_alone_is_damaged(
    conditions: list[str], asks: bool
) -> None:
    found = parsed("assessments", "mas").oddities_with(conditions)
    assert [(odd.pointer, odd.code) for odd in found] == [("/ashworth", "not_applicable")] * asks


def test_ratings_of_tone_by_another_person_or_in_another_position_are_another_series() -> None:
    series = parsed("assessments", "mas").series()
    assert parsed("assessments", "mas", note="x").series() == series
    for change in ({"rater": "Ann"}, {"position": "supine"}, {"side": "left"}, {"muscle": "WRI_FLEX"}):
        assert parsed("assessments", "mas", **change).series() != series


# --- ISNCSCI


def isncsci(right: dict[str, Any], left: dict[str, Any]) -> dict[str, Any]:
    return derived("assessments", "isncsci_motor", right=right, left=left)


def test_full_strength_is_50_and_50_and_never_100() -> None:
    found = isncsci(grades(ISNCSCI, "5"), grades(ISNCSCI, "5"))
    assert found == {
        "uer": 25, "uel": 25, "ler": 25, "lel": 25, "uems": 50, "lems": 50, "n_tested": 20, "method": "totals/1",
    }  # fmt: skip
    assert parsed("assessments", "isncsci_motor").columns()["series_value"] is None


@pytest.mark.parametrize("grade", ["NT", "NT*", None])
def test_one_muscle_that_is_not_testable_leaves_its_subtotals_undetermined(grade: str | None) -> None:
    found = isncsci(grades(ISNCSCI, "5", C7=grade), grades(ISNCSCI, "4", L3="2*"))
    assert (found["uer"], found["uel"], found["uems"]) == (None, 20, None)
    assert (found["ler"], found["lel"], found["lems"]) == (25, 18, 43)


def test_isncsci_grades_have_no_plus_or_minus_and_something_is_graded() -> None:
    wrong = {"C5": "4-", "C6": "5*", "C7": "4+", "C8": "6"}
    found = refused("assessments", "isncsci_motor", right=wrong, left={})
    assert found.keys() == {f"/right/{level}" for level in wrong}
    assert refused("assessments", "isncsci_motor", right={"C4": "5"}, left={}).keys() == {"/right/C4"}
    nothing = {"right": grades(ISNCSCI, "NT"), "left": {}}
    assert refused("assessments", "isncsci_motor", **nothing)[""][0] == "missing"


# --- MRC sum score


def mrc_sum(right: dict[str, Any], left: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return derived("assessments", "mrc_sum", right=right, left=left, **changes)


@pytest.mark.parametrize(("grade", "total"), [("5", 60), ("4", 48), ("3", 36), ("0", 0)])
def test_twelve_grades_make_a_total(grade: str, total: int) -> None:
    found = mrc_sum(grades(GROUPS, grade), grades(GROUPS, grade))
    assert (found["total"], found["prorated"], found["n_tested"]) == (total, None, 12)


@pytest.mark.parametrize(("missing", "prorated"), [(1, 48), (2, 48), (3, None), (6, None)])
@pytest.mark.parametrize("grade", ["NT", None])
def test_a_group_that_was_not_tested_leaves_no_total(missing: int, prorated: float | None, grade: str | None) -> None:
    left = grades(GROUPS, "4", **dict.fromkeys(GROUPS[:missing], grade))
    found = mrc_sum(grades(GROUPS, "4"), left, critical_illness=True)
    assert (found["total"], found["prorated"], found["label"]) == (None, prorated, None)
    assert found["n_tested"] == 12 - missing
    assert parsed("assessments", "mrc_sum", right=grades(GROUPS, "4"), left=left).columns()["series_value"] is None


@pytest.mark.parametrize(
    ("grade", "lower", "label"),
    [("4", None, None), ("4", "3", "significant_weakness"), ("3", None, "significant_weakness"),
     ("3", "2", "severe_weakness")],
)  # fmt: skip
def test_words_about_weakness_only_in_critical_illness(grade: str, lower: str | None, label: str | None) -> None:
    left = grades(GROUPS, grade, SHO_ABD=lower or grade)
    assert mrc_sum(grades(GROUPS, grade), left, critical_illness=True)["label"] == label
    assert mrc_sum(grades(GROUPS, grade), left, critical_illness=False)["label"] is None


# --- Function scales


@pytest.mark.parametrize("code", FUNCTION_SCALES)
def test_totals_stay_within_the_range_of_their_scale(code: str) -> None:
    scale = FUNCTION_SCALES[code]
    if scale.minimum is None or scale.maximum is None:
        assert derived("assessments", "function_scale", scale=code, value=12.4)["unit"] == scale.unit
        assert refused("assessments", "function_scale", scale=code, value=-1).keys() == {"/value"}
        return
    for value in (scale.minimum, scale.maximum):
        found = derived("assessments", "function_scale", scale=code, value=value)
        assert (found["form_version"], found["better"]) == (scale.version, scale.better)
    for value in (scale.minimum - 1, scale.maximum + 1):
        message = refused("assessments", "function_scale", scale=code, value=value)["/value"][1]
        assert message == f"{scale.name_en}: {value} is not possible. Allowed: {scale.minimum} to {scale.maximum}."
    assert refused("assessments", "function_scale", scale=code, value=scale.maximum - 0.5)["/value"][0] == "not_whole"


def test_another_version_or_aid_is_another_series() -> None:
    series = parsed("assessments", "function_scale").series()
    for change in ({"form_version": "II"}, {"aid": "stick"}, {"scale": "fim"}):
        assert parsed("assessments", "function_scale", **change).series() != series


# --- Breathing


def test_vital_capacity_is_judged_per_kilogram() -> None:
    found = derived("assessments", "respiratory", vital_capacity_ml=1400, body_mass={"value": 70, "unit": "kg"})
    assert found == {"vital_capacity_ml_per_kg": 20}
    assert refused("assessments", "respiratory", body_mass=None).keys() == {"/body_mass"}
    assert derived("assessments", "respiratory", vital_capacity_ml=None, body_mass=None) == {}


def test_at_least_one_measure_and_only_possible_ones() -> None:
    names = ("vital_capacity_ml", "mip_cmh2o", "mep_cmh2o", "single_breath_count", "systolic_mmhg")
    assert refused("assessments", "respiratory", **dict.fromkeys(names))[""][0] == "missing"
    found = refused("assessments", "respiratory", mip_cmh2o=-30, systolic_mmhg=301, single_breath_count=1.5)
    assert found.keys() == {"/mip_cmh2o", "/systolic_mmhg", "/single_breath_count"}
    assert refused("assessments", "respiratory", body_mass={"value": 1, "unit": "kg"}).keys() == {"/body_mass/value"}


def test_low_values_are_never_asked_back() -> None:
    assert asked("assessments", "respiratory", vital_capacity_ml=200, mip_cmh2o=0, single_breath_count=0) == {}
    assert asked("assessments", "respiratory", systolic_mmhg=225).keys() == {"/systolic_mmhg"}
    assert asked("assessments", "respiratory", vital_capacity_ml=9000).keys() == {"/vital_capacity_ml"}
