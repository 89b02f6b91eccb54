import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import losses
from rehab.analytics.readings import Reading
from rehab.analytics.series import SetBaseline, Subject
from rehab.analytics.series_descriptions import describe
from rehab.reference.scales import mrc_rank

TODAY = dt.date(2026, 6, 1)
KNEE = describe(
    kind="strength", details={"method": "hhd", "muscle": "KNE_EXT", "side": "left", "test_type": "make"}
)  # fmt: skip
FOOT = describe(
    kind="strength", details={"method": "mrc", "muscle": "ANK_DF", "side": "right", "scale": "MRC11"}
)  # fmt: skip
CALF = describe(kind="girth", details={"site": "CALF_MAX", "side": "left"})


def ago(days):
    return TODAY - dt.timedelta(days=days)


def series(*pairs, rater="r"):
    return [Reading(f"{days}", ago(days), value, rater) for days, value in sorted(pairs, reverse=True)]


def grades(*pairs, rater="r"):
    return series(*((days, float(mrc_rank(scale="MRC11", grade=grade))) for days, grade in pairs), rater=rater)


def rapid(readings, description=KNEE, today=TODAY):
    return losses.rapid(description=description, readings=readings, subject=Subject(), today=today)


def overall(readings, description=KNEE, baseline=None):
    return losses.overall(description=description, readings=readings, subject=Subject(), set_baseline=baseline)


class TestOverall:
    def test_from_the_last_day_of_the_baseline_to_the_last_day(self):
        found = overall(series((100, 200), (90, 200), (9, 140), (2, 140)))
        assert (found.muscle, found.side) == ("KNE_EXT", "left")
        assert (found.first_on, found.last_on, found.confirmed) == (ago(90), ago(2), True)
        assert found.ids == ("100", "90", "9", "2")

    def test_a_single_low_day_is_not_confirmed(self):
        assert overall(series((100, 200), (90, 200), (30, 200), (2, 140))) is None

    def test_within_error_is_no_decline(self):
        assert overall(series((100, 200), (90, 200), (9, 160), (2, 160))) is None

    def test_what_took_28_days_or_less_is_not_slow(self):
        assert overall(series((40, 200), (30, 200), (9, 140), (2, 140))) is None
        assert overall(series((40, 200), (31, 200), (9, 140), (2, 140))).first_on == ago(31)

    def test_a_clinicians_baseline_replaces_the_first_days(self):
        readings = series((100, 200), (90, 200), (9, 140), (2, 140))
        assert overall(readings, baseline=SetBaseline(on=ago(60), value=150)) is None
        assert overall(readings, baseline=SetBaseline(on=ago(60), value=220)).first_on == ago(60)
        assert overall(readings, baseline=SetBaseline(on=ago(95))).first_on == ago(90)
        assert overall(readings, baseline=SetBaseline(on=ago(9))) is None


class TestRapid:
    def test_from_the_last_good_day_to_the_day_that_confirms_it(self):
        found = rapid(series((100, 200), (20, 201), (12, 199), (6, 140), (4, 141), (1, 139)))
        assert (found.first_on, found.last_on) == (ago(12), ago(4))
        assert (found.confirmed, found.full_grade) == (True, False)
        assert found.ids == ("12", "6", "4")

    def test_later_readings_that_say_the_same_move_nothing(self):
        early = series((12, 199), (6, 140), (4, 141))
        assert rapid(early) == rapid([*early, *series((2, 140)), *series((0, 138))])

    def test_not_confirmed_is_nothing_yet(self):
        assert rapid(series((12, 199), (6, 140))) is None

    def test_a_slow_loss_is_not_rapid(self):
        """A quarter of the strength over half a year: a fraction of it in any 28 days."""
        assert rapid(series(*((days, 100 + days / 2) for days in range(0, 180, 7)))) is None

    def test_more_than_28_days_is_not_rapid(self):
        assert rapid(series((33, 200), (6, 140), (4, 140))) is None
        assert rapid(series((32, 200), (6, 140), (4, 140))) is not None

    def test_what_came_back_is_gone(self):
        assert rapid(series((20, 200), (12, 140), (10, 140), (4, 200), (2, 200))) is None

    def test_an_old_event_is_no_longer_looked_at(self):
        readings = series((80, 200), (70, 140), (66, 140), (3, 140))
        assert rapid(readings) is None
        assert rapid(readings, today=ago(60)) is not None

    def test_it_is_looked_for_on_56_days_with_today(self):
        assert rapid(series((55, 200), (40, 140), (36, 140))) is not None
        assert rapid(series((56, 200), (40, 140), (36, 140))) is None

    def test_a_full_grade_counts_at_once_if_the_same_rater_found_it(self):
        found = rapid(grades((9, "5"), (2, "4")), FOOT)
        assert (found.full_grade, found.confirmed) == (True, False)
        assert (found.first_on, found.last_on) == (ago(9), ago(2))

    def test_a_full_grade_of_another_rater_waits(self):
        readings = [*grades((9, "5")), *grades((2, "4"), rater="somebody else")]
        assert rapid(readings, FOOT) is None

    def test_less_than_a_grade_is_none(self):
        assert rapid(grades((9, "5"), (4, "4+"), (2, "4+")), FOOT) is None

    def test_nothing_from_nothing(self):
        assert rapid([]) is None
        assert overall([]) is None


class TestCourses:
    def test_a_fall_and_a_rise_around_the_worst_day(self):
        readings = series((100, 38.0), (90, 37.9), (60, 34.5), (30, 36.0), (5, 37.5))
        falls, rises = losses.courses(description=CALF, readings=readings, subject=Subject())
        assert [(row.what, row.side, row.first_on, row.last_on) for row in falls] == [
            ("CALF_MAX", "left", ago(100), ago(60))
        ]
        assert [(row.first_on, row.last_on) for row in rises] == [(ago(60), ago(5))]
        assert falls[0].ids == ("100", "60")

    def test_within_error_there_is_neither(self):
        readings = series((100, 38.0), (60, 37.5), (5, 38.0))
        assert losses.courses(description=CALF, readings=readings, subject=Subject()) == ((), ())

    def test_one_day_is_no_course(self):
        assert losses.courses(description=CALF, readings=series((5, 38.0)), subject=Subject()) == ((), ())


FORCES = st.lists(
    st.tuples(st.integers(0, 60), st.floats(1, 500)), max_size=12, unique_by=lambda pair: pair[0]
)  # fmt: skip


@given(FORCES, st.randoms())
def test_the_order_of_readings_changes_nothing(pairs, rng):
    readings = series(*pairs)
    shuffled = list(readings)
    rng.shuffle(shuffled)
    assert rapid(readings) == rapid(shuffled)
    assert overall(readings) == overall(shuffled)
    assert losses.courses(description=KNEE, readings=readings, subject=Subject()) == losses.courses(
        description=KNEE, readings=shuffled, subject=Subject()
    )


@given(FORCES, st.sampled_from([0.5, 2.0, 4.0]))
def test_the_unit_changes_nothing(pairs, factor):
    """Thresholds of forces are in percent; a factor of two is exact in binary."""
    found, scaled = (rapid(series(*((day, value * by) for day, value in pairs))) for by in (1, factor))
    assert found == scaled


@given(FORCES)
def test_a_loss_lies_within_28_days_and_is_beyond_error(pairs):
    found = rapid(series(*pairs))
    if found is not None:
        value = {ago(day): value for day, value in pairs}
        assert 0 < (found.last_on - found.first_on).days <= 28
        assert value[found.last_on] < value[found.first_on]
        assert value[found.last_on] <= 0.75 * value[found.first_on] + 1e-6


@pytest.mark.parametrize("value", [200.0, 0.5])
def test_what_never_changes_gives_nothing(value):
    readings = series(*((day, value) for day in range(0, 56, 4)))
    assert rapid(readings) is overall(readings) is None
