"""The words for every value that can be chosen, and for the groups of the clinical tables.

``tests/web/test_records_choices.py`` holds that no value of any document is without words.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rehab.reference import symptoms
from rehab.reference.function_scales import FUNCTION_SCALES, FunctionScale

Words = Mapping[str, str | Promise]


def _named(scale: FunctionScale) -> str:
    return scale.name(get_language() or "en")


_scale_name = lazy(_named, str)

#: Words of a value whatever field it stands in.
LABELS: Words = {
    "left": _("Left"),
    "right": _("Right"),
    "both": _("Both sides"),
    "index": _("Index finger"),
    "thumb": _("Thumb"),
    "middle": _("Middle finger"),
    "ring": _("Ring finger"),
    "little": _("Little finger"),
    "female": _("Female"),
    "male": _("Male"),
    "other": pgettext_lazy("something else", "Other"),
    "measured": _("Measured"),
    "not_testable": _("Could not be tested"),
    "not_tested": _("Not tested"),
    "wnl": _("Within normal limits"),
    "unable": _("Unable"),
    "refused": _("Refused"),
    "completed": _("Completed"),
    "partial": pgettext_lazy("a session", "Partly done"),
    "skipped": _("Skipped"),
    "stopped_early": _("Stopped early"),
    "pain": _("Pain"),
    "fatigue": _("Fatigue"),
    "spasticity": _("Spasticity"),
    "stiffness": _("Stiffness"),
    "weakness": _("Weakness"),
    "fear": _("Fear"),
    "spasm_spasticity": _("Spasm or spasticity"),
    "swelling": _("Swelling"),
    "soft_tissue_contact": _("Soft tissues touch"),
    "apprehension": _("Apprehension"),
    "precaution": _("Precaution (not allowed yet)"),
    "immobilised": _("Immobilised"),
    "contracture": _("Contracture"),
    "cannot_follow": _("Could not follow the instructions"),
    "absent_limb": _("The limb is absent"),
    "time": _("No time"),
    "equipment": _("Equipment missing or broken"),
    "unwell": _("Felt unwell"),
    "symptom_flag": _("A warning symptom"),
    # positions
    "supine": _("Lying on the back"),
    "prone": _("Lying face down"),
    "side_lying": _("Lying on the side"),
    "sitting": _("Sitting"),
    "standing": _("Standing"),
    "weight_bearing": _("Weight bearing"),
    "gravity_eliminated": _("Gravity eliminated"),
    "against_gravity": _("Against gravity"),
    "knee_flexed": _("Knee bent"),
    "knee_extended": _("Knee straight"),
    "hip_flexed": _("Hip bent"),
    "hip_extended": _("Hip straight"),
    "abducted_90": _("Abducted 90°"),
    "abducted_0": _("Abducted 0°"),
    # strength
    "mrc": _("Manual muscle test (MRC)"),
    "hhd": _("Hand-held dynamometer"),
    "grip": _("Grip strength"),
    "pinch": _("Pinch strength"),
    "rm": _("Repetition maximum"),
    "MRC6": _("MRC, 6 grades (0-5)"),
    "MRC8": _("MRC, 8 grades (with 4- and 4+)"),
    "MRC11": _("Expanded, 11 grades"),
    "make": _("Make test (patient pushes)"),
    "break": _("Break test (tester overcomes)"),
    "max": _("Best"),
    "mean": _("Mean"),
    "hand": _("By hand"),
    "belt": _("Belt"),
    "frame": _("Fixed frame"),
    "HAND_GRIP": _("Hand grip"),
    "HAND_PINCH": _("Key pinch"),
    "asht_mean_of_3": _("ASHT, mean of 3"),
    "southampton_best_of_6": _("Southampton, best of 6"),
    "nih_toolbox_one_trial": _("NIH Toolbox, one trial"),
    "free_weight": _("Free weight"),
    "machine": _("Machine"),
    "cuff": _("Ankle or wrist cuff"),
    "body_weight": _("Body weight"),
    # range of motion
    "AROM": _("Active (patient alone)"),
    "AAROM": _("Active with help"),
    "PROM": _("Passive (examiner)"),
    "universal_goniometer": _("Goniometer"),
    "inclinometer": _("Inclinometer"),
    "smartphone_app": _("Phone app"),
    "imu_video": _("Sensors or video"),
    "visual_estimate": _("Estimated by eye"),
    "tape": _("Tape"),
    "soft": _("Soft"),
    "firm": _("Firm"),
    "hard": _("Hard"),
    "early_soft": _("Soft, too early"),
    "early_firm": _("Firm, too early"),
    "early_hard": _("Hard, too early"),
    "springy_block": _("Springy block"),
    "spasm": _("Spasm"),
    "empty": _("Empty (pain before the end)"),
    # girth
    "superior_patellar_pole": _("Top of the kneecap"),
    "medial_joint_line": _("Inner joint line of the knee"),
    "tibial_tuberosity": _("Tibial tuberosity"),
    "olecranon": _("Tip of the elbow (olecranon)"),
    "lateral_epicondyle": _("Outer elbow (lateral epicondyle)"),
    # sessions
    "resistance_band": _("Resistance band"),
    "weights": _("Weights"),
    "aquatic": _("In the water"),
    "fes": _("Electrical stimulation (FES)"),
    "rom_stretch": _("Stretching"),
    "balance_gait": _("Balance and walking"),
    "aerobic": _("Endurance"),
    "breathing": _("Breathing"),
    "home": _("At home"),
    "clinic": _("In the clinic"),
    "pool": _("In the pool"),
    "carer": _("Caregiver"),
    "therapist": _("Therapist"),
    "remote": _("Therapist, remotely"),
    # water
    "walking": _("Walking"),
    "jogging": _("Jogging"),
    "deep_water": _("Deep water"),
    "upper_limb": _("Arms"),
    "lower_limb": _("Legs"),
    "trunk": _("Trunk"),
    "balance": _("Balance"),
    "halliwick": "Halliwick",
    "bad_ragaz": "Bad Ragaz",
    "swim": _("Swimming"),
    "relaxation": _("Relaxation"),
    "popliteal": _("To the back of the knee"),
    "asis": _("To the front of the hip bone"),
    "xiphisternum": _("To the lower end of the breastbone"),
    "sternoclavicular_c7": _("To the collarbone"),
    "float": _("Float"),
    "paddles": _("Paddles"),
    "noodle": _("Noodle"),
    "steps": _("Steps down into the pool"),
    "hoist": _("Hoist"),
    "ramp": _("Ramp"),
    # electrical stimulation
    "intact": _("Intact"),
    "denervated": _("Denervated"),
    "unknown": _("Not known"),
    "symmetric_biphasic": _("Symmetric biphasic"),
    "asymmetric_balanced": _("Asymmetric, balanced"),
    "monophasic": _("Monophasic"),
    "burst_mfac": _("Bursts of medium frequency (Russian, Aussie)"),
    "triangular": _("Triangular (long pulses)"),
    "cathode_proximal": _("Cathode proximal"),
    "cathode_distal": _("Cathode distal"),
    "alternating": _("Alternating"),
    "flicker": _("Flicker"),
    "visible": _("Visible"),
    "strong": _("Strong"),
    "normal": _("Normal"),
    "red_fading": _("Red, fades within an hour"),
    "red_lasting": _("Red for longer"),
    "burn": _("Burn"),
    # weight bearing, stretching, walking, endurance, breathing
    "nwb": _("None (NWB)"),
    "ttwb": _("Toe touch (TTWB)"),
    "pwb": _("Partial (PWB)"),
    "wbat": _("As tolerated (WBAT)"),
    "fwb": _("Full (FWB)"),
    "scale": _("Bathroom scale"),
    "insole": _("Sensor insole"),
    "plate": _("Force plate"),
    "estimate": _("Estimate"),
    "static": _("Static"),
    "pnf": "PNF",
    "dynamic": _("Dynamic"),
    "splint": _("Splint"),
    "active": _("Active"),
    "passive": _("Passive"),
    "floor": _("Floor"),
    "carpet": _("Carpet"),
    "foam": _("Foam"),
    "uneven": _("Uneven ground"),
    "stairs": _("Stairs"),
    "treadmill": _("Treadmill"),
    "independent": _("None, independent"),
    "supervision": _("Supervision"),
    "minimal": _("Minimal (up to a quarter)"),
    "moderate": _("Moderate (up to half)"),
    "maximal": _("Maximal (up to three quarters)"),
    "dependent": _("Fully dependent"),
    "cycling": _("Cycling"),
    "arm_ergometer": _("Arm ergometer"),
    "rowing": _("Rowing"),
    "wheelchair": _("Wheelchair"),
    "diaphragmatic": _("Diaphragmatic breathing"),
    "inspiratory_trainer": _("Inspiratory trainer"),
    "expiratory_trainer": _("Expiratory trainer"),
    "incentive_spirometer": _("Incentive spirometer"),
    "cough": _("Assisted or trained cough"),
    # assessments by clinicians
    "mas": _("Muscle tone (Modified Ashworth)"),
    "isncsci_motor": _("Key muscles (ISNCSCI)"),
    "mrc_sum": _("MRC sum score"),
    "function_scale": _("Function scale or walking test"),
    "respiratory": _("Breathing muscles and blood pressure"),
    **{grade: grade for grade in ("0", "1", "1+", "2", "3", "4", "5", "0*", "1*", "2*", "3*", "4*", "NT", "NT*")},
    **{code: _scale_name(scale) for code, scale in FUNCTION_SCALES.items()},
    # programmes
    **{code: WEEKDAYS_ABBR[i] for i, code in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    # units
    "N": "N",
    "kgf": "kgf",
    "lbf": "lbf",
    "kg": "kg",
    "lb": "lb",
    "cm": "cm",
    "mm": "mm",
    "in": pgettext_lazy("inch", "in"),
    "Cel": "°C",
    "degF": "°F",
    "mA": "mA",
    "V": "V",
}


def _term_name(term: symptoms.Term | symptoms.Scale) -> str:
    return term.name(get_language() or "en")


def _grade_text(grade: symptoms.Grade) -> str:
    return grade.text(get_language() or "en")


_term = lazy(_term_name, str)
_grade = lazy(_grade_text, str)


def _graded(field: str, code: str) -> dict[tuple[str, Any], str]:
    """Return the steps of a scale by their rank, in the language of the reader."""
    return {(field, grade.rank): _grade(grade) for grade in symptoms.SCALES[code].grades}


def _of_symptoms() -> dict[tuple[str, Any], str]:
    tables = {
        "site": symptoms.BODY_REGIONS,
        "context": symptoms.PAIN_CONTEXTS,
        "fatigue_period": symptoms.FATIGUE_PERIODS,
    }
    found: dict[tuple[str, Any], str] = {
        (field, code): _term(term) for field, table in tables.items() for code, term in table.items()
    }
    for item in symptoms.MG_ITEMS:
        found |= _graded(item.removeprefix("mg_"), item)
    for code in symptoms.MAPPED_SYMPTOMS:
        found["symptom", code] = _term(symptoms.SCALES[code])
    severities = {("severity", grade.code): _grade(grade) for grade in symptoms.SCALES["cramps"].grades}
    return found | severities | _graded("spasm_frequency", "spasm_freq") | _graded("spasm_severity", "spasm_severity")


#: Where a field gives a value words of its own.
LABELS_OF: Mapping[tuple[str, Any], str | Promise] = {
    **_of_symptoms(),
    ("side", "midline"): _("Middle"),
    ("proximal_signs", "stairs"): _("Climbing stairs"),
    ("proximal_signs", "rising"): _("Rising from a chair or the floor"),
    ("proximal_signs", "arms_overhead"): _("Lifting the arms overhead"),
    ("proximal_signs", "winged_scapula"): _("A shoulder blade sticks out"),
    ("proximal_signs", "waddling_gait"): _("The walk sways from side to side"),
    ("side", "none"): _("No side"),
    ("side", "both"): pgettext_lazy("sides", "Both"),
    ("modality", "other"): _("Other exercise"),
    ("limiting_factor", "none"): pgettext_lazy("what limited it", "Nothing"),
    ("supervision", "none"): _("Nobody"),
    ("contraction_grade", "none"): pgettext_lazy("contraction", "None"),
    ("innervation", "partial"): pgettext_lazy("innervation", "Partial"),
    ("skin_before", "red"): _("Red"),
    ("skin_before", "broken"): _("Broken"),
    ("equipment", "belt"): _("Buoyancy belt"),
    ("parameters", "duration_min"): _("Duration"),
    ("parameters", "session_rpe"): _("How hard was it?"),
    ("parameters", "pain_before"): _("Pain before"),
    ("parameters", "pain_during_max"): _("Worst pain during"),
    ("parameters", "pain_after"): _("Pain after"),
    ("parameters", "pain_next_morning"): _("Pain the next morning"),
    ("parameters", "fatigue_before"): _("Fatigue before"),
    ("parameters", "fatigue_after"): _("Fatigue after"),
    ("parameters", "adverse_event"): _("Anything that went wrong"),
    **{("grade", grade): grade for grade in ("0", "1", "2", "3-", "3", "3+", "4-", "4", "4+", "5-", "5")},
}

REGIONS: Words = {
    "face": _("Face"),
    "throat": _("Throat"),
    "neck": _("Neck"),
    "shoulder_girdle": _("Shoulder girdle"),
    "shoulder": _("Shoulder"),
    "elbow": _("Elbow"),
    "forearm": _("Forearm"),
    "wrist": _("Wrist"),
    "hand": _("Hand"),
    "trunk": _("Trunk"),
    "pelvis": _("Pelvis"),
    "hip": _("Hip"),
    "knee": _("Knee"),
    "ankle": _("Ankle"),
    "foot": _("Foot"),
    # joints, beside those above
    "cervical_spine": _("Neck"),
    "thoracolumbar_spine": _("Trunk"),
    "ankle_foot": _("Ankle"),
    "finger_mcp": _("Fingers"),
    "finger_pip": _("Fingers"),
    "finger_dip": _("Fingers"),
    "thumb_cmc": _("Thumb"),
    "thumb_mcp": _("Thumb"),
    "thumb_ip": _("Thumb"),
    "great_toe_mtp": _("Great toe"),
    # girth
    "thigh": _("Thigh"),
    "calf": _("Calf"),
    "arm": _("Upper arm"),
}

BAND_LINES: Words = {
    "professional_flat_band_tubing": _("flat band or tubing"),
    "clx": "CLX",
}
COLOURS: Words = {
    "tan": _("tan"),
    "yellow": _("yellow"),
    "red": _("red"),
    "green": _("green"),
    "blue": _("blue"),
    "black": _("black"),
    "silver": _("silver"),
    "gold": _("gold"),
}


def words_for(field: str, value: str | int) -> str:
    """Return the words of a value in a field; the value itself where it has none."""
    return str(LABELS_OF.get((field, value)) or LABELS.get(str(value)) or value)
