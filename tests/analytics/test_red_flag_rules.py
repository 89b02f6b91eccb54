from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics._red_flag_rules import RULES
from rehab.analytics.red_flags import VERSION, Measures, emergency_signs, evaluate, worst
from rehab.reference.red_flags import ANSWERS, BASELINE_DEFICITS, FLAGS, LEVELS, NONE_OF_THESE, QUESTIONS, questions_for

SCI = "complete_spinal_cord_injury"
CODES = st.sets(st.sampled_from(list(ANSWERS)))


def _levels(*answers, **given):
    return {raised.flag: raised.level for raised in evaluate(answers=answers, **given)}


SIGNS = ["ces_saddle", "ces_bladder", "ces_bowel", "ces_sexual", "ces_weak_legs"]


class TestCaudaEquina:
    @pytest.mark.parametrize("sign", SIGNS)
    def test_a_sign_with_pain_or_known_spinal_disease(self, sign):
        assert _levels(sign, "ces_pain") == {"CES": "emergency"}
        for condition in ("cauda_equina", SCI, "incomplete_spinal_cord_injury"):
            assert _levels(sign, conditions=[condition]) == {"CES": "emergency"}

    @pytest.mark.parametrize("sign", SIGNS)
    def test_a_sign_alone(self, sign):
        assert _levels(sign) == {"CES": "same_day"}
        assert _levels(sign, "ces_sciatica_both") == {"CES": "emergency"}

    def test_pain(self):
        assert _levels("ces_pain") == {"CES": "review"}
        assert _levels("ces_sciatica_both") == {"CES": "emergency"}

    @pytest.mark.parametrize("sign", SIGNS[:4])
    def test_known_and_unchanged_is_no_emergency(self, sign):
        known = [ANSWERS[sign].deficit]
        assert evaluate(unchanged=[sign], baseline_deficits=known, conditions=["cauda_equina"]) == ()
        assert evaluate(answers=["ces"], unchanged=[sign], baseline_deficits=known, conditions=["cauda_equina"]) == ()

    @pytest.mark.parametrize("sign", SIGNS[:4])
    def test_known_and_worse_is_an_emergency(self, sign):
        known = [ANSWERS[sign].deficit]
        assert _levels(sign, baseline_deficits=known, conditions=["cauda_equina"]) == {"CES": "emergency"}
        both = evaluate(answers=[sign], unchanged=[sign], baseline_deficits=known, conditions=["cauda_equina"])
        assert both[0].level == "emergency"

    def test_unchanged_but_not_on_record_is_for_review(self):
        (raised,) = evaluate(unchanged=["ces_bladder"], baseline_deficits=["bowel"], conditions=["cauda_equina"])
        assert (raised.level, raised.rule) == ("review", "ces.unchanged_not_on_record")
        assert raised.answers == ("ces_bladder",)

    def test_an_answer_that_no_baseline_explains_counts(self):
        assert evaluate(unchanged=["cardiac_fainting"])[0].level == "emergency"

    def test_an_old_bladder_deficit_is_no_new_sign_beside_weakness(self):
        given = {"baseline_deficits": ["bladder"], "unchanged": ["ces_bladder"]}
        assert _levels("weak_weeks", **given) == {"RAPID_WEAK": "same_day"}


class TestBreathing:
    @pytest.mark.parametrize("sign", ["resp_breathless", "resp_count", "resp_cough", "resp_choking"])
    def test_any_sign(self, sign):
        assert _levels(sign) == {"RESP_NM": "emergency"}
        (raised,) = evaluate(answers=[sign, "resp_head_drop"])
        assert set(raised.answers) == {sign, "resp_head_drop"}

    def test_morning_and_head_drop(self):
        assert _levels("resp_morning") == {"RESP_NM": "same_day"}
        assert _levels("resp_head_drop") == {"RESP_NM": "review"}
        assert _levels("resp_head_drop", "resp_morning") == {"RESP_NM": "same_day"}
        assert _levels("resp_morning", "resp_cough") == {"RESP_NM": "emergency"}

    def test_breathless_in_a_session(self):
        assert _levels("stop_breathless") == {"DVT_PE": "emergency"}
        weak = _levels("stop_breathless", conditions=["myasthenia_gravis"])
        assert weak == {"RESP_NM": "emergency", "DVT_PE": "emergency"}


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (["weak_hours_days"], "emergency"),
        (["weak_hours_days", "weak_weeks"], "emergency"),
        (["weak_weeks"], "same_day"),
        (["weak_spreading_up"], "emergency"),
        (["weak_weeks", "weak_spreading_up"], "same_day"),
        (["weak_with_signs"], "emergency"),
        (["weak_weeks", "weak_with_signs"], "emergency"),
        (["weak_weeks", "ces_bladder"], "emergency"),
        (["weak_weeks", "resp_choking"], "emergency"),
        (["weak_weeks", "stroke_face"], "emergency"),
        (["weak_weeks", "dvt_breathless"], "emergency"),
        (["weak_weeks", "ces_bowel"], "same_day"),
        (["stop_weakness"], "emergency"),
        (["stop_numbness"], "same_day"),
    ],
)
def test_rapid_weakness(answers, level):
    assert _levels(*answers)["RAPID_WEAK"] == level


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["stroke_face"], {"STROKE": "emergency"}),
        (["stroke_arm"], {"STROKE": "emergency"}),
        (["stroke_speech"], {"STROKE": "emergency"}),
        (["ad_headache"], {"AD": "emergency"}),
        (["ad_flushing"], {"AD": "emergency"}),
        (["ad_gooseflesh"], {"AD": "emergency"}),
        (["ad_vision"], {"AD": "emergency"}),
        (["stop_headache_sweating"], {"AD": "emergency"}),
        (["dvt_leg"], {"DVT_PE": "same_day"}),
        (["dvt_breathless"], {"DVT_PE": "emergency"}),
        (["dvt_cough_blood"], {"DVT_PE": "emergency"}),
        (["dvt_leg", "dvt_cough_blood"], {"DVT_PE": "emergency"}),
        (["cardiac_chest_pain"], {"DVT_PE": "emergency", "CARDIAC": "emergency"}),
        (["cardiac_fainting"], {"CARDIAC": "emergency"}),
        (["cardiac_palpitations"], {"CARDIAC": "emergency"}),
        (["stop_chest_pain"], {"DVT_PE": "emergency", "CARDIAC": "emergency"}),
        (["stop_faint"], {"CARDIAC": "emergency"}),
        (["rhabdo_muscle"], {"RHABDO": "review"}),
        (["rhabdo_urine"], {"RHABDO": "review"}),
        (["rhabdo_muscle", "rhabdo_urine"], {"RHABDO": "emergency"}),
        (["fall_deformity"], {"FRACTURE_FALL": "same_day"}),
        (["fall_cannot_bear"], {"FRACTURE_FALL": "same_day"}),
        (["fall_sci_swelling"], {"FRACTURE_FALL": "same_day"}),
        (["fall_sci_warmth"], {"FRACTURE_FALL": "same_day"}),
        (["fall_sci_spasm"], {"FRACTURE_FALL": "same_day"}),
        (["stop_fall"], {"FRACTURE_FALL": "review"}),
        (["stop_fall_injury"], {"FRACTURE_FALL": "same_day"}),
        (["skin_burn"], {"SKIN": "review"}),
        (["skin_pressure"], {"SKIN": "review"}),
        (["skin_wound"], {"SKIN": "review"}),
        (["stop_skin_burn"], {"SKIN": "review"}),
        (["skin_infected"], {"SKIN": "same_day"}),
        (["skin_burn", "skin_infected"], {"SKIN": "same_day"}),
        (["infection_back_pain"], {"INFECTION": "same_day"}),
        (["infection_wound"], {"INFECTION": "same_day"}),
        (["infection_urine"], {"INFECTION": "same_day"}),
        (["stop_bladder_bowel"], {"CES": "emergency"}),
    ],
)
def test_every_other_row(answers, expected):
    assert _levels(*answers) == expected


def test_self_harm_and_contraindication():
    assert _levels(self_harm=True) == {"SELF_HARM": "same_day"}
    assert _levels(contraindicated_session=True) == {"CONTRA": "review"}


@pytest.mark.parametrize("question", [question for question in QUESTIONS.values() if question.flag])
def test_a_line_without_an_answer_counts_at_its_worst(question):
    (raised,) = evaluate(answers=[question.code])
    assert (raised.flag, raised.level, raised.answers) == (question.flag, question.level, (question.code,))
    assert raised.rule == f"{question.flag.lower()}.not_detailed"


def test_a_line_with_an_answer_counts_as_the_answer():
    assert _levels("dvt_pe", "dvt_leg") == {"DVT_PE": "same_day"}


def test_nothing_and_none_raise_nothing():
    assert evaluate() == ()
    assert evaluate(answers=[NONE_OF_THESE]) == ()
    assert _levels(NONE_OF_THESE, "dvt_leg") == {"DVT_PE": "same_day"}


def test_one_flag_carries_all_that_fired_at_the_worst_level():
    (raised,) = evaluate(
        answers=["resp_morning", "resp_cough"],
        measures=Measures(mip_cmh2o=20, mip_baseline_cmh2o=90, mep_cmh2o=20),
    )
    assert raised.answers == ("resp_cough", "resp_morning")
    assert raised.measures == ("mip_cmh2o", "mep_cmh2o")
    assert (raised.level, raised.rule, raised.rule_version) == ("emergency", "resp_nm.sign", VERSION)


def test_worst_first():
    raised = evaluate(answers=["skin_burn", "infection_wound", "stroke_arm", "cardiac_fainting"])
    assert [found.flag for found in raised] == ["STROKE", "CARDIAC", "INFECTION", "SKIN"]
    assert worst(levels=[found.level for found in raised]) == "emergency"
    assert worst(levels=["review", "same_day"]) == "same_day"
    assert worst(levels=[]) is None


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"answers": ["nose"]}, "unknown answer nose"),
        ({"answers": ["stop"]}, "unknown answer stop"),
        ({"unchanged": ["nose"]}, "unknown answer nose"),
        ({"baseline_deficits": ["nose"]}, "unknown baseline deficit nose"),
        ({"measures": Measures(mip_cmh2o=-60)}, "mip_cmh2o must be 0 or above"),
        ({"measures": Measures(mip_baseline_cmh2o=0)}, "baseline of mip_cmh2o must be above 0"),
        ({"measures": Measures(single_breath_count=-1)}, "single_breath_count must be 0 or above"),
        ({"measures": Measures(systolic_mmhg=0, systolic_baseline_mmhg=100)}, "systolic_mmhg must be above 0"),
    ],
)
def test_refusals(given, problem):
    with pytest.raises(ValueError, match=problem):
        evaluate(**given)


def test_rules_name_answers_and_flags_that_exist():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.flag in FLAGS
        assert rule.any_of | rule.with_any | rule.unless <= ANSWERS.keys()
    assert {code for rule in RULES for code in rule.any_of} == ANSWERS.keys()


@pytest.mark.parametrize("code", ANSWERS)
def test_no_answer_that_is_asked_is_dropped(code):
    raised = evaluate(answers=[code])
    assert raised
    assert {found.flag for found in raised} <= set(ANSWERS[code].flags)


@given(first=CODES, second=CODES)
def test_more_answers_never_lower_a_flag_but_for_a_known_slower_onset(first, second):
    fewer, more = _levels(*first), _levels(*first, *second)
    if "weak_weeks" in second:
        fewer.pop("RAPID_WEAK", None)
    for flag, level in fewer.items():
        assert LEVELS.index(more[flag]) <= LEVELS.index(level)


@given(
    answers=CODES,
    unchanged=CODES,
    deficits=st.sets(st.sampled_from(list(BASELINE_DEFICITS))),
    conditions=st.sets(st.sampled_from([SCI, "cauda_equina", "stroke", "guillain_barre"])),
)
def test_what_is_raised_comes_from_what_was_said(answers, unchanged, deficits, conditions):
    raised = evaluate(answers=answers, unchanged=unchanged, baseline_deficits=deficits, conditions=conditions)
    assert len({found.flag for found in raised}) == len(raised)
    assert {code for found in raised for code in found.answers} <= answers | unchanged
    assert raised == evaluate(
        answers=sorted(answers), unchanged=sorted(unchanged), baseline_deficits=deficits, conditions=conditions
    )


def test_every_asked_answer_is_accepted():
    asked = questions_for(context="check_in", conditions=[SCI]) + questions_for(context="session", conditions=[SCI])
    assert evaluate(answers=[answer.code for page in asked for answer in page.answers])


class TestWhatAFormShowsAtOnce:
    CONDITIONS = ((), ("cauda_equina",), ("stroke",), ("guillain_barre",), ("complete_spinal_cord_injury",))
    CODES = (*ANSWERS, *(code for code, question in QUESTIONS.items() if question.flag))

    @pytest.mark.parametrize("conditions", CONDITIONS)
    def test_every_emergency_of_one_or_two_answers_is_shown_and_hardly_more(self, conditions):
        signs = emergency_signs(conditions=conditions)
        more = set()
        for pair in combinations_with_replacement(ANSWERS, 2):
            shown = bool(signs.alone & set(pair)) or any(
                (pair[0] in first and pair[1] in second) or (pair[1] in first and pair[0] in second)
                for first, second in signs.pairs.values()
            )
            found = any(flag.level == "emergency" for flag in evaluate(answers=pair, conditions=conditions))
            assert shown or not found, pair
            if shown and not found:
                more.add(frozenset(pair))
        assert more <= {frozenset({"weak_weeks", "weak_spreading_up"})}

    def test_a_picked_line_is_shown_if_its_worst_answer_is_an_emergency(self):
        lines = {code for code, question in QUESTIONS.items() if question.flag and question.level == "emergency"}
        assert lines <= emergency_signs(conditions=[]).alone

    def test_only_these_flags_need_two(self):
        pairs = {flag for given in self.CONDITIONS for flag in emergency_signs(conditions=given).pairs}
        assert pairs == {"CES", "RAPID_WEAK", "RHABDO"}
