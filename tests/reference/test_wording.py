from collections.abc import Mapping
from pathlib import Path

import pytest

from rehab.reference import checklists, function_scales, questionnaires, red_flag_texts, red_flags, symptoms
from rehab.reference.red_flags import Phrase
from rehab.reference.wording import FORBIDDEN, forbidden_in

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("rehab", "accounts", "content")
    for suffix in ("*.html", "*.txt", "*.po")
    for path in (ROOT / folder).rglob(suffix)
)


@pytest.mark.parametrize("phrase", FORBIDDEN, ids=lambda phrase: phrase.example)
def test_every_phrase_finds_its_example(phrase):
    assert [found for found in forbidden_in(phrase.example) if found.startswith(f"{phrase.kind}: ")]


def test_every_kind_is_there_in_both_languages():
    for chinese in (True, False):
        kinds = {phrase.kind for phrase in FORBIDDEN if (max(phrase.example) > "一") is chinese}
        assert kinds == {"diagnosis", "all_clear", "reassurance", "treatment", "progression", "response_time"}


@pytest.mark.parametrize(
    "text",
    [
        "You have cauda equina syndrome.",
        "you don’t have a stroke",
        "You may have a blood clot.",
        "This rules out a fracture",
        "No further action is required.",
        "You&#x27;re safe to go on.",
        "You are <strong>fine</strong>",
        "There is no need to worry.",
        "no cause for concern",
        "Stop taking your tablets today.",
        "Reduce the stimulation frequency.",
        "Skip your evening dose",
        "You need to increase the dose.",
        "Change the FES settings",
        "You may now bear full weight.",
        "Your condition has worsened",
        "Someone will contact you shortly.",
        "We will reply within 24 hours.",
        "Help is on the way.",
        "You have depression.",
        "您患有重症肌无力。",
        "您可能得了脑卒中",
        "无需就医",
        "不用担心",
        "请降低电流",
        "停用激素",
        "您的疾病已经进展",
        "我们会尽快联系您",
        "全天候监测",
    ],
)
def test_close_variants_are_found(text):
    assert forbidden_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "If you have myasthenia gravis, tell your clinician.",
        "Ask whether you have a fracture.",
        "Never stop your steroids on your own.",
        "Do not change your dose without your clinician.",
        "Your answers are not watched around the clock.",
        "This app does not monitor you in real time.",
        "Please contact your care team today.",
        "Your therapist has been told.",
        "The last 4 readings are lower than your baseline by more than the measurement error.",
        "Stop the electrical stimulation (FES).",
        "Stop the session now.",
        "Change the settings",
        "如果您患有重症肌无力，请告诉医生。",
        "您骨折后可能会变瘦。",
        "请勿自行停用激素。",
        "本应用不会实时监测您的情况。",
        "请您今天就联系您的康复团队。",
    ],
)
def test_what_may_be_said(text):
    assert forbidden_in(text) == []


def _texts():
    for module in (red_flags, red_flag_texts):
        for value in vars(module).values():
            members = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else [value]
            yield from (text for one in members if isinstance(one, Phrase) for text in (one.en, one.zh))
    for record in (*red_flags.ANSWERS.values(), *red_flags.QUESTIONS.values(), *red_flags.FLAGS.values()):
        yield from _strings(record)
    for table in (
        symptoms.SCALES,
        symptoms.BODY_REGIONS,
        function_scales.FUNCTION_SCALES,
        questionnaires.QUESTIONNAIRES,
    ):
        for record in table.values():
            yield from _strings(record)
    for items in checklists.CHECKLISTS.values():
        for record in items.values():
            yield from _strings(record)
    for form in questionnaires.QUESTIONNAIRES.values():
        yield from (item.text_en for item in form.items)
    yield from (questionnaires.reason_not_offered(language=language) for language in ("zh-hans", "fr"))


def _strings(record):
    return [value for name in record.__dataclass_fields__ if isinstance(value := getattr(record, name), str)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("level", red_flags.LEVELS)
@pytest.mark.parametrize("flag", red_flags.FLAGS)
def test_messages_are_clean(flag, level, language):
    answers = [answer.code for answer in red_flags.ANSWERS.values() if flag in answer.flags]
    message = red_flag_texts.message(
        flag=flag, level=level, answers=answers, language=language, emergency_number="999", crisis_line="988"
    )
    assert forbidden_in(" ".join(message)) == []


def test_our_own_texts_are_clean():
    texts = list(_texts())
    assert len(texts) > 500
    assert [(text, found) for text in texts if (found := forbidden_in(text))] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_and_translations_are_clean(path):
    assert forbidden_in(path.read_text(encoding="utf-8")) == []


def test_pages_were_found():
    assert {path.suffix for path in FILES} >= {".html", ".po"}
    assert len(FILES) > 50
