"""Words of pattern hints in both languages, for clinicians. Wording of the hints: ``rehab.analytics.hints``."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from rehab.reference.girth import GIRTH_SITES
from rehab.reference.muscles import MUSCLES
from rehab.reference.symptoms import SCALES, Term


def _terms(*terms: Term) -> Mapping[str, Term]:
    return MappingProxyType({term.code: term for term in terms})


TITLES = _terms(
    Term("ACUTE_SUBACUTE", "Rapid loss of strength", "肌力快速下降"),
    Term("PROG_DISTAL", "Distal-predominant decline", "以远端为主的肌力下降"),
    Term("PROG_PROXIMAL", "Proximal-predominant decline", "以近端为主的肌力下降"),
    Term("FLUCTUATING", "Fluctuating weakness", "波动性无力"),
    Term("MYOTOMAL", "Weakness of one segment", "单一节段分布的无力"),
    Term("SINGLE_NERVE", "Weakness of one nerve", "单一神经分布的无力"),
    Term("DISUSE", "Timing of disuse", "符合废用的时间过程"),
    Term("CAPSULAR", "Capsular pattern", "关节囊模式"),
)
"""Headings, by code of the hint."""

NERVES = _terms(
    Term("accessory", "accessory", "副神经"),
    Term("dorsal_scapular", "dorsal scapular", "肩胛背神经"),
    Term("long_thoracic", "long thoracic", "胸长神经"),
    Term("axillary", "axillary", "腋神经"),
    Term("suprascapular", "suprascapular", "肩胛上神经"),
    Term("musculocutaneous", "musculocutaneous", "肌皮神经"),
    Term("pectoral", "pectoral", "胸神经"),
    Term("thoracodorsal", "thoracodorsal", "胸背神经"),
    Term("subscapular", "subscapular", "肩胛下神经"),
    Term("radial", "radial", "桡神经"),
    Term("median", "median", "正中神经"),
    Term("ulnar", "ulnar", "尺神经"),
    Term("femoral", "femoral", "股神经"),
    Term("obturator", "obturator", "闭孔神经"),
    Term("superior_gluteal", "superior gluteal", "臀上神经"),
    Term("inferior_gluteal", "inferior gluteal", "臀下神经"),
    Term("sciatic", "sciatic", "坐骨神经"),
    Term("tibial", "tibial", "胫神经"),
    Term("fibular", "fibular", "腓神经"),
)
"""Words of ``rehab.reference.innervation.MAIN_NERVES``."""

MISSING = _terms(
    Term("sensory", "sensory findings", "感觉检查"),
    Term("reflexes", "reflexes", "腱反射"),
    Term("emg", "electromyography (EMG)", "肌电图"),
    Term("ck", "creatine kinase (CK)", "肌酸激酶（CK）"),
    Term("drug_history", "drug history", "用药史"),
    Term("proximal_signs", "stairs, rising, arms overhead, winged scapula, gait",
         "上楼、起身、举臂过头、翼状肩胛、步态"),
)  # fmt: skip
"""What a hint does not know."""

EXCEPTIONS = _terms(
    Term("distal_myopathy", "distal myopathy is distal too", "远端型肌病也以远端为主"),
    Term("myotonic_dystrophy", "myotonic dystrophy is distal too", "强直性肌营养不良也以远端为主"),
    Term("als_asymmetric", "ALS is usually asymmetric", "肌萎缩侧索硬化（ALS）通常不对称"),
    Term("proximal_sma", "proximal spinal muscular atrophy is neurogenic", "近端型脊髓性肌萎缩症属神经源性"),
    Term("cidp_proximal", "CIDP can be proximal", "慢性炎性脱髓鞘性多发性神经病（CIDP）可累及近端"),
)
"""Exceptions that are named beside a hint."""

SIGNS = _terms(
    Term("stairs", "stairs", "上楼困难"),
    Term("rising", "rising from a chair", "起身困难"),
    Term("arms_overhead", "arms overhead", "举臂过头困难"),
    Term("winged_scapula", "winged scapula", "翼状肩胛"),
    Term("waddling_gait", "waddling gait", "鸭步"),
)

JOINTS = _terms(
    Term("shoulder", "shoulder", "肩关节"),
    Term("elbow", "elbow", "肘关节"),
    Term("wrist", "wrist", "腕关节"),
    Term("hip", "hip", "髋关节"),
    Term("knee", "knee", "膝关节"),
    Term("ankle", "ankle", "踝关节"),
    Term("finger_mcp", "finger MCP joint", "掌指关节"),
    Term("finger_pip", "finger PIP joint", "近端指间关节"),
    Term("finger_dip", "finger DIP joint", "远端指间关节"),
)
"""Joints that have a capsular pattern."""

REFERENCES = _terms(
    Term("other_side", "the other side", "对侧"),
    Term("aaos", "the AAOS figures", "AAOS 参考值"),
    Term("mixed", "the other side or, where it was not measured, the AAOS figures", "对侧；对侧未测量时为 AAOS 参考值"),
)

_OTHERS = _terms(
    Term("upper_limb", "upper limb, proximal-distal index", "上肢近远端指数"),
    Term("lower_limb", "lower limb, proximal-distal index", "下肢近远端指数"),
    Term("immobilised", "in bed or immobilised", "卧床或制动"),
)


class _Named(Protocol):
    def name(self, language: str) -> str: ...


_TABLES: tuple[Mapping[str, _Named], ...] = (MUSCLES, GIRTH_SITES, NERVES, JOINTS, SIGNS, _OTHERS, SCALES)


def name_of(code: str, language: str) -> str:
    """Words for anything that a hint rests on or names: a muscle, girth site, symptom item, nerve or segment.

    Motions share codes with muscles and are not among them.

    >>> name_of("ulnar", "en"), name_of("C5", "zh-hans"), name_of("ptosis", "en")
    ('ulnar', 'C5', 'Drooping eyelids')
    """
    for known in (code, f"mg_{code}"):
        for table in _TABLES:
            if known in table:
                return table[known].name(language)
    return code


def names_of(codes: Sequence[str], language: str) -> str:
    """Words for several codes, joined as the language does.

    >>> names_of(["C5", "C6"], "zh-hans")
    'C5、C6'
    """
    return ("、" if language.startswith("zh") else ", ").join(name_of(code, language) for code in codes)
