"""The texts and rules that are signed off: all of them, in both languages, under a version that tells any change."""

import dataclasses

import pytest

from rehab.analytics import emergency_wording, red_flags
from rehab.analytics._red_flag_rules import RULES
from rehab.reference import red_flag_texts
from rehab.reference.red_flags import ANSWERS, FLAGS, QUESTIONS, Phrase
from rehab.reference.wording import forbidden_in


def phrases_of(module):
    found = [value for value in vars(module).values() if isinstance(value, Phrase)]
    found += [phrase for value in vars(module).values() if isinstance(value, tuple) for phrase in value
              if isinstance(phrase, Phrase)]  # fmt: skip
    return [*found, *module.LEVEL_TEXTS.values()]


def test_every_text_that_a_patient_may_read_is_there():
    shown = {(row.en, row.zh) for part in emergency_wording.wording() for row in part.rows}
    for phrase in phrases_of(red_flag_texts):
        if phrase is not red_flag_texts._NUMBER_IN:
            assert (phrase.en, phrase.zh) in shown
    codes = {row.code for part in emergency_wording.wording() for row in part.rows}
    assert codes >= {*QUESTIONS, *ANSWERS}


def test_every_rule_is_there_in_words():
    rows = {row.code: row for part in emergency_wording.rules() for row in part.rows}
    for rule in RULES:
        assert rows[rule.id].level == rule.level
        for code in (*rule.any_of, *rule.with_any, *rule.unless):
            assert ANSWERS[code].label_en.rstrip(".") in rows[rule.id].en
    assert {part.code for part in emergency_wording.rules()} == {*FLAGS, "EVERY"}
    assert all("{" not in row.en and row.en.endswith(".") and row.zh.endswith("。") for row in rows.values())
    assert [found for row in rows.values() for found in forbidden_in(f"{row.en} {row.zh}")] == []


def test_no_rule_of_the_code_is_left_out():
    """What ``evaluate`` can name as the rule that fired has its words, or stands under the rules for every flag."""
    known = {row.code for part in emergency_wording.rules() for row in part.rows}
    measured = red_flags.Measures(
        vital_capacity_ml_per_kg=10, vital_capacity_ml=100, vital_capacity_baseline_ml=1000, single_breath_count=9,
        systolic_mmhg=190, systolic_baseline_mmhg=110,
    )  # fmt: skip
    for conditions in ([], ["guillain_barre"], ["complete_spinal_cord_injury"]):
        for answers in ([code] for code in (*ANSWERS, *QUESTIONS) if code in ANSWERS or QUESTIONS[code].flag):
            for flag in red_flags.evaluate(
                answers=answers, conditions=conditions, measures=measured, self_harm=True, contraindicated_session=True
            ):
                assert flag.rule in known or flag.rule.endswith((".not_detailed", ".unchanged_not_on_record"))


@pytest.mark.parametrize("changed", ["text", "rule"])
def test_a_change_of_any_text_or_rule_is_another_version(monkeypatch, changed):
    before = emergency_wording.version()
    if changed == "text":
        monkeypatch.setattr(red_flag_texts, "STOP_SESSION", Phrase(en="Stop.", zh="停。"))
    else:
        first = dataclasses.replace(RULES[0], level="review")
        monkeypatch.setattr(emergency_wording, "RULES", (first, *RULES[1:]))
    emergency_wording.version.cache_clear()
    try:
        assert emergency_wording.version() != before
    finally:
        monkeypatch.undo()
        emergency_wording.version.cache_clear()
    assert emergency_wording.version() == before
