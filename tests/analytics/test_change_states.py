import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import change, frames, grades, readings
from rehab.analytics.frames import Baseline
from rehab.analytics.readings import Reading
from rehab.reference.scales import MRC_GRADES, mrc_rank
from rehab.reference.thresholds import THRESHOLD_ROWS, Facts, select, select_mcid

START = dt.date(2026, 1, 5)
TEN_NEWTONS = replace(THRESHOLD_ROWS["GRIP_FALLBACK"].threshold, row_id="TEN", value=10.0)
QUARTER = THRESHOLD_ROWS["HHD_FALLBACK_SAME"].threshold


def series(*values, rater="r1"):
    """Readings from (day number, value) pairs."""
    return [
        Reading(id=f"{number:02}", on=START + dt.timedelta(days=day), value=value, rater=rater)
        for number, (day, value) in enumerate(values)
    ]


def assess(*values, **options):
    return change.assess(
        **{"readings": series(*values), "unit": "N", "better": "higher", "threshold": TEN_NEWTONS, **options}
    )


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([(0, 100), (30, 111), (37, 112)], "improved"),
        ([(0, 100), (30, 110), (37, 110)], "improved"),
        ([(0, 100), (30, 109.99), (37, 109.99)], "stable"),
        ([(0, 100), (30, 90), (37, 88)], "declined"),
        ([(0, 100), (30, 90.01), (37, 100)], "stable"),
        ([(0, 100), (30, 120)], "provisional_improved"),
        ([(0, 100), (30, 80)], "provisional_declined"),
        ([(0, 100), (30, 105)], "stable"),
        ([(0, 100), (30, 100), (37, 112)], "provisional_improved"),
        ([(0, 100), (30, 130), (37, 105)], "provisional_improved"),
        ([(0, 100), (30, 112), (37, 101)], "stable"),
        ([(0, 100), (30, 140), (37, 85)], "provisional_declined"),
        ([(0, 100), (30, 70), (37, 100)], "provisional_declined"),
        ([(0, 100), (30, 111), (44, 112)], "improved"),
        ([(0, 100), (30, 111), (45, 112)], "provisional_improved"),
        ([(0, 100), (30, 80), (45, 112)], "provisional_improved"),
    ],
)
def test_states(values, state):
    found = assess(*values)
    assert (found.state, found.reason) == (state, None)


def test_everything_it_rests_on():
    found = assess((0, 100), (7, 104), (30, 90), (60, 120), (67, 124))
    assert (found.baseline, found.current, found.delta) == (102, 122, 20)
    assert found.delta_pct == pytest.approx(20 / 102 * 100)
    assert (found.n, found.first_on, found.last_on) == (5, START, START + dt.timedelta(days=67))
    assert (found.threshold_row_id, found.threshold_value, found.unit) == ("TEN", 10, "N")
    assert found.ids == ("00", "01", "03", "04")
    assert found.same_rater is True
    assert found.method == change.METHOD == "change/1"


class TestBaseline:
    def test_two_days_within_a_fortnight_are_its_median(self):
        assert assess((0, 100), (14, 110), (40, 100)).baseline == 105

    def test_a_later_second_day_is_not(self):
        found = assess((0, 100), (15, 110), (40, 100))
        assert (found.baseline, found.n) == (100, 3)

    def test_two_days_in_all_are_compared_with_one_another(self):
        assert assess((0, 100), (7, 110)).baseline == 100

    def test_set_by_a_clinician(self):
        baseline = Baseline(on=START + dt.timedelta(days=20), value=80, rater="r1", ids=("set",))
        found = assess((0, 100), (20, 82), (30, 91), (37, 92), baseline=baseline)
        assert (found.state, found.baseline, found.delta) == ("improved", 80, 11.5)
        assert (found.n, found.first_on, found.ids) == (3, baseline.on, ("set", "02", "03"))

    def test_set_and_nothing_later(self):
        baseline = Baseline(on=START + dt.timedelta(days=20), value=80)
        found = assess((0, 100), (20, 82), baseline=baseline)
        assert (found.state, found.reason, found.n) == ("insufficient_data", "too_few_days", 1)


class TestInsufficient:
    @pytest.mark.parametrize("values", [[], [(0, 100)], [(0, 100), (0, 150)]])
    def test_below_two_days(self, values):
        found = assess(*values)
        assert (found.state, found.reason) == ("insufficient_data", "too_few_days")
        assert found.n == len(values[:1])
        assert found.delta is None

    def test_only_visual_estimates(self):
        guessed = [reading._replace(visual_estimate=True) for reading in series((0, 100), (30, 150))]
        found = assess(readings=guessed)
        assert (found.reason, found.n, found.excluded_ids) == ("only_visual_estimates", 0, ("00", "01"))

    def test_visual_estimates_do_not_count(self):
        one, two, three = series((0, 100), (30, 150), (37, 100))
        found = assess(readings=[one, two._replace(visual_estimate=True), three])
        assert (found.state, found.n, found.excluded_ids) == ("stable", 2, ("01",))

    def test_no_threshold_still_shows_the_difference(self):
        found = assess((0, 100), (30, 150), threshold=None)
        assert (found.state, found.reason, found.delta) == ("insufficient_data", "no_threshold", 50)
        assert found.threshold_row_id is None

    def test_percent_of_nothing(self):
        found = assess((0, 0), (30, 20), threshold=QUARTER)
        assert (found.state, found.reason) == ("insufficient_data", "zero_baseline")
        assert (found.delta, found.delta_pct, found.threshold_value) == (20, None, None)


@pytest.mark.parametrize(("last", "state"), [(125, "improved"), (124.9, "stable"), (75, "declined"), (75.1, "stable")])
def test_a_percent_threshold_is_of_the_baseline(last, state):
    found = assess((0, 100), (30, last), (37, last), threshold=QUARTER)
    assert (found.state, found.threshold_value) == (state, 25)


def test_lower_is_better_turns_the_difference():
    found = assess((0, 20), (30, 8), (37, 9), better="lower")
    assert (found.state, found.delta) == ("improved", 11.5)
    assert assess((0, 20), (30, 31), (37, 31), better="lower").state == "declined"


def test_same_day_repeats_are_their_median():
    found = assess((0, 100), (0, 104), (30, 90), (30, 120), (30, 121))
    assert (found.baseline, found.current) == (102, 120)


def test_a_threshold_in_another_unit_is_refused():
    with pytest.raises(ValueError, match="TEN is in N, the readings are in deg"):
        assess((0, 100), (30, 120), unit="deg")


class TestRaters:
    @pytest.mark.parametrize(
        ("raters", "expected"),
        [(["a", "a"], True), (["a", "b"], False), (["a", None], None), ([None, None], None), ([None, "a", "b"], False)],
    )
    def test_same_rater(self, raters, expected):
        given_readings = [
            Reading(id=str(number), on=START + dt.timedelta(days=30 * number), value=1, rater=rater)
            for number, rater in enumerate(raters)
        ]
        assert readings.same_rater(days=readings.by_day(readings=given_readings)) is expected

    def test_only_the_days_compared_count(self):
        one, two, three, four = series((0, 1), (20, 1), (60, 1), (67, 1))
        frame = frames.frame(readings=[one, two._replace(rater="other"), three, four])
        assert frame.same_rater is True
        assert frame.interval_days == 67

    def test_no_days(self):
        assert readings.same_rater(days=()) is None


class TestImportantDifference:
    MCID = replace(TEN_NEWTONS, row_id="FIVE", kind="MCID", value=5.0)

    @pytest.mark.parametrize(
        ("last", "threshold", "expected"),
        [
            (104, TEN_NEWTONS, "below"),
            (105, TEN_NEWTONS, "possible_within_error"),
            (95, TEN_NEWTONS, "possible_within_error"),
            (110, TEN_NEWTONS, "reached"),
            (105, None, "reached_error_unknown"),
        ],
    )
    def test_beside_the_threshold(self, last, threshold, expected):
        found = assess((0, 100), (30, last), (37, last), mcid=self.MCID, threshold=threshold)
        assert (found.mcid, found.mcid_row_id) == (expected, "FIVE")

    def test_none_published(self):
        assert assess((0, 100), (30, 105)).mcid == "not_assessed"

    def test_stroke_grip(self):
        facts = Facts(same_rater=True, hand="dominant")
        threshold = select(measure="grip", conditions={"stroke"}, facts=facts)
        mcid = select_mcid(measure="grip", conditions={"stroke"}, facts=facts)
        found = assess((0, 150), (30, 205), (37, 205), threshold=threshold, mcid=mcid)
        assert (found.state, found.mcid) == ("stable", "possible_within_error")


def mrc(scale, *grades_of_days, rater="r1"):
    threshold = select(measure="mrc")
    values = [(30 * bool(n) + 7 * n, mrc_rank(scale=scale, grade=grade)) for n, grade in enumerate(grades_of_days)]
    return change.assess(readings=series(*values, rater=rater), unit="mrc_rank", better="higher", threshold=threshold)


class TestOrdinals:
    @pytest.mark.parametrize(
        ("scale", "grades_of_days", "state"),
        [
            ("MRC6", "344", "improved"),
            ("MRC6", "122", "improved"),
            ("MRC6", "211", "declined"),
            ("MRC8", ["3", "4", "4"], "improved"),
            ("MRC8", ["3", "4-", "4-"], "stable"),
            ("MRC8", ["4-", "5", "5"], "improved"),
            ("MRC8", ["4+", "5", "5"], "stable"),
            ("MRC8", ["0", "1", "1"], "improved"),
            ("MRC11", ["3", "4", "4"], "improved"),
            ("MRC11", ["3+", "4+", "4+"], "improved"),
            ("MRC11", ["3", "4-", "4-"], "stable"),
            ("MRC11", ["2", "3-", "3-"], "stable"),
            ("MRC11", ["5", "4", "4"], "declined"),
            ("MRC8", ["3", "3", "4"], "provisional_improved"),
            ("MRC8", ["4", "3"], "provisional_declined"),
        ],
    )
    def test_one_full_grade_on_two_occasions(self, scale, grades_of_days, state):
        found = mrc(scale, *grades_of_days)
        assert (found.state, found.unit, found.delta_pct) == (state, "grade", None)

    @pytest.mark.parametrize("rater", ["r2", None])
    def test_another_or_unknown_rater_does_not_confirm(self, rater):
        first, *later = series((0, 4), (30, 7), (37, 7))
        options = {"unit": "mrc_rank", "better": "higher", "threshold": select(measure="mrc")}
        better = change.assess(readings=[first, *(r._replace(rater=rater) for r in later)], **options)
        assert better.state == "provisional_improved"
        worse = change.assess(readings=series((0, 7), (30, 4), (37, 4), rater=None), **options)
        assert worse.state == "provisional_declined"
        steady = change.assess(readings=series((0, 7), (30, 7), (37, 7), rater=None), **options)
        assert steady.state == "stable"

    def test_a_baseline_set_in_ranks(self):
        baseline = Baseline(on=START, value=4, rater="r1")
        found = assess(
            (30, 7), (37, 7), unit="mrc_rank", threshold=select(measure="mrc"), baseline=baseline, better="higher"
        )
        assert (found.state, found.baseline, found.current) == ("improved", 3, 4)

    def test_ashworth_one_category_lower_is_better(self):
        found = assess((0, 3), (30, 2), (37, 2), unit="mas_rank", better="lower", threshold=select(measure="mas"))
        assert (found.state, found.unit, found.delta) == ("improved", "category", 1)

    def test_spasm_frequency_needs_no_rater(self):
        found = change.assess(
            readings=series((0, 2), (30, 3), (37, 3), rater=None),
            unit="category",
            better="lower",
            threshold=select(measure="spasm_frequency"),
        )
        assert (found.state, found.delta) == ("declined", -1)

    @pytest.mark.parametrize("rank", [-1, 11, 4.5])
    def test_no_such_rank(self, rank):
        with pytest.raises(ValueError, match="an MRC rank is a whole number from 0 to 10"):
            grades.from_rank(rank=rank)

    def test_grades_agree_with_their_names(self):
        for grade in MRC_GRADES["MRC6"]:
            assert grades.from_rank(rank=mrc_rank(scale="MRC6", grade=grade)) == int(grade)


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="reading 00 must be a finite number"):
        assess((0, float("nan")))


FORCES = st.lists(
    st.tuples(st.integers(0, 120), st.integers(1, 4000).map(lambda tenths: tenths / 10)), min_size=2, max_size=10
)


@given(values=FORCES, threshold=st.sampled_from([TEN_NEWTONS, QUARTER]))
def test_a_change_of_unit_changes_no_state(values, threshold):
    in_kgf = [(day, value / 9.80665) for day, value in values]
    factor = 1 if threshold.percent else 9.80665
    other = replace(threshold, value=threshold.value / factor, unit="%" if threshold.percent else "kgf")
    assert assess(*values, threshold=threshold).state == assess(*in_kgf, threshold=other, unit="kgf").state


@given(values=FORCES, data=st.data())
def test_the_order_of_the_input_changes_nothing(values, data):
    rows = series(*values)
    assert assess(readings=data.draw(st.permutations(rows))) == assess(readings=rows)


MIRROR = {"improved": "declined", "provisional_improved": "provisional_declined"}


@given(values=FORCES)
def test_turning_the_scale_turns_the_state(values):
    up, down = assess(*values), assess(*values, better="lower")
    assert {up.state, down.state} in [{key, value} for key, value in MIRROR.items()] or up.state == down.state
    assert up.delta is None or up.delta == -down.delta
