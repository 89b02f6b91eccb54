import itertools

import pytest

from rehab.reference.scales import (
    MRC_DEFINITIONS,
    MRC_GRADES,
    mrc_integer,
    mrc_rank,
)


@pytest.mark.parametrize(
    ("scale", "ranks"),
    [
        ("MRC6", [0, 1, 2, 4, 7, 10]),
        ("MRC8", [0, 1, 2, 4, 6, 7, 8, 10]),
        ("MRC11", list(range(11))),
    ],
)
def test_ranks(scale, ranks):
    assert [mrc_rank(scale=scale, grade=grade) for grade in MRC_GRADES[scale]] == ranks


def test_a_grade_has_one_rank_on_every_scale():
    for first, second in itertools.combinations(MRC_GRADES, 2):
        for grade in set(MRC_GRADES[first]) & set(MRC_GRADES[second]):
            assert mrc_rank(scale=first, grade=grade) == mrc_rank(scale=second, grade=grade)


@pytest.mark.parametrize(
    ("scale", "grade"), [("MRC8", "3+"), ("MRC8", "5-"), ("MRC6", "4-"), ("MRC11", "NT"), ("MRC6", "")]
)
@pytest.mark.parametrize("function", [mrc_rank, mrc_integer])
def test_a_grade_of_another_scale_is_refused(function, scale, grade):
    with pytest.raises(ValueError, match=f"is not a grade of {scale}"):
        function(scale=scale, grade=grade)


def test_an_unknown_scale_is_refused():
    with pytest.raises(ValueError, match="unknown scale 'MRC5'"):
        mrc_rank(scale="MRC5", grade="3")


@pytest.mark.parametrize(("grade", "integer"), [("4-", 4), ("4", 4), ("4+", 4), ("3-", 3), ("0", 0), ("5", 5)])
def test_sum_scores_use_the_integer_part(grade, integer):
    assert mrc_integer(scale="MRC11", grade=grade) == integer


def test_every_mrc_grade_is_defined_in_both_languages():
    assert set(MRC_DEFINITIONS) == set(MRC_GRADES["MRC8"])
    assert MRC_DEFINITIONS["3"].text("en") == "active movement against gravity"
    assert MRC_DEFINITIONS["3"].text("zh-hans") == "可抗重力主动活动"
