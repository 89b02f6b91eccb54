import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import hints
from rehab.analytics.distribution import GroupRank, pdi_mrc
from rehab.analytics.fatigability import Fatigability
from rehab.analytics.findings import (
    Course,
    Decline,
    Findings,
    GroupFatigability,
    Period,
    SideDifference,
    SymptomDay,
)

TODAY = dt.date(2026, 6, 1)


def ago(days):
    return TODAY - dt.timedelta(days=days)


def evaluate(today=TODAY, **findings):
    return hints.evaluate(findings=Findings(**findings), today=today)


def codes(today=TODAY, **findings):
    return [hint.code for hint in evaluate(today, **findings)]


def decline(muscle, side="left", over=60, ended=2, confirmed=True, full_grade=False):
    return Decline(
        muscle=muscle,
        side=side,
        first_on=ago(ended + over),
        last_on=ago(ended),
        confirmed=confirmed,
        full_grade=full_grade,
        ids=(f"{muscle}-{side}",),
    )


def index(side, near, far):
    ranks = {"HIP_FLEX": near, "HIP_ABD": near, "ANK_DF": far, "HALLUX_EXT": far}
    groups = [GroupRank(id=f"{side}-{muscle}", on=ago(2), muscle=muscle, rank=rank) for muscle, rank in ranks.items()]
    return pdi_mrc(limb="lower", side=side, groups=groups)


DISTAL = (index("left", 10, 4), index("right", 10, 4))
PROXIMAL = (index("left", 4, 10), index("right", 4, 10))


class TestAcute:
    def test_two_groups_within_28_days(self):
        (hint,) = evaluate(declines=(decline("ANK_DF", over=10), decline("HIP_FLEX", over=20)))
        assert hint.code == "ACUTE_SUBACUTE"
        assert hint.text_en == "Rapid loss in 2 groups over 20 days. Urgent review."
        assert hint.parameters["course"] == "subacute"
        assert hint.red_flag == "RAPID_WEAK"
        assert [item.what for item in hint.evidence] == ["HIP_FLEX", "ANK_DF"]
        assert (hint.n, hint.first_on, hint.last_on) == (2, ago(22), ago(2))
        assert (hint.ids, hint.expires_on) == (("HIP_FLEX-left", "ANK_DF-left"), TODAY + dt.timedelta(days=26))
        assert (hint.missing, hint.symmetric) == (("sensory", "reflexes", "emg", "ck"), None)
        assert hint.method == "hints/1"

    def test_seven_days_are_acute_and_sides_count_apart(self):
        (hint,) = evaluate(declines=(decline("ANK_DF", over=7), decline("ANK_DF", "right", over=5)))
        assert hint.parameters["course"] == "acute"

    def test_a_full_grade_counts_before_it_is_confirmed(self):
        rows = tuple(decline(code, over=5, confirmed=False, full_grade=True) for code in ("ANK_DF", "HIP_FLEX"))
        assert codes(declines=rows) == ["ACUTE_SUBACUTE"]
        assert codes(declines=tuple(replace(row, full_grade=False) for row in rows)) == []

    @pytest.mark.parametrize(
        "rows",
        [
            (decline("ANK_DF", over=10),),
            (decline("ANK_DF", over=10), decline("ANK_DF", over=5)),
            (decline("ANK_DF", over=29), decline("HIP_FLEX", over=10)),
            (decline("ANK_DF", over=10, ended=0), decline("HIP_FLEX", over=10, ended=20)),
            (decline("ANK_DF", over=5, ended=-1), decline("HIP_FLEX", over=5, ended=-1)),
        ],
    )
    def test_not(self, rows):
        assert codes(declines=rows) == []

    def test_an_earlier_pair_is_found_too(self):
        rows = (decline("ANK_DF", over=5, ended=20), decline("HIP_FLEX", over=5, ended=20), decline("KNE_EXT", over=40))
        assert codes(declines=rows) == ["ACUTE_SUBACUTE"]


class TestDistal:
    ROWS = (decline("ANK_DF"), decline("HALLUX_EXT", "right", over=56))

    def test_index_and_two_groups(self):
        (hint,) = evaluate(declines=self.ROWS, indices=DISTAL, sensory_change=True)
        assert hint.code == "PROG_DISTAL"
        assert hint.text_en.startswith("Distal-predominant decline (ANK_DF, HALLUX_EXT).")
        assert hint.missing == ("reflexes", "emg", "ck")
        assert "myotonic_dystrophy" in hint.exceptions
        assert hint.n == 4
        assert hint.red_flag is None

    @pytest.mark.parametrize(
        "changed",
        [
            {"indices": DISTAL[:1]},
            {"indices": PROXIMAL},
            {"declines": ROWS[:1]},
            {"declines": (ROWS[0], decline("HALLUX_EXT", over=55))},
            {"declines": (ROWS[0], decline("ANK_PF"))},
            {"declines": (ROWS[0], decline("HALLUX_EXT", confirmed=False))},
        ],
    )
    def test_all_must_hold(self, changed):
        assert codes(**{"declines": self.ROWS, "indices": DISTAL, **changed}) == []


class TestProximal:
    ROWS = (decline("HIP_FLEX"), decline("SHO_ABD"))

    def test_index_and_two_groups(self):
        (hint,) = evaluate(declines=self.ROWS, indices=PROXIMAL)
        assert hint.code == "PROG_PROXIMAL"
        assert hint.missing[-2:] == ("drug_history", "proximal_signs")
        assert hint.exceptions[:2] == ("proximal_sma", "cidp_proximal")

    def test_neck_and_girdle_stand_for_the_index(self):
        rows = (*self.ROWS, decline("NECK_FLEX", "none", over=30))
        (hint,) = evaluate(declines=rows, proximal_signs=("stairs",))
        assert hint.parameters["muscles"] == ("HIP_FLEX", "NECK_FLEX", "SHO_ABD")
        assert (hint.parameters["signs"], hint.missing[-1]) == (("stairs",), "drug_history")

    def test_neither(self):
        assert codes(declines=self.ROWS) == []
        assert codes(declines=self.ROWS, indices=DISTAL) == []
        assert codes(declines=self.ROWS[:1], indices=PROXIMAL) == []


def fatigability(state):
    return GroupFatigability(
        muscle="SHO_ABD",
        side="left",
        result=Fatigability(
            state=state, reason=None, n=6, positive=6, ties=0, invalid_pairs=0, median_decrement_pct=30,
            quartile_1_pct=28, quartile_3_pct=32, p_value=1 / 64, first_on=ago(10), last_on=ago(1), ids=("f",),
        ),
    )  # fmt: skip


def symptom_days(count, item="ptosis", afternoon=2, start=1):
    return tuple(
        SymptomDay(item=item, on=ago(start + day), morning=1, afternoon=afternoon, ids=(f"s{day}",))
        for day in range(count)
    )


class TestFluctuating:
    def test_consistent_decrease(self):
        (hint,) = evaluate(fatigability=(fatigability("consistent_decrease"), fatigability("no_consistent_decrease")))
        assert (hint.code, hint.parameters["what"], hint.n) == ("FLUCTUATING", ("SHO_ABD",), 1)

    def test_eye_or_bulbar_symptoms_on_five_days(self):
        (hint,) = evaluate(symptom_days=symptom_days(5))
        assert hint.parameters["what"] == ("ptosis",)

    @pytest.mark.parametrize(
        "days",
        [
            symptom_days(4),
            symptom_days(4) + symptom_days(4, item="diplopia"),
            symptom_days(5, item="limbs"),
            symptom_days(5, afternoon=1),
            symptom_days(5, start=24),
        ],
    )
    def test_not(self, days):
        assert codes(symptom_days=days) == []

    def test_no_consistent_decrease(self):
        assert codes(fatigability=(fatigability("no_consistent_decrease"),)) == []


YESTERDAY = ago(1)


def differences(on=YESTERDAY, pct=None, **grades):
    return tuple(
        SideDifference(muscle=muscle, on=on, grades=value, asymmetry_pct=pct, ids=(muscle,))
        for muscle, value in grades.items()
    )


def test_myotomal_names_its_segment():
    rows = differences(SHO_ABD=1, ELB_FLEX=2, ELB_EXT=0, WRI_EXT=0)
    (hint,) = evaluate(side_differences=rows)
    assert hint.text_en == "Weakness in segment C5 (ELB_FLEX, SHO_ABD)."
    assert (hint.parameters["side"], hint.parameters["spared"]) == ("right", ("ELB_EXT", "WRI_EXT"))
    assert hint.symmetric is False
    assert codes(side_differences=differences(on=TODAY + dt.timedelta(days=1), SHO_ABD=1, ELB_FLEX=2, ELB_EXT=0)) == []


def test_single_nerve_names_its_nerve():
    (hint,) = evaluate(side_differences=differences(FIN_ABD=-1, INTEROSSEI_D=-2, THU_FLEX=0))
    assert (hint.code, hint.text_en) == ("SINGLE_NERVE", "Weakness in nerve ulnar territory.")


class TestDisuse:
    FACTS = {
        "falls": (Course("THIGH_10", "left", ago(70), ago(40), ("fall",)),),
        "rises": (Course("THIGH_10", "left", ago(40), ago(5), ("rise",)),),
        "immobilised": (Period(ago(75), ago(42), "cast"),),
        "trained_on": frozenset({ago(20)}),
        "sensory_change": False,
    }

    def test_fall_while_immobilised_then_rise_with_training(self):
        (hint,) = evaluate(**self.FACTS)
        assert (hint.code, hint.text_en) == ("DISUSE", "Timing fits disuse; recheck after reloading.")
        assert [item.what for item in hint.evidence] == ["immobilised", "THIGH_10", "THIGH_10"]
        assert (hint.ids, hint.missing) == (("cast", "fall", "rise"), ("reflexes", "emg", "ck"))

    def test_unknown_sensation_is_listed_as_missing(self):
        (hint,) = evaluate(**{**self.FACTS, "sensory_change": None})
        assert hint.missing[0] == "sensory"

    @pytest.mark.parametrize(
        "changed",
        [
            {"sensory_change": True},
            {"falls": ()},
            {"rises": ()},
            {"immobilised": ()},
            {"trained_on": frozenset()},
            {"trained_on": frozenset({ago(50)})},
            {"immobilised": (Period(ago(39), ago(30), "cast"),)},
            {"immobilised": (Period(ago(99), ago(71), "cast"),)},
            {"rises": (Course("THIGH_10", "right", ago(40), ago(5), ()),)},
            {"rises": (Course("THIGH_10", "left", ago(41), ago(5), ()),)},
            {"rises": (Course("THIGH_10", "left", ago(40), ago(-5), ()),)},
        ],
    )
    def test_all_must_hold(self, changed):
        assert codes(**{**self.FACTS, **changed}) == []


@pytest.mark.parametrize(
    ("rows", "symmetric"),
    [
        ((), None),
        (differences(ANK_DF=1), True),
        (differences(ANK_DF=-4 / 3), False),
        (differences(ANK_DF=1) + differences(HIP_FLEX=2), False),
        (differences(KNE_EXT=3), None),
        (differences(ANK_DF=None, pct=20), True),
        (differences(ANK_DF=None, pct=-21), False),
        (differences(ANK_DF=None), None),
        (differences(ANK_DF=3, on=ago(9)) + differences(ANK_DF=0), True),
    ],
)
def test_symmetry(rows, symmetric):
    found = evaluate(declines=(decline("ANK_DF", over=5), decline("HIP_FLEX", over=5)), side_differences=rows)
    assert found[0].symmetric is symmetric


def test_a_hint_expires_after_28_days_without_new_data():
    rows = (decline("ANK_DF", over=5, ended=0), decline("HIP_FLEX", over=5, ended=0))
    assert codes(TODAY + dt.timedelta(days=28), declines=rows) == ["ACUTE_SUBACUTE"]
    assert codes(TODAY + dt.timedelta(days=29), declines=rows) == []


def test_several_hints_may_hold():
    rows = (*TestDistal.ROWS, decline("KNE_EXT", over=5), decline("KNE_FLEX", over=5))
    assert codes(declines=rows, indices=DISTAL, symptom_days=symptom_days(5)) == [
        "ACUTE_SUBACUTE",
        "PROG_DISTAL",
        "FLUCTUATING",
    ]


@given(data=st.data())
def test_the_order_of_the_input_changes_nothing(data):
    rows = (*TestDistal.ROWS, decline("KNE_EXT", over=5), decline("KNE_FLEX", over=5), decline("HIP_FLEX"))
    shuffled = tuple(data.draw(st.permutations(rows)))
    assert evaluate(declines=shuffled, indices=DISTAL) == evaluate(declines=rows, indices=DISTAL)
