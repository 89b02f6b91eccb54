import pytest

from rehab.analytics.red_flags import Measures, evaluate

SCI = "complete_spinal_cord_injury"


def _measured(*, conditions=("guillain_barre",), **measures):
    return evaluate(measures=Measures(**measures), conditions=conditions)


@pytest.mark.parametrize(
    ("measures", "rule"),
    [
        ({"vital_capacity_ml_per_kg": 19.9}, "resp_nm.below_limit"),
        ({"vital_capacity_ml_per_kg": 20}, None),
        ({"mip_cmh2o": 29.9}, "resp_nm.below_limit"),
        ({"mip_cmh2o": 30}, None),
        ({"mep_cmh2o": 39.9}, "resp_nm.below_limit"),
        ({"mep_cmh2o": 40}, None),
        ({"mep_cmh2o": 0}, "resp_nm.below_limit"),
        ({"vital_capacity_ml": 2100, "vital_capacity_baseline_ml": 3000}, None),
        ({"vital_capacity_ml": 2099, "vital_capacity_baseline_ml": 3000}, "resp_nm.fall_from_baseline"),
        ({"mip_cmh2o": 70, "mip_baseline_cmh2o": 100}, None),
        ({"mip_cmh2o": 69, "mip_baseline_cmh2o": 100}, "resp_nm.fall_from_baseline"),
        ({"mep_cmh2o": 69, "mep_baseline_cmh2o": 100}, "resp_nm.fall_from_baseline"),
        ({"mep_baseline_cmh2o": 100}, None),
        ({"single_breath_count": 19}, "resp_nm.breath_count"),
        ({"single_breath_count": 20}, None),
    ],
)
def test_breathing_measures(measures, rule):
    raised = _measured(**measures)
    assert [found.rule for found in raised] == ([rule] if rule else [])
    for found in raised:
        assert (found.flag, found.level, found.answers) == ("RESP_NM", "emergency", ())
        assert found.measures == (next(iter(measures)),)


def test_the_breath_count_is_for_guillain_barre():
    assert _measured(single_breath_count=5, conditions=["stroke"]) == ()


@pytest.mark.parametrize(
    ("systolic", "conditions", "at_or_above_t6", "raised"),
    [
        (120, [SCI], True, True),
        (119.9, [SCI], True, False),
        (120, [SCI], None, True),
        (120, [SCI], False, False),
        (150, ["stroke"], True, False),
        (120, ["incomplete_spinal_cord_injury", "stroke"], None, True),
    ],
)
def test_blood_pressure(systolic, conditions, at_or_above_t6, raised):
    found = evaluate(
        measures=Measures(systolic_mmhg=systolic, systolic_baseline_mmhg=100),
        conditions=conditions,
        injury_at_or_above_t6=at_or_above_t6,
    )
    assert [(one.flag, one.level, one.rule) for one in found] == [("AD", "emergency", "ad.blood_pressure")] * raised


def test_blood_pressure_needs_a_baseline():
    assert evaluate(measures=Measures(systolic_mmhg=200), conditions=[SCI]) == ()
