"""Why an alert was raised, in words for a therapist, made from the rule and the evidence that stands with the cause.

They say what was reported or measured and which limit it passed: never a diagnosis, never that all is well, never what
to change. Evidence is JSON. Keys that have words: ``answers`` (codes of answers or questions of the red flags),
``measures`` (names of ``rehab.analytics.red_flags.Measures``, or name to value), ``items`` (codes of checklists),
``losses`` (muscle and side, such as ``ANK_DF/left``, to the first and last day of the loss),
``modality``, ``state``, and those of ``_LABELS``. A key without words is shown as it is; free text never belongs here.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from rehab.reference import alert_series
from rehab.reference.alert_rules import ALERT_RULES
from rehab.reference.checklists import CHECKLISTS
from rehab.reference.muscles import MUSCLES
from rehab.reference.red_flags import ANSWERS, FLAGS, QUESTIONS, Phrase

VERSION = "1"
"""Version of these words; change it with any of them."""

_REPORTED = Phrase(en="Reported: {what}.", zh="患者报告：{what}。")
_MEASURED = Phrase(en="Measured: {what}.", zh="测量结果：{what}。")
_LISTED = Phrase(
    en="A session was logged although this is answered with yes: {what}.",
    zh="以下项目被勾选为“是”，但仍记录了训练：{what}。",
)
_LOST = Phrase(en="Rapid loss of strength: {what}.", zh="肌力快速下降：{what}。")
_LOSS = Phrase(en="{muscle}, {side}, {from} to {to}", zh="{muscle}，{side}，{from} 至 {to}")
_SIDES: Mapping[str, Phrase] = MappingProxyType(
    {
        "left": Phrase(en="left", zh="左侧"),
        "right": Phrase(en="right", zh="右侧"),
        "none": Phrase(en="both sides or midline", zh="双侧或中线"),
    }
)
_RULES: Mapping[str, Phrase] = MappingProxyType(
    {
        "SELF_HARM": Phrase(
            en="An answer speaks of thoughts of being better off dead or of self-harm. Contact the patient today.",
            zh="有一项回答提到“不如死去”或自伤的想法。请在当天联系患者。",
        ),
        "CONTRA": Phrase(
            en="A session was logged of a kind against which a contraindication is on record.",
            zh="记录了一次训练，而档案中存在与之相应的禁忌证。",
        ),
        "DECLINE": Phrase(
            en="The last readings are lower than the baseline by more than the measurement error.",
            zh="最近几次读数低于基线，差值超出测量误差。",
        ),
        "ADHERENCE_DROP": Phrase(
            en="Fewer of the planned sessions were logged than before.", zh="已记录的计划训练少于此前。"
        ),
    }
)
_PAIN: Mapping[str, Phrase] = MappingProxyType(
    {
        "too_high": Phrase(
            en="Worst pain in the session {worst_during} of 10, above the limit of 5.",
            zh="训练中最严重的疼痛为 {worst_during} 分（满分 10 分），超过 5 分的上限。",
        ),
        "not_settled": Phrase(
            en=(
                "Worst pain in the session {worst_during} of 10, and {next_morning} the next morning "
                "against {before} before the session."
            ),
            zh="训练中最严重的疼痛为 {worst_during} 分（满分 10 分）；次日早晨 {next_morning} 分，训练前 {before} 分。",
        ),
    }
)
_GONE = Phrase(en="The data behind this changed: {what} ({day}).", zh="所依据的数据已更改：{what}（{day}）。")
_NO_LONGER: Mapping[str, Phrase] = MappingProxyType(
    {
        "DECLINE": Phrase(en="no longer declined", zh="现有数据不再显示下降"),
        "RAPID_WEAK": Phrase(en="no longer a rapid loss of strength", zh="现有数据不再显示肌力快速下降"),
        "PAIN": Phrase(en="the pain no longer passes the limits of the rule", zh="疼痛评分不再超过规则的界限"),
        "CONTRA": Phrase(
            en="no session stands against a contraindication any more", zh="已没有与禁忌证相冲突的训练记录"
        ),
    }
)
_CORRECTED = Phrase(
    en="the records it came from were corrected or entered in error", zh="其来源记录已被更正，或被标记为误录"
)
_ANY = Phrase(en="The rule “{rule}” fired.", zh="规则“{rule}”被触发。")

_MEASURES: Mapping[str, Phrase] = MappingProxyType(
    {
        "vital_capacity_ml": Phrase(en="vital capacity (mL)", zh="肺活量（mL）"),
        "vital_capacity_ml_per_kg": Phrase(en="vital capacity (mL/kg)", zh="肺活量（mL/kg）"),
        "mip_cmh2o": Phrase(en="inspiratory mouth pressure (cmH2O)", zh="最大吸气压（cmH2O）"),
        "mep_cmh2o": Phrase(en="expiratory mouth pressure (cmH2O)", zh="最大呼气压（cmH2O）"),
        "single_breath_count": Phrase(en="count in one breath", zh="单次呼吸计数"),
        "systolic_mmhg": Phrase(en="systolic blood pressure (mmHg)", zh="收缩压（mmHg）"),
    }
)
_LABELS: Mapping[str, Phrase] = MappingProxyType(
    {
        "worst_during": Phrase(en="Worst pain during the session (0-10)", zh="训练中最严重的疼痛（0–10）"),
        "before": Phrase(en="Pain before the session (0-10)", zh="训练前疼痛（0–10）"),
        "next_morning": Phrase(en="Pain the next morning (0-10)", zh="次日早晨疼痛（0–10）"),
        "series": Phrase(en="Series", zh="系列"),
        "series_key": Phrase(en="Series", zh="系列"),
        "baseline": Phrase(en="Baseline", zh="基线"),
        "current": Phrase(en="Now", zh="目前"),
        "change": Phrase(en="Change", zh="变化"),
        "threshold": Phrase(en="Threshold", zh="阈值"),
        "unit": Phrase(en="Unit", zh="单位"),
        "n": Phrase(en="Readings", zh="读数个数"),
        "readings": Phrase(en="Readings", zh="读数"),
        "planned": Phrase(en="Planned sessions", zh="计划训练次数"),
        "done": Phrase(en="Logged sessions", zh="已记录训练次数"),
        "adherence_percent": Phrase(en="Logged of planned (%)", zh="完成率（%）"),
        "earlier_percent": Phrase(en="Logged of planned before (%)", zh="此前完成率（%）"),
        "from": Phrase(en="From", zh="起始日期"),
        "to": Phrase(en="To", zh="截止日期"),
        "item": Phrase(en="Programme item", zh="计划项目"),
        "program": Phrase(en="Programme", zh="训练计划"),
        "checklist": Phrase(en="Checklist", zh="筛查表"),
    }
)
_HIDDEN = frozenset({"answers", "measures", "items", "losses", "state", "modality"})
"""What the sentence spells out, and the kind of a session, which the record names in words."""
_CODED = ("rule", "threshold_id", "method")
"""What names rows and methods by their codes: see ``provenance``."""
_CODES = {code: item for checklist in CHECKLISTS.values() for code, item in checklist.items()}


def reason(*, rule: str, evidence: Mapping[str, Any], language: str) -> str:
    """Return why a cause fired, in one or two sentences. An unknown rule is a ``KeyError``.

    >>> reason(rule="PAIN", evidence={"state": "too_high", "worst_during": 7}, language="en")
    'Worst pain in the session 7 of 10, above the limit of 5.'
    """
    sentences = [*_rule_sentences(rule, evidence, language), *_listed(evidence, language)]
    if not sentences:
        sentences = [_filled(_ANY, language, rule=ALERT_RULES[rule].name(language))]
    return ("" if language.lower().startswith("zh") else " ").join(sentences)


def _rule_sentences(rule: str, evidence: Mapping[str, Any], language: str) -> Iterator[str]:
    if rule == "PAIN" and evidence.get("state") in _PAIN:
        ratings = {name: evidence.get(name) for name in ("worst_during", "before", "next_morning")}
        yield _filled(_PAIN[evidence["state"]], language, **ratings)
    elif rule == "DECLINE" and (declined := alert_series.decline(evidence=evidence, language=language)):
        yield declined
    elif rule == "CONTRA" and evidence.get("items"):
        return
    elif rule in _RULES:
        yield _RULES[rule].text(language)
    elif rule not in ALERT_RULES:
        raise KeyError(rule)


def _listed(evidence: Mapping[str, Any], language: str) -> Iterator[str]:
    separator = Phrase(en="; ", zh="；").text(language)
    for key, phrase, words in (
        ("answers", _REPORTED, _answer),
        ("measures", _MEASURED, _measure),
        ("items", _LISTED, _item),
        ("losses", _LOST, _loss),
    ):
        found = evidence.get(key)
        if found:
            values = found if isinstance(found, Mapping) else dict.fromkeys(found)
            what = separator.join(words(str(code), value, language) for code, value in values.items())
            yield _filled(phrase, language, what=what)


def _answer(code: str, _value: Any, language: str) -> str:
    known = ANSWERS.get(code) or QUESTIONS.get(code)
    return known.reported(language) if known else code


def _measure(code: str, value: Any, language: str) -> str:
    name = _MEASURES[code].text(language) if code in _MEASURES else code
    return name if value is None else f"{name} {_shown(value)}"


def _loss(code: str, days: Any, language: str) -> str:
    muscle, _slash, side = code.partition("/")
    name = MUSCLES[muscle].name(language) if muscle in MUSCLES else muscle
    return _filled(_LOSS, language, muscle=name, side=_SIDES[side].text(language), **days)


def _item(code: str, _value: Any, language: str) -> str:
    return _CODES[code].text(language).rstrip(".。") if code in _CODES else code


def facts(*, evidence: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return the evidence as labels and values, without what ``reason`` spells out already.

    >>> facts(evidence={"state": "too_high", "worst_during": 7, "next_morning": None}, language="en")
    [('Worst pain during the session (0-10)', '7')]
    """
    hidden = _HIDDEN | set(_CODED) | ({"series_key"} if "series" in evidence else set())
    if evidence.get("unit") in alert_series.RANKS:
        hidden |= {"baseline", "current", "change", "threshold", "unit"}
    return [
        (_LABELS[key].text(language) if key in _LABELS else key.replace("_", " "), _fact(key, value, language))
        for key, value in evidence.items()
        if key not in hidden and value is not None and value not in ("", [], {})
    ]


def provenance(evidence: Mapping[str, Any]) -> list[str]:
    """Return the codes of the rule, the threshold and the method that evidence names.

    >>> provenance({"rule": "ces", "n": 4, "method": "change/1"})
    ['ces', 'change/1']
    """
    return [str(evidence[key]) for key in _CODED if evidence.get(key)]


def gone(*, rule: str, day: str, language: str) -> str:
    """Return that what an alert rests on does not stand any more; an empty rule says it of what somebody reported.

    >>> gone(rule="DECLINE", day="3 May 2026", language="en")
    'The data behind this changed: no longer declined (3 May 2026).'
    """
    return _filled(_GONE, language, what=_NO_LONGER.get(rule, _CORRECTED).text(language), day=day)


def _fact(key: str, value: Any, language: str) -> str:
    if not isinstance(value, Mapping):
        return alert_series.SYMBOLS.get(value, value) if key == "unit" else _shown(value)
    if key == "series":
        return alert_series.place(series=value, language=language)
    return (
        Phrase(en="; ", zh="；")
        .text(language)
        .join(_measure(str(name), part, language) for name, part in value.items())
    )


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(part) for part in value)
    return str(value)


def _filled(phrase: Phrase, language: str, **values: Any) -> str:
    text = phrase.text(language)
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def every_text() -> list[str]:
    """Return every sentence and label in both languages, for the tests that search them for what may not be said."""
    phrases = [_REPORTED, _MEASURED, _LISTED, _LOST, _LOSS, _ANY, _GONE, _CORRECTED, *_NO_LONGER.values()]
    phrases += [*_SIDES.values(), *_RULES.values(), *_PAIN.values(), *_MEASURES.values(), *_LABELS.values()]
    names = [text for flag in FLAGS.values() for text in (flag.name_en, flag.name_zh)]
    return [text for phrase in phrases for text in (phrase.en, phrase.zh)] + names + alert_series.every_text()
