from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.reference.conditions import CONDITIONS
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.thresholds import THRESHOLD_ROWS, Facts, select, select_mcid

KGF = 9.80665
SAME = Facts(same_rater=True)
DIFFERENT = Facts(same_rater=False)
ANCHORED = Facts(fixation="belt", position="supine")


@pytest.mark.parametrize("row", THRESHOLD_ROWS.values(), ids=lambda row: row.threshold.row_id)
def test_every_row_is_sound(row):
    threshold = row.threshold
    assert threshold.value > 0
    assert threshold.percent == (threshold.unit == "%")
    assert threshold.population("en") != threshold.population("zh-hans") != ""
    assert bool(threshold.note("en")) == bool(threshold.note("zh-hans"))
    assert threshold.source
    assert threshold.kind in {"MDC95", "MCID", "SDC", "reproducibility", "unstated", "convention"}
    assert row.conditions <= set(CONDITIONS) | {"any", "fallback"}
    known = set(MUSCLES) | set(GIRTH_SITES) | {"TOTAL", "UEMS", "LEMS", "UPPER", "DIGIT"}
    assert row.codes <= known
    assert row.rater in {"any", "same", "different"}


@pytest.mark.parametrize(
    ("row_id", "value", "unit", "kind"),
    [
        ("GRIP_MIXED_MCID", 5.0 * KGF, "N", "MCID"),
        ("GRIP_STROKE_DOMINANT_MCID", 5.0 * KGF, "N", "MCID"),
        ("GRIP_STROKE_NONDOMINANT_MCID", 6.2 * KGF, "N", "MCID"),
        ("GRIP_RADIUS_FRACTURE_MCID", 63.743, "N", "MCID"),
        ("GRIP_THUMB_OA_AFFECTED_MCID", 0.84 * KGF, "N", "MCID"),
        ("GRIP_THUMB_OA_UNAFFECTED_MCID", 1.12 * KGF, "N", "MCID"),
        ("GRIP_SMA_RIGHT", 30.3, "N", "MDC95"),
        ("GRIP_SMA_LEFT", 27.3, "N", "MDC95"),
        ("HHD_KNEE_EXT_OLDER", 79.0, "N", "MDC95"),
        ("HHD_KNEE_EXT_ANCHORED_SAME", 24.1, "%", "unstated"),
        ("HHD_KNEE_EXT_ANCHORED_DIFFERENT", 29.3, "%", "unstated"),
        ("HHD_KNEE_EXT_ANCHORED_SAME_N", 29.5, "N", "unstated"),
        ("HHD_KNEE_EXT_ANCHORED_DIFFERENT_N", 36.7, "N", "unstated"),
        ("HHD_MYOSITIS", 65, "%", "SDC"),
        ("HHD_QUADRICEPS_FIXED_MND", 17.2, "%", "MDC95"),
        ("ANKLE_DF_DEVICE_HEALTHY", 0.77, "N/kg", "MDC95"),
        ("ISNCSCI_TOTAL_MCID", 4.48, "points", "MCID"),
        ("ISNCSCI_UEMS_MCID", 2.72, "points", "MCID"),
        ("ISNCSCI_LEMS_MCID", 3.66, "points", "MCID"),
        ("ISNCSCI_UE_MOTOR_LEVEL_MCID", 2, "levels", "MCID"),
        ("GIRTH_LEG_ONE_OBSERVER", 3.3, "%", "reproducibility"),
        ("GIRTH_LEG_SEVERAL_OBSERVERS", 4.4, "%", "reproducibility"),
        ("GIRTH_LEG_TWELVE_WEEKS", 6.5, "%", "reproducibility"),
    ],
)
def test_published_rows(row_id, value, unit, kind):
    threshold = THRESHOLD_ROWS[row_id].threshold
    assert threshold.value == pytest.approx(value, abs=5e-4)
    assert (threshold.unit, threshold.kind) == (unit, kind)


@pytest.mark.parametrize(
    ("measure", "code", "conditions", "facts", "row_id"),
    [
        ("grip", "HAND_GRIP", {"stroke"}, SAME, "GRIP_FALLBACK"),
        ("grip", "HAND_GRIP", {"spinal_muscular_atrophy"}, Facts(side="left"), "GRIP_SMA_LEFT"),
        ("grip", "HAND_GRIP", {"spinal_muscular_atrophy"}, Facts(), "GRIP_SMA_RIGHT"),
        ("hhd", "ELB_FLEX", (), SAME, "HHD_FALLBACK_SAME"),
        ("hhd", "ELB_FLEX", (), DIFFERENT, "HHD_FALLBACK_DIFFERENT"),
        ("hhd", "ELB_FLEX", (), Facts(), "HHD_FALLBACK_DIFFERENT"),
        ("hhd", "ELB_FLEX", {"myositis"}, SAME, "HHD_MYOSITIS"),
        ("hhd", "KNE_EXT", {"sarcopenia"}, SAME, "HHD_KNEE_EXT_OLDER"),
        ("hhd", "HIP_EXT", {"sarcopenia"}, SAME, "HHD_FALLBACK_SAME"),
        ("hhd", "KNE_EXT", (), replace(ANCHORED, same_rater=True), "HHD_KNEE_EXT_ANCHORED_SAME"),
        ("hhd", "KNE_EXT", (), ANCHORED, "HHD_KNEE_EXT_ANCHORED_DIFFERENT"),
        ("hhd", "KNE_EXT", (), Facts(same_rater=True, fixation="belt"), "HHD_FALLBACK_SAME"),
        ("hhd", "KNE_EXT", (), Facts(same_rater=True, fixation="hand", position="supine"), "HHD_FALLBACK_SAME"),
        ("hhd", "KNE_EXT", {"motor_neuron_disease"}, Facts(fixation="frame"), "HHD_QUADRICEPS_FIXED_MND"),
        ("hhd", "KNE_EXT", {"motor_neuron_disease"}, DIFFERENT, "HHD_FALLBACK_DIFFERENT"),
        ("force_per_mass", "ANK_DF", (), Facts(fixation="purpose_built"), "ANKLE_DF_DEVICE_HEALTHY"),
        ("girth", "CALF_MAX", (), Facts(same_rater=True, interval_days=83), "GIRTH_LEG_ONE_OBSERVER"),
        ("girth", "CALF_MAX", (), Facts(same_rater=True, interval_days=84), "GIRTH_LEG_TWELVE_WEEKS"),
        ("girth", "CALF_MAX", (), Facts(interval_days=7), "GIRTH_LEG_SEVERAL_OBSERVERS"),
        ("girth", "CALF_MAX", (), SAME, "GIRTH_LEG_TWELVE_WEEKS"),
        ("girth", "ARM_MID", (), Facts(same_rater=True, interval_days=7), "GIRTH_FALLBACK_ONE_OBSERVER"),
        ("girth", "ARM_MID", (), Facts(same_rater=False, interval_days=7), "GIRTH_FALLBACK_SEVERAL_OBSERVERS"),
        ("mrc", "ELB_FLEX", (), SAME, "MRC_FULL_GRADE"),
        ("mas", "", (), SAME, "MAS_CATEGORY"),
        ("spasm_frequency", "", (), SAME, "SPASM_FREQUENCY_CATEGORY"),
    ],
)
def test_the_row_that_fits_best(measure, code, conditions, facts, row_id):
    assert select(measure=measure, code=code, conditions=conditions, facts=facts).row_id == row_id


@pytest.mark.parametrize("measure", ["pinch", "isncsci_motor_score", "isncsci_motor_level"])
def test_no_measurement_error_is_invented(measure):
    assert select(measure=measure, code="UEMS", conditions={"complete_spinal_cord_injury"}) is None


def test_a_purpose_built_device_must_be_named():
    assert select(measure="force_per_mass", code="ANK_DF") is None


@pytest.mark.parametrize(
    ("measure", "code", "conditions", "facts", "row_id"),
    [
        ("grip", "", (), Facts(), "GRIP_MIXED_MCID"),
        ("grip", "", {"stroke"}, Facts(hand="dominant"), "GRIP_STROKE_DOMINANT_MCID"),
        ("grip", "", {"stroke"}, Facts(hand="non_dominant"), "GRIP_STROKE_NONDOMINANT_MCID"),
        ("grip", "", {"stroke"}, Facts(), "GRIP_STROKE_NONDOMINANT_MCID"),
        ("grip", "", {"disuse_after_fracture"}, Facts(), "GRIP_RADIUS_FRACTURE_MCID"),
        ("isncsci_motor_score", "UEMS", {"incomplete_spinal_cord_injury"}, Facts(), "ISNCSCI_UEMS_MCID"),
        ("isncsci_motor_score", "LEMS", {"complete_spinal_cord_injury"}, Facts(), "ISNCSCI_LEMS_MCID"),
        ("isncsci_motor_level", "UPPER", {"complete_spinal_cord_injury"}, Facts(), "ISNCSCI_UE_MOTOR_LEVEL_MCID"),
    ],
)
def test_important_difference(measure, code, conditions, facts, row_id):
    assert select_mcid(measure=measure, code=code, conditions=conditions, facts=facts).row_id == row_id


@pytest.mark.parametrize(
    ("measure", "code", "conditions"),
    [
        ("hhd", "KNE_EXT", {"stroke"}),
        ("isncsci_motor_score", "UEMS", {"stroke"}),
        ("isncsci_motor_score", "TOTAL", {"complete_spinal_cord_injury"}),
    ],
)
def test_no_important_difference_is_borrowed(measure, code, conditions):
    assert select_mcid(measure=measure, code=code, conditions=conditions) is None


class TestWeakGrip:
    def test_below_ten_kilograms_force_it_says_so(self):
        threshold = select(measure="grip", facts=Facts(baseline_newtons=9.9 * KGF))
        assert "Below the range in which the threshold was studied" in threshold.note("en")
        assert "低于该阈值的研究范围" in threshold.note("zh-hans")
        assert threshold.value == pytest.approx(63.743, abs=5e-4)

    def test_not_from_ten_on(self):
        assert "Below the range" not in select(measure="grip", facts=Facts(baseline_newtons=98.0665)).note("en")

    def test_not_where_weak_hands_were_studied(self):
        facts = Facts(baseline_newtons=20)
        threshold = select(measure="grip", conditions={"spinal_muscular_atrophy"}, facts=facts)
        assert "Below the range" not in threshold.note("en")


@pytest.mark.parametrize(
    ("code", "facts", "row_id", "value", "kind"),
    [
        ("ELB_FLEX", SAME, "ROM_ELB_FLEX_SAME", 6, "MDC95"),
        ("ELB_FLEX", DIFFERENT, "ROM_ELB_FLEX_DIFFERENT", 10, "MDC95"),
        ("ELB_FLEX", Facts(), "ROM_ELB_FLEX_DIFFERENT", 10, "MDC95"),
        ("FOR_SUP", DIFFERENT, "ROM_FOR_SUP_DIFFERENT", 11, "MDC95"),
        ("ELB_FLEX", Facts(same_rater=True, instrument="inclinometer"), "ROM_FALLBACK_SAME", 7, "convention"),
        ("SHO_FLEX", DIFFERENT, "ROM_SHO_FLEX_DIFFERENT", 9.528, "MDC95"),
        ("SHO_ABD", SAME, "ROM_FALLBACK_SAME", 7, "convention"),
        ("SHO_ABD", Facts(instrument="inclinometer", rom_type="AROM"), "ROM_FALLBACK_SAME", 7, "convention"),
        ("SHO_ABD", Facts(instrument="universal_goniometer"), "ROM_FALLBACK_DIFFERENT", 10, "convention"),
        ("SHO_ABD", Facts(rom_type="PROM"), "ROM_FALLBACK_DIFFERENT", 10, "convention"),
        ("CERV_FLEX", SAME, "ROM_CERV_FLEX_SAME", 11.4336, "MDC95"),
        ("KNE_FLEX", Facts(rom_type="PROM"), "ROM_KNE_FLEX_DIFFERENT", 9.4, "LoA95"),
        ("KNE_FLEX", Facts(rom_type="AROM"), "ROM_FALLBACK_DIFFERENT", 10, "convention"),
        ("KNE_EXT", SAME, "ROM_KNE_EXT_SAME", 5.4, "MDC95"),
        ("ANK_DF_WB", DIFFERENT, "ROM_ANK_DF_WB_SAME", 4.7, "unstated"),
        ("CERV_FLEX", DIFFERENT, "ROM_CERV_FLEX_SAME", 11.4336, "MDC95"),
        ("HIP_FLEX", SAME, "ROM_FALLBACK_SAME", 7, "convention"),
        ("HIP_FLEX", Facts(), "ROM_FALLBACK_DIFFERENT", 10, "convention"),
        ("FIN_PIP_FLEX", DIFFERENT, "ROM_FALLBACK_DIGIT", 5, "convention"),
        ("THU_IP_FLEX", SAME, "ROM_FALLBACK_DIGIT", 5, "convention"),
        ("HAL_MTP_EXT", SAME, "ROM_FALLBACK_SAME", 7, "convention"),
    ],
)
def test_range_of_motion(code, facts, row_id, value, kind):
    threshold = select(measure="rom", code=code, facts=facts)
    assert (threshold.row_id, threshold.kind, threshold.unit) == (row_id, kind, "deg")
    assert threshold.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("code", "note"), [("SHO_FLEX", "MDC90 of 8°"), ("ANK_DF_WB", "unstated"), ("KNE_FLEX", "limits of agreement")]
)
def test_what_the_level_was_is_said(code, note):
    assert note in select(measure="rom", code=code).note("en")


def test_the_row_of_one_rater_stands_in_for_a_smaller_one_of_two_and_says_so():
    threshold = select(measure="rom", code="SHO_ABD", facts=DIFFERENT)
    assert "between raters is 4.764°" in threshold.note("en")
    assert "change of rater" in threshold.note("en")
    assert "4.764°" in threshold.note("zh-hans")
    assert "change of rater" not in select(measure="rom", code="SHO_ABD", facts=SAME).note("en")
    assert "change of rater" not in select(measure="rom", code="SHO_FLEX", facts=DIFFERENT).note("en")


@given(
    code=st.sampled_from(sorted(MOTIONS)),
    facts=st.builds(
        Facts,
        same_rater=st.none() | st.just(False),
        low_resolution=st.booleans(),
        instrument=st.sampled_from([None, "universal_goniometer", "inclinometer", "smartphone"]),
        rom_type=st.sampled_from([None, "AROM", "PROM"]),
    ),
)
def test_another_rater_never_lowers_the_threshold(code, facts):
    one = select(measure="rom", code=code, facts=replace(facts, same_rater=True))
    assert select(measure="rom", code=code, facts=facts).value >= one.value


def test_low_resolution_raises_to_ten_degrees():
    facts = Facts(same_rater=True, low_resolution=True)
    raised = select(measure="rom", code="ELB_FLEX", facts=facts)
    assert (raised.value, raised.row_id) == (10, "ROM_ELB_FLEX_SAME")
    assert "Raised to 10°" in raised.note("en")
    assert select(measure="rom", code="CERV_FLEX", facts=facts).value == pytest.approx(11.4336)


def test_an_unknown_motion_is_refused():
    with pytest.raises(ValueError, match="unknown motion 'ELBOW'"):
        select(measure="rom", code="ELBOW")


@given(
    code=st.sampled_from(sorted(MOTIONS)),
    facts=st.builds(Facts, same_rater=st.none() | st.booleans(), low_resolution=st.booleans()),
)
def test_every_motion_has_a_threshold_in_both_languages(code, facts):
    threshold = select(measure="rom", code=code, facts=facts)
    assert 4 < threshold.value < 12
    assert threshold.population("en") != threshold.population("zh-hans")


@given(
    measure=st.sampled_from(["grip", "hhd", "girth"]),
    code=st.sampled_from(["KNE_EXT", "ELB_FLEX", "CALF_MAX", "ARM_MID"]),
    conditions=st.sets(st.sampled_from(sorted(CONDITIONS))),
    facts=st.builds(Facts, interval_days=st.none() | st.integers(0, 400), side=st.sampled_from(["left", None])),
)
def test_an_unknown_rater_is_a_different_one(measure, code, conditions, facts):
    different = Facts(same_rater=False, interval_days=facts.interval_days, side=facts.side)
    assert select(measure=measure, code=code, conditions=conditions, facts=facts) == select(
        measure=measure, code=code, conditions=conditions, facts=different
    )
