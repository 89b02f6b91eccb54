import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import distribution
from rehab.analytics.distribution import GroupForce, GroupRank

ON = dt.date(2026, 3, 2)


def ranks(**values):
    return [GroupRank(id=muscle.lower(), on=ON, muscle=muscle, rank=rank) for muscle, rank in values.items()]


def forces(kind="own_baseline", **values):
    return [
        GroupForce(
            id=muscle.lower(),
            on=ON,
            muscle=muscle,
            newtons=newtons,
            reference_newtons=200,
            reference_kind=kind,
        )
        for muscle, newtons in values.items()
    ]


def leg(side="left", **values):
    return distribution.pdi_mrc(limb="lower", side=side, groups=ranks(**values))


def test_distal_weaker_is_negative():
    found = leg(HIP_FLEX=10, HIP_ABD=8, ANK_DF=4, HALLUX_EXT=2, KNE_EXT=0)
    assert (found.value, found.notable, found.reason, found.n) == (-6, True, None, 4)
    assert (found.proximal, found.distal) == (("HIP_ABD", "HIP_FLEX"), ("ANK_DF", "HALLUX_EXT"))
    assert (found.first_on, found.last_on) == (ON, ON)
    assert found.ids == ("ank_df", "hallux_ext", "hip_abd", "hip_flex")
    assert (found.of, found.method) == ("mrc_ranks", "distribution/1")


@pytest.mark.parametrize(("distal", "notable"), [(10, False), (8, False), (7, True), (0, True)])
def test_notable_from_three_ranks(distal, notable):
    assert leg(HIP_FLEX=10, HIP_ABD=10, ANK_DF=distal, HALLUX_EXT=distal).notable is notable


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"HIP_FLEX": 10, "ANK_DF": 4, "HALLUX_EXT": 2},
        {"HIP_FLEX": 10, "HIP_ABD": 10, "ANK_DF": 4},
        {"KNE_EXT": 10, "KNE_FLEX": 10, "ANK_DF": 4, "HALLUX_EXT": 2},
        {"HIP_FLEX": 10, "PELVIC_GIRDLE": 10, "ANK_DF": 4, "HALLUX_EXT": 2},
    ],
)
def test_two_groups_at_each_end(values):
    found = leg(**values)
    assert (found.value, found.reason, found.notable) == (None, "too_few_groups", False)


def test_only_the_last_seven_days_and_the_last_reading_of_each():
    old = [GroupRank(id="old", on=ON - dt.timedelta(days=8), muscle="ANK_EV", rank=0)]
    edge = [GroupRank(id="edge", on=ON - dt.timedelta(days=7), muscle="ANK_PF", rank=4)]
    before = [GroupRank(id="before", on=ON - dt.timedelta(days=3), muscle="ANK_DF", rank=10)]
    groups = [*old, *edge, *ranks(HIP_FLEX=10, HIP_ABD=10, ANK_DF=4, HALLUX_EXT=4), *before]
    found = distribution.pdi_mrc(limb="lower", side="left", groups=groups)
    assert (found.value, found.n, found.first_on) == (-6, 5, ON - dt.timedelta(days=7))
    assert not {"old", "before"} & set(found.ids)


def test_force_in_percent_of_reference():
    groups = forces(HIP_FLEX=180, HIP_ABD=160, ANK_DF=120, HALLUX_EXT=120)
    found = distribution.pdi_force(limb="lower", side="left", groups=groups)
    assert found.value == pytest.approx(-25)
    assert (found.notable, found.of) == (True, "percent_of_reference")


def test_kinds_of_reference_are_not_mixed():
    groups = [*forces(HIP_FLEX=180, HIP_ABD=160), *forces("norm", ANK_DF=80, HALLUX_EXT=60)]
    found = distribution.pdi_force(limb="lower", side="left", groups=groups)
    assert (found.value, found.reason) == (None, "mixed_references")


def test_shown_only_from_two_limbs():
    weak = {"HIP_FLEX": 10, "HIP_ABD": 10, "ANK_DF": 4, "HALLUX_EXT": 4}
    left, right = leg("left", **weak), leg("right", **weak)
    mild = leg("right", HIP_FLEX=10, HIP_ABD=10, ANK_DF=9, HALLUX_EXT=9)
    opposite = leg("right", HIP_FLEX=2, HIP_ABD=2, ANK_DF=9, HALLUX_EXT=9)
    assert distribution.notable_limbs(indices=[left, right], weaker="distal") == (left, right)
    assert distribution.notable_limbs(indices=[left, right], weaker="proximal") == ()
    assert distribution.notable_limbs(indices=[left, left, mild, opposite], weaker="distal") == ()


@pytest.mark.parametrize(
    "call",
    [
        lambda: leg(HIP_FLEX=11),
        lambda: leg(ELB_FLEX=4),
        lambda: leg(LEG=4),
        lambda: distribution.pdi_force(limb="lower", side="left", groups=forces(HIP_FLEX=-1)),
    ],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(ValueError, match=r"must be|is not a muscle group of the lower limb"):
        call()


RANK = st.integers(0, 10)


@given(proximal=st.lists(RANK, min_size=3, max_size=3), distal=st.lists(RANK, min_size=3, max_size=3), data=st.data())
def test_range_sign_and_order(proximal, distal, data):
    near = dict(zip(("HIP_FLEX", "HIP_ABD", "HIP_EXT"), proximal, strict=True))
    far = dict(zip(("ANK_DF", "ANK_PF", "HALLUX_EXT"), distal, strict=True))
    found = leg(**near, **far)
    assert -10 <= found.value <= 10
    swapped = leg(**dict(zip(near, distal, strict=True)), **dict(zip(far, proximal, strict=True)))
    assert swapped.value == -found.value
    shuffled = data.draw(st.permutations(ranks(**near, **far)))
    assert distribution.pdi_mrc(limb="lower", side="left", groups=shuffled) == found
