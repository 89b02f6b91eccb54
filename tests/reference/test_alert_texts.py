"""The words of alerts: every rule and shape of evidence, both languages, nothing that may not be said."""

from itertools import product

import pytest

from rehab.analytics._red_flag_rules import RULES
from rehab.reference import alert_texts
from rehab.reference.alert_rules import ALERT_RULES, LEVEL_MEANINGS, LEVEL_NAMES, LEVELS, is_worse, rank_of
from rehab.reference.checklists import CHECKLISTS
from rehab.reference.red_flags import ANSWERS, FLAGS, QUESTIONS
from rehab.reference.wording import forbidden_in

EVIDENCES = [
    {},
    {"answers": [*ANSWERS, *QUESTIONS], "measures": []},
    {"answers": [], "measures": {"mip_cmh2o": 28.0, "single_breath_count": 12}},
    {"measures": ["vital_capacity_ml_per_kg", "mep_cmh2o", "systolic_mmhg"]},
    {"items": [code for items in CHECKLISTS.values() for code in items], "modality": "fes"},
    {"state": "too_high", "worst_during": 8, "before": None, "next_morning": None},
    {"state": "not_settled", "worst_during": 4, "before": 1, "next_morning": 3},
    {"baseline": 210.0, "current": 150.25, "threshold": 35.06, "unit": "N", "n": 4},
    {
        "series": {"measure": "hhd", "code": "KNE_EXT", "side": "left"},
        "series_key": "k",
        "baseline": 210.0,
        "current": 150.25,
        "threshold": 35.06,
        "unit": "N",
        "n": 4,
    },
    {
        "series": {"measure": "mrc", "code": "KNE_EXT", "side": "left"},
        "baseline": 9,
        "current": 7,
        "threshold": 1,
        "unit": "grade",
    },
    {"measures": {"mip_cmh2o": 25.0}, "baseline": {"mip_cmh2o": 60.0}},
    {"planned": 12, "done": 3, "adherence_percent": 25.0},
    {"something_new": [1, {"a": None}]},
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("rule", ALERT_RULES)
def test_every_rule_has_words_for_every_evidence_and_says_nothing_forbidden(rule, language):
    for evidence in EVIDENCES:
        text = alert_texts.reason(rule=rule, evidence=evidence, language=language)
        assert text.endswith("." if language == "en" else "。")
        assert "{" not in text
        assert forbidden_in(text) == []
        for label, value in alert_texts.facts(evidence=evidence, language=language):
            assert label
            assert forbidden_in(f"{label} {value}") == []


def test_no_name_and_no_sentence_says_what_may_not_be_said():
    rules = [text for rule in ALERT_RULES.values()
             for text in (rule.name_en, rule.name_zh, rule.watches_en, rule.watches_zh)]  # fmt: skip
    levels = [phrase for table in (LEVEL_NAMES, LEVEL_MEANINGS) for phrase in table.values()]
    texts = [*rules, *alert_texts.every_text(), *(text for phrase in levels for text in (phrase.en, phrase.zh))]
    assert [found for text in texts for found in forbidden_in(text)] == []
    assert all(texts)


def test_pain_in_words():
    settled = {"state": "not_settled", "worst_during": 4, "before": 1, "next_morning": 3}
    assert (
        alert_texts.reason(rule="PAIN", evidence=settled, language="en")
        == "Worst pain in the session 4 of 10, and 3 the next morning against 1 before the session."
    )


DECLINE = {
    "series": {"measure": "hhd", "code": "KNE_EXT", "side": "left"},
    "series_key": "strength|hhd|kne_ext|left",
    "baseline": 210.0,
    "current": 150.0,
    "threshold": 35.06,
    "unit": "N",
}


def test_a_decline_names_place_values_and_threshold():
    text = alert_texts.reason(rule="DECLINE", evidence=DECLINE, language="en")
    assert text == (
        "Knee extensors (quadriceps), left: 150 N against a baseline of 210 N. "
        "The change is beyond the measurement error "
        "(35.06 N)."
    )
    chinese = alert_texts.reason(rule="DECLINE", evidence=DECLINE, language="zh-hans")
    assert "，左侧：目前 150 N，基线 210 N。" in chinese
    facts = dict(alert_texts.facts(evidence=DECLINE, language="en"))
    assert facts["Series"] == "Knee extensors (quadriceps), left"
    assert "strength|hhd" not in str(facts)


def test_a_decline_of_a_grade_names_no_ranks():
    evidence = {**DECLINE, "unit": "grade", "baseline": 9, "current": 7, "threshold": 1}
    text = alert_texts.reason(rule="DECLINE", evidence=evidence, language="en")
    assert text == "Knee extensors (quadriceps), left: worse than the baseline by more than the measurement error."
    assert alert_texts.facts(evidence=evidence, language="en") == [("Series", "Knee extensors (quadriceps), left")]


def test_degrees_and_a_minus_as_people_write_them():
    series = {"measure": "rom", "code": "ANK_DF", "side": "left"}
    evidence = {"series": series, "baseline": 1.5, "current": -7.0, "threshold": 7.0, "unit": "deg"}
    assert "−7° against a baseline of 1.5°" in alert_texts.reason(rule="DECLINE", evidence=evidence, language="en")
    assert ("Unit", "°") in alert_texts.facts(evidence=evidence, language="en")


def test_a_girth_is_smaller_and_nothing_is_said_of_its_muscle():
    series = {"measure": "girth", "code": "CALF_MAX", "side": "left"}
    evidence = {"series": series, "baseline": 40.0, "current": 36.0, "threshold": 1.32, "unit": "cm"}
    text = alert_texts.reason(rule="DECLINE", evidence=evidence, language="en")
    assert text == (
        "Calf, largest, left: 36 cm against a baseline of 40 cm. The limb is smaller by more than the measurement "
        "error (1.32 cm); girth alone does not tell muscle from fat or swelling."
    )


def test_a_series_that_is_not_known_is_named_by_its_code():
    series = {"measure": "girth", "code": "NEW_SITE", "side": "none"}
    text = alert_texts.reason(rule="DECLINE", evidence={**DECLINE, "series": series}, language="en")
    assert text.startswith("NEW_SITE: 150 N")


def test_the_baselines_of_measures_are_named():
    evidence = {"measures": {"mip_cmh2o": 25.0}, "baseline": {"mip_cmh2o": 60.0}}
    assert alert_texts.facts(evidence=evidence, language="en") == [
        ("Baseline", "inspiratory mouth pressure (cmH2O) 60")
    ]


def test_reported_answers_and_measures_in_words():
    evidence = {"answers": ["resp_breathless"], "measures": {"mip_cmh2o": 28.0}}
    text = alert_texts.reason(rule="RESP_NM", evidence=evidence, language="en")
    assert (
        text == f"Reported: {ANSWERS['resp_breathless'].reported_en}. Measured: inspiratory mouth pressure (cmH2O) 28."
    )


def test_unknown_codes_are_shown_as_they_are():
    evidence = {"answers": ["new_code"], "measures": ["x"], "items": ["y"]}
    text = alert_texts.reason(rule="CES", evidence=evidence, language="en")
    assert all(code in text for code in ("new_code", "x", "y"))


def test_an_unknown_rule_is_refused():
    with pytest.raises(KeyError):
        alert_texts.reason(rule="NONE", evidence={}, language="en")


def test_facts_leave_out_what_the_sentence_says_and_what_is_not_known():
    evidence = {"answers": ["ces_pain"], "state": "too_high", "before": None, "current": 150.25, "readings": [1, 2.5]}
    assert alert_texts.facts(evidence=evidence, language="en") == [("Now", "150.2"), ("Readings", "1, 2.5")]


def test_every_red_flag_is_a_rule_and_its_levels_are_worst_first():
    assert set(FLAGS) <= set(ALERT_RULES)
    assert [code for code, rule in ALERT_RULES.items() if code not in FLAGS] == ["PAIN", "DECLINE", "ADHERENCE_DROP"]
    for rule in ALERT_RULES.values():
        assert rule.levels == tuple(sorted(set(rule.levels), key=LEVELS.index))
        assert rule.name("zh") != rule.name("en")
        assert rule.watches("zh") != rule.watches("en")


def test_levels_of_the_red_flags_are_those_that_their_rules_can_raise():
    for code in FLAGS:
        raised = {rule.level for rule in RULES if rule.flag == code}
        assert raised <= set(ALERT_RULES[code].levels), code


@pytest.mark.parametrize(("one", "other"), list(product(LEVELS, LEVELS)))
def test_worse_is_earlier_in_the_list(one, other):
    assert is_worse(level=one, than=other) == (LEVELS.index(one) < LEVELS.index(other))
    with pytest.raises(ValueError, match="not in tuple"):
        rank_of("urgent")
