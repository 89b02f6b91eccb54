"""Every line of the content brief has its article, in both languages, and the table in ``docs/`` says which."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from content.coverage import table, unserved
from content.documents import Article, load_all
from content.topics import TOPICS

#: The brief, line by line: the topic that stands for it, and what an article about it must speak of in each language.
BRIEF: tuple[tuple[str, str, str], ...] = (
    # Causes
    ("causes/disuse", "bed rest|cast", "卧床|石膏"),
    ("causes/neurogenic", "anterior horn|nerve root|plexus|peripheral nerve", "前角|神经根|神经丛|周围神经"),
    ("causes/cauda-equina", "saddle|bladder|bowel|both legs", "马鞍|尿|大便|两条腿"),
    ("causes/myogenic", "myopathy|myositis|dystroph", "肌病|肌炎|肌营养不良"),
    ("causes/genetic", "duchenne|als", "杜氏|渐冻症"),
    ("causes/ageing", "sarcopenia", "肌少症"),
    ("causes/malnutrition", "protein|vitamin d", "蛋白质|维生素d"),
    ("causes/trauma", "injury|fracture|cut", "外伤|骨折|断"),
    ("causes/ischaemia-toxins", "arter|lead|poison", "动脉|铅|毒"),
    ("causes/diabetes", "diabetes|blood sugar", "糖尿病|血糖"),
    ("causes/thyroid", "overactive|underactive", "甲亢|甲减"),
    ("causes/cancer-cachexia", "cancer|cachexia", "肿瘤|恶病质"),
    ("causes/stroke", "stroke", "脑卒中"),
    ("causes/multiple-sclerosis", "multiple sclerosis", "多发性硬化"),
    ("causes/autoimmune", "immune", "免疫"),
    ("causes/alcohol", "alcohol|drugs|laughing gas", "酒精|毒品|笑气"),
    ("causes/infections", "lyme|shingles|hiv|polio|leprosy", "莱姆病|带状疱疹|hiv|脊髓灰质炎|麻风"),
    # Mechanisms
    ("mechanisms/nerve-to-muscle", "acetylcholine|motor unit", "乙酰胆碱|运动单位"),
    ("mechanisms/lost-command", "stiff|limp|reflex", "僵|软|反射"),
    ("mechanisms/metabolism-circulation", "fuel|blood flow", "能量|血流"),
    ("mechanisms/trophic-supply", "trophic|acetylcholine", "神经营养|乙酰胆碱"),
    ("mechanisms/lost-inhibition", "inhibition|spindle", "抑制|肌梭"),
    ("mechanisms/fibre-loss", "thinner|disappear", "变细|消失"),
    # Patterns
    ("patterns/acute", "guillain-barré|neuralgic amyotrophy|pain first", "吉兰-巴雷|神经痛性肌萎缩|先痛后无力"),
    ("patterns/distal", "interossei|thenar|tibialis anterior", "骨间肌|大鱼际|胫骨前肌"),
    ("patterns/proximal", "girdle|wing|waddling", "肢带|翼状肩胛|鸭步"),
    ("patterns/shapes", "square shoulder|flat hand", "方肩|平手"),
    # Symptoms
    ("symptoms/function", "walking|squatting|grip|fine movement", "走路|下蹲|抓握|精细动作"),
    ("symptoms/paraesthesia", "paraesthesia|soreness", "感觉异常|酸痛"),
    ("symptoms/fasciculation", "fasciculation", "肌束颤动"),
    ("symptoms/spasm", "spasm", "痉挛"),
    (
        "symptoms/myasthenia",
        "lids|double|chewing|swallowing|voice|neck|arms and legs|evening",
        "眼皮|重影|咀嚼|吞咽|声音|颈部|手臂和腿|晚上",
    ),
    ("symptoms/myasthenic-crisis", "crisis|trigger", "危象|诱因"),
    # Telling apart
    ("telling-apart/weakness-atrophy", "weakness|atrophy", "无力|萎缩"),
    ("telling-apart/motor-neuron-atrophy", "degenerate|atrophy|one side", "变性|萎缩|一侧"),
    (
        "telling-apart/three-diseases",
        "myasthenia|motor neuron disease|polymyositis",
        "重症肌无力|运动神经元病|多发性肌炎",
    ),
    ("telling-apart/spasm-kinds", "spasm|spasticity|cramp|fasciculation", "痉挛|痉挛状态|抽筋|肌束颤动"),
    # Tests
    ("tests/emg", "emg", "肌电图"),
    ("tests/nerve-conduction", "nerve conduction", "神经传导"),
    ("tests/antibodies", "antibod", "抗体"),
    ("tests/thymus-imaging", "thymus|scan", "胸腺|扫描"),
    # What helps
    ("what-helps/strength-training", "strength", "力量"),
    ("what-helps/rom-training", "range of motion", "关节活动度"),
    ("what-helps/bands", "band|colour", "弹力带|颜色"),
    ("what-helps/water", "water|weight", "水|体重"),
    ("what-helps/fes", "fes|short pulses", "fes|短脉冲"),
    ("what-helps/weight-bearing", "weight|steps", "承重|步"),
    ("what-helps/immunotherapy", "corticosteroids|immunoglobulin|plasma exchange", "糖皮质激素|免疫球蛋白|血浆置换"),
    ("what-helps/steroids-duchenne", "corticosteroids|duchenne", "糖皮质激素|杜氏"),
    ("what-helps/nsaids", "nsaid|not advice to take", "非甾体抗炎药|不是建议"),
    ("what-helps/relaxants", "relaxant|not advice to take", "松弛药|不是建议"),
    ("what-helps/neuromodulation", "neuromodulation", "神经调控"),
    ("what-helps/decompression", "decompression|does not repair", "减压|不能修好|腾出空间"),
    ("what-helps/nutrition", "kidney|protein", "肾|蛋白质"),
    ("what-helps/team", "physiotherapist|occupational therapist|speech", "物理治疗师|作业治疗师|言语治疗师"),
    # Prevention
    ("prevention/activity", "moving|sitting", "活动|坐"),
    ("prevention/chronic-disease", "diabetes|thyroid|kidney", "糖尿病|甲状腺|肾"),
    ("prevention/alcohol", "alcohol", "酒"),
    ("prevention/injury", "falls|nerve", "跌倒|神经"),
    ("prevention/check-ups", "check-up", "检查"),
    # Mind and people
    ("mind-and-people/anxiety", "anxiety|panic", "焦虑|惊恐"),
    ("mind-and-people/low-mood", "low mood|motivation", "情绪低落|动力"),
    ("mind-and-people/family", "family|caregiver", "家人|照护者"),
    ("mind-and-people/work-society", "work|rights", "工作|权利"),
    ("mind-and-people/stress-spasm", "stress|spasm", "压力|痉挛"),
    # Questions
    ("questions/weakness-is-atrophy", "weakness|atrophy", "无力|萎缩"),
    ("questions/myasthenia-atrophy", "myasthenia|atrophy|autoimmune", "重症肌无力|萎缩|自身免疫"),
    ("questions/cure", "cure", "治好"),
    ("questions/natural-remedies", "eucommia|ginseng|tell everybody", "杜仲|人参|告诉每一位"),
    ("questions/stress", "stress|spasm", "压力|痉挛"),
    ("questions/two-conditions", "motor neuron disease|atrophy", "运动神经元病|萎缩"),
    # Using the service
    ("using-the-service/measure-strength", "grip", "握力"),
    ("using-the-service/measure-rom", "goniometer", "量角器"),
    ("using-the-service/measure-girth", "tape", "软尺"),
    ("using-the-service/log-band", "resistance band", "弹力带"),
    ("using-the-service/log-pool", "depth", "水深"),
    ("using-the-service/log-fes", "skin", "皮肤"),
    ("using-the-service/charts", "baseline|trend", "基线|趋势"),
    ("using-the-service/measurement-error", "within measurement error", "在测量误差之内"),
    ("using-the-service/red-flags", "breathing|saddle|stroke", "呼吸|会阴|卒中"),
)


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return load_all()


def test_the_topics_are_the_lines_of_the_brief() -> None:
    lines = [topic for topic, _english, _chinese in BRIEF]
    assert len(lines) == len(set(lines))
    assert set(lines) == set(TOPICS)


def test_there_are_at_least_forty_articles(articles: tuple[Article, ...]) -> None:
    assert len(articles) >= 40
    assert unserved(articles) == set()
    assert unserved(articles[1:]) != set()


@pytest.mark.parametrize(("topic", "english", "chinese"), BRIEF, ids=[line[0] for line in BRIEF])
def test_what_a_line_names_is_spoken_of(articles: tuple[Article, ...], topic: str, english: str, chinese: str) -> None:
    serving = [one for one in articles if topic in one.original.front.covers]
    assert serving
    for language, words in (("en", english), ("zh-hans", chinese)):
        texts = [text for one in serving for text in (one.original, one.translation) if text.language == language]
        whole = "\n".join(f"{text.front.title}\n{text.front.keywords}\n{text.markdown}" for text in texts)
        missing = [word for word in words.split("|") if word not in " ".join(whole.lower().split())]
        assert missing == [], language


def test_the_table_is_up_to_date(articles: tuple[Article, ...]) -> None:
    call_command("article_table", check=True)
    written = table(articles)
    assert all(f"content/articles/{one.slug}/{name}" in written for one in articles for name in ("en.md", "zh-hans.md"))


def test_a_table_that_is_out_of_date_is_found(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="article_table"):
        call_command("article_table", check=True)
    call_command("article_table")
    call_command("article_table", check=True)
    page = tmp_path / "docs" / "articles.md"
    page.write_text(page.read_text(encoding="utf-8").replace("Stroke", "Strokes"), encoding="utf-8")
    with pytest.raises(CommandError, match="out of date"):
        call_command("article_table", check=True)
