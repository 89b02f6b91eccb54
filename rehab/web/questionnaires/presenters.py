"""Questionnaires in words. Bands and changes are for clinicians; a patient reads the total and no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.analytics import questionnaires as scoring
from rehab.reference.questionnaires import QUESTIONNAIRES, SELF_HARM_ITEM
from rehab.selectors.questionnaires import Shown
from rehab.web.records import words

LONG = frozenset({"phq8", "phq9", "gad7"})


def band(name: str | None) -> str:
    """Return a band of the total in words; empty where the form has none."""
    return {
        "minimal": _("minimal"),
        "mild": _("mild"),
        "moderate": _("moderate"),
        "moderately_severe": _("moderately severe"),
        "severe": _("severe"),
    }.get(name or "", "")


def total(shown: Shown) -> str:
    """Return the total of what the reader sees, with its range."""
    score = shown.score
    if score.total is None:
        return _("no total")
    text = _("%(total)s of %(maximum)s") % {"total": score.total, "maximum": shown.scored_form.maximum}
    return (
        _("%(total)s (estimated from %(n)s answers)") % {"total": text, "n": len(shown.answers)}
        if (score.prorated)
        else text
    )


def title(shown: Shown) -> str:
    """Return the name of the form as it was scored: without item 9, a PHQ-9 is read as a PHQ-8."""
    return _("PHQ-9, read as PHQ-8") if shown.hides_item_9 else shown.form.title


@dataclass(frozen=True)
class Answer:
    question: str
    answer: str
    value: str


def answers(shown: Shown) -> list[Answer]:
    """Return every question with its answer in the official words; item 9 says who sees it where the reader may not."""
    found = []
    for item in shown.form.items:
        value = shown.answers.get(item.loinc)
        if item.loinc == SELF_HARM_ITEM and shown.hides_item_9:
            found.append(Answer(item.text_en, item_9_reserved(shown.responders), ""))
        elif value is None:
            found.append(Answer(item.text_en, _("not answered"), ""))
        else:
            found.append(Answer(item.text_en, item.options[value].text_en, str(value)))
    difficulty = shown.form.difficulty
    if difficulty is not None and shown.difficulty is not None:
        found.append(Answer(difficulty.text_en, difficulty.options[shown.difficulty].text_en, ""))
    return found


def item_9_reserved(names: Sequence[str]) -> str:
    """Return why a therapist does not see item 9; it says nothing of whether or how it was answered."""
    if not names:
        return _("visible to the patient only: nobody answers item 9 at present")
    return _("visible to the patient and to %(names)s only") % {"names": _(", ").join(names)}


def who_sees(shown_or_form_has_item_9: bool, names: Sequence[str]) -> list[str]:
    """Return who will read the answers, for the patient before and after answering."""
    found = [_("Your therapists see your answers and their total. People who care for you see neither.")]
    if shown_or_form_has_item_9:
        found[0] = _(
            "Your therapists see your answers to the first eight questions and their total. People who care for you "
            "see neither."
        )
        if names:
            text = _("Only you and these people see your answer to the ninth question: %(names)s.")
            found.append(text % {"names": _(", ").join(names)})
        else:
            found.append(_("Your answer to the ninth question is seen by you alone."))
    return found


def score_for_patient(shown: Shown) -> str:
    """Return the total in plain words, and nothing that names or denies a disease."""
    score = shown.score
    if score.total is None:
        return _("There is no score, because some questions are open.")
    return _("Your score is %(total)s of %(maximum)s.") % {
        "total": score.total,
        "maximum": shown.scored_form.maximum,
    }


def more_questions(code: str) -> str:
    """Return how many questions a longer form adds to the two that are answered."""
    n = len(QUESTIONNAIRES[code].items) - 2
    return ngettext("There is %(n)s more question.", "There are %(n)s more questions.", n) % {"n": n}


@dataclass(frozen=True)
class CourseLine:
    url: str
    title: str
    on: str
    total: str
    band: str
    change: str


def course(shown: Iterable[Shown]) -> list[CourseLine]:
    """Return one line for each questionnaire, latest first, each total beside the one of the same form before."""
    listed = list(shown)
    lines = []
    for i, one in enumerate(listed):
        before = next((other for other in listed[i + 1 :] if _comparable(one, other)), None)
        lines.append(
            CourseLine(
                url=reverse("questionnaire-response", args=[one.id]),
                title=title(one),
                on=words.day(one.performed_on),
                total=total(one),
                band=band(one.score.band),
                change=_change(one, before),
            )
        )
    return lines


def _comparable(one: Shown, other: Shown) -> bool:
    return one.scored_form.code == other.scored_form.code and other.score.total is not None


def _change(one: Shown, before: Shown | None) -> str:
    now, then = one.score.total, before.score.total if before else None
    if now is None or then is None:
        return ""
    points = f"{now - then:+d}".replace("-", "−")
    if one.scored_form.code == "phq9" and scoring.phq9_change(earlier=then, later=now).clinically_relevant:
        return _("%(points)s – clinically relevant (5 or more; Löwe 2004)") % {"points": points}
    return points if now != then else "0"


@dataclass(frozen=True)
class Profile:
    """The items of the latest long form of its kind."""

    title: str
    on: str
    url: str
    answers: list[Answer]
    has_somatic_items: bool


def profiles(shown: Iterable[Shown]) -> list[Profile]:
    """Return the item profile of the latest PHQ-8 or PHQ-9, and of the latest GAD-7."""
    latest: dict[str, Shown] = {}
    for one in shown:
        if one.instrument in LONG:
            latest.setdefault(one.instrument[:3], one)
    return [
        Profile(
            title=one.form.title,
            on=words.day(one.performed_on),
            url=reverse("questionnaire-response", args=[one.id]),
            answers=answers(one),
            has_somatic_items=family == "phq",
        )
        for family, one in latest.items()
    ]
