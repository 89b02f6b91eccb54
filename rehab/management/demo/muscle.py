"""Stories of muscle and its junction: myasthenia, Duchenne."""

from datetime import date

from rehab.management.demo import exercises as do
from rehab.management.demo.shapes import Angle, Course, Force, Grades, Home, Practice, Story, patient_id

ARM_AT_SIDE = {"position": "sitting", "stabilisation": "hand", "pad_site": "above the elbow", "tester": "Jana Novak"}

MYASTHENIA = Story(
    key="daniel_novak",
    id=patient_id(7),
    name="Daniel Novak",
    sex="male",
    birth_date=date(1983, 3, 9),
    dominant_hand="right",
    conditions=("myasthenia_gravis",),
    time_zone="America/New_York",
    account=True,
    force_unit="kgf",
    measures=(
        Grades("SHO_ABD", "left", "4+"),
        Grades("SHO_ABD", "right", "4+"),
        Grades("HIP_FLEX", "right", "4+"),
        Grades("NECK_FLEX", "none", "4"),
    ),
    home=(
        Home(
            Force("HAND_GRIP", "right", Course(36, 0, 0.9), "grip", "kgf", {"device": "Grip meter"}),
            (1, 5),
            ((8, 1.0), (16, 0.72)),
            closely_from=12,
            closely_on=(0, 1, 3, 5, 6),
            wakes=7,
            doses=(7, 12),
        ),
        Home(
            Force("SHO_ABD", "right", Course(118, 0, 2.5), fields=ARM_AT_SIDE),
            (5,),
            ((8, 1.0), (16, 0.71)),
            closely_from=12,
            closely_on=(0, 1, 3, 5),
            wakes=7,
            doses=(7, 12),
        ),
    ),
    programme=(
        Practice(
            "resistance_band",
            (0, 3),
            do.bands(
                ("Row", "SCAP_RETR", "both"),
                ("Step up", "HIP_EXT", "both"),
                products=("theraband_yellow", "theraband_red"),
                sets=2,
            ),
            minutes=20,
            hour=10,
            rpe=Course(3, 0, 0.5),
        ),
        Practice(
            "aerobic",
            (1, 4, 6),
            do.aerobic("walking", heart_rate=98, metres=1500),
            minutes=25,
            hour=11,
            rpe=Course(2.5, 0, 0.5),
        ),
        Practice("breathing", (2, 5), do.breathing("inspiratory_trainer", load=18), minutes=10, hour=11),
    ),
    reasons=("fatigue", "symptom_flag", "time"),
    fatigue=4.2,
    notes=(
        "Woke at 7, tablets at 7 and 12.",
        "Lids heavy by four o'clock.",
        "Best hours are before noon, so I train then.",
    ),
    visit_notes=(
        "Generalised myasthenia, AChR positive, stable on pyridostigmine. Testing mornings and afternoons at home.",
        "No change of baseline. Afternoon readings clearly lower.",
        "Swallowing and breathing asked about: no new trouble.",
    ),
    amended_because="Stopped the watch late.",
)


DUCHENNE = Story(
    key="oliver_bennett",
    id=patient_id(11),
    name="Oliver Bennett",
    sex="male",
    birth_date=date(2016, 7, 3),
    dominant_hand="right",
    conditions=("duchenne",),
    time_zone="Europe/London",
    visit_every_weeks=3,
    measures=(
        Grades("NECK_FLEX", "none", "3+ 3+ 3 3", scale="MRC11"),
        *(
            Grades(muscle, side, grades, scale="MRC11")
            for side in ("left", "right")
            for muscle, grades in (
                ("HIP_EXT", "4 4- 3+ 3"),
                ("HIP_ABD", "4- 4- 3+ 3+"),
                ("ANK_DF", "5-"),
                ("ANK_PF", "5"),
                ("SHO_ABD", "4- 4- 4- 3+"),
                ("SHO_FLEX", "4-"),
                ("WRI_EXT", "5-"),
                ("FIN_FLEX", "5"),
            )
        ),
        Angle(
            "ANK_DF",
            "left",
            "PROM",
            Course(4, -0.55, 0.6),
            {"neighbour_position": "knee_extended", "end_feel": "early_firm"},
        ),
        Angle(
            "ANK_DF",
            "right",
            "PROM",
            Course(2, -0.6, 0.6),
            {"neighbour_position": "knee_extended", "end_feel": "early_firm"},
        ),
    ),
    programme=(
        Practice(
            "rom_stretch",
            (0, 2, 4, 5),
            do.stretch("ANK_DF", "left", kind="passive"),
            minutes=15,
            hour=18,
            supervision="carer",
            rpe=Course(1, 0, 0.3),
        ),
        Practice(
            "rom_stretch",
            (1, 3, 6),
            do.stretch("ANK_DF", "right", kind="splint", reps=1, hold_s=3600),
            minutes=60,
            hour=19,
            supervision="carer",
            rpe=Course(1, 0, 0.3),
        ),
        Practice(
            "aquatic",
            (5,),
            do.pool("swim", "lower_limb", "balance", levels=("xiphisternum",), equipment=["noodle"]),
            minutes=30,
            hour=10,
            setting="pool",
            supervision="carer",
            rpe=Course(2, 0, 0.4),
        ),
    ),
    reasons=("time", "unwell", "fatigue"),
    pain=0.3,
    notes=("Mum: laughed all through the pool hour.", "Splint off after 40 minutes, it pinched."),
    visit_notes=(
        "Aged for transition to day splints. No weights, no squats, no stairs as exercise.",
        "Dorsiflexion tighter on both sides; night splints re-fitted.",
        "Rises from the floor with support (Gowers).",
    ),
)
