"""Words that people type for what the articles call otherwise: everyday words, the clinic's words, other spellings.

Words of a group are looked for together, what was typed first. This is about finding, not about meaning: that two
words stand together does not say that they are the same. No group turns a sign of an emergency into something lesser.
"""

import re
from collections.abc import Sequence

#: English words in the form that is typed, lower case; several words are a phrase.
ENGLISH: tuple[tuple[str, ...], ...] = (
    ("weak", "weakness", "no strength", "no power"),
    ("thinner", "shrink", "waste", "wasting", "atrophy"),
    ("stairs", "climb", "climbing"),
    ("twitch", "twitching", "jump", "jumping", "fasciculation", "flicker"),
    ("numb", "numbness", "tingling", "pins and needles"),
    ("pee", "urine", "bladder", "incontinent"),
    ("poo", "stool", "bowel"),
    ("bottom", "saddle", "between the legs"),
    ("tired", "tire", "fatigue", "exhausted", "energy"),
    ("sad", "depressed", "depression", "low mood"),
    ("scared", "afraid", "worry", "worried", "anxious", "anxiety", "fear"),
    ("upset", "stress", "stressed", "angry"),
    ("boss", "employer", "job", "work"),
    ("mother", "father", "husband", "wife", "partner", "family"),
    ("kids", "children", "child", "son", "daughter"),
    ("inherit", "inherited", "genetic", "genes", "hereditary"),
    ("doctor", "physician", "neurologist"),
    ("pills", "tablets", "medicine", "medicines", "drug", "drugs"),
    ("painkiller", "painkillers", "anti-inflammatory", "ibuprofen"),
    ("herbs", "herbal", "natural remedies", "ginseng"),
    ("pool", "swim", "swimming", "water", "aquatic"),
    ("elastic", "band", "bands", "theraband"),
    ("electric", "electrical", "fes", "tens", "stimulation"),
    ("stiff", "stiffness", "spasticity", "tight"),
    ("als", "mnd", "motor neuron disease", "lou gehrig"),
    ("ms", "multiple sclerosis"),
    ("gbs", "guillain barre", "guillain"),
    ("cmt", "charcot marie tooth"),
    ("dmd", "duchenne"),
    ("stroke", "hemiplegia", "hemiparesis"),
    ("breathe", "breathing", "breath"),
    ("eyelid", "eyelids", "lids", "lid"),
    ("swallow", "swallowing", "choke", "choking"),
    ("intensive care", "icu", "hospital", "bed rest"),
    ("cast", "plaster", "splint"),
    ("fall", "falls", "trip", "injury"),
    ("bend", "angle", "range of motion", "goniometer"),
    ("real", "really", "measurement error"),
    ("thigh", "calf", "girth", "tape"),
    ("chart", "graph", "curve"),
    ("cure", "cured", "heal", "recover", "get better"),
    ("steroid", "steroids", "corticosteroid", "corticosteroids", "prednisone", "prednisolone"),
    ("write down", "record", "log", "enter"),
)

#: Chinese words as they are typed.
CHINESE: tuple[tuple[str, ...], ...] = (
    ("没劲", "没力", "没力气", "没有力气", "使不上劲", "使不上力", "无力", "乏力", "力气小"),
    ("爬楼", "爬楼梯", "上楼", "上楼梯", "楼梯"),
    ("萎缩", "变细", "变小", "变瘦", "流失", "掉肌肉", "肌肉掉"),
    ("肉跳", "肌肉跳", "跳动", "颤动"),
    ("发麻", "麻木", "麻刺", "刺痛"),
    ("小便", "尿", "排尿", "憋不住尿", "失禁"),
    ("大便", "排便"),
    ("喘不上气", "喘不过气", "呼吸困难", "气短", "憋气"),
    ("睁不开", "眼皮", "眼睑"),
    ("看东西双影", "重影", "复视"),
    ("吞咽", "咽不下", "呛咳", "呛水"),
    ("疲劳", "疲倦", "容易累", "累"),
    ("睡不着", "失眠", "睡不好"),
    ("担心", "害怕", "焦虑", "紧张"),
    ("难过", "抑郁", "情绪低落", "心情不好", "没动力", "不想动"),
    ("压力", "紧张", "生气", "心情不好", "情绪"),
    ("僵", "僵硬", "发紧", "发硬", "绷紧"),
    ("中风", "脑卒中", "脑梗", "偏瘫"),
    ("渐冻症", "渐冻人", "运动神经元病", "肌萎缩侧索硬化"),
    ("小儿麻痹", "脊髓灰质炎", "脊灰"),
    ("格林巴利", "吉兰巴雷", "吉兰-巴雷"),
    ("甲亢", "甲减", "甲状腺"),
    ("癌", "癌症", "肿瘤"),
    ("老人", "老年", "老了", "衰老"),
    ("遗传", "传给", "下一代", "基因"),
    ("家属", "家人", "照顾", "照护", "照护者", "护理"),
    ("上班", "工作", "单位", "复工"),
    ("中药", "草药", "偏方", "补品", "人参", "黄芪", "天然疗法"),
    ("止痛药", "消炎药", "布洛芬", "非甾体"),
    ("激素", "糖皮质激素", "泼尼松", "强的松"),
    ("丙球", "免疫球蛋白", "丙种球蛋白"),
    ("电疗", "电刺激", "理疗仪"),
    ("游泳", "泳池", "水中", "下水", "水里"),
    ("皮筋", "弹力绳", "弹力带"),
    ("摔倒", "摔跤", "跌倒"),
    ("下地", "走路", "负重", "承重", "踩地"),
    ("治好", "治愈", "恢复", "好转", "长好"),
    ("角度", "多少度", "活动度", "量角器"),
    ("围度", "腿围", "臂围", "软尺", "皮尺"),
    ("图", "图表", "曲线"),
    ("误差", "测量误差", "测不准", "忽高忽低", "真的变"),
    ("记录", "登记", "填写", "写下"),
    ("卧床", "躺在床上", "久躺", "躺久", "躺着", "住院", "重症监护", "icu"),
    ("石膏", "骨折"),
    ("力量", "握力", "肌力"),
    # The name of the shelf that says why.
    ("为什么", "为何", "怎么会", "发生机制"),
)


def of_english(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what else is looked for instead of some of the words; of a phrase, instead of its last word.

    >>> of_english(["cannot", "pee"])
    {'pee': ('urine', 'bladder', 'incontinent')}
    """
    text = f" {' '.join(words)} "
    found: dict[str, tuple[str, ...]] = {}
    for group in ENGLISH:
        for phrase in group:
            if f" {phrase} " in text:
                word = phrase.split()[-1]
                others = (one for one in group if one != phrase)
                found[word] = tuple(dict.fromkeys((*found.get(word, ()), *others)))
    return found


_KNOWN = re.compile("|".join(sorted({word for group in CHINESE for word in group}, key=len, reverse=True)))


def of_chinese(text: str) -> dict[str, tuple[str, ...]]:
    """Return what else is looked for instead of words that stand in a Chinese text, the longest words of it.

    >>> of_chinese("铅和石膏")
    {'石膏': ('骨折',)}
    """
    return {
        word: tuple(dict.fromkeys(one for group in CHINESE if word in group for one in group if one != word))
        for word in _KNOWN.findall(text)
    }
