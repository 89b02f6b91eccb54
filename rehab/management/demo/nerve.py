"""Stories of peripheral nerves and roots that recover: cauda equina, Guillain-Barré, brachial plexus."""

from datetime import date

from rehab.management.demo import exercises as do
from rehab.management.demo.shapes import SEATED, Angle, Course, Force, Grades, Home, Practice, Story, Tape, patient_id

CAUDA_EQUINA = Story(
    key="wang_xiuying",
    id=patient_id(3),
    name="王秀英",
    sex="female",
    birth_date=date(1979, 12, 11),
    dominant_hand="right",
    conditions=("cauda_equina",),
    time_zone="Asia/Shanghai",
    account=True,
    language="zh-hans",
    measures=(
        Grades("HIP_EXT", "left", "4- 4 4 4+"),
        Grades("HIP_EXT", "right", "4 4+ 4+ 5"),
        Grades("KNE_EXT", "left", "5"),
        Grades("KNE_EXT", "right", "5"),
        Grades("ANK_DF", "left", "3 3 4- 4-"),
        Grades("ANK_DF", "right", "4- 4 4 4+"),
        Grades("ANK_PF", "left", "1 1 2 2"),
        Grades("ANK_PF", "right", "2 2 3 3"),
        Grades("HALLUX_EXT", "left", "1 2 2 3"),
        Grades("HALLUX_EXT", "right", "3 3 4- 4-"),
        Tape("CALF_MAX", "left", Course(31.4, 0.02, 0.12)),
        Tape("CALF_MAX", "right", Course(33.0, 0.03, 0.12)),
        Angle("ANK_DF", "left", "PROM", Course(4, 0.35, 0.8), {"neighbour_position": "knee_extended"}),
    ),
    programme=(
        Practice(
            "fes",
            (0, 2, 4, 5),
            do.fes(
                "ANK_PF",
                "left",
                milliamps=60,
                weekly=1.0,
                innervation="denervated",
                waveform="triangular",
                frequency_hz=2,
                phase_duration_us=150_000,
                on_s=4,
                off_s=6,
                ramp_up_s=0,
                ramp_down_s=0,
                electrode_area_cm2=100,
                contraction_grade="flicker",
                signed_off_by="Dr Zhang Li",
            ),
            minutes=25,
            hour=9,
            rpe=Course(1.5, 0.02, 0.4),
        ),
        Practice("fes", (1, 3), do.fes("ANK_DF", "left", milliamps=36, innervation="partial"), minutes=20, hour=9),
        Practice(
            "resistance_band",
            (1, 4),
            do.bands(
                ("弹力带桥式", "HIP_EXT", "both"),
                ("弹力带髋外展", "HIP_ABD", "both"),
                products=("theraband_red", "theraband_green"),
            ),
        ),
        Practice(
            "balance_gait",
            (0, 3, 6),
            do.gait("佩戴踝足矫形器步行 6 米", metres=6, speed=0.5, weekly=0.012),
            hour=17,
        ),
        Practice("rom_stretch", (2, 5), do.stretch("ANK_DF", "left"), minutes=10, hour=20),
    ),
    reasons=("fatigue", "pain", "time"),
    notes=(
        "今天左脚大趾能动一点了。",
        "电极片下皮肤有点红，半小时后消退。",
        "走廊来回走了四趟，没有摔倒。",
        "腰有点酸，休息后好转。",
    ),
    visit_notes=(
        "L4/5 椎间盘突出致马尾综合征，术后 10 周。双踝跖屈无力，左侧重。",
        "左腓肠肌肌电图提示失神经，长脉宽刺激已由医师签字。",
        "右侧跖屈可抗重力。",
        "佩戴双侧踝足矫形器可独立行走 200 米。",
    ),
    in_error_because="网络中断，重复提交。",
    amended_because="时间记错了，实际多做了五分钟。",
)


GUILLAIN_BARRE = Story(
    key="li_xiaowen",
    id=patient_id(5),
    name="李晓雯",
    sex="female",
    birth_date=date(1992, 2, 24),
    dominant_hand="right",
    conditions=("guillain_barre",),
    time_zone="Asia/Shanghai",
    account=True,
    language="zh-hans",
    measures=(
        *(
            Force("KNE_EXT", side, Course(start, 7.5, 4), fields=SEATED)
            for side, start in (("left", 88), ("right", 92))
        ),
        *(
            Force("HAND_GRIP", side, Course(start, 1.0, 0.4), "grip", "kgf")
            for side, start in (("left", 7.5), ("right", 8.2))
        ),
        *(
            Grades(muscle, side, grades)
            for side in ("left", "right")
            for muscle, grades in (
                ("SHO_ABD", "3 4- 4 4+"),
                ("ELB_FLEX", "4- 4 4+ 5"),
                ("WRI_EXT", "3 3 4- 4"),
                ("HIP_FLEX", "3 4- 4 4+"),
                ("KNE_EXT", "3 4- 4 4+"),
                ("ANK_DF", "2 3 3 4-"),
            )
        ),
        Angle("ANK_DF", "right", "PROM", Course(6, 0.4, 0.8)),
    ),
    home=(Home(Force("HAND_GRIP", "right", Course(8.0, 1.0, 0.4), "grip", "kgf"), (2, 6)),),
    programme=(
        Practice(
            "breathing", (0, 2, 4, 6), do.breathing("inspiratory_trainer", load=12), minutes=10, hour=8, weeks=(0, 10)
        ),
        Practice("rom_stretch", (1, 4), do.stretch("ANK_DF", "right"), minutes=10, hour=20),
        Practice(
            "resistance_band",
            (1, 3, 5),
            do.bands(
                ("弹力带伸膝", "KNE_EXT", "both"),
                ("弹力带抬臂", "SHO_ABD", "both"),
                products=("theraband_tan", "theraband_yellow", "theraband_red"),
                sets=2,
            ),
            rpe=Course(3, 0.02, 0.5),
            weeks=(3, 16),
        ),
        Practice(
            "aquatic",
            (2,),
            do.pool("standing", "walking", levels=("xiphisternum",), celsius=33, reference_sex="female"),
            minutes=30,
            hour=15,
            setting="pool",
            supervision="therapist",
            weeks=(5, 16),
        ),
        Practice(
            "aerobic", (0, 4), do.aerobic("walking", heart_rate=104, metres=700), minutes=20, hour=17, weeks=(6, 16)
        ),
        Practice("balance_gait", (3, 6), do.balance("坐站转换后站立一分钟"), minutes=15, hour=11),
    ),
    reasons=("fatigue", "time"),
    fatigue=4.0,
    notes=("手脚麻木比上周轻。", "练完很累，睡了一小时。", "能自己拧开瓶盖了。"),
    visit_notes=(
        "吉兰-巴雷综合征，发病 9 周，恢复期，四肢对称无力。",
        "不做力竭训练，疲劳时停止。",
        "握力两侧对称恢复。",
        "可不扶栏杆上一层楼。",
    ),
    in_error_because="同一次测量重复录入。",
)


BRACHIAL_PLEXUS = Story(
    key="tom_walker",
    id=patient_id(6),
    name="Tom Walker",
    sex="male",
    birth_date=date(1999, 8, 14),
    dominant_hand="right",
    conditions=("brachial_plexus_injury",),
    time_zone="America/New_York",
    therapist=0,
    visit_every_weeks=3,
    measures=(
        Grades("SHO_ABD", "right", "1 2 2 3"),
        Grades("SHO_ER", "right", "0 1 1 2"),
        Grades("ELB_FLEX", "right", "1 2 3 3"),
        Grades("ELB_EXT", "right", "4+ 4+ 5 5"),
        Grades("WRI_EXT", "right", "4 4 4+ 4+"),
        Grades("SHO_ABD", "left", "5"),
        Grades("ELB_FLEX", "left", "5"),
        Grades("ELB_EXT", "left", "5"),
        Grades("WRI_EXT", "left", "5"),
        Force("HAND_GRIP", "right", Course(33, 0.35, 0.8), "grip", "kgf"),
        Force("HAND_PINCH", "right", Course(7.4, 0.03, 0.2), "pinch", "kgf"),
        Angle("SHO_ER", "right", "PROM", Course(38, 1.1, 1.5), {"position": "supine"}),
        Tape("ARM_MID", "right", Course(28.1, 0.06, 0.12)),
        Tape("ARM_MID", "left", Course(32.0, 0.0, 0.12)),
    ),
    programme=(
        Practice(
            "fes",
            (0, 2, 4),
            do.fes("ELB_FLEX", "right", milliamps=24, innervation="partial", contraction_grade="flicker"),
            hour=8,
        ),
        Practice("rom_stretch", (0, 1, 3, 5), do.stretch("SHO_ER", "right", kind="passive"), minutes=15, hour=19),
        Practice(
            "resistance_band",
            (1, 4),
            do.bands(("Elbow extension", "ELB_EXT", "right"), products=("theraband_green", "theraband_blue")),
        ),
        Practice("other", (6,), do.other("Gravity-eliminated elbow bends on the powder board"), minutes=15, hour=10),
    ),
    reasons=("time", "pain"),
    pain=2.2,
    adherence=0.8,
    notes=("Pins and needles down to the thumb after stretching.",),
    visit_notes=(
        "C5-C6 injury after a motorcycle fall, nerve transfer 5 months ago.",
        "First flicker of biceps on EMG.",
    ),
)
