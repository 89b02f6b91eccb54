import pytest

from rehab.reference.conditions import CONDITION_TAGS, CONDITIONS

CODES = [
    "cauda_equina",
    "stroke",
    "disuse_after_fracture",
    "disuse_bed_rest",
    "myasthenia_gravis",
    "motor_neuron_disease",
    "sarcopenia",
    "diabetic_neuropathy",
    "incomplete_spinal_cord_injury",
    "complete_spinal_cord_injury",
    "guillain_barre",
    "duchenne",
    "peripheral_nerve_injury",
    "brachial_plexus_injury",
    "multiple_sclerosis",
    "myositis",
    "polio",
    "charcot_marie_tooth",
    "spinal_muscular_atrophy",
    "icu_acquired_weakness",
    "acl_reconstruction",
    "other",
]


def _tagged(tag):
    return {code for code, condition in CONDITIONS.items() if tag in condition.tags}


def test_every_condition_is_there():
    assert list(CONDITIONS) == CODES
    assert all(code == condition.code for code, condition in CONDITIONS.items())


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=lambda condition: condition.code)
def test_every_condition_is_named_and_tagged_from_the_list(condition):
    assert condition.name("en") == condition.name_en != condition.name("zh-hans") == condition.name_zh
    assert condition.tags <= CONDITION_TAGS


def test_no_true_one_rm_where_it_may_harm():
    assert _tagged("neuromuscular") < _tagged("no_one_rm_prompt")
    assert _tagged("no_one_rm_prompt") - _tagged("neuromuscular") == {
        "cauda_equina",
        "disuse_after_fracture",
        "peripheral_nerve_injury",
        "brachial_plexus_injury",
        "acl_reconstruction",
    }


def test_course_and_lesion():
    assert _tagged("fluctuating") == {"myasthenia_gravis", "multiple_sclerosis"}
    assert _tagged("progressive") == {
        "motor_neuron_disease",
        "duchenne",
        "charcot_marie_tooth",
        "spinal_muscular_atrophy",
    }
    assert _tagged("upper_motor_neuron") & _tagged("lower_motor_neuron") == {"motor_neuron_disease"}
    assert CONDITIONS["other"].tags == frozenset()
