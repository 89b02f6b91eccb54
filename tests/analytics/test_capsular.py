import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.analytics import capsular
from rehab.analytics.capsular import PassiveMotion
from rehab.reference.motions import MOTIONS

ON = dt.date(2026, 3, 2)


def session(**values):
    """Values of a session, against AAOS and an error of 10°."""
    return [
        PassiveMotion(
            id=code.lower(),
            on=ON,
            motion=code,
            value_degrees=value,
            reference_degrees=MOTIONS[code].aaos_to,
            error_degrees=10,
        )
        for code, value in values.items()
    ]


def joints(**values):
    return [hint.joint for hint in capsular.find(motions=session(**values))]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"SHO_ER": 20, "SHO_ABD": 90, "SHO_IR": 55}, ["shoulder"]),
        ({"SHO_ER": 20, "SHO_ABD": 90}, ["shoulder"]),
        ({"SHO_ABD": 90, "SHO_IR": 55}, ["shoulder"]),
        ({"SHO_ER": 60, "SHO_ABD": 90, "SHO_IR": 55}, []),
        ({"SHO_ER": 85, "SHO_ABD": 178, "SHO_IR": 70}, []),
        ({"SHO_ER": 20, "SHO_FLEX": 90}, []),
        ({"ELB_FLEX": 110, "ELB_EXT": 20}, ["elbow"]),
        ({"ELB_FLEX": 140, "ELB_EXT": 20}, []),
        ({"ELB_FLEX": 130, "ELB_EXT": 20}, []),
        ({"WRI_FLEX": 40, "WRI_EXT": 35}, ["wrist"]),
        ({"WRI_FLEX": 40, "WRI_EXT": 55}, []),
        ({"WRI_FLEX": 75, "WRI_EXT": 65}, []),
        ({"HIP_IR": 10, "HIP_FLEX": 80, "HIP_ABD": 25}, ["hip"]),
        ({"HIP_FLEX": 60, "HIP_IR": 25, "HIP_ER": 40}, ["hip"]),
        ({"HIP_FLEX": 60, "HIP_IR": 25, "HIP_ER": 10}, []),
        ({"HIP_FLEX": 115, "HIP_IR": 10}, []),
        ({"KNE_FLEX": 90, "KNE_EXT": 10}, ["knee"]),
        ({"KNE_FLEX": 90, "KNE_EXT": -5}, ["knee"]),
        ({"KNE_FLEX": 90}, []),
        ({"ANK_PF": 20, "ANK_DF": 15}, ["ankle"]),
        ({"ANK_PF": 45, "ANK_DF": 0}, []),
        ({"FIN_MCP_FLEX": 40, "FIN_MCP_EXT": 40}, ["finger_mcp"]),
        ({"FIN_PIP_FLEX": 60, "FIN_PIP_EXT": 20}, ["finger_pip"]),
        ({"FIN_DIP_FLEX": 60, "FIN_DIP_EXT": 20}, ["finger_dip"]),
        ({}, []),
    ],
)
def test_patterns(values, expected):
    assert joints(**values) == expected


def test_everything_it_rests_on():
    (hint,) = capsular.find(motions=session(SHO_ABD=90, SHO_ER=20))
    assert (hint.motions, hint.losses_degrees, hint.missing) == (("SHO_ER", "SHO_ABD"), (70, 90), ("SHO_IR",))
    assert (hint.n, hint.first_on, hint.last_on) == (2, ON, ON)
    assert (hint.ids, hint.method) == (("sho_er", "sho_abd"), "capsular/1")


def test_every_code_of_a_pattern_is_a_motion():
    assert all(code in MOTIONS for _, codes in capsular.PATTERNS.values() for code in codes)


def _row(**changes):
    values = {
        "id": "a",
        "on": ON,
        "motion": "KNE_FLEX",
        "value_degrees": 90,
        "reference_degrees": 135,
        "error_degrees": 10,
    }
    return PassiveMotion(**{**values, **changes})


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([_row(), _row(id="b")], "each motion once"),
        ([_row(), _row(motion="KNE_EXT", on=ON + dt.timedelta(days=1))], "on one day"),
        ([_row(motion="KNEE")], "unknown motion 'KNEE'"),
        ([_row(value_degrees=float("nan"))], "value_degrees must be"),
        ([_row(error_degrees=-1)], "error_degrees must be"),
        ([_row(reference_degrees=0)], "reference of KNE_FLEX must be above 0"),
    ],
)
def test_what_cannot_be_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        capsular.find(motions=rows)


@given(er=st.integers(-20, 90), abduction=st.integers(0, 180), ir=st.integers(0, 70), data=st.data())
def test_the_order_changes_nothing(er, abduction, ir, data):
    rows = session(SHO_ER=er, SHO_ABD=abduction, SHO_IR=ir)
    assert capsular.find(motions=data.draw(st.permutations(rows))) == capsular.find(motions=rows)
