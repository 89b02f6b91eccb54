import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import strength

POSITIVE = st.floats(0.1, 2000)


@pytest.mark.parametrize(
    ("repetitions", "epley", "brzycki"), [(5, 58.33, 56.25), (8, 63.33, 62.07), (10, 66.67, 66.67)]
)
def test_one_rm_worked_values(repetitions, epley, brzycki):
    assert round(strength.one_rm_epley(load_kg=50, repetitions=repetitions), 2) == epley
    assert round(strength.one_rm_brzycki(load_kg=50, repetitions=repetitions), 2) == brzycki


@pytest.mark.parametrize("formula", [strength.one_rm_epley, strength.one_rm_brzycki])
class TestOneRm:
    def test_a_single_repetition_is_the_load(self, formula):
        assert formula(load_kg=50, repetitions=1) == 50

    def test_ten_repetitions_are_three_quarters(self, formula):
        assert formula(load_kg=75, repetitions=10) == pytest.approx(100)

    @pytest.mark.parametrize("repetitions", [-1, 0, 11, 37, 5.5])
    def test_repetitions_out_of_range(self, formula, repetitions):
        with pytest.raises(ValueError, match="repetitions must be"):
            formula(load_kg=50, repetitions=repetitions)

    @pytest.mark.parametrize("load_kg", [0, -5, float("nan"), float("inf")])
    def test_load_out_of_range(self, formula, load_kg):
        with pytest.raises(ValueError, match="load_kg must be above 0"):
            formula(load_kg=load_kg, repetitions=5)

    @given(load_kg=POSITIVE, repetitions=st.integers(1, 9))
    def test_more_repetitions_mean_a_higher_estimate(self, formula, load_kg, repetitions):
        assert load_kg <= formula(load_kg=load_kg, repetitions=repetitions)
        assert formula(load_kg=load_kg, repetitions=repetitions) < formula(load_kg=load_kg, repetitions=repetitions + 1)


def test_torque():
    assert strength.torque_newton_metres(force_newtons=120, lever_arm_metres=0.3) == pytest.approx(36)
    assert strength.torque_newton_metres(force_newtons=0, lever_arm_metres=0.3) == 0


@pytest.mark.parametrize(("force", "arm"), [(-1, 0.3), (100, 0), (100, -0.3), (float("nan"), 0.3)])
def test_torque_out_of_range(force, arm):
    with pytest.raises(ValueError, match="must be"):
        strength.torque_newton_metres(force_newtons=force, lever_arm_metres=arm)


@given(trials=st.lists(POSITIVE, min_size=1, max_size=6))
def test_an_aggregate_lies_among_its_trials(trials):
    assert strength.aggregate(trials=trials, how="max") == max(trials)
    mean = strength.aggregate(trials=trials, how="mean")
    assert min(trials) * (1 - 1e-12) <= mean <= max(trials) * (1 + 1e-12)


def test_aggregate_refuses_what_it_cannot_use():
    with pytest.raises(ValueError, match="at least one trial"):
        strength.aggregate(trials=[], how="max")
    with pytest.raises(ValueError, match="trial 2 must be 0 or above"):
        strength.aggregate(trials=[100, -1], how="mean")
    with pytest.raises(ValueError, match="'max' or 'mean'"):
        strength.aggregate(trials=[100], how="median")


def test_normalised_by_mass():
    assert strength.normalised_by_mass(value=140, body_mass_kg=70) == 2
    with pytest.raises(ValueError, match="body_mass_kg must be above 0"):
        strength.normalised_by_mass(value=140, body_mass_kg=0)
    with pytest.raises(ValueError, match="value must be 0 or above"):
        strength.normalised_by_mass(value=-1, body_mass_kg=70)
