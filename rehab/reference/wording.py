"""Phrases that no page and no answer of the API may say to a patient; tests search every text for them.

Kinds: ``diagnosis`` (that a disease is present or absent), ``all_clear`` and ``reassurance``, ``treatment`` (a change
of drug, dose, stimulation setting or weight-bearing status), ``progression`` (that a disease advances, or looks like
another) and ``response_time`` (a promise that may not be staffed). "Never stop your steroids" and "If you have
myasthenia" are allowed: a phrase does not count after a negation or a condition. A list like this finds slips; it
does not prove a text right.
"""

import html
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["diagnosis", "all_clear", "reassurance", "treatment", "progression", "response_time"]

VERSION = "1"
"""Version of the list; change it with any phrase."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One phrase with its close variants, and a text that it must find."""

    kind: Kind
    pattern: str
    example: str


_DISEASE_EN = (
    r"(?:cauda equina|(?:a |had a |another )?stroke|als\b|motor neurone? disease|myasthenia|guillain|"
    r"autonomic dysreflexia|dysreflexia|(?:a )?(?:dvt|blood clot|deep vein|pulmonary embolism)|rhabdomyolysis|"
    r"(?:a )?heart attack|(?:a )?fracture|(?:a )?broken bone|(?:an )?infection|sepsis|neuropathy|myositis|"
    r"muscular dystrophy|sarcopenia|multiple sclerosis|(?:major )?depression|(?:an )?anxiety disorder)"
)
_DRUG_EN = (
    r"(?:dose|dosage|doses|medication|medications|medicine|medicines|drugs?|tablets?|pills?|steroids?|prednisone|"
    r"prednisolone|pyridostigmine|baclofen|riluzole|immunosuppress\w+|painkillers?|insulin|statins?)"
)
_SETTING_EN = (
    r"(?:(?:fes |stimulation |stimulator )?(?:current|amplitude|intensity|pulse width|phase duration)|"
    r"(?:fes|stimulation|stimulator)(?: frequency| settings?| parameters?)?)"
)
_WHO_EN = r"(?:we|someone|somebody|staff|a clinician|a nurse|your (?:therapist|clinician|doctor|care team|team))"
_SPAN_EN = r"(?:minutes?|hours?|days?|working days?|business days?)"
_NOT_EN = r"(?<!never )(?<!not )(?<!n't )"
_IF_EN = r"(?<!if )(?<!when )(?<!whether )(?<!because )(?<!think )"

_DISEASE_ZH = (
    r"(?:马尾|脑卒中|中风|渐冻症|肌萎缩侧索硬化|运动神经元病|重症肌无力|吉兰|自主神经反射异常|血栓|肺栓塞|"
    r"横纹肌溶解|心脏病|心肌梗死|心梗|骨折|感染|败血症|神经病变|肌炎|肌营养不良|肌少症|多发性硬化|抑郁症|焦虑症)"
)
_NOT_ZH = r"(?<!不要)(?<!请勿)(?<!切勿)(?<!自行)(?<!不得)(?<!不能)(?<!随意)(?<!擅自)(?<!不会)"
_IF_ZH = r"(?<!如果)(?<!如)(?<!若)(?<!假如)(?<!当)(?<!是否)"
_DRUG_ZH = r"(?:药物|药量|药品|剂量|用药|服药|激素|溴吡斯的明|巴氯芬|泼尼松|免疫抑制剂|止痛药)"
_SETTING_ZH = r"(?:电流|频率|脉宽|相位时长|刺激强度|刺激参数|电刺激参数|参数|刺激量)"
_CHANGE_ZH = r"(?:增加|加大|提高|调高|减少|降低|调低|减小|停用|停服|停止使用|停止服用|改用|更换|调整|更改|加倍|减半)"
_WATCHED_ZH = r"(?:24 ?小时|全天候|实时)(?:为[您你])?(?:监测|监护|值守|在线|守护)"

FORBIDDEN: tuple[Forbidden, ...] = (
    Forbidden(
        "diagnosis",
        rf"{_IF_EN}\byou (?:(?:do not|don't|may|might|probably|likely|clearly|definitely|seem to|appear to) )?"
        rf"(?:have|are having|had|suffer from) {_DISEASE_EN}",
        "You do not have cauda equina syndrome.",
    ),
    Forbidden(
        "diagnosis",
        rf"\b(?:this|it) (?:is|is not|isn't|means|confirms|rules out|excludes) (?:probably |likely )?{_DISEASE_EN}",
        "This is probably a stroke.",
    ),
    Forbidden("diagnosis", rf"{_IF_EN}\byou are (?:clinically )?depressed\b", "You are depressed."),
    Forbidden("diagnosis", r"\byour diagnosis is\b|\bwe diagnosed\b", "Your diagnosis is clear."),
    Forbidden(
        "all_clear",
        r"\bno (?:further )?(?:action|treatment|follow-up) (?:is |was )?(?:needed|required|necessary)\b",
        "No action needed",
    ),
    Forbidden("all_clear", rf"{_IF_EN}\byou(?: are|'re) (?:safe|fine|healthy|ok|okay|out of danger)\b", "You are safe"),
    Forbidden("all_clear", r"(?<!not an )(?<!no )\ball[- ]clear\b", "All clear."),
    Forbidden(
        "all_clear",
        r"\bno (?:red flags?|warning signs?|danger signs?|problems?|emergency) (?:was |were |is |are )?"
        r"(?:found|detected|present|today)\b",
        "No red flags were found.",
    ),
    Forbidden("all_clear", r"\beverything (?:is|looks|seems) (?:fine|ok|okay|normal|good)\b", "Everything looks fine."),
    Forbidden(
        "all_clear", r"\byour (?:results?|answers?) (?:is|are|look|looks) (?:normal|fine)\b", "Your results are normal."
    ),
    Forbidden(
        "reassurance",
        r"\bnothing to worry about\b|\bno (?:need|reason|cause) (?:to|for) (?:worry|concern|alarm)",
        "There is nothing to worry about.",
    ),
    Forbidden("reassurance", r"\b(?:don't|do not) worry\b|\bno danger\b|\bthis is harmless\b", "Do not worry."),
    Forbidden(
        "treatment",
        rf"{_NOT_EN}\b(?:increase|raise|reduce|lower|decrease|double|halve|skip|stop|start|change|adjust|omit)"
        rf"(?: taking| using)? (?:your |the )?(?:(?:daily|next|evening|morning) )?{_DRUG_EN}\b",
        "Increase your dose.",
    ),
    Forbidden(
        "treatment",
        rf"{_NOT_EN}\b(?:increase|raise|reduce|lower|decrease|double|halve|change|adjust|turn up|turn down) "
        rf"(?:your |the ){_SETTING_EN}\b",
        "Turn up the current.",
    ),
    Forbidden(
        "treatment",
        r"\byou (?:can|may|should) (?:now )?(?:put|bear|take) (?:full|more|all your|your full|partial) "
        rf"(?:body )?weight\b|{_NOT_EN}\bchange your weight-bearing\b",
        "You can now put full weight on the leg.",
    ),
    Forbidden(
        "progression",
        r"\byour (?:disease|condition|illness|disorder|weakness) (?:is|has been|has) "
        r"(?:progress\w*|advanc\w*|worsen\w*|deteriorat\w*|getting worse|got worse)",
        "Your disease is progressing.",
    ),
    Forbidden("progression", r"\b(?:als|mnd|myasthenia|gbs|motor neurone?|stroke)[- ]like\b", "ALS-like pattern"),
    Forbidden(
        "response_time",
        rf"\b{_WHO_EN} will (?:call|contact|phone|reply|respond|answer|get back|reach|see)\b[^.!?]{{0,40}}?"
        rf"\b(?:within|in \d|by tomorrow|today|tonight|soon|shortly|immediately|right away|at once)\b",
        "Your therapist will call you within 2 hours.",
    ),
    Forbidden(
        "response_time",
        rf"\b(?:reply|replies|response|answer|answers|respond)\b (?:\w+ )?within (?:\d+|an?|one|two|a few) {_SPAN_EN}",
        "You get a reply within 24 hours.",
    ),
    Forbidden(
        "response_time",
        r"(?<!not )\b(?:monitored|monitors? you|watch(?:es)? you|watched|available) "
        r"(?:24/7|around the clock|in real time|day and night)|\bhelp is on (?:the|its) way\b",
        "We watch you around the clock.",
    ),
    Forbidden(
        "diagnosis",
        rf"{_IF_ZH}[您你](?:可能|很可能|应该|似乎|已经|已|并|并未)?"
        rf"(?:患有|患上|得了|有|是|患|没有|没有患|没有患有|没有得|未患|发生了)(?:急性)?{_DISEASE_ZH}",
        "您没有马尾综合征。",
    ),
    Forbidden(
        "diagnosis", rf"[您你](?:已)?被?确诊|[您你]的诊断(?:是|为)|这(?:就)?是(?:急性)?{_DISEASE_ZH}", "您的诊断是……"
    ),
    Forbidden(
        "all_clear",
        r"(?:无需|不需要|不必|不用)(?:采取)?(?:任何|进一步)?(?:行动|措施|处理|就医|治疗)",
        "无需采取任何行动",
    ),
    Forbidden(
        "all_clear",
        rf"{_IF_ZH}[您你](?:是|很|现在|目前|现在很)?(?:安全|健康|没事|没有危险)(?:的)?(?:[。！，,.!]|$)",
        "您是安全的。",
    ),
    Forbidden(
        "all_clear",
        r"一切正常|(?:未|没有)(?:发现|检测到|出现)(?:任何)?(?:危险|警示|红旗|异常)(?:信号|症状|征象|情况)?|结果正常",
        "未发现任何危险信号",
    ),
    Forbidden(
        "reassurance", r"(?:不用|无需|不必|不要|别)(?:过于|太)?(?:担心|担忧|紧张)|请放心|没有大碍|并无大碍", "请放心"
    ),
    Forbidden(
        "treatment",
        rf"{_NOT_ZH}{_CHANGE_ZH}(?:您的|你的|每日|每天|口服)?(?:{_DRUG_ZH}|{_SETTING_ZH})",
        "请增加您的药量",
    ),
    Forbidden("treatment", r"[您你](?:现在)?(?:可以|应该|能)(?:开始)?(?:完全|全|部分|增加)负重", "您现在可以完全负重"),
    Forbidden(
        "progression",
        r"[您你]的(?:病|病情|疾病|病症)(?:正在|已经|已|在|有所)?(?:进展|恶化|加重|变差)",
        "您的病情正在恶化",
    ),
    Forbidden(
        "progression", r"(?:渐冻症|肌萎缩侧索硬化|重症肌无力|卒中|吉兰-巴雷)样(?:表现|模式|症状|改变)", "渐冻症样表现"
    ),
    Forbidden(
        "response_time",
        r"(?:我们|治疗师|医生|康复团队|团队|工作人员|护士)(?:会|将|一定会)?(?:在)?[^。！？]{0,10}?"
        r"(?:内|立即|马上|很快|尽快|今天)(?:回复|联系[您你]|答复|给[您你]回|致电|回电)",
        "治疗师会在 2 小时内回复",
    ),
    Forbidden("response_time", _WATCHED_ZH, "24 小时监测"),
)

_ALLOWED_ZH = re.compile(
    r"(?:不会|不|没有|并非|不能)(?:有人)?(?:24 ?小时|全天候|实时)(?:为[您你])?(?:监测|监护|值守|在线|守护)"
)
_COMPILED = tuple((phrase, re.compile(phrase.pattern, re.IGNORECASE)) for phrase in FORBIDDEN)


def forbidden_in(text: str) -> list[str]:
    """What the text says that it may not, each as ``kind: words``, in the order of the list.

    Takes HTML or plain text. Tags, character references, curly apostrophes and white space do not matter.

    >>> forbidden_in("No action\\n <b>needed</b>. You're safe.")
    ['all_clear: No action needed', "all_clear: You're safe"]
    >>> forbidden_in("Please contact your care team today.")
    []
    """
    plain = _plain(text)
    return [f"{phrase.kind}: {match.group()}" for phrase, pattern in _COMPILED for match in pattern.finditer(plain)]


def _plain(text: str) -> str:
    words = html.unescape(re.sub(r"<[^<>]*>", " ", text)).replace("’", "'")
    return _ALLOWED_ZH.sub("", re.sub(r"\s+", " ", words))
