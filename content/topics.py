"""What the library is about: categories, and within each the topics that must have their place.

An article names its category and the topics it covers in its front matter; browsing, the coverage table in ``docs/``
and its test read both. Codes are stable: they stand in addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of what must be covered; ``code`` is ``category/topic``."""

    code: str
    name_en: str
    name_zh: str

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return self.name_zh if language.startswith("zh") else self.name_en


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the library with its topics, in the order of the shelf."""

    code: str
    name_en: str
    name_zh: str
    topics: tuple[Topic, ...]

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return self.name_zh if language.startswith("zh") else self.name_en


def _category(code: str, name_en: str, name_zh: str, *topics: tuple[str, str, str]) -> Category:
    return Category(
        code=code,
        name_en=name_en,
        name_zh=name_zh,
        topics=tuple(Topic(code=f"{code}/{topic}", name_en=en, name_zh=zh) for topic, en, zh in topics),
    )


_CATEGORIES = (
    _category(
        "causes",
        "Causes",
        "病因",
        ("disuse", "Disuse and bed rest", "废用与卧床"),
        (
            "neurogenic",
            "Nerve damage: anterior horn, root, plexus, peripheral nerve",
            "神经损伤：前角、神经根、神经丛、周围神经",
        ),
        ("cauda-equina", "Cauda equina injury", "马尾神经损伤"),
        ("myogenic", "Diseases of the muscle itself", "肌肉本身的疾病"),
        ("genetic", "Inherited causes", "遗传性病因"),
        ("ageing", "Ageing (sarcopenia)", "衰老（肌少症）"),
        ("malnutrition", "Malnutrition, protein, vitamin D", "营养不良、蛋白质与维生素D"),
        ("trauma", "Trauma", "外伤"),
        ("ischaemia-toxins", "Poor blood supply and toxins", "缺血与毒物"),
        ("diabetes", "Diabetes", "糖尿病"),
        ("thyroid", "Thyroid", "甲状腺疾病"),
        ("cancer-cachexia", "Cancer and wasting", "肿瘤与恶病质"),
        ("stroke", "Stroke", "脑卒中"),
        ("multiple-sclerosis", "Multiple sclerosis", "多发性硬化"),
        ("autoimmune", "Autoimmune disease", "自身免疫性疾病"),
        ("alcohol", "Alcohol and other substances", "酒精与其他物质"),
        ("infections", "Infections", "感染"),
    ),
    _category(
        "mechanisms",
        "How it happens",
        "发生机制",
        ("nerve-to-muscle", "How a nerve moves a muscle", "神经如何带动肌肉"),
        ("lost-command", "What is lost when the command is lost", "失去指令时失去了什么"),
        ("metabolism-circulation", "Metabolism and circulation", "代谢与血液循环"),
        ("trophic-supply", "Trophic supply and acetylcholine", "神经营养与乙酰胆碱"),
        ("lost-inhibition", "Lost inhibition and spindle sensitivity (spasm)", "抑制减弱与肌梭敏感（痉挛）"),
        ("fibre-loss", "Why muscles waste: fibre shrinkage and loss", "肌肉为什么会萎缩：肌纤维变细与减少"),
    ),
    _category(
        "patterns",
        "Patterns",
        "分布与进程",
        ("acute", "Sudden and over weeks", "急性与亚急性"),
        ("distal", "Slowly, hands and feet first", "缓慢进展，先手足"),
        ("proximal", "Slowly, shoulders and hips first", "缓慢进展，先肩髋"),
        ("shapes", "Square shoulder, flat hand", "方肩、平手"),
    ),
    _category(
        "symptoms",
        "Symptoms",
        "症状",
        ("function", "Walking, squatting, grip, fine movement", "行走、下蹲、抓握与精细动作"),
        ("paraesthesia", "Tingling and numbness against soreness", "麻木刺痛与酸痛的区别"),
        ("fasciculation", "Twitching (fasciculation)", "肌束颤动（肉跳）"),
        ("spasm", "Spasm", "痉挛"),
        ("myasthenia", "Myasthenia gravis", "重症肌无力"),
        ("myasthenic-crisis", "Myasthenic crisis and its triggers", "肌无力危象及其诱因"),
    ),
    _category(
        "telling-apart",
        "Telling apart",
        "如何区分",
        ("weakness-atrophy", "Weakness or atrophy", "无力还是萎缩"),
        ("motor-neuron-atrophy", "Motor neuron degeneration or muscle atrophy", "运动神经元变性还是肌肉萎缩"),
        ("three-diseases", "Myasthenia, motor neuron disease, polymyositis", "重症肌无力、运动神经元病、多发性肌炎"),
        ("spasm-kinds", "Spasm, spasticity, cramp, fasciculation", "痉挛、痉挛状态、抽筋与肌束颤动"),
    ),
    _category(
        "tests",
        "Tests",
        "检查",
        ("emg", "EMG", "肌电图"),
        ("nerve-conduction", "Nerve conduction", "神经传导检查"),
        ("antibodies", "Antibodies", "抗体检查"),
        ("thymus-imaging", "Thymus imaging", "胸腺影像"),
    ),
    _category(
        "what-helps",
        "What helps",
        "什么有帮助",
        ("strength-training", "Strength training", "力量训练"),
        ("rom-training", "Range of motion training", "关节活动度训练"),
        ("bands", "Resistance bands", "弹力带"),
        ("water", "Exercise in water", "水中运动"),
        ("fes", "Electrical stimulation and FES", "电刺激与功能性电刺激"),
        ("weight-bearing", "Progressive weight bearing", "循序负重"),
        ("immunotherapy", "Immune treatments", "免疫治疗"),
        ("steroids-duchenne", "Steroids in Duchenne", "杜氏肌营养不良与糖皮质激素"),
        ("nsaids", "Anti-inflammatory pain medicines", "消炎止痛药"),
        ("relaxants", "Muscle relaxants", "肌肉松弛药"),
        ("neuromodulation", "Neuromodulation", "神经调控"),
        ("decompression", "Decompression surgery", "减压手术"),
        ("nutrition", "Nutrition", "营养"),
        ("team", "Care by a team", "多学科团队"),
    ),
    _category(
        "prevention",
        "Prevention",
        "预防",
        ("activity", "Activity", "活动"),
        ("chronic-disease", "Looking after long-term illness", "管理慢性病"),
        ("alcohol", "Alcohol", "饮酒"),
        ("injury", "Protection from injury", "防止受伤"),
        ("check-ups", "Check-ups", "定期检查"),
    ),
    _category(
        "mind-and-people",
        "Mind and people",
        "心理与他人",
        ("anxiety", "Anxiety", "焦虑"),
        ("low-mood", "Low mood and motivation", "情绪低落与动力"),
        ("family", "Family and caregivers", "家人与照护者"),
        ("work-society", "Work and society", "工作与社会"),
        ("stress-spasm", "Stress and spasm", "压力与痉挛"),
    ),
    _category(
        "questions",
        "Questions",
        "常见问题",
        ("weakness-is-atrophy", "Is weakness atrophy?", "无力就是萎缩吗？"),
        ("myasthenia-atrophy", "Does myasthenia cause atrophy?", "重症肌无力会引起萎缩吗？"),
        ("cure", "Can it be cured?", "能治好吗？"),
        ("natural-remedies", "Natural remedies?", "天然疗法可以吗？"),
        ("stress", "Does stress make spasms worse?", "压力会加重痉挛吗？"),
        ("two-conditions", "What is the difference between the two conditions?", "这两种病有什么不同？"),
    ),
    _category(
        "using-the-service",
        "Using this service",
        "使用本服务",
        ("measure-strength", "Measuring strength at home", "在家测力量"),
        ("measure-rom", "Measuring range of motion at home", "在家测关节活动度"),
        ("measure-girth", "Measuring girth at home", "在家测围度"),
        ("log-band", "Logging a band session", "记录弹力带训练"),
        ("log-pool", "Logging a pool session", "记录水中训练"),
        ("log-fes", "Logging an FES session", "记录电刺激训练"),
        ("charts", "What the charts mean", "图表的含义"),
        ("measurement-error", 'What "within measurement error" means', "“在测量误差以内”是什么意思"),
        ("red-flags", "Warning signs: when to get help now", "危险信号：何时立即求助"),
    ),
)

CATEGORIES: Mapping[str, Category] = MappingProxyType({category.code: category for category in _CATEGORIES})
TOPICS: Mapping[str, Topic] = MappingProxyType(
    {topic.code: topic for category in _CATEGORIES for topic in category.topics}
)

#: Places of the product where an article may appear beside what a person does there.
PLACES: frozenset[str] = frozenset(
    {
        "log_strength",
        "log_rom",
        "log_girth",
        "log_resistance_band",
        "log_aquatic",
        "log_fes",
        "log_check_in",
        "chart",
        "measurement_error",
        "programme",
        "goals",
        "mood",
        "spasm",
        "red_flags",
    }
)
