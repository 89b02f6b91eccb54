import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import symptoms

RATING = st.integers(0, 10)


@pytest.mark.parametrize(
    ("baseline", "current", "change"),
    [
        (10, 8, "important_decrease"),
        (10, 9, "slight_decrease"),
        (10, 10, "none"),
        (4, 3, "slight_decrease"),
        (3, 2, "important_decrease"),
        (2, 1, "important_decrease"),
        (0, 0, "none"),
        (0, 1, "slight_increase"),
        (0, 2, "important_increase"),
        (3, 4, "important_increase"),
        (5, 6, "slight_increase"),
    ],
)
def test_change_of_pain(baseline, current, change):
    assert symptoms.pain_change(baseline=baseline, current=current).change == change


def test_points_and_percent():
    found = symptoms.pain_change(baseline=8, current=6)
    assert (found.points, found.percent) == (-2, -25)
    assert symptoms.pain_change(baseline=0, current=4).percent is None


@given(baseline=RATING, current=RATING)
def test_two_points_always_matter_and_less_is_a_decrease(baseline, current):
    found = symptoms.pain_change(baseline=baseline, current=current)
    assert found.points == current - baseline
    assert found.change.startswith("important") or abs(found.points) < 2
    assert found.change.endswith("decrease") == (current < baseline)
    assert found.change.endswith("increase") == (current > baseline)


@pytest.mark.parametrize(
    ("during", "before", "morning", "state", "noted"),
    [
        (0, None, None, "safe", False),
        (2, 0, 5, "safe", False),
        (3, 2, 2, "acceptable", False),
        (5, 2, 1, "acceptable", False),
        (5, 2, 3, "not_settled", True),
        (3, None, 2, "awaiting_next_morning", False),
        (5, None, 8, "not_settled", True),
        (3, 2, None, "awaiting_next_morning", False),
        (6, 2, 2, "too_high", True),
        (10, None, None, "too_high", True),
    ],
)
def test_pain_during_exercise(during, before, morning, state, noted):
    found = symptoms.pain_during_exercise(worst_during=during, before=before, next_morning=morning)
    assert (found.state, found.note_to_therapist) == (state, noted)


@pytest.mark.parametrize("value", [-1, 11, 2.5])
@pytest.mark.parametrize("name", ["worst_during", "before", "next_morning"])
def test_ratings_are_whole_numbers_from_0_to_10(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        symptoms.pain_during_exercise(**({"worst_during": 4} | {name: value}))


def test_change_refuses_what_is_no_rating():
    with pytest.raises(ValueError, match="baseline must be between 0 and 10"):
        symptoms.pain_change(baseline=11, current=1)
    with pytest.raises(ValueError, match="current must be a whole number"):
        symptoms.pain_change(baseline=5, current=1.5)


def test_new_sites():
    assert symptoms.new_sites(earlier=[], current=["b", "a", "a"]) == ("a", "b")
    assert symptoms.new_sites(earlier=["a", "c"], current=["a"]) == ()


def test_spasm_severity():
    assert [symptoms.spasm_severity_is_asked(frequency=step) for step in range(5)] == [False, True, True, True, True]
    with pytest.raises(ValueError, match="frequency must be between 0 and 4"):
        symptoms.spasm_severity_is_asked(frequency=5)
