"""An article that is there and fits, another one next time, or none."""

from rehab.analytics import summary_articles
from rehab.analytics.summary_articles import BY_CONDITION, choose
from rehab.reference.conditions import CONDITIONS

NOTHING = {"conditions": (), "modalities": (), "declined": False, "notes": (), "day": 7}


def test_none_without_a_library_or_a_reason():
    assert choose(**{**NOTHING, "conditions": ["stroke"]}, known=()) is None
    assert choose(**NOTHING, known=("stroke-and-muscle",)) is None


def test_only_conditions_that_there_are():
    assert set(BY_CONDITION) <= set(CONDITIONS)


def test_it_changes_from_week_to_week():
    known = summary_articles.BY_CONDITION["sarcopenia"]
    found = [choose(**{**NOTHING, "conditions": ["sarcopenia"], "day": 7 * week}, known=known) for week in range(4)]
    assert len(set(found[:3])) == 3
    assert found[3] == found[0]


def test_what_happened_comes_before_the_condition():
    known = ("stroke-and-muscle", "your-care-team", "what-your-charts-mean", "exercise-in-water")
    of = {**NOTHING, "conditions": ["stroke"], "modalities": ["aquatic"]}
    assert choose(**{**of, "notes": ["only_skipped"]}, known=known) == "your-care-team"
    assert choose(**{**of, "declined": True}, known=known) == "what-your-charts-mean"
    assert choose(**of, known=known) in ("stroke-and-muscle", "exercise-in-water")
