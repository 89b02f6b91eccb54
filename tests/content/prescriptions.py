"""Advice that only the care team gives: settings, doses, loads, amounts, how many and how often, which medicine."""

from tests.content.claim import Claim

_UNIT_EN = (
    r"(?:ma|milliamps?|hz|hertz|µs|us|microseconds?|mg|mcg|µg|milligrams?|micrograms?|iu|g/kg|grams? (?:of|per)|kg|"
    r"kilograms?|pounds?|lbs?)"
)
_UNIT_ZH = r"(?:毫安|赫兹|微秒|毫克|微克|国际单位|公斤|千克|斤|克(?:蛋白|/))"

PRESCRIPTIONS: tuple[Claim, ...] = (
    # Prescriptions: numbers with units, sets and repetitions, frequencies of training.
    Claim(
        "prescribes a setting, dose, load or amount",
        rf"(?<![\w.])\d[\d.,]*\s*(?:(?:to|and|[-–])\s*\d[\d.,]*\s*)?{_UNIT_EN}\b",
        "Set the current to 40 mA at 35 Hz and take 5 mg; eat 1.2 g/kg and lift 10 kg.",
        "Copy Amplitude (mA) and Frequency (Hz) from your sheet. Type kg.",
        can_be_denied=False,
    ),
    Claim(
        "规定参数、剂量或重量",
        rf"[\d一二三四五六七八九十两百][\d.]*\s*(?:(?:到|至|[-–~])\s*[\d.]+\s*)?(?:{_UNIT_ZH}|(?:mA|Hz|µs|"
        rf"mg|kg|g/kg)(?![a-z]))",
        "电流调到40毫安，每天5毫克，每公斤体重1.2克蛋白质，举10公斤，35Hz。",
        "照抄“频率”（Hz）和“刺激强度”（mA）。相当于多少公斤，由治疗师告诉您。",
        can_be_denied=False,
    ),
    Claim(
        "prescribes sets and repetitions",
        r"\b(?:\d+|two|three|four|five|ten|twelve) (?:sets?|reps|repetitions)\b(?! is| are)|\b\d+\s*[x×]\s*\d+\b|"
        r"\b(?:once|twice|three times|\d+ times) (?:a|per|each) (?:day|week)\b[^.!?]{0,20}\b(?:exercise|"
        r"train|session)|"
        r"\b(?:exercise|train|stretch)\w*\b[^.!?]{0,30}\b(?:once|twice|(?:\d+|two|three|four|"
        r"five) (?:times|days)) (?:a|per|each) "
        r"(?:day|week)\b|\bhold (?:it |the stretch )?for \d+ seconds\b",
        "Do three sets of ten, 3 x 10, and train three times a week.",
        "Write down the repetitions of each set. Your therapist sets how many and how often.",
        can_be_denied=False,
    ),
    Claim(
        "规定组数、次数、频率",
        r"(?:每次|每天|每日|每周|做|练)(?:[做练])?\s*[\d二三四五六七八九十]+\s*(?:到|至|"
        r"[-–~])?\s*[\d]*\s*(?:组|回|遍|下)(?!就)|"
        r"[\d二三四五六七八九十]+\s*组[^。！？]{0,4}每组|每周(?:锻炼|训练|练)\s*[\d二三四五六七]+\s*(?:次|天)|"
        r"(?:拉伸|牵伸|保持|坚持)\s*[\d二三四五六七八九十]+\s*(?:到\s*\d+\s*)?秒",
        "每天做3组，每组10次，每周训练3次，保持30秒。",
        "填写实际做的次数，每组一个数字。做多少、多久做一次由治疗师来定。",
        can_be_denied=False,
    ),
    Claim(
        "recommends a medicine",
        r"\b(?:you should|we recommend(?: that you)?|please|it is best to|always) (?:take|start|use|buy|try) "
        r"(?:\w+ ){0,2}(?:ibuprofen|diclofenac|naproxen|prednis\w+|steroids?|pyridostigmine|baclofen|"
        r"tizanidine|riluzole|"
        r"painkillers?|vitamins?|supplements?|magnesium|creatine)",
        "You should take some ibuprofen before training.",
        "Take the medicine as agreed. This page is not advice to take one.",
    ),
    Claim(
        "推荐用药",
        r"(?:建议|推荐|应该|应当|最好|可以|请)(?:您)?(?:服用|口服|使用|吃点|买点|补充)(?:一些|点)?"
        r"(?:布洛芬|双氯芬酸|泼尼松|激素|溴吡斯的明|巴氯芬|替扎尼定|利鲁唑|止痛药|维生素|镁|肌酸|蛋白粉)",
        "建议您服用布洛芬，可以补充维生素。",
        "用药由医生和您商量决定。本页并不是建议您服用。",
    ),
)
