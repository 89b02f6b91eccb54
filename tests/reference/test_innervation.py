import pytest

from rehab.reference.innervation import MAIN_NERVES, NERVES_OF, SEGMENTS, SEGMENTS_OF
from rehab.reference.muscles import MUSCLES


def test_thirty_segments_in_order():
    assert len(SEGMENTS) == 30
    assert (SEGMENTS[0], SEGMENTS[8], SEGMENTS[-1]) == ("C1", "T1", "S5")


@pytest.mark.parametrize(
    ("code", "segments"),
    [
        ("ELB_FLEX", {"C5", "C6"}),
        ("FIN_FLEX", {"C7", "C8", "T1"}),
        ("SCAP_ELEV", {"C3", "C4", "C5"}),
        ("FOOT_INTRINSIC", {"S1", "S2", "S3"}),
        ("HIP_ER", {"L4", "L5", "S1", "S2"}),
        ("FACIAL", set()),
    ],
)
def test_segments(code, segments):
    assert SEGMENTS_OF[code] == segments


@pytest.mark.parametrize(
    ("code", "nerves"),
    [
        ("THENAR", {"median", "ulnar"}),
        ("THU_FLEX", {"median"}),
        ("FIN_EXT", {"radial"}),
        ("SHO_ABD", {"axillary", "suprascapular"}),
        ("SHO_IR", {"pectoral", "subscapular", "thoracodorsal"}),
        ("ANK_DF", {"fibular"}),
        ("ANK_INV", {"fibular", "tibial"}),
        ("HIP_ER", {"inferior_gluteal", "obturator"}),
        ("HIP_FLEX", {"femoral"}),
        ("SHOULDER_GIRDLE", set()),
    ],
)
def test_nerves(code, nerves):
    assert NERVES_OF[code] == nerves


def test_every_limb_group_has_segments_and_a_nerve():
    for muscle in MUSCLES.values():
        if muscle.limb in {"upper", "lower"} and not muscle.composite_of:
            assert SEGMENTS_OF[muscle.code]
            assert NERVES_OF[muscle.code]


def test_every_key_muscle_has_its_level_among_its_segments():
    for muscle in MUSCLES.values():
        assert muscle.isncsci_level is None or muscle.isncsci_level in SEGMENTS_OF[muscle.code]


def test_every_nerve_supplies_some_group():
    assert set(MAIN_NERVES) == set().union(*NERVES_OF.values())
