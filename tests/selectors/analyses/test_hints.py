"""Pattern hints from records: what fires them, what sets them aside, and that only clinicians see them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from rehab.errors import NotPermitted
from rehab.selectors.analyses import findings, hints, material
from rehab.selectors.analyses.findings import SidedCapsular
from rehab.selectors.analyses.hints import ShownHint
from rehab.services import patients
from tests.conftest import Cast
from tests.selectors.analyses.recording import NOW, ago, angle, check_in, force, girth, grade, grip, session

Shown = dict[str, ShownHint]


def shown(cast: Cast, *, now: datetime = NOW) -> Shown:
    found = hints.of_patient(viewer=cast.therapist, patient_id=cast.patient.pk, now=now)
    return {row.key: row for row in found.rows}


def graded(cast: Cast, muscle: str, side: str, **on: str) -> list[str]:
    """Record grades by day: ``d20="5"`` is a grade 5 twenty days ago."""
    return [str(grade(cast, muscle, side, value, ago(int(day[1:]))).pk) for day, value in on.items()]


# --- ACUTE_SUBACUTE
def test_two_groups_that_fall_by_a_grade_within_a_week(cast: Cast) -> None:
    first = graded(cast, "ANK_DF", "right", d6="5", d2="3")
    second = graded(cast, "HIP_FLEX", "right", d5="5", d2="4")
    hint = shown(cast)["ACUTE_SUBACUTE"]
    assert hint.parameters == {"course": "acute", "days": 4, "groups": 2}
    assert hint.red_flag == "RAPID_WEAK"
    assert set(hint.ids) == {*first, *second}
    assert {(item.what, item.side, item.first_on, item.last_on) for item in hint.evidence} == {
        ("ANK_DF", "right", ago(6), ago(2)),
        ("HIP_FLEX", "right", ago(5), ago(2)),
    }
    assert hint.missing == ("sensory", "reflexes", "emg", "ck")
    assert (hint.expires_on, hint.method) == (ago(2) + timedelta(days=28), "hints/1")


def test_forces_that_are_confirmed_lower_within_28_days(cast: Cast) -> None:
    for muscle in ("KNE_EXT", "HIP_FLEX"):
        for days, newtons in ((24, 200), (10, 140), (5, 140)):
            force(cast, muscle, "left", newtons, ago(days))
    assert shown(cast)["ACUTE_SUBACUTE"].parameters == {"course": "subacute", "days": 19, "groups": 2}


def test_one_group_or_one_low_reading_is_none(cast: Cast) -> None:
    graded(cast, "ANK_DF", "right", d6="5", d2="3")
    force(cast, "HIP_FLEX", "right", 200, ago(6))
    force(cast, "HIP_FLEX", "right", 120, ago(2))
    assert shown(cast) == {}


def test_it_ends_28_days_after_the_event_whatever_is_measured_later(cast: Cast) -> None:
    graded(cast, "ANK_DF", "right", d34="5", d30="3", d1="3")
    graded(cast, "HIP_FLEX", "right", d34="5", d30="3", d1="3")
    assert shown(cast) == {}
    assert "ACUTE_SUBACUTE" in shown(cast, now=NOW - timedelta(days=3))


# --- progressive
DISTAL = ("INTEROSSEI_D", "THENAR", "FIN_ABD", "ANK_DF", "HALLUX_EXT")


def progressive(cast: Cast, weak: tuple[str, ...], strong: tuple[str, ...]) -> None:
    for side in ("left", "right"):
        for muscle in weak:
            graded(cast, muscle, side, d100="4", d93="4", d9="3", d2="3")
        for muscle in strong:
            graded(cast, muscle, side, d2="5")


def test_slow_distal_loss(cast: Cast) -> None:
    progressive(cast, DISTAL[3:], ("HIP_FLEX", "HIP_ABD"))
    found = shown(cast)
    assert list(found) == ["PROG_DISTAL"]
    hint = found["PROG_DISTAL"]
    assert hint.parameters == {"muscles": ["ANK_DF", "HALLUX_EXT"]}
    assert hint.exceptions == ("distal_myopathy", "myotonic_dystrophy", "als_asymmetric")
    assert (hint.symmetric, hint.red_flag) == (True, None)
    assert (hint.first_on, hint.last_on) == (ago(93), ago(2))
    assert {item.what for item in hint.evidence} == {"ANK_DF", "HALLUX_EXT", "lower_limb"}


def test_slow_proximal_loss(cast: Cast) -> None:
    progressive(cast, ("HIP_FLEX", "HIP_ABD"), ("ANK_DF", "HALLUX_EXT"))
    assert list(shown(cast)) == ["PROG_PROXIMAL"]
    assert "proximal_signs" in shown(cast)["PROG_PROXIMAL"].missing


def test_stable_distal_weakness_is_no_decline(cast: Cast) -> None:
    for side in ("left", "right"):
        for muscle, value in (("ANK_DF", "3"), ("HALLUX_EXT", "3"), ("HIP_FLEX", "5"), ("HIP_ABD", "5")):
            graded(cast, muscle, side, d100=value, d93=value, d9=value, d2=value)
    assert shown(cast) == {}


# --- fluctuating
def test_weaker_afternoons(cast: Cast) -> None:
    for days in (10, 8, 6, 4, 2):
        grip(cast, "right", 360, ago(days), hour=8, hours_since_waking=1)
        grip(cast, "right", 250, ago(days), hour=16)
    hint = shown(cast)["FLUCTUATING"]
    assert hint.parameters == {"what": ["HAND_GRIP"]}
    assert (hint.first_on, hint.last_on, len(hint.ids)) == (ago(10), ago(2), 10)


# --- focal
def test_one_nerve(cast: Cast) -> None:
    for muscle, right in (("FIN_ABD", "3"), ("INTEROSSEI_D", "3"), ("THENAR", "5"), ("FIN_EXT", "5")):
        graded(cast, muscle, "left", d2="5")
        graded(cast, muscle, "right", d2=right)
    hint = shown(cast)["SINGLE_NERVE-ulnar-right"]
    assert (hint.code, hint.parameters["side"], hint.parameters["names"]) == ("SINGLE_NERVE", "right", ["ulnar"])
    assert hint.symmetric is False


def test_symptoms_that_are_worse_in_the_afternoon(cast: Cast) -> None:
    for days in (10, 8, 6, 4, 2):
        assert shown(cast) == {}
        check_in(cast, ago(days), hour=8, myasthenia={"ptosis": 0})
        check_in(cast, ago(days), hour=17, myasthenia={"ptosis": 2})
    assert shown(cast)["FLUCTUATING"].parameters == {"what": ["ptosis"]}


# --- disuse
def disuse(cast: Cast, **said: Any) -> Shown:
    for days, cm in ((100, 38.0), (60, 34.5), (5, 37.5)):
        girth(cast, "CALF_MAX", "left", cm, ago(days))
    for days in (95, 85, 75, 65):
        check_in(cast, ago(days), immobilised=True)
    check_in(cast, ago(55), immobilised=False, **said)
    session(cast, ago(30))
    return shown(cast)


def test_a_fall_in_a_cast_and_a_rise_with_training(cast: Cast) -> None:
    hint = disuse(cast)["DISUSE"]
    assert [(item.what, item.first_on, item.last_on) for item in hint.evidence] == [
        ("CALF_MAX", ago(100), ago(60)),
        ("immobilised", ago(95), ago(65)),
        ("CALF_MAX", ago(60), ago(5)),
    ]


def test_with_numbness_it_is_not_called_disuse(cast: Cast) -> None:
    said = [{"symptom": "numbness", "severity": "mild", "site": "foot", "side": "left"}]
    assert disuse(cast, symptoms=said) == {}


def test_signs_that_were_reported_stand_with_a_proximal_loss(cast: Cast) -> None:
    progressive(cast, ("HIP_FLEX", "HIP_ABD"), ("ANK_DF", "HALLUX_EXT"))
    check_in(cast, ago(40), proximal_signs=["rising", "stairs"])
    hint = shown(cast)["PROG_PROXIMAL"]
    assert hint.parameters["signs"] == ["stairs", "rising"]
    assert "proximal_signs" not in hint.missing


def test_a_fall_and_a_rise_are_among_the_findings(cast: Cast) -> None:
    for days, cm in ((100, 38.0), (60, 34.5), (5, 37.5)):
        girth(cast, "CALF_MAX", "left", cm, ago(days))
    session(cast, ago(30))
    [found] = material.of_patients([cast.patient], now=NOW, with_sessions=True)
    gathered = findings.gathered(found, {}, findings.Reported())
    assert [(row.what, row.first_on, row.last_on) for row in gathered.falls] == [("CALF_MAX", ago(100), ago(60))]
    assert [(row.what, row.first_on, row.last_on) for row in gathered.rises] == [("CALF_MAX", ago(60), ago(5))]
    assert gathered.trained_on == {ago(30)}
    assert shown(cast) == {}


# --- capsular
def capsular(cast: Cast) -> tuple[SidedCapsular, ...]:
    cast.patient.refresh_from_db()
    [found] = material.of_patients([cast.patient], now=NOW)
    return findings.capsular_patterns(found)


def test_a_knee_that_loses_more_flexion_than_extension(cast: Cast) -> None:
    angle(cast, "KNE_FLEX", "left", 90, ago(3))
    angle(cast, "KNE_EXT", "left", 12, ago(3))
    hint = shown(cast)["CAPSULAR-knee-left"]
    assert hint.parameters["motions"] == ["KNE_FLEX", "KNE_EXT"]
    assert hint.parameters["losses_degrees"] == [45, 12]
    assert hint.parameters["reference"] == "aaos"
    assert (hint.n, hint.last_on, hint.expires_on, hint.method) == (2, ago(3), ago(-25), "capsular/1")


def test_the_healthy_side_is_preferred_to_the_figures(cast: Cast) -> None:
    patients.amend(cast.patient.pk, {"involved_side": "left"}, expected_version=1, by=cast.therapist, now=NOW)
    for side, flexion, extension in (("left", 90, 12), ("right", 134, 0)):
        angle(cast, "KNE_FLEX", side, flexion, ago(3))
        angle(cast, "KNE_EXT", side, extension, ago(3))
    [found] = capsular(cast)
    assert (found.side, found.reference, found.hint.losses_degrees) == ("left", "other_side", (44, 12))


@pytest.mark.parametrize(
    "fields",
    [{"rom_type": "AROM"}, {"instrument": "visual_estimate"}, {"status": "unable", "value_deg": None}],
)
def test_only_passive_motion_that_was_measured_counts(cast: Cast, fields: dict[str, Any]) -> None:
    value = fields.pop("value_deg", 90)
    angle(cast, "KNE_EXT", "left", 12, ago(3))
    angle(cast, "KNE_FLEX", "left", value, ago(3), **fields)
    assert capsular(cast) == ()


def test_two_motions_on_two_days_or_long_ago_are_no_pattern(cast: Cast) -> None:
    angle(cast, "KNE_FLEX", "left", 90, ago(3))
    angle(cast, "KNE_EXT", "left", 12, ago(4))
    angle(cast, "KNE_EXT", "right", 12, ago(28))
    angle(cast, "KNE_FLEX", "right", 90, ago(28))
    assert capsular(cast) == ()


def test_fingers_are_kept_apart(cast: Cast) -> None:
    angle(cast, "FIN_PIP_FLEX", "left", 60, ago(1), digit="index")
    angle(cast, "FIN_PIP_EXT", "left", 15, ago(1), digit="index")
    angle(cast, "FIN_PIP_EXT", "left", 15, ago(1), digit="ring")
    assert [(found.hint.joint, found.digit) for found in capsular(cast)] == [("finger_pip", "index")]
    assert "CAPSULAR-finger_pip-left-index" in shown(cast)


@pytest.mark.parametrize("role", ["patient_user", "caregiver"])
def test_patients_and_caregivers_never_see_them(cast: Cast, role: str) -> None:
    with pytest.raises(NotPermitted):
        hints.of_patient(viewer=cast.user(role), patient_id=cast.patient.pk, now=NOW)
