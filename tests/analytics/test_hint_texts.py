import re

import pytest

from rehab.analytics import hint_texts, hints
from rehab.analytics.capsular import PATTERNS
from rehab.reference import hint_texts as words
from rehab.reference.innervation import MAIN_NERVES
from rehab.reference.wording import forbidden_in

PARAMETERS = {
    "ACUTE_SUBACUTE": {"groups": 2, "days": 4, "course": "acute"},
    "PROG_DISTAL": {"muscles": ["ANK_DF", "HALLUX_EXT"]},
    "PROG_PROXIMAL": {"muscles": ["HIP_EXT"], "signs": ["stairs"]},
    "FLUCTUATING": {"what": ["ptosis"]},
    "MYOTOMAL": {"names": ["C5", "C6"], "side": "right", "muscles": ["ELB_FLEX", "SHO_ABD"], "spared": []},
    "SINGLE_NERVE": {"names": ["ulnar"], "side": "left", "muscles": ["FIN_ABD"], "spared": []},
    "DISUSE": {},
    "CAPSULAR": {"joint": "knee", "motions": ["KNE_FLEX", "KNE_EXT"], "losses_degrees": [45.0, 12.0]},
}


def test_every_hint_has_both_languages_with_the_same_parameters():
    assert hint_texts.TEXTS_EN.keys() == hint_texts.TEXTS_ZH.keys() == PARAMETERS.keys() - {"CAPSULAR"}
    for code, text in hint_texts.TEXTS_EN.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", hint_texts.TEXTS_ZH[code])), code
    assert words.TITLES.keys() == PARAMETERS.keys()


@pytest.mark.parametrize("code", PARAMETERS)
def test_texts_are_complete_and_promise_nothing(code):
    for language in ("en", "zh-hans"):
        text = hint_texts.text(code=code, parameters=PARAMETERS[code], language=language)
        assert "{" not in text
        assert forbidden_in(text) == []
        assert not re.search(r"[A-Z]{2,}_[A-Z]", text), "codes have names"
        assert bool(re.search(r"[一-鿿]", text)) == (language != "en")


def test_names_in_place_of_codes():
    muscles = words.names_of(["ELB_FLEX", "SHO_ABD"], "zh-hans")
    assert hint_texts.text(code="MYOTOMAL", parameters=PARAMETERS["MYOTOMAL"], language="zh-hans") == (
        f"C5、C6 节段支配的肌肉无力（{muscles}）。"
    )
    assert hint_texts.text(code="SINGLE_NERVE", parameters=PARAMETERS["SINGLE_NERVE"], language="zh-hans") == (
        "尺神经支配区肌肉无力。"
    )


def test_every_word_that_a_hint_can_name_is_there():
    assert words.NERVES.keys() == MAIN_NERVES.keys()
    assert words.JOINTS.keys() == PATTERNS.keys()
    assert {code for codes in hints.EXCEPTIONS.values() for code in codes} == words.EXCEPTIONS.keys()
    assert words.MISSING.keys() == {"sensory", "reflexes", "emg", "ck", "drug_history", "proximal_signs"}
    assert words.name_of("nothing", "en") == "nothing"
