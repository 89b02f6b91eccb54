import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics.questionnaires import VERSION, phq9_change, score
from rehab.reference.questionnaires import QUESTIONNAIRES, SELF_HARM_ITEM


def _codes(questionnaire):
    return [item.loinc for item in QUESTIONNAIRES[questionnaire].items]


def _score(questionnaire, *values, **given):
    return score(questionnaire=questionnaire, answers=dict(zip(_codes(questionnaire), values, strict=True)), **given)


def _with_total(questionnaire, total):
    count = len(_codes(questionnaire))
    return _score(questionnaire, *(min(3, max(0, total - 3 * i)) for i in range(count)))


@pytest.mark.parametrize(
    ("total", "band", "positive"),
    [
        (0, "minimal", False),
        (4, "minimal", False),
        (5, "mild", False),
        (9, "mild", False),
        (10, "moderate", True),
        (14, "moderate", True),
        (15, "moderately_severe", True),
        (19, "moderately_severe", True),
        (20, "severe", True),
        (27, "severe", True),
    ],
)
def test_phq9_bands(total, band, positive):
    found = _with_total("phq9", total)
    assert (found.total, found.band, found.screen_positive, found.prorated) == (total, band, positive, False)
    assert found.method_version == VERSION


@pytest.mark.parametrize(
    ("total", "band", "positive"),
    [
        (0, "minimal", False),
        (4, "minimal", False),
        (5, "mild", False),
        (9, "mild", False),
        (10, "moderate", True),
        (14, "moderate", True),
        (15, "severe", True),
        (21, "severe", True),
    ],
)
def test_gad7_bands(total, band, positive):
    found = _with_total("gad7", total)
    assert (found.total, found.band, found.screen_positive) == (total, band, positive)


@pytest.mark.parametrize(("total", "positive"), [(9, False), (10, True), (24, True)])
def test_phq8_has_a_cut_off_and_no_bands(total, positive):
    found = _with_total("phq8", total)
    assert (found.total, found.band, found.screen_positive, found.self_harm) == (total, None, positive, False)


@pytest.mark.parametrize(("values", "positive"), [((1, 1), False), ((2, 1), True), ((3, 3), True), ((0, 0), False)])
def test_short_forms_lead_to_the_long_one_from_three(values, positive):
    anxiety, mood = _score("gad2", *values), _score("phq2", *values)
    assert anxiety.screen_positive is mood.screen_positive is positive
    assert anxiety.follow_up == ("gad7" if positive else None)
    assert mood.follow_up == ("phq8" if positive else None)
    answered_for = _score("phq2", *values, self_harm_is_answered_for=True)
    assert answered_for.follow_up == ("phq9" if positive else None)
    assert anxiety.band is None


def test_a_long_form_leads_nowhere():
    assert _with_total("phq9", 27).follow_up is None


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ((1, 1, 1, 1, 1, 1, 1, None, 1), 9),
        ((2, 1, 1, 1, 1, 1, 1, None, 1), 10),  # 9 / 8 × 9 = 10.125
        ((2, 2, 2, 2, 2, 1, 1, None, 0), 14),  # 12 / 8 × 9 = 13.5, a half goes up
        ((1, 1, 1, 1, 1, None, None, 1, 0), 8),  # 6 / 7 × 9 = 7.71
        ((3, 3, 3, 3, 3, 3, None, None, 3), 27),
    ],
)
def test_phq9_with_up_to_two_missing(values, total):
    found = _score("phq9", *values)
    assert (found.total, found.prorated) == (total, True)
    assert len(found.missing) == values.count(None)


def test_phq9_with_three_missing_has_no_total():
    found = _score("phq9", 3, 3, 3, 3, 3, None, None, None, 1)
    assert (found.total, found.band, found.screen_positive, found.prorated) == (None, None, None, False)
    assert found.self_harm


def test_item_nine_is_never_imputed():
    found = _score("phq9", 3, 3, 3, 3, 3, 3, 3, 3, None)
    assert found.total is None
    assert found.missing == (SELF_HARM_ITEM,)
    assert not found.self_harm


@pytest.mark.parametrize(("answer", "flagged"), [(0, False), (1, True), (2, True), (3, True)])
def test_item_nine_counts_whatever_the_total(answer, flagged):
    assert _score("phq9", 0, 0, 0, 0, 0, 0, 0, 0, answer).self_harm is flagged


def test_gad7_missing():
    assert _score("gad7", 2, 2, 2, 2, 1, 1, None).total == 12  # 10 / 6 × 7 = 11.67
    assert _score("gad7", 1, 1, 1, 0, 0, 0, None).total == 4  # 3 / 6 × 7 = 3.5, a half goes up
    assert _score("gad7", 2, 2, 2, 2, 1, None, None).total is None


@pytest.mark.parametrize("questionnaire", ["phq2", "gad2", "phq8"])
def test_the_other_forms_need_every_item(questionnaire):
    codes = _codes(questionnaire)
    found = score(questionnaire=questionnaire, answers=dict.fromkeys(codes[:-1], 3))
    assert (found.total, found.screen_positive, found.follow_up) == (None, None, None)
    assert found.missing == (codes[-1],)


def test_no_answers_at_all():
    found = score(questionnaire="phq9", answers={})
    assert found.total is None
    assert [value for _, value in found.items] == [None] * 9


def test_the_item_profile_keeps_the_order_of_the_form():
    found = score(questionnaire="gad2", answers={"68509-9": 2, "69725-0": 1})
    assert found.items == (("69725-0", 1), ("68509-9", 2))


@given(values=st.lists(st.none() | st.integers(0, 3), min_size=9, max_size=9))
def test_a_total_lies_within_what_the_missing_items_allow(values):
    found = _score("phq9", *values)
    answered = [value for value in values if value is not None]
    assert (found.total is None) == (len(answered) < 7 or values[8] is None)
    if found.total is not None:
        assert sum(answered) <= found.total <= sum(answered) + 3 * values.count(None)
    assert found.self_harm == bool(values[8])


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"questionnaire": "phq3"}, "unknown questionnaire 'phq3'"),
        ({"answers": {"44260-8": 1}}, "unknown item 44260-8"),
        ({"answers": {"44250-9": 4}}, "answer to 44250-9 must be 0, 1, 2 or 3"),
        ({"answers": {"44250-9": -1}}, "answer to 44250-9 must be"),
        ({"answers": {"44250-9": 1.5}}, "answer to 44250-9 must be"),
    ],
)
def test_refusals(given, problem):
    with pytest.raises(ValueError, match=problem):
        score(**({"questionnaire": "phq8", "answers": {}} | given))


@pytest.mark.parametrize(
    ("earlier", "later", "points", "relevant"),
    [(14, 9, -5, True), (14, 10, -4, False), (9, 14, 5, True), (9, 9, 0, False), (0, 27, 27, True)],
)
def test_phq9_change(earlier, later, points, relevant):
    found = phq9_change(earlier=earlier, later=later)
    assert (found.points, found.clinically_relevant) == (points, relevant)


def test_phq9_change_refuses_what_is_no_total():
    with pytest.raises(ValueError, match="later must be a whole number between 0 and 27"):
        phq9_change(earlier=3, later=28)
    with pytest.raises(ValueError, match="earlier must be"):
        phq9_change(earlier=-1, later=2)
