"""Those whose story is not sixteen weeks until yesterday: discharged, new and silent, or skipping everything."""

from datetime import date

from rehab.management.demo import exercises as do
from rehab.management.demo.shapes import SEATED, Course, Force, Grades, Practice, Story, Tape, patient_id

#: Recovered and discharged: her last summary says so, and none comes after it.
DISCHARGED = Story(
    key="sofia_rossi",
    id=patient_id(13),
    name="Sofia Rossi",
    sex="female",
    birth_date=date(1969, 6, 30),
    dominant_hand="right",
    conditions=("disuse_bed_rest",),
    time_zone="Europe/London",
    account=True,
    discharged_days=9,
    measures=(
        Force("KNE_EXT", "right", Course(176, 6.5, 5), fields=SEATED),
        Force("KNE_EXT", "left", Course(171, 6.6, 5), fields=SEATED),
        Force("HAND_GRIP", "right", Course(19.5, 0.5, 0.5), "grip", "kgf"),
        Grades("HIP_FLEX", "right", "4- 4 4+ 5"),
        Grades("HIP_FLEX", "left", "4- 4 4+ 5"),
        Tape("THIGH_10", "right", Course(43.0, 0.14, 0.12)),
    ),
    programme=(
        Practice(
            "resistance_band",
            (0, 3),
            do.bands(
                ("Chair stand with band", "KNE_EXT", "both"),
                ("Row", "SCAP_RETR", "both"),
                products=("theraband_yellow", "theraband_red", "theraband_green"),
                sets=2,
            ),
        ),
        Practice("aerobic", (1, 4, 6), do.aerobic("walking", heart_rate=104, metres=1200), hour=11),
        Practice("balance_gait", (2,), do.balance("Tandem stance beside the table"), minutes=15, hour=10),
    ),
    reasons=("fatigue", "time"),
    adherence=0.93,
    notes=("Twice round the park, one rest.", "First day without a nap."),
    visit_notes=(
        "Five weeks in hospital with pneumonia, three of them in bed. Home since Monday.",
        "Climbs one flight of stairs with the rail.",
        "Walks to the bus and back.",
        "Goals reached. Discharge agreed; goes on with the walking group.",
    ),
)

#: Has an account and a programme, and has logged nothing yet.
SILENT = Story(
    key="chen_min",
    id=patient_id(14),
    name="陈敏",
    sex="female",
    birth_date=date(1986, 3, 17),
    dominant_hand="right",
    conditions=("peripheral_nerve_injury",),
    time_zone="Asia/Shanghai",
    account=True,
    language="zh-hans",
    new_for_days=17,
    measures=(),
    programme=(
        Practice("rom_stretch", (0, 2, 4), do.stretch("WRI_EXT", "right", kind="passive"), minutes=10, hour=20),
        Practice("other", (1, 3, 5), do.other("右手感觉再训练"), minutes=10, hour=20, rpe=Course(1, 0, 0.3)),
    ),
    silent=True,
)

#: Says of every session that it was not done, and why.
SKIPPING = Story(
    key="george_baker",
    id=patient_id(15),
    name="George Baker",
    sex="male",
    birth_date=date(1948, 12, 3),
    dominant_hand="right",
    conditions=("sarcopenia",),
    time_zone="Europe/London",
    account=True,
    new_for_days=24,
    measures=(),
    programme=(
        Practice(
            "resistance_band",
            (0, 2, 4),
            do.bands(("Chair stand with band", "KNE_EXT", "both"), products=("theraband_yellow",), sets=2),
        ),
        Practice("aerobic", (1, 5), do.aerobic("walking", heart_rate=96), minutes=20, hour=10),
    ),
    adherence=-1.0,
    reasons=("unwell", "fatigue", "pain"),
)
