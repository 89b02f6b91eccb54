"""One valid document of every variant of every kind, as a client would send it."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.roles import Permission
from rehab.services.kinds import KINDS

FES_VECTOR = {
    "innervation": "intact",
    "waveform": "symmetric_biphasic",
    "channels": [{"muscle": "KNE_EXT", "side": "left"}],
    "amplitude": {"value": 40, "unit": "mA"},
    "phase_duration_us": 300,
    "frequency_hz": 35,
    "on_s": 12,
    "off_s": 20,
    "ramp_up_s": 2,
    "ramp_down_s": 2,
    "electrode_area_cm2": 25,
}

DOCUMENTS: dict[tuple[str, str], dict[str, Any]] = {
    ("strength", "mrc"): {
        "method": "mrc",
        "scale": "MRC8",
        "grade": "4-",
        "muscle": "ANK_DF",
        "side": "left",
    },
    ("strength", "hhd"): {
        "method": "hhd",
        "muscle": "KNE_EXT",
        "side": "left",
        "test_type": "make",
        "trials": [{"value": 25.3, "unit": "kgf"}, {"value": 26.1, "unit": "kgf"}],
        "lever_arm": {"value": 35, "unit": "cm"},
    },
    ("strength", "grip"): {
        "method": "grip",
        "side": "right",
        "trials": [
            {"value": 22, "unit": "kgf"},
            {"value": 23.5, "unit": "kgf"},
            {"value": 21, "unit": "kgf"},
        ],
    },
    ("strength", "pinch"): {"method": "pinch", "side": "right", "trials": [{"value": 60, "unit": "N"}]},
    ("strength", "rm"): {
        "method": "rm",
        "muscle": "KNE_EXT",
        "side": "both",
        "equipment": "machine",
        "load": {"value": 50, "unit": "kg"},
        "repetitions": 8,
    },
    ("rom", "rom"): {"motion": "KNE_FLEX", "side": "left", "rom_type": "AROM", "value_deg": 110},
    ("girth", "girth"): {
        "site": "THIGH_10",
        "side": "left",
        "readings": [{"value": 41.2, "unit": "cm"}, {"value": 41.4, "unit": "cm"}],
    },
    ("sessions", "resistance_band"): {
        "modality": "resistance_band",
        "duration_min": 20,
        "session_rpe": 4,
        "details": {"exercises": [{"reps": [10, 10, 8], "product": "theraband_red", "peak_elongation_pct": 150}]},
    },
    ("sessions", "weights"): {
        "modality": "weights",
        "duration_min": 30,
        "details": {"exercises": [{"reps": [8, 8], "equipment": "cuff", "load": {"value": 2, "unit": "kg"}}]},
    },
    ("sessions", "aquatic"): {
        "modality": "aquatic",
        "duration_min": 40,
        "details": {
            "activity": "standing",
            "immersion_level": "xiphisternum",
            "water_temp": {"value": 33.5, "unit": "Cel"},
            "body_mass": {"value": 70, "unit": "kg"},
        },
    },
    ("sessions", "fes"): {"modality": "fes", "duration_min": 20, "session_rpe": 3, "details": FES_VECTOR},
    ("sessions", "weight_bearing"): {
        "modality": "weight_bearing",
        "duration_min": 15,
        "details": {
            "wb_status": "pwb",
            "target_pct_bw": 30,
            "measured_max": {"value": 22, "unit": "kg"},
            "body_mass": {"value": 70, "unit": "kg"},
        },
    },
    ("sessions", "rom_stretch"): {
        "modality": "rom_stretch",
        "duration_min": 10,
        "details": {"type": "static", "motion": "ANK_DF", "side": "left", "reps": 4, "hold_s": 30},
    },
    ("sessions", "balance_gait"): {
        "modality": "balance_gait",
        "duration_min": 20,
        "details": {"task": "10 m walk", "distance_m": 10, "time_s": 12.5, "falls_n": 0},
    },
    ("sessions", "aerobic"): {
        "modality": "aerobic",
        "duration_min": 25,
        "session_rpe": 3,
        "details": {"activity": "arm_ergometer", "heart_rate_mean": 105},
    },
    ("sessions", "breathing"): {
        "modality": "breathing",
        "duration_min": 5,
        "details": {"exercise": "inspiratory_trainer", "sets": 3, "reps": 10, "load_cmh2o": 20},
    },
    ("sessions", "other"): {
        "modality": "other",
        "duration_min": 10,
        "details": {"description": "Qigong, seated"},
    },
    ("check-ins", "check-ins"): {
        "pain": [{"nrs": 4, "site": "lower_back", "side": "left", "context": "movement"}],
        "fatigue": 5,
        "fatigue_period": "now",
        "spasm_frequency": 2,
        "spasm_severity": 1,
        "symptoms": [{"symptom": "cramps", "severity": "mild", "site": "lower_leg", "side": "both"}],
        "mood": 6,
        "sleep_hours": 6.5,
    },
    ("assessments", "mas"): {"assessment": "mas", "muscle": "ELB_FLEX", "side": "right", "ashworth": "1+"},
    ("assessments", "isncsci_motor"): {
        "assessment": "isncsci_motor",
        "right": {"C5": "5", "C6": "5", "C7": "4", "C8": "3", "T1": "2", "L2": "1", "L3": "0", "L4": "0", "L5": "0"},
        "left": {"C5": "5", "C6": "4", "C7": "4", "C8": "NT*", "T1": "2", "L2": "2*", "L3": "1", "L4": "NT"},
    },
    ("assessments", "mrc_sum"): {
        "assessment": "mrc_sum",
        "right": {"SHO_ABD": "3", "ELB_FLEX": "4", "WRI_EXT": "3", "HIP_FLEX": "3", "KNE_EXT": "4", "ANK_DF": "2"},
        "left": {"SHO_ABD": "3", "ELB_FLEX": "4", "WRI_EXT": "3", "HIP_FLEX": "3", "KNE_EXT": "4", "ANK_DF": "3"},
        "critical_illness": True,
    },
    ("assessments", "function_scale"): {"assessment": "function_scale", "scale": "scim", "value": 46},
    ("assessments", "respiratory"): {
        "assessment": "respiratory",
        "vital_capacity_ml": 2900,
        "body_mass": {"value": 58, "unit": "kg"},
        "mip_cmh2o": 62,
        "mep_cmh2o": 75,
        "single_breath_count": 34,
    },
}


def recorder_of(kind: str) -> str:
    """Return who of the cast records a kind: the patient, or the therapist where only a clinician may."""
    return "therapist" if KINDS[kind].permission == Permission.ASSESS else "patient_user"


def document(kind: str, variant: str, patient: UUID, **changes: Any) -> dict[str, Any]:
    """Return a valid document for a patient, performed an hour ago, with ``changes`` on top."""
    performed_at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    return {
        "patient": str(patient),
        "performed_at": performed_at,
        **deepcopy(DOCUMENTS[kind, variant]),
        **changes,
    }
