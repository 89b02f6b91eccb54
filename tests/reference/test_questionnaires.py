import pytest

from rehab.reference.questionnaires import (
    DIFFICULTY_OPTIONS,
    OPTIONS,
    QUESTIONNAIRES,
    SELF_HARM_ITEM,
    is_offered,
    reason_not_offered,
)

PHQ9_ITEMS = [
    ("44250-9", "Little interest or pleasure in doing things"),
    ("44255-8", "Feeling down, depressed, or hopeless"),
    ("44259-0", "Trouble falling or staying asleep, or sleeping too much"),
    ("44254-1", "Feeling tired or having little energy"),
    ("44251-7", "Poor appetite or overeating"),
    ("44258-2", "Feeling bad about yourself — or that you are a failure or have let yourself or your family down"),
    ("44252-5", "Trouble concentrating on things, such as reading the newspaper or watching television"),
    (
        "44253-3",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or "
        "restless that you have been moving around a lot more than usual",
    ),
    ("44260-8", "Thoughts that you would be better off dead or of hurting yourself in some way"),
]
GAD7_ITEMS = [
    ("69725-0", "Feeling nervous, anxious or on edge"),
    ("68509-9", "Not being able to stop or control worrying"),
    ("69733-4", "Worrying too much about different things"),
    ("69734-2", "Trouble relaxing"),
    ("69735-9", "Being so restless that it is hard to sit still"),
    ("69689-8", "Becoming easily annoyed or irritable"),
    ("69736-7", "Feeling afraid as if something awful might happen"),
]


@pytest.mark.parametrize(
    ("code", "items", "maximum"),
    [
        ("phq2", PHQ9_ITEMS[:2], 6),
        ("phq8", PHQ9_ITEMS[:8], 24),
        ("phq9", PHQ9_ITEMS, 27),
        ("gad2", GAD7_ITEMS[:2], 6),
        ("gad7", GAD7_ITEMS, 21),
    ],
)
def test_the_wording_is_the_official_one(code, items, maximum):
    form = QUESTIONNAIRES[code]
    assert [(item.loinc, item.text_en) for item in form.items] == items
    assert form.maximum == maximum
    assert all(item.options == OPTIONS for item in form.items)
    assert form.source
    assert form.permission.endswith("No permission required to reproduce, translate, display or distribute.")


def test_options():
    assert [(option.value, option.text_en) for option in OPTIONS] == [
        (0, "Not at all"),
        (1, "Several days"),
        (2, "More than half the days"),
        (3, "Nearly every day"),
    ]
    assert [option.value for option in DIFFICULTY_OPTIONS] == [0, 1, 2, 3]


def test_prompts():
    assert QUESTIONNAIRES["phq9"].prompt_en.endswith("bothered by any of the following problems?")
    assert QUESTIONNAIRES["gad7"].prompt_en.endswith("bothered by the following problems?")


def test_only_the_phq9_asks_item_nine_and_the_difficulty():
    with_item = [form.code for form in QUESTIONNAIRES.values() if SELF_HARM_ITEM in {item.loinc for item in form.items}]
    assert with_item == ["phq9"]
    assert {form.code: form.difficulty.loinc for form in QUESTIONNAIRES.values() if form.difficulty} == {
        "phq9": "44256-6"
    }


def test_chinese_is_not_offered_and_says_why():
    assert all(form.languages == ("en",) for form in QUESTIONNAIRES.values())
    assert is_offered(language="en-GB")
    assert not is_offered(language="zh-hans")
    assert reason_not_offered(language="en") == ""
    assert "官方中文译本" in reason_not_offered(language="zh-hans")
    assert "English only" in reason_not_offered(language="fr")
