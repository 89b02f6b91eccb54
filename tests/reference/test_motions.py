import pytest

from rehab.reference import motions
from rehab.reference.motions import MOTIONS


def test_every_row_is_loaded():
    assert len(MOTIONS) == 45
    assert all(code == motion.code for code, motion in MOTIONS.items())


@pytest.mark.parametrize("motion", MOTIONS.values(), ids=lambda motion: motion.code)
def test_every_row_is_sound(motion):
    assert motion.name_en
    assert motion.name_zh
    assert motion.notation_note
    assert motion.plane in {"sagittal", "frontal", "transverse"}
    assert motion.hard_min < motion.hard_max
    for reference in (motion.aaos_from, motion.aaos_to, motion.ama_min):
        assert reference is None or motion.hard_min <= reference <= motion.hard_max
    has_mdc = motion.mdc_intra_deg is not None or motion.mdc_inter_deg is not None
    assert has_mdc == (motion.mdc_source is not None) == (motion.mdc_level is not None)
    assert has_mdc == (motion.mdc_context is not None)


def test_deficit_scale_is_the_extension_of_hinge_joints():
    deficit = {motion.code for motion in MOTIONS.values() if motion.scale == "deficit"}
    assert deficit == {"ELB_EXT", "KNE_EXT", "FIN_PIP_EXT", "FIN_DIP_EXT"}
    assert all((motion.better == "lower") == (motion.code in deficit) for motion in MOTIONS.values())


def test_one_row_in_full():
    motion = MOTIONS["KNE_EXT"]
    assert motion.name("en") == "Knee extension"
    assert motion.name("zh-hans") == "膝关节伸展"
    assert (motion.aaos_from, motion.aaos_to, motion.ama_min) == (0, 0, None)
    assert (motion.hard_min, motion.hard_max) == (-30, 150)
    assert (motion.mdc_intra_deg, motion.mdc_inter_deg, motion.mdc_level) == (5.4, 10.4, "95")
    assert motion.mdc_source == "J Knee Surg doi:10.1055/a-2321-0516"


@pytest.mark.parametrize(
    ("code", "intra", "inter"),
    [
        ("ELB_FLEX", 6, 10),
        ("ELB_EXT", 7, 10),
        ("FOR_PRO", 8, 10),
        ("FOR_SUP", 8, 11),
        ("SHO_FLEX", None, 8),
        ("SHO_ABD", None, 4),
        ("SHO_IR", None, 8),
        ("SHO_ER", None, 9),
        ("CERV_FLEX", 9.6, None),
        ("CERV_ROT", 5.4, None),
        ("KNE_FLEX", None, 9.4),
        ("ANK_DF_WB", 4.7, 4.6),
    ],
)
def test_published_measurement_error(code, intra, inter):
    assert (MOTIONS[code].mdc_intra_deg, MOTIONS[code].mdc_inter_deg) == (intra, inter)


def test_only_fingers_need_a_digit():
    assert {motion.joint for motion in MOTIONS.values() if motion.needs_digit} == {
        "finger_mcp",
        "finger_pip",
        "finger_dip",
    }
    assert not MOTIONS["THU_IP_FLEX"].needs_digit


def test_only_midline_spine_motions_have_no_side():
    assert {motion.code for motion in MOTIONS.values() if not motion.has_side} == {
        "CERV_FLEX",
        "CERV_EXT",
        "TL_FLEX",
        "TL_EXT",
    }


def test_weight_bearing_lunge_has_no_aaos_figure():
    assert MOTIONS["ANK_DF_WB"].aaos_to is None


def test_a_scale_that_contradicts_its_direction_is_refused():
    with pytest.raises(ValueError, match="X: scale 'deficit'"):
        motions._from_row({"code": "X", "scale": "deficit", "better": "higher"})
