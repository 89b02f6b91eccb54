import pytest

from rehab.reference import _tables
from rehab.reference import red_flag_texts as texts
from rehab.reference.conditions import CONDITIONS
from rehab.reference.red_flags import (
    ANSWERS,
    BASELINE_DEFICITS,
    BREATHING_CONDITIONS,
    DETAIL,
    FLAGS,
    INTRO,
    LEVELS,
    NONE_LABEL,
    NONE_OF_THESE,
    QUESTIONS,
    UNCHANGED_LABEL,
    questions_for,
)

LANGUAGES = ["en", "zh-hans"]
EVERYONE = ["stroke", "cardiac", "dvt_pe", "ces", "rapid_weak", "rhabdo", "infection", "fracture_fall", "skin"]


def _codes(context="check_in", conditions=("stroke",), **given):
    return [asked.question.code for asked in questions_for(context=context, conditions=conditions, **given)]


def _answers(context="check_in", conditions=("stroke",), **given):
    asked = questions_for(context=context, conditions=conditions, **given)
    return {answer.code for page in asked for answer in page.answers}


def test_every_row_is_loaded_once():
    assert len(ANSWERS) == len(_tables.rows(name="red_flag_answers")) == 54
    assert len(QUESTIONS) == len(_tables.rows(name="red_flag_questions")) == 12
    assert NONE_OF_THESE not in {*ANSWERS, *QUESTIONS}
    assert not ANSWERS.keys() & QUESTIONS.keys()


def test_every_flag_has_a_question_except_those_from_elsewhere():
    asked = {question.flag for question in QUESTIONS.values() if question.flag}
    assert FLAGS.keys() - asked == {"SELF_HARM", "CONTRA"}
    assert len(asked) == 11


@pytest.mark.parametrize("flag", FLAGS.values(), ids=lambda flag: flag.code)
def test_a_flag_is_named_in_both_languages_with_its_source(flag):
    assert flag.name("en") == flag.name_en
    assert flag.name("zh-hans") == flag.name_zh != flag.name_en
    assert flag.source
    assert "[" not in flag.source


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=lambda answer: answer.code)
def test_every_answer_is_complete(answer):
    assert answer.question in QUESTIONS
    assert answer in QUESTIONS[answer.question].answers
    assert answer.flags
    assert set(answer.flags) <= FLAGS.keys()
    assert QUESTIONS[answer.question].flag in {None, *answer.flags}
    assert answer.level in LEVELS
    assert answer.deficit is None or answer.deficit in BASELINE_DEFICITS
    assert answer.audience in {"everyone", "spinal_cord", "spinal_cord_t6"}
    assert answer.name("en") == answer.label_en != answer.name("zh-hans") == answer.label_zh
    assert answer.reported("en")[0].islower()
    assert answer.reported("zh-hans") == answer.reported_zh != answer.reported_en
    assert not answer.reported_en.endswith(".")


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.code)
def test_every_question_is_complete(question):
    assert question.ask("en") == question.ask_en != question.ask("zh-hans") == question.ask_zh
    assert question.reported("en") == question.reported_en != question.reported("zh-hans") == question.reported_zh
    assert question.context == ("session" if question.flag is None else "check_in")
    assert question.answers


@pytest.mark.parametrize(
    ("question", "level"),
    [
        *(
            (code, "emergency")
            for code in ("stroke", "cardiac", "dvt_pe", "resp_nm", "ces", "ad", "rapid_weak", "rhabdo")
        ),
        *((code, "same_day") for code in ("infection", "fracture_fall", "skin")),
    ],
)
def test_a_question_stands_for_the_worst_of_its_answers(question, level):
    assert QUESTIONS[question].level == level


def test_what_may_have_been_there_before():
    assert {answer.deficit: answer.code for answer in ANSWERS.values() if answer.deficit} == {
        "saddle_numbness": "ces_saddle",
        "bladder": "ces_bladder",
        "bowel": "ces_bowel",
        "sexual_function": "ces_sexual",
        "sensation": "stop_numbness",
    }


def test_most_patients_get_nine_lines_and_no_more():
    assert _codes() == EVERYONE
    assert _codes(conditions=["sarcopenia", "disuse_bed_rest"]) == EVERYONE


def test_breathing_is_asked_of_nerve_and_muscle_disease_and_of_the_unknown():
    for code in ("myasthenia_gravis", "motor_neuron_disease", "guillain_barre", "myositis", "duchenne", "other"):
        assert _codes(conditions=[code]) == [*EVERYONE[:3], "resp_nm", *EVERYONE[3:]]
    assert "resp_nm" in _codes(conditions=[])
    assert "resp_nm" in _codes(conditions=["stroke", "complete_spinal_cord_injury"])
    assert not BREATHING_CONDITIONS & {"stroke", "sarcopenia", "cauda_equina", "acl_reconstruction"}
    assert CONDITIONS.keys() > BREATHING_CONDITIONS


@pytest.mark.parametrize("condition", ["complete_spinal_cord_injury", "incomplete_spinal_cord_injury"])
def test_dysreflexia_is_asked_in_spinal_cord_injury_unless_known_to_be_lower(condition):
    assert "ad" in _codes(conditions=[condition])
    assert "ad" in _codes(conditions=[condition], injury_at_or_above_t6=True)
    assert "ad" not in _codes(conditions=[condition], injury_at_or_above_t6=False)
    assert "ad" not in _codes(conditions=["cauda_equina"], injury_at_or_above_t6=True)
    assert "ad" not in _codes(conditions=[])


def test_signs_of_a_fracture_that_is_not_felt_are_asked_in_spinal_cord_injury():
    unfelt = {"fall_sci_swelling", "fall_sci_warmth", "fall_sci_spasm"}
    assert _answers(conditions=["complete_spinal_cord_injury"], injury_at_or_above_t6=False) >= unfelt
    assert not _answers() & unfelt


def test_stop_prompts_of_a_session():
    common = {
        "stop_chest_pain",
        "stop_faint",
        "stop_breathless",
        "stop_weakness",
        "stop_numbness",
        "stop_bladder_bowel",
        "stop_fall",
        "stop_fall_injury",
        "stop_skin_burn",
    }
    assert _codes(context="session") == ["stop"]
    assert _answers(context="session") == common
    injured = _answers(context="session", conditions=["complete_spinal_cord_injury"])
    assert injured == common | {"stop_headache_sweating"}


def test_an_unknown_condition_is_refused():
    with pytest.raises(ValueError, match="unknown condition flu"):
        questions_for(context="check_in", conditions=["stroke", "flu"])


def test_the_question_is_new_or_worse():
    assert INTRO.text("en") == "In the last 2 weeks, is any of these new or worse than before?"
    for phrase in (INTRO, DETAIL, NONE_LABEL, UNCHANGED_LABEL, *BASELINE_DEFICITS.values()):
        assert phrase.text("zh-hans") == phrase.zh != phrase.en


def test_saddle_numbness_reads_as_agreed():
    message = texts.message(
        flag="CES", level="emergency", answers=["ces_saddle"], language="en", emergency_number=" 999 "
    )
    assert " ".join(message) == (
        "You reported new numbness around the saddle area. This can need urgent medical care. Call 999 or go to an "
        "emergency department now. This app does not monitor you in real time."
    )
    chinese = texts.message(
        flag="CES", level="emergency", answers=["ces_saddle", "ces_bowel"], language="zh-hans", emergency_number="120"
    )
    assert chinese[0] == "您报告了：会阴部新出现麻木；排便控制新出现变化。"
    assert "120" in chinese[1]


def test_same_day_and_review():
    same_day = texts.message(
        flag="DVT_PE", level="same_day", answers=["dvt_leg"], language="en", emergency_number="112"
    )
    assert same_day[0] == "You reported a newly swollen, warm or painful leg."
    assert same_day[1].startswith("Please contact your care team today.")
    review = texts.message(flag="SKIN", level="review", answers=["skin_burn"], language="en", emergency_number="112")
    assert review[1] == "Please show this to your therapist before your next session."


def test_a_line_that_was_picked_without_a_box():
    message = texts.message(flag="STROKE", level="emergency", answers=["stroke"], language="en", emergency_number="1")
    assert message[0] == "You reported a sudden change in your face, arm or speech."


def test_dysreflexia_has_its_steps_in_order():
    given = {"flag": "AD", "answers": ["ad_headache"], "language": "en", "emergency_number": "911"}
    message = texts.message(level="emergency", **given)
    assert message[2:] == (
        "Sit up.",
        "Loosen tight clothing.",
        "Check the catheter and bladder, then the bowel, then the skin.",
        "Stop the electrical stimulation (FES).",
        "Call 911 or go to an emergency department now.",
        "This app does not monitor you in real time.",
    )
    assert len(texts.message(level="review", **given)) == 3


def test_without_answers_a_measurement_or_a_session_is_named():
    measured = texts.message(flag="RESP_NM", level="emergency", answers=[], language="en", emergency_number="911")
    assert measured[0] == "A measurement in your record needs attention."
    logged = texts.message(flag="CONTRA", level="review", answers=[], language="en", emergency_number="911")
    assert logged[0] == "You logged a kind of session that your care team needs to check first."


def test_self_harm_has_its_own_message_and_no_level():
    given = {"flag": "SELF_HARM", "level": "same_day", "answers": [], "emergency_number": "911"}
    full = texts.message(**given, language="en", crisis_line="988")
    assert full[1].startswith("If you might act on these thoughts, call 911")
    assert full[2] == "You can also talk to someone now: 988."
    assert texts.message(**given, language="en", crisis_line=" ") == (*full[:2], full[3])
    assert "risk" not in " ".join(full)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("code", [*ANSWERS, *(code for code, question in QUESTIONS.items() if question.flag)])
def test_every_text_is_whole(code, level, language):
    flag = QUESTIONS[code].flag if code in QUESTIONS else ANSWERS[code].flags[0]
    message = texts.message(flag=flag, level=level, answers=[code], language=language, emergency_number="999")
    assert not any("{" in paragraph for paragraph in message)
    assert message[-1] == texts.NOT_MONITORED.text(language)
    assert (level == "emergency") == ("999" in " ".join(message))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"flag": "FLU"}, "unknown flag 'FLU'"),
        ({"level": "low"}, "unknown level 'low'"),
        ({"answers": ["ces_saddle", "nose"]}, "unknown answer nose"),
        ({"emergency_number": " "}, "emergency_number must not be empty"),
    ],
)
def test_text_refusals(given, problem):
    usual = {"flag": "CES", "level": "review", "answers": [], "language": "en", "emergency_number": "999"}
    with pytest.raises(ValueError, match=problem):
        texts.message(**(usual | given))
