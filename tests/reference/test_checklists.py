import pytest

from rehab.reference.checklists import AQUATIC_CHECKLIST, CHECKLISTS, FES_CHECKLIST, applying, unanswered

ITEMS = [*FES_CHECKLIST.values(), *AQUATIC_CHECKLIST.values()]


def test_every_item_is_there():
    assert (len(FES_CHECKLIST), len(AQUATIC_CHECKLIST)) == (17, 12)
    assert set(CHECKLISTS) == {"fes", "aquatic"}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_every_item_is_complete(item):
    assert item.code.startswith(f"{item.checklist}_")
    assert item.kind in {"contraindication", "precaution"}
    assert item.text("en") == item.en != item.text("zh-hans") == item.zh
    assert item.source
    assert "[" not in item.source


def test_precautions_of_stimulation():
    assert {code for code, item in FES_CHECKLIST.items() if item.kind == "precaution"} == {
        "fes_epilepsy",
        "fes_dysreflexia",
        "fes_insensate_skin",
        "fes_osteoporosis",
        "fes_cannot_report_pain",
    }


def test_precautions_of_the_pool():
    assert {code for code, item in AQUATIC_CHECKLIST.items() if item.kind == "precaution"} == {
        "aquatic_dysreflexia",
        "aquatic_never_alone",
    }


def test_unanswered_items_in_order():
    answers = dict.fromkeys(FES_CHECKLIST, False)
    assert unanswered(checklist="fes", answers=answers) == ()
    left = answers | {"fes_skin": None, "fes_chest_heart": None}
    assert unanswered(checklist="fes", answers=left) == ("fes_chest_heart", "fes_skin")
    assert unanswered(checklist="aquatic", answers={}) == tuple(AQUATIC_CHECKLIST)


def test_what_applies_contraindications_first():
    answers = {"fes_epilepsy": True, "fes_bleeding": True, "fes_skin": False, "fes_fracture": None}
    assert [item.code for item in applying(checklist="fes", answers=answers)] == ["fes_bleeding", "fes_epilepsy"]


def test_refusals():
    with pytest.raises(ValueError, match="unknown checklist 'laser'"):
        unanswered(checklist="laser", answers={})
    with pytest.raises(ValueError, match="unknown item fes_skin"):
        applying(checklist="aquatic", answers={"fes_skin": True})
