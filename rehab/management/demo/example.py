"""The body of examples/sixteen-weeks.json: sixteen fixed weeks of the demo patient, earlier than those that are loaded.

Its motions are others than those of the demo data, so that no reading of one is compared with the other's. Two of its
documents are wrong on purpose: one cannot be, one is odd and not confirmed.
"""

import json
from dataclasses import replace
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from rehab.management.demo import exercises as do
from rehab.management.demo.central import STROKE
from rehab.management.demo.generator import plan, record_id
from rehab.management.demo.shapes import (
    SEATED,
    SPASTIC,
    Angle,
    Course,
    Document,
    Force,
    Grades,
    Home,
    Lift,
    Practice,
    Tape,
)

FIRST_DAY = date(2026, 3, 2)
SEED = "example"

STORY = replace(
    STROKE,
    key="example",
    measures=(
        Force("KNE_EXT", "right", Course(86, 3.6, 4), fields=SEATED),
        Force("HAND_GRIP", "right", Course(6.2, 0.33, 0.3), "grip", "kgf"),
        Force("HAND_GRIP", "left", Course(33.5, 0.02, 0.7), "grip", "kgf"),
        Force("HAND_PINCH", "right", Course(1.6, 0.09, 0.1), "pinch", "kgf"),
        Grades("WRI_EXT", "right", "1 2 2 3", fields=SPASTIC),
        Grades("HIP_FLEX", "right", "3 3 4- 4"),
        Lift("KNE_EXT", "left", Course(18, 0.4, 0.5), "Leg extension"),
        Angle("FOR_SUP", "right", "PROM", Course(66, 0.5, 1.5), {"end_feel": "firm"}),
        Angle("FOR_SUP", "right", "AROM", Course(32, 1.9, 1.5), {"limiting_factor": "weakness"}),
        Angle("KNE_EXT", "right", "PROM", Course(1, -0.05, 0.6), {"position": "supine"}),
        Angle("KNE_EXT", "right", "AROM", Course(14, -0.6, 0.8), {"position": "supine"}),
        Tape("THIGH_10", "right", Course(42.8, 0.1, 0.12)),
        Tape("FOREARM_MAX", "right", Course(25.0, 0.02, 0.1)),
    ),
    home=(Home(Force("HAND_GRIP", "right", Course(6.0, 0.33, 0.3), "grip", "kgf"), (6,)),),
    programme=(
        Practice(
            "resistance_band",
            (0, 3),
            do.bands(
                ("Row", "SCAP_RETR", "both"),
                ("Knee extension", "KNE_EXT", "right"),
                products=("theraband_tan", "theraband_yellow"),
                sets=2,
            ),
        ),
        Practice(
            "weights",
            (4,),
            do.weights(("Leg press", "KNE_EXT", "both", "machine", 20, 1)),
            setting="clinic",
            supervision="therapist",
            weeks=(4, 16),
        ),
        Practice(
            "aquatic",
            (5,),
            do.pool("standing", "walking", levels=("sternoclavicular_c7", "xiphisternum"), reference_sex="male"),
            minutes=35,
            hour=11,
            setting="pool",
            supervision="therapist",
            weeks=(6, 16),
        ),
        Practice(
            "fes",
            (1, 4),
            do.fes("WRI_EXT", "right", milliamps=18, weekly=0.3),
            minutes=20,
            hour=9,
            rpe=Course(2, 0, 0.4),
        ),
        Practice(
            "weight_bearing",
            (2, 6),
            do.loading("right", ("pwb", 30), ("pwb", 50), ("wbat", None), body_mass=73),
            minutes=15,
            hour=11,
        ),
        Practice("rom_stretch", (0, 5), do.stretch("FOR_SUP", "right"), minutes=10, hour=19, rpe=Course(1, 0, 0.4)),
        Practice(
            "balance_gait",
            (3,),
            do.gait("10 m walk", metres=10, speed=0.28, weekly=0.016, aids=("quad stick", "four-point stick")),
            hour=14,
        ),
        Practice(
            "aerobic", (1,), do.aerobic("cycling", heart_rate=96, metres=2500), minutes=15, hour=17, weeks=(3, 16)
        ),
        Practice("breathing", (2,), do.breathing("incentive_spirometer"), minutes=8, hour=9, weeks=(0, 8)),
        Practice("other", (6,), do.other("Mirror therapy for the right hand"), minutes=15, hour=16),
    ),
    visit_notes=(
        "Transfers with one helper. 右侧肢体无力，感觉存在。",
        "Stands at the rail for two minutes.",
        "First steps with the quad stick.",
        "Discharge planned.",
    ),
    amended_because="",
    in_error_because="",
)


def records() -> list[Document]:
    """Return the documents in the order of time, the two wrong ones among them."""
    right = [one.document for one in plan(STORY, seed=SEED, first=FIRST_DAY).records]
    return sorted([*right, *_wrong()], key=lambda document: str(document["id"]))


def _wrong() -> list[Document]:
    rng, zone = Random(SEED), ZoneInfo(STORY.time_zone)  # noqa: S311  # fixed ids, not secret
    found = []
    for moment, motion, angle, note in (
        (
            datetime(2026, 4, 15, 11, 0, tzinfo=zone),
            "KNE_FLEX",
            310,
            "Impossible on purpose: a knee does not bend so far.",
        ),
        (datetime(2026, 5, 20, 11, 0, tzinfo=zone), "HIP_FLEX", 140, "Odd on purpose, and not confirmed."),
    ):
        found.append(
            {
                "kind": "rom",
                "motion": motion,
                "side": "right",
                "rom_type": "PROM",
                "value_deg": angle,
                "id": str(record_id(moment, rng)),
                "patient": str(STORY.id),
                "performed_at": moment.isoformat(),
                "note": note,
            }
        )
    return found


def text() -> str:
    """Return the file: JSON with one record on each line."""
    lines = ",\n".join(json.dumps(document, ensure_ascii=False) for document in records())
    return f'{{"records": [\n{lines}\n]}}\n'
