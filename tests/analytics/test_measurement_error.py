import pytest

from rehab.analytics import change


def test_worked_value():
    error = change.sem(sd=40, icc=0.90)
    assert round(error, 2) == 12.65
    assert round(change.mdc95(sem=error), 2) == 35.06


def test_factors():
    assert round(change.mdc95(sem=1), 3) == 2.772
    assert round(change.mdc90(sem=1), 3) == 2.326
    assert change.mdc95(sem=1) / change.mdc90(sem=1) == pytest.approx(1.191, abs=1e-3)


@pytest.mark.parametrize(("sem", "expected"), [(10.93, 30.3), (9.86, 27.3), (6.2, 17.2)])
def test_published_standard_errors_give_the_stored_thresholds(sem, expected):
    assert round(change.mdc95(sem=sem), 1) == expected


def test_percent_of_the_mean():
    assert change.mdc95_percent(mdc95=29.5, mean=122.4) == pytest.approx(24.1, abs=0.01)


@pytest.mark.parametrize(
    "call",
    [
        lambda: change.sem(sd=-1, icc=0.9),
        lambda: change.sem(sd=40, icc=1.1),
        lambda: change.mdc95(sem=-1),
        lambda: change.mdc90(sem=float("nan")),
        lambda: change.mdc95_percent(mdc95=30, mean=0),
    ],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(ValueError, match="must be"):
        call()
