"""Stories of lasting nerve disease: motor neuron disease, late polio, diabetic neuropathy."""

from datetime import date

from rehab.management.demo import exercises as do
from rehab.management.demo.shapes import SEATED, Angle, Course, Force, Grades, Practice, Story, Tape, patient_id

#: Hands and feet; the right side is ahead of the left.
_DISTAL = {"left": "4+ 4 4- 3+", "right": "4 4- 3+ 3"}

MOTOR_NEURON = Story(
    key="margaret_hughes",
    id=patient_id(8),
    name="Margaret Hughes",
    sex="female",
    birth_date=date(1958, 10, 5),
    dominant_hand="right",
    conditions=("motor_neuron_disease",),
    time_zone="Europe/London",
    account=True,
    caregiver="Alan Hughes",
    visit_every_weeks=3,
    measures=(
        *(
            Grades(muscle, side, grades, scale="MRC11")
            for side, grades in _DISTAL.items()
            for muscle in ("INTEROSSEI_D", "THENAR", "FIN_ABD", "ANK_DF", "HALLUX_EXT")
        ),
        *(
            Grades(muscle, side, grades, scale="MRC11")
            for side in ("left", "right")
            for muscle, grades in (("SHO_FLEX", "5"), ("SHO_ABD", "5-"), ("HIP_FLEX", "5"), ("HIP_ABD", "5-"))
        ),
        Force("HAND_GRIP", "right", Course(15.5, -0.38, 0.4), "grip", "kgf"),
        Force("HAND_GRIP", "left", Course(18.5, -0.25, 0.4), "grip", "kgf"),
        Force("HAND_PINCH", "right", Course(3.6, -0.09, 0.1), "pinch", "kgf"),
        Tape("FOREARM_MAX", "right", Course(22.6, -0.08, 0.1)),
    ),
    programme=(
        Practice(
            "rom_stretch",
            (0, 2, 4, 6),
            do.stretch("WRI_EXT", "right", kind="passive", reps=3),
            minutes=15,
            hour=10,
            supervision="carer",
            rpe=Course(1.5, 0, 0.4),
        ),
        Practice("aerobic", (1, 4), do.aerobic("cycling", heart_rate=88), minutes=15, hour=11, rpe=Course(2, 0, 0.5)),
        Practice(
            "resistance_band",
            (2,),
            do.bands(("Arm raise", "SHO_FLEX", "both"), products=("theraband_tan",), sets=1),
            minutes=12,
            rpe=Course(2, 0, 0.5),
            weeks=(0, 10),
        ),
        Practice("breathing", (0, 3, 5), do.breathing("diaphragmatic"), minutes=10, hour=9, rpe=Course(1, 0, 0.4)),
    ),
    reasons=("fatigue", "unwell", "symptom_flag"),
    adherence=0.8,
    fatigue=4.6,
    notes=("Buttons take two hands now.", "Key turns badly with the right hand.", "Alan does the stretches with me."),
    visit_notes=(
        "ALS, right hand first, 11 months. Submaximal exercise only.",
        "Right hand weaker than three weeks ago; toes catch on the carpet.",
        "Ankle-foot orthosis ordered. Breathing tests at the respiratory clinic next week.",
        "Work of the right hand now mostly done by the left.",
    ),
    in_error_because="Entered twice at the clinic.",
)


POLIO = Story(
    key="grace_adeyemi",
    id=patient_id(12),
    name="Grace Adeyemi",
    sex="female",
    birth_date=date(1955, 11, 16),
    dominant_hand="left",
    conditions=("polio",),
    time_zone="Europe/London",
    therapist=0,
    visit_every_weeks=4,
    measures=(
        Force("KNE_EXT", "left", Course(92, 0, 3), fields=SEATED),
        Force("KNE_EXT", "right", Course(214, 0, 5), fields=SEATED),
        Force("HAND_GRIP", "left", Course(21, 0, 0.6), "grip", "kgf"),
        Grades("ANK_DF", "left", "3"),
        Tape("CALF_MAX", "left", Course(29.4, 0, 0.12)),
        Angle("KNE_FLEX", "left", "AROM", Course(118, 0, 1.5)),
    ),
    programme=(
        Practice(
            "aquatic",
            (2, 5),
            do.pool("walking", "upper_limb", levels=("xiphisternum",), celsius=34),
            minutes=35,
            hour=10,
            setting="pool",
            rpe=Course(2.5, 0, 0.4),
        ),
        Practice(
            "resistance_band",
            (0,),
            do.bands(("Row", "SCAP_RETR", "both"), products=("theraband_yellow",), sets=2),
            minutes=15,
            rpe=Course(2.5, 0, 0.4),
        ),
        Practice("rom_stretch", (1, 4), do.stretch("KNE_FLEX", "left"), minutes=10, hour=20, rpe=Course(1, 0, 0.3)),
    ),
    reasons=("fatigue", "time"),
    fatigue=3.5,
    notes=("Paced myself, a rest in the middle.", "Cold day, muscles slow to start."),
    visit_notes=(
        "Post-polio, left leg since childhood. Aim: keep what there is, pace activity.",
        "As before, within measurement error.",
    ),
)


DIABETIC = Story(
    key="ramesh_thapa",
    id=patient_id(10),
    name="Ramesh Thapa",
    sex="male",
    birth_date=date(1964, 1, 27),
    dominant_hand="right",
    conditions=("diabetic_neuropathy",),
    time_zone="Asia/Kathmandu",
    account=True,
    visit_every_weeks=4,
    measures=(
        *(
            Grades(muscle, side, grade)
            for side in ("left", "right")
            for muscle, grade in (
                ("ANK_DF", "4-"),
                ("HALLUX_EXT", "3"),
                ("TOE_EXT", "3"),
                ("KNE_EXT", "5"),
                ("HIP_FLEX", "5"),
                ("HIP_ABD", "5"),
            )
        ),
        Force("ANK_DF", "right", Course(112, 0.1, 4), fields={"position": "supine", "stabilisation": "hand"}),
        Tape("CALF_MAX", "right", Course(33.8, 0, 0.12)),
        Angle(
            "ANK_DF_WB",
            "right",
            "AROM",
            Course(27, 0.05, 1),
            {"position": "weight_bearing", "instrument": "inclinometer"},
        ),
    ),
    programme=(
        Practice("balance_gait", (0, 3), do.balance("Tandem stance beside the table"), minutes=15, hour=7),
        Practice("aerobic", (1, 4, 6), do.aerobic("walking", heart_rate=102, metres=1800), minutes=30, hour=6),
        Practice(
            "resistance_band",
            (2, 5),
            do.bands(("Ankle lift", "ANK_DF", "both"), products=("theraband_red",)),
            minutes=15,
            hour=18,
        ),
    ),
    reasons=("time", "unwell"),
    adherence=0.75,
    notes=("Feet checked before and after the walk, skin fine.", "Burning soles at night, same as last month."),
    visit_notes=("Length-dependent neuropathy, both feet alike. Footwear checked.", "No change at the ankles."),
)
