import pytest

from rehab.reference.symptoms import (
    BODY_REGIONS,
    FATIGUE_PERIODS,
    MAPPED_SYMPTOMS,
    MG_ITEMS,
    PAIN_CONTEXTS,
    SCALES,
    SIDES,
    mas_applies,
    mas_rank,
)


def test_every_scale_is_there():
    assert list(SCALES) == [
        "pain_nrs",
        "fatigue_nrs",
        "spasm_freq",
        "spasm_severity",
        "mas",
        *MAPPED_SYMPTOMS,
        *MG_ITEMS,
    ]
    assert len(MG_ITEMS) == 8


@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("pain_nrs", (0, 10)),
        ("fatigue_nrs", (0, 10)),
        ("spasm_freq", (0, 4)),
        ("spasm_severity", (1, 3)),
        ("mas", (0, 5)),
        ("numbness", (0, 3)),
        ("mg_ptosis", (0, 3)),
    ],
)
def test_ranges(code, limits):
    assert (SCALES[code].minimum, SCALES[code].maximum) == limits


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: scale.code)
def test_every_scale_is_in_both_languages_with_its_source(scale):
    assert scale.name("en") == scale.name_en != scale.name("zh-hans") == scale.name_zh
    assert all(scale.anchors("en"))
    assert scale.anchors("zh-hans") == (scale.anchor_low_zh, scale.anchor_high_zh) != scale.anchors("en")
    assert bool(scale.change("en")) == bool(scale.change("zh-hans"))
    assert scale.source
    assert "[" not in scale.source
    assert [grade.rank for grade in scale.grades] in ([], list(range(scale.minimum, scale.maximum + 1)))
    for grade in scale.grades:
        assert grade.text("en") == grade.text_en != grade.text("zh-hans") == grade.text_zh


def test_modified_ashworth():
    assert [grade.code for grade in SCALES["mas"].grades] == ["0", "1", "1+", "2", "3", "4"]
    assert mas_rank(grade="1+") == 2
    with pytest.raises(ValueError, match=r"'1\.5' is not a Modified Ashworth grade"):
        mas_rank(grade="1.5")


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ("stroke", True),
        ("motor_neuron_disease", True),
        ("myositis", True),
        ("cauda_equina", False),
        ("diabetic_neuropathy", False),
    ],
)
def test_low_tone_is_not_graded(condition, applies):
    assert mas_applies(condition=condition) is applies


def test_an_unknown_condition_is_refused():
    with pytest.raises(ValueError, match="unknown condition 'flu'"):
        mas_applies(condition="flu")


def test_lists():
    assert set(PAIN_CONTEXTS) == {"rest", "movement", "night", "during_session"}
    assert set(FATIGUE_PERIODS) == {"last_24_h", "now"}
    assert set(SIDES) == {"left", "right", "both", "midline"}
    for terms in (PAIN_CONTEXTS, FATIGUE_PERIODS, SIDES, BODY_REGIONS):
        for code, term in terms.items():
            assert code == term.code
            assert term.name("en") == term.name_en != term.name("zh-hans") == term.name_zh
