from collections import Counter

import pytest

from rehab.reference.muscles import ISNCSCI_KEY_MUSCLES, MRC_SUM_MUSCLES, MUSCLES


def test_every_row_is_loaded():
    assert len(MUSCLES) == 56
    assert all(code == muscle.code for code, muscle in MUSCLES.items())
    assert Counter(muscle.limb for muscle in MUSCLES.values()).keys() == {
        "cranial",
        "trunk",
        "upper",
        "lower",
    }


def test_table_cannot_be_changed():
    with pytest.raises(TypeError):
        MUSCLES["X"] = MUSCLES["KNE_EXT"]
    with pytest.raises(AttributeError):
        MUSCLES["KNE_EXT"].code = "X"


def test_one_row_in_full():
    muscle = MUSCLES["ELB_FLEX"]
    assert muscle.name("en") == "Elbow flexors"
    assert muscle.name("zh-hans") == "屈肘肌群"
    assert muscle.main_muscles == ("biceps brachii", "brachialis", "brachioradialis")
    assert (muscle.body_region, muscle.limb, muscle.prox_dist) == ("elbow", "upper", "intermediate")
    assert muscle.myotome == "C5-C6"
    assert muscle.peripheral_nerve == "musculocutaneous; radial (brachioradialis) nerves"
    assert (muscle.isncsci_key, muscle.isncsci_level, muscle.mrc_sum) == (True, "C5", True)
    assert muscle.methods == {"mrc", "hhd"}
    assert muscle.composite_of == ()


def test_key_muscles_of_the_ten_levels():
    assert dict(ISNCSCI_KEY_MUSCLES) == {
        "C5": "ELB_FLEX",
        "C6": "WRI_EXT",
        "C7": "ELB_EXT",
        "C8": "FIN_FLEX",
        "T1": "FIN_ABD",
        "L2": "HIP_FLEX",
        "L3": "KNE_EXT",
        "L4": "ANK_DF",
        "L5": "HALLUX_EXT",
        "S1": "ANK_PF",
    }
    assert {muscle.code for muscle in MUSCLES.values() if muscle.isncsci_key} == set(ISNCSCI_KEY_MUSCLES.values())


def test_the_six_groups_of_the_mrc_sum_score():
    assert set(MRC_SUM_MUSCLES) == {"SHO_ABD", "ELB_FLEX", "WRI_EXT", "HIP_FLEX", "KNE_EXT", "ANK_DF"}
    assert len(MRC_SUM_MUSCLES) == 6


def test_composites_name_groups_that_exist_and_are_never_entered():
    composites = {muscle.code: muscle for muscle in MUSCLES.values() if muscle.composite_of}
    assert composites.keys() == {"SHOULDER_GIRDLE", "PELVIC_GIRDLE"}
    for muscle in composites.values():
        assert muscle.methods == {"derived"}
        assert set(muscle.composite_of) <= MUSCLES.keys()
        assert (muscle.main_muscles, muscle.peripheral_nerve) == ((), "")


@pytest.mark.parametrize("muscle", MUSCLES.values(), ids=lambda muscle: muscle.code)
def test_every_row_is_complete(muscle):
    assert muscle.name_en
    assert muscle.name_zh
    assert muscle.myotome
    assert muscle.methods <= {
        "mrc",
        "hhd",
        "grip_dynamometer",
        "pinch_gauge",
        "spirometry",
        "clinician_exam",
        "symptom",
        "derived",
    }
    assert muscle.methods
    assert muscle.isncsci_key == (muscle.isncsci_level is not None)
    assert bool(muscle.main_muscles) != bool(muscle.composite_of)
