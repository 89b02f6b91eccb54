import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import fatigability
from rehab.analytics.fatigability import TimedReading

START = dt.datetime(2026, 3, 2)  # noqa: DTZ001 -- local time of the patient
UNTIL = dt.date(2026, 3, 22)


def at(day, hour):
    return START + dt.timedelta(days=day, hours=hour)


def morning(day, value, hour=8.0, woke=7.0, **options):
    return TimedReading(id=f"{day:02}-{hour:g}", at=at(day, hour), value=value, woke_at=at(day, woke), **options)


def afternoon(day, value, hour=16.0, **options):
    return TimedReading(id=f"{day:02}-{hour:g}", at=at(day, hour), value=value, **options)


def days(*values):
    return [reading for day, (am, pm) in enumerate(values) for reading in (morning(day, am), afternoon(day, pm))]


def assess(*values, mdc_pct=25.0, until=UNTIL):
    return fatigability.assess(readings=days(*values), until=until, mdc_pct=mdc_pct)


@pytest.mark.parametrize(
    ("n", "k"),
    [(5, 5), (6, 6), (7, 7), (8, 7), (9, 8), (10, 9), (11, 9), (12, 10), (13, 10), (14, 11)],
)
def test_fewest_positive_pairs(n, k):
    assert fatigability.minimum_positive(n=n) == k
    assert fatigability.sign_test(positive=k - 1, n=n) >= 0.05


def test_sign_test_is_exact():
    assert fatigability.sign_test(positive=0, n=0) == 1
    assert fatigability.sign_test(positive=5, n=5) == 1 / 32
    with pytest.raises(ValueError, match="positive must be between 0 and 3"):
        fatigability.sign_test(positive=4, n=3)


class TestPairs:
    def test_one_a_day_with_hours_since_the_dose(self):
        one = replace(morning(0, 200), hours_since_anticholinesterase=3.0)
        (pair,) = fatigability.pairs(readings=[afternoon(0, 150, hours_since_anticholinesterase=5.0), one])
        assert (pair.morning, pair.afternoon, pair.decrement_pct) == (200, 150, 25)
        assert (pair.morning_hours_since_anticholinesterase, pair.afternoon_hours_since_anticholinesterase) == (3, 5)
        assert (pair.on, pair.ids) == (START.date(), ("00-8", "00-16"))

    def test_repeats_are_their_median_and_middle_readings_are_left_out(self):
        readings = [
            morning(0, 200),
            morning(0, 220, hour=8.5),
            afternoon(0, 500, hour=12),
            afternoon(0, 100, hour=14.5),
            afternoon(0, 110, hour=20),
        ]
        (pair,) = fatigability.pairs(readings=readings)
        assert (pair.morning, pair.afternoon) == (210, 105)
        assert pair.morning_hours_since_anticholinesterase is None

    @pytest.mark.parametrize(
        "readings",
        [
            [morning(0, 200)],
            [afternoon(0, 200)],
            [morning(0, 200), afternoon(1, 150)],
            [morning(0, 200), afternoon(0, 150, hour=13.9)],
            [morning(0, 200, hour=9.1), afternoon(0, 150)],
            [morning(0, 200, woke=8.5), afternoon(0, 150)],
            [morning(0, 200, hours_since_exercise=1.9), afternoon(0, 150)],
            [morning(0, 200), afternoon(0, 150, hours_since_exercise=0)],
        ],
    )
    def test_none(self, readings):
        assert fatigability.pairs(readings=readings) == ()

    def test_limits_count(self):
        readings = [morning(0, 200, hour=9), afternoon(0, 150, hour=15, hours_since_exercise=2)]
        assert len(fatigability.pairs(readings=readings)) == 1

    def test_a_force_below_zero_is_refused(self):
        with pytest.raises(ValueError, match="reading 00-8 must be 0 or above"):
            fatigability.pairs(readings=[morning(0, -1)])


class TestAssess:
    def test_consistent_decrease(self):
        found = assess(*[(200, 140)] * 4, (200, 120))
        assert (found.state, found.reason) == ("consistent_decrease", None)
        assert (found.n, found.positive, found.ties, found.invalid_pairs) == (5, 5, 0, 0)
        assert found.median_decrement_pct == pytest.approx(30)
        assert (found.quartile_1_pct, found.quartile_3_pct) == pytest.approx((30, 30))
        assert found.p_value == 1 / 32
        assert (found.first_on, found.last_on) == (START.date(), START.date() + dt.timedelta(days=4))
        assert (len(found.ids), found.method) == (10, "fatigability/1")

    @pytest.mark.parametrize(
        ("values", "positive", "ties"),
        [
            ([(200, 150)] * 5, 5, 0),
            ([(200, 100)] * 4 + [(200, 210)], 4, 0),
            ([(200, 100)] * 4 + [(200, 200)], 4, 1),
        ],
    )
    def test_not_consistent(self, values, positive, ties):
        found = assess(*values)
        assert (found.state, found.positive, found.ties) == ("no_consistent_decrease", positive, ties)

    def test_four_pairs_are_too_few(self):
        found = assess(*[(200, 100)] * 4)
        assert (found.state, found.reason, found.p_value) == ("insufficient_data", "too_few_pairs", None)
        assert found.median_decrement_pct == 50

    def test_a_morning_of_nothing_is_no_valid_pair(self):
        found = assess(*[(200, 100)] * 5, (0, 10))
        assert (found.n, found.invalid_pairs) == (5, 1)

    def test_without_the_error_of_the_method_nothing_is_consistent(self):
        found = assess(*[(200, 100)] * 5, mdc_pct=None)
        assert (found.state, found.reason, found.p_value) == ("insufficient_data", "no_threshold", 1 / 32)

    def test_one_and_no_pairs(self):
        assert assess((200, 100)).quartile_1_pct is None
        nothing = assess()
        assert (nothing.median_decrement_pct, nothing.first_on, nothing.last_on) == (None, None, None)

    def test_only_the_last_21_days(self):
        values = [(200, 100)] * 6
        assert assess(*values, until=UNTIL).n == 6
        assert assess(*values, until=UNTIL + dt.timedelta(days=1)).n == 5
        assert assess(*values, until=START.date()).n == 1


@pytest.mark.parametrize(
    ("repetitions", "expected"),
    [
        ([200, 190, 195, 190, 180, 175, 170, 165, 160, 150], 17.5),
        ([100] * 10, 0),
        ([100] * 9 + [110], -10),
        ([0] * 10, None),
    ],
)
def test_within_a_session(repetitions, expected):
    assert fatigability.within_session_decrement_pct(repetitions=repetitions) == pytest.approx(expected)


@pytest.mark.parametrize(("repetitions", "message"), [([100] * 9, "at least 10"), ([100] * 9 + [-1], "repetition 10")])
def test_within_a_session_refuses(repetitions, message):
    with pytest.raises(ValueError, match=message):
        fatigability.within_session_decrement_pct(repetitions=repetitions)


@given(values=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 500)), max_size=12), data=st.data())
def test_order_and_unit_change_nothing(values, data):
    rows = days(*values)
    found = assess(*values)
    assert fatigability.assess(readings=data.draw(st.permutations(rows)), until=UNTIL, mdc_pct=25.0) == found
    in_kgf = [replace(row, value=row.value / 8) for row in rows]
    assert fatigability.assess(readings=in_kgf, until=UNTIL, mdc_pct=25.0) == found
