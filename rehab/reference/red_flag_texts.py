"""What a patient or carer reads when a red flag was raised.

The words say what was reported and whom to call. They never name a disease as present or absent, never reassure,
never change a drug, a dose or a setting, and promise no response time. An empty result of the rules has no text at
all. ``{emergency_number}`` and ``{crisis_line}`` are settings of the clinic; no number is guessed from a language.
Show the text before any form, log-in or network call.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from rehab.reference.red_flags import ANSWERS, FLAGS, QUESTIONS, Level, Phrase

VERSION = "1"
"""Version of these words; change it with any of them."""

REPORTED = Phrase(en="You reported {what}.", zh="您报告了：{what}。")
RECORDED = Phrase(en="A measurement in your record needs attention.", zh="您记录中的一项测量结果需要关注。")

LOGGED = Phrase(
    en="You logged a kind of session that your care team needs to check first.",
    zh="您记录了一种需要康复团队先确认的训练。",
)

LEVEL_TEXTS: Mapping[Level, Phrase] = MappingProxyType(
    {
        "emergency": Phrase(
            en="This can need urgent medical care. Call {emergency_number} or go to an emergency department now.",
            zh="这种情况可能需要紧急医疗救治。请立即拨打 {emergency_number}，或马上前往医院急诊。",
        ),
        "same_day": Phrase(
            en="Please contact your care team today. If you cannot reach them, go to urgent care today.",
            zh="请您今天就联系您的康复团队。如果联系不上，请今天前往医院就诊。",
        ),
        "review": Phrase(
            en="Please show this to your therapist before your next session.",
            zh="请在下次训练前把这一情况告诉您的治疗师。",
        ),
    }
)

NOT_MONITORED = Phrase(en="This app does not monitor you in real time.", zh="本应用不会实时监测您的情况。")
STOP_SESSION = Phrase(en="Stop the session now.", zh="请立即停止本次训练。")
THERAPIST_TOLD = Phrase(en="Your therapist has been told.", zh="您的治疗师已收到通知。")
"""Only after the message really was delivered."""
NOT_TOLD = Phrase(en="It may be that nobody at your clinic has seen this yet.", zh="您的诊所可能还没有人看到您的回答。")
"""Until then."""

AD_INTRO = Phrase(
    en="This can need urgent medical care. Do these steps now, in this order:",
    zh="这种情况可能需要紧急医疗救治。请立即按顺序这样做：",
)
AD_STEPS: tuple[Phrase, ...] = (
    Phrase(en="Sit up.", zh="坐起来。"),
    Phrase(en="Loosen tight clothing.", zh="松开过紧的衣物。"),
    Phrase(
        en="Check the catheter and bladder, then the bowel, then the skin.",
        zh="先检查导尿管和膀胱，再检查肠道，然后检查皮肤。",
    ),
    Phrase(en="Stop the electrical stimulation (FES).", zh="停止电刺激（FES）。"),
    Phrase(
        en="Call {emergency_number} or go to an emergency department now.",
        zh="立即拨打 {emergency_number}，或马上前往医院急诊。",
    ),
)
"""First aid while a person with a spinal cord injury at or above T6 has signs of dysreflexia: Consortium for Spinal
Cord Medicine 2001 (2nd ed.), 2020 update."""

CRISIS: tuple[Phrase, ...] = (
    Phrase(
        en="You told us about thoughts of being better off dead or of hurting yourself.",
        zh="您告诉我们，您有过不如死去或伤害自己的想法。",
    ),
    Phrase(
        en="If you might act on these thoughts, call {emergency_number} or go to an emergency department now.",
        zh="如果您可能会照这些想法去做，请立即拨打 {emergency_number}，或马上前往医院急诊。",
    ),
    Phrase(
        en="You can also talk to someone now: {crisis_line}.",
        zh="您现在也可以和人谈谈：{crisis_line}。",
    ),
)
"""Shown at once after an answer of 1 or more to item 9 of the PHQ-9, or a report in free text."""

BEFORE_QUESTIONNAIRE = Phrase(
    en="Your answers are not watched around the clock. If you need help now, call {emergency_number}.",
    zh="您的回答不会有人全天候查看。如果您现在需要帮助，请拨打 {emergency_number}。",
)
"""Shown before a questionnaire with item 9."""


EMERGENCY_UNNAMED = Phrase(en="your local emergency number", zh="当地急救电话")
_NUMBER_IN = Phrase(en="{emergency_number}", zh=" {emergency_number}")
"""Stands for the number where no clinic is known to give one."""


def advice(*, flag: str, level: Level, language: str, emergency_number: str) -> tuple[str, ...]:
    """What to do, without what was reported: one sentence; of dysreflexia a sentence and its steps, in order.

    It can be shown before anything was sent. Without a number, ``EMERGENCY_UNNAMED`` stands in its place.

    >>> advice(flag="STROKE", level="emergency", language="en", emergency_number="112")
    ('This can need urgent medical care. Call 112 or go to an emergency department now.',)
    """
    number = emergency_number.strip()
    if number:
        return tuple(text.replace("{emergency_number}", number) for text in _advice(flag, level, language))
    # Chinese sets digits off with a space, words not.
    sought, unnamed = _NUMBER_IN.text(language), EMERGENCY_UNNAMED.text(language)
    return tuple(text.replace(sought, unnamed) for text in _advice(flag, level, language))


def message(
    *,
    flag: str,
    level: Level,
    answers: Collection[str],
    language: str,
    emergency_number: str,
    crisis_line: str = "",
) -> tuple[str, ...]:
    """Paragraphs for one raised flag, the most urgent first, ending in "does not monitor you".

    ``answers`` are codes of answers or questions, as the rules return them; without any (a clinician's
    measurement) the text says that a measurement needs attention. Dysreflexia has its own steps, self-harm its
    own message. Unknown flag, answer or level, or no emergency number: ``ValueError``.

    >>> message(flag="CES", level="emergency", answers=["ces_saddle"], language="en", emergency_number="999")[0]
    'You reported new numbness around the saddle area.'
    """
    if flag not in FLAGS:
        raise ValueError(f"unknown flag {flag!r}; one of {', '.join(FLAGS)}")
    if level not in LEVEL_TEXTS:
        raise ValueError(f"unknown level {level!r}; one of {', '.join(LEVEL_TEXTS)}")
    if not emergency_number.strip():
        raise ValueError("emergency_number must not be empty")
    if flag == "SELF_HARM":
        phrases: tuple[Phrase, ...] = CRISIS if crisis_line.strip() else CRISIS[:2]
        paragraphs = [phrase.text(language) for phrase in phrases]
    else:
        paragraphs = [_reported(flag=flag, answers=answers, language=language), *_advice(flag, level, language)]
    paragraphs.append(NOT_MONITORED.text(language))
    return tuple(
        text.replace("{emergency_number}", emergency_number.strip()).replace("{crisis_line}", crisis_line.strip())
        for text in paragraphs
    )


def _advice(flag: str, level: Level, language: str) -> list[str]:
    if flag == "AD" and level == "emergency":
        return [AD_INTRO.text(language), *(step.text(language) for step in AD_STEPS)]
    return [LEVEL_TEXTS[level].text(language)]


def _reported(*, flag: str, answers: Collection[str], language: str) -> str:
    if unknown := sorted(set(answers) - ANSWERS.keys() - QUESTIONS.keys()):
        raise ValueError(f"unknown answer {', '.join(unknown)}")
    if not answers:
        return (LOGGED if flag == "CONTRA" else RECORDED).text(language)
    parts = [(ANSWERS[code] if code in ANSWERS else QUESTIONS[code]).reported(language) for code in answers]
    separator = Phrase(en="; ", zh="；").text(language)
    return REPORTED.text(language).replace("{what}", separator.join(parts))
