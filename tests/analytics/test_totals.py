import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import totals
from rehab.analytics.totals import GroupGrade, KeyMuscleGrade
from rehab.reference.muscles import ISNCSCI_KEY_MUSCLES, MRC_SUM_MUSCLES

ON = dt.date(2026, 3, 2)


def exam(**changed):
    """Every key muscle 5, but for those named ``right_C5="3"``."""
    grades = {f"{side}_{level}": "5" for side in ("right", "left") for level in ISNCSCI_KEY_MUSCLES} | changed
    return [
        KeyMuscleGrade(id=place, on=ON, level=place.split("_")[1], side=place.split("_")[0], grade=grade)
        for place, grade in grades.items()
        if grade
    ]


def test_full_strength():
    found = totals.isncsci_motor_scores(grades=exam())
    assert (found.uer, found.uel, found.ler, found.lel, found.uems, found.lems) == (25, 25, 25, 25, 50, 50)
    assert (found.n, found.first_on, found.last_on, len(found.ids)) == (20, ON, ON, 20)
    assert (found.not_testable, found.starred, found.method) == ((), (), "totals/1")


def test_each_side_and_limb_apart():
    found = totals.isncsci_motor_scores(grades=exam(right_C5="3", left_T1="0", right_L2="1", left_S1="4"))
    assert (found.uer, found.uel, found.ler, found.lel, found.uems, found.lems) == (23, 20, 21, 24, 43, 45)


@pytest.mark.parametrize("grade", ["NT", "NT*", None])
def test_one_not_testable_muscle(grade):
    found = totals.isncsci_motor_scores(grades=exam(right_C7=grade))
    assert (found.uer, found.uel, found.uems, found.ler, found.lems) == (None, 25, None, 25, 50)
    assert (found.not_testable, found.n) == (("right C7",), 19)


def test_a_starred_grade_counts_as_its_number():
    found = totals.isncsci_motor_scores(grades=exam(left_L3="2*", left_C5="NT*"))
    assert (found.lel, found.starred) == (22, ("left C5", "left L3"))


def test_nothing_recorded():
    found = totals.isncsci_motor_scores(grades=[])
    assert (found.uems, found.lems, found.n, found.first_on, found.last_on) == (None, None, 0, None, None)


@pytest.mark.parametrize(
    ("grades", "message"),
    [
        (exam(right_C5="4-"), "no ISNCSCI grade '4-'"),
        (exam(right_C5="5*"), "no ISNCSCI grade"),
        (exam(right_C4="5"), "at level 'C4'"),
        ([*exam(), *exam()], "is graded twice"),
    ],
)
def test_isncsci_refuses(grades, message):
    with pytest.raises(ValueError, match=message):
        totals.isncsci_motor_scores(grades=grades)


def groups(grade="4", scale="MRC6", tested=12):
    rows = [
        GroupGrade(id=f"{side} {muscle}", on=ON, muscle=muscle, side=side, scale=scale, grade=grade)
        for side in ("left", "right")
        for muscle in MRC_SUM_MUSCLES
    ]
    return [row if number < tested else replace(row, grade=None) for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("scale", "grade", "total"),
    [("MRC6", "5", 60), ("MRC8", "4-", 48), ("MRC8", "4+", 48), ("MRC11", "5-", 60), ("MRC6", "0", 0)],
)
def test_mrc_sum(scale, grade, total):
    found = totals.mrc_sum_score(grades=groups(grade, scale))
    assert (found.total, found.prorated, found.label, found.n_tested, found.n) == (total, None, None, 12, 12)
    assert (found.first_on, found.last_on, len(found.ids)) == (ON, ON, 12)


@pytest.mark.parametrize(("tested", "prorated"), [(11, 48), (10, 48), (9, None), (0, None)])
def test_not_testable_groups_leave_no_total(tested, prorated):
    found = totals.mrc_sum_score(grades=groups(tested=tested), critical_illness=True)
    assert (found.total, found.prorated, found.label, found.n_tested) == (None, prorated, None, tested)


@pytest.mark.parametrize(("grade", "label"), [("4", None), ("3", "significant_weakness"), ("2", "severe_weakness")])
def test_labels_only_in_critical_illness(grade, label):
    assert totals.mrc_sum_score(grades=groups(grade), critical_illness=True).label == label
    assert totals.mrc_sum_score(grades=groups(grade)).label is None


def test_label_limits():
    three = groups("3")
    assert totals.mrc_sum_score(grades=three, critical_illness=True).total == 36
    lower = [replace(three[0], grade="2"), *three[1:]]
    assert totals.mrc_sum_score(grades=lower, critical_illness=True).label == "severe_weakness"
    four = groups("4")
    lower = [replace(four[0], grade="3"), *four[1:]]
    assert totals.mrc_sum_score(grades=lower, critical_illness=True).label == "significant_weakness"


@pytest.mark.parametrize(
    ("grades", "message"),
    [
        ([replace(groups()[0], muscle="HIP_ABD")], "no group of the MRC sum score"),
        ([*groups(), groups()[0]], "is graded twice"),
        ([replace(groups()[0], grade="4-")], "is not a grade of MRC6"),
    ],
)
def test_mrc_sum_refuses(grades, message):
    with pytest.raises(ValueError, match=message):
        totals.mrc_sum_score(grades=grades)


def test_nothing_graded():
    assert totals.mrc_sum_score(grades=[]).first_on is None


@given(data=st.data())
def test_the_order_changes_nothing(data):
    rows = exam(right_C5="3", left_L2="NT")
    assert totals.isncsci_motor_scores(grades=data.draw(st.permutations(rows))) == totals.isncsci_motor_scores(
        grades=rows
    )
