import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import focal_weakness
from rehab.analytics.findings import SideDifference

ON = dt.date(2026, 3, 2)


def differences(on=ON, **grades):
    """Above 0: right weaker."""
    return [
        SideDifference(muscle=muscle, on=on, grades=value, asymmetry_pct=None, ids=(f"{muscle}-{on}",))
        for muscle, value in grades.items()
    ]


C5 = {"SHO_ABD": 1, "ELB_FLEX": 2, "ELB_EXT": 0, "WRI_EXT": 0, "FIN_ABD": 0}
ULNAR = {"FIN_ABD": -1, "INTEROSSEI_D": -2, "THU_FLEX": 0, "FIN_EXT": 0}


def test_myotomal():
    (found,) = focal_weakness.myotomal(differences=differences(**C5))
    assert (found.names, found.side) == (("C5",), "right")
    assert [row.muscle for row in found.weak] == ["ELB_FLEX", "SHO_ABD"]
    assert {row.muscle for row in found.spared} == {"ELB_EXT", "WRI_EXT"}
    assert focal_weakness.single_nerve(differences=differences(**C5)) == ()


def test_the_segment_with_the_largest_share_of_weak_groups_stays():
    rows = differences(SHO_ABD=1, ELB_FLEX=1, SCAP_ELEV=0, FIN_EXT=0, WRI_FLEX=None)
    (found,) = focal_weakness.myotomal(differences=rows)
    assert found.names == ("C6",)
    (found,) = focal_weakness.myotomal(differences=differences(SHO_ABD=1, ELB_FLEX=1, ELB_EXT=0, FIN_EXT=0))
    assert found.names == ("C5",)


def test_segments_that_fit_equally_are_named_together():
    rows = differences(THU_FLEX=1, FIN_EXT=1, SHO_ABD=0, SHO_FLEX=0, FIN_ABD=0)
    (found,) = focal_weakness.myotomal(differences=rows)
    assert found.names == ("C7", "C8")
    assert [row.muscle for row in found.spared] == ["FIN_ABD", "SHO_ABD", "SHO_FLEX"]


def test_not_myotomal():
    for changed in (
        {"SHO_ABD": 0.9},  # one weak group
        {"ELB_EXT": 1},  # a neighbour is weak
        {"SHO_ABD": -1},  # on different sides
    ):
        found = focal_weakness.myotomal(differences=differences(**{**C5, **changed}))
        assert not any(set(row.names) == {"C5"} for row in found)
    assert focal_weakness.myotomal(differences=differences(SHO_ABD=1, ELB_FLEX=1)) == ()


def test_one_nerve_is_no_myotome():
    assert focal_weakness.myotomal(differences=differences(**ULNAR)) == ()
    (found,) = focal_weakness.single_nerve(differences=differences(**ULNAR))
    assert (found.names, found.side) == (("ulnar",), "left")
    assert [row.muscle for row in found.weak] == ["FIN_ABD", "INTEROSSEI_D"]
    assert [row.muscle for row in found.spared] == ["FIN_EXT", "THU_FLEX"]


def test_not_single_nerve():
    assert focal_weakness.single_nerve(differences=differences(**{**ULNAR, "THU_FLEX": -1})) == ()
    assert focal_weakness.single_nerve(differences=differences(FIN_ABD=-1, INTEROSSEI_D=-2)) == ()
    assert focal_weakness.single_nerve(differences=differences(**{**ULNAR, "FIN_ABD": 0})) == ()


def test_fibular():
    rows = differences(ANK_DF=3, HALLUX_EXT=2, ANK_EV=2, ANK_PF=0, TOE_FLEX=0, HIP_ABD=0)
    (found,) = focal_weakness.single_nerve(differences=rows)
    assert (found.names, found.side) == (("fibular",), "right")


def test_the_last_difference_counts_and_composites_and_ungraded_do_not():
    later = differences(ON + dt.timedelta(days=3), FIN_ABD=0)
    assert focal_weakness.single_nerve(differences=[*later, *differences(**ULNAR)]) == ()
    ungraded = [SideDifference(muscle="THU_ADD", on=ON, grades=None, asymmetry_pct=-80, ids=())]
    rows = [*differences(**ULNAR), *ungraded, *differences(SHOULDER_GIRDLE=-3)]
    assert len(focal_weakness.single_nerve(differences=rows)) == 1


CODES = [
    "SHO_ABD",
    "ELB_FLEX",
    "ELB_EXT",
    "WRI_EXT",
    "FIN_ABD",
    "INTEROSSEI_D",
    "THU_FLEX",
    "ANK_DF",
    "ANK_EV",
    "ANK_PF",
]


@given(grades=st.dictionaries(st.sampled_from(CODES), st.integers(-3, 3)), data=st.data())
def test_mirrored_sides_mirror_the_pattern_and_order_changes_nothing(grades, data):
    rows, mirrored = differences(**grades), differences(**{code: -value for code, value in grades.items()})
    other = {"left": "right", "right": "left"}
    for find in (focal_weakness.myotomal, focal_weakness.single_nerve):
        found = find(differences=rows)
        assert find(differences=data.draw(st.permutations(rows))) == found
        assert {(row.names, other[row.side]) for row in found} == {
            (row.names, row.side) for row in find(differences=mirrored)
        }
