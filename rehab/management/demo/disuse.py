"""Stories of disuse and age: a healed fracture, sarcopenia."""

from datetime import date

from rehab.management.demo import exercises as do
from rehab.management.demo.shapes import SEATED, Angle, Course, Force, Grades, Lift, Practice, Story, Tape, patient_id

FRACTURE = Story(
    key="emma_clarke",
    id=patient_id(2),
    name="Emma Clarke",
    sex="female",
    birth_date=date(1988, 9, 2),
    dominant_hand="right",
    conditions=("disuse_after_fracture",),
    time_zone="Europe/London",
    account=True,
    measures=(
        Force("KNE_EXT", "left", Course(165, 10.5, 6), fields=SEATED),
        Force("KNE_EXT", "right", Course(352, 0.5, 7), fields=SEATED),
        Tape("THIGH_10", "left", Course(41.6, 0.24, 0.12)),
        Tape("THIGH_10", "right", Course(46.1, 0.01, 0.12)),
        Angle("KNE_FLEX", "left", "PROM", Course(84, 3.0, 2), {"position": "supine"}),
        Angle("KNE_FLEX", "left", "AROM", Course(78, 3.1, 2), {"position": "supine"}),
        Angle("KNE_EXT", "left", "PROM", Course(11, -0.62, 0.7), {"end_feel": "firm"}),
        Grades("HIP_ABD", "left", "4- 4 4+ 5"),
    ),
    programme=(
        Practice(
            "weight_bearing",
            (0, 2, 4),
            do.loading(
                "left",
                ("ttwb", 15),
                ("pwb", 30),
                ("pwb", 50),
                ("wbat", None),
                ("fwb", None),
                body_mass=63,
            ),
            minutes=15,
            hour=9,
        ),
        Practice(
            "fes",
            (1, 3, 5),
            do.fes("KNE_EXT", "left", milliamps=42, frequency_hz=50),
            minutes=20,
            hour=12,
            weeks=(0, 9),
            targets=(("KNE_EXT", "left"),),
        ),
        Practice(
            "resistance_band",
            (0, 2, 4),
            do.bands(
                ("Terminal knee extension", "KNE_EXT", "left"),
                ("Side step", "HIP_ABD", "left"),
                products=("theraband_red", "theraband_green", "theraband_blue", "theraband_black"),
            ),
            minutes=25,
            weeks=(3, 16),
        ),
        Practice(
            "weights",
            (1, 4),
            do.weights(
                ("Leg press, both legs", "KNE_EXT", "both", "machine", 20, 2),
                ("Calf raise", "ANK_PF", "left", "body_weight", 0, 0),
            ),
            minutes=35,
            hour=18,
            setting="clinic",
            weeks=(10, 16),
            rpe=Course(4, 0.08, 0.6),
        ),
        Practice(
            "aquatic",
            (6,),
            do.pool("walking", "jogging", "lower_limb", levels=("sternoclavicular_c7", "xiphisternum", "asis")),
            minutes=40,
            hour=10,
            setting="pool",
            weeks=(2, 12),
        ),
        Practice(
            "aerobic", (3,), do.aerobic("cycling", heart_rate=118, metres=6000), minutes=25, hour=18, weeks=(5, 16)
        ),
        Practice("rom_stretch", (0, 1, 3, 5), do.stretch("KNE_FLEX", "left"), minutes=10, hour=20, weeks=(0, 12)),
    ),
    reasons=("time", "pain", "equipment"),
    adherence=0.92,
    pain=1.6,
    notes=(
        "Knee warm afterwards, settled overnight.",
        "Stairs one foot after the other for the first time!",
        "Bike seat one notch lower.",
    ),
    visit_notes=(
        "Tibial plateau fracture left, plated, 7 weeks ago. Out of the brace since Monday.",
        "Progressed to 50 % weight after X-ray review.",
        "Full weight bearing. Started leg press, submaximal.",
        "Symmetry of quadriceps now above 85 %.",
    ),
    amended_because="I left out the warm-up.",
)


SARCOPENIA = Story(
    key="zhao_guoqiang",
    id=patient_id(9),
    name="赵国强",
    sex="male",
    birth_date=date(1946, 5, 20),
    dominant_hand="right",
    conditions=("sarcopenia",),
    time_zone="Asia/Shanghai",
    therapist=0,
    measures=(
        Force("HAND_GRIP", "right", Course(23.4, 0.12, 0.4), "grip", "kgf"),
        Force("HAND_GRIP", "left", Course(22.1, 0.1, 0.4), "grip", "kgf"),
        Force("KNE_EXT", "right", Course(168, 2.2, 4), fields=SEATED),
        Tape("CALF_MAX", "right", Course(31.2, 0.03, 0.1)),
        Lift("KNE_EXT", "both", Course(34, 0.7, 0.6), "腿举", repetitions=10),
    ),
    programme=(
        Practice(
            "resistance_band",
            (0, 2, 4),
            do.bands(
                ("弹力带坐站训练", "KNE_EXT", "both"),
                ("弹力带划船", "SCAP_RETR", "both"),
                ("弹力带髋外展", "HIP_ABD", "both"),
                products=("theraband_yellow", "theraband_red", "theraband_green"),
                sets=2,
            ),
            hour=9,
        ),
        Practice("balance_gait", (1, 5), do.gait("步行 4 米", metres=4, speed=0.78, weekly=0.006), minutes=15, hour=9),
        Practice("other", (3, 6), do.other("太极拳，社区广场"), minutes=30, hour=7, rpe=Course(2, 0, 0.4)),
    ),
    reasons=("unwell", "time"),
    adherence=0.9,
    notes=("女儿提醒后完成。", "膝盖有点酸，第二天好了。"),
    visit_notes=("肌少症，步速与握力均低于参考值。", "起坐比上次轻松。"),
)
