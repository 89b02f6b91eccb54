"""The emergency texts, for anybody: without a log-in, and if need be without the database.

``EmergencyFirst`` stands at the edge of every request: whatever goes wrong with a form in which an emergency was
ticked, the text comes back with the number that the form carried.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.models import User
from rehab.reference import red_flag_texts
from rehab.reference.questionnaires import SELF_HARM_ITEM
from rehab.reference.red_flags import ANSWERS, QUESTIONS, Question
from rehab.selectors import people
from rehab.web.middleware import Handler
from rehab.web.records.red_flags import Advice, advice_of, language

_TICKED = "red_flags-new_or_worse"
_NUMBER_LENGTH, _CRISIS_LENGTH = 20, 120  # of a clinic's emergency number and crisis line
_ITEM_9_FIRED = frozenset({"1", "2", "3"})
_FORM_AGAIN, _SENT_BEFORE = 422, 409  # such a page shows the text itself
_FORBIDDEN, _REFUSED, _FAILED = 403, 400, 500


@dataclass(frozen=True)
class Text:
    ask: str
    advice: Advice


@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """List what to do, with the number of the reader's clinic if they are signed in."""
    number = people.places_of(request.user).emergency_number if isinstance(request.user, User) else ""
    return render(request, "emergency.html", {"lines": _all(number), "emergency_number": number})


def _all(number: str) -> list[Text]:
    return [
        Text(question.ask(language()), advice_of(question.flag, emergency_number=number))
        for question in QUESTIONS.values()
        if question.flag and question.level == "emergency"
    ]


class EmergencyFirst:
    """Puts the emergency text before what went wrong with a form, and keeps its page up without a database."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= _FAILED and request.path_info == reverse("emergency"):
            with translation.override(translation.get_language_from_request(request)):
                return _plain(status=200, lines=_all(""), number="")
        if request.method != "POST" or request.path_info.startswith("/api/") or not _went_wrong(response):
            return response
        form = _form_of(request)
        flags = _emergencies(form.getlist(_TICKED))
        # The form of a questionnaire that was sent before shows the message itself.
        is_crisis = form.get(SELF_HARM_ITEM) in _ITEM_9_FIRED and response.status_code != _SENT_BEFORE
        if not flags and not is_crisis:
            return response
        number = form.get("emergency_number", "").strip()[:_NUMBER_LENGTH]
        spoken = form.get("page_language", "")
        known = spoken if spoken in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
        status = response.status_code if response.status_code >= _REFUSED else _FORBIDDEN
        with translation.override(known):
            urgent = [advice_of(flag, emergency_number=number) for flag in flags]
            urgent += [_crisis(number, form.get("crisis_line", "")[:_CRISIS_LENGTH])] if is_crisis else []
            return _plain(status=status, urgent=_once(urgent), is_unsaved=True, number=number)


def _crisis(number: str, crisis_line: str) -> Advice:
    """Return the crisis message for an answer to item 9 that was not saved, with the numbers that the form carried."""
    first, *others = red_flag_texts.message(
        flag="SELF_HARM",
        level="same_day",
        answers=(),
        language=language(),
        emergency_number=number or red_flag_texts.EMERGENCY_UNNAMED.text(language()),
        crisis_line=crisis_line,
    )
    return Advice("self_harm", first, tuple(others))


def _went_wrong(response: HttpResponse) -> bool:
    to_sign_in = response.headers.get("Location", "").startswith(reverse(settings.LOGIN_URL))
    return to_sign_in or (response.status_code >= _REFUSED and response.status_code != _FORM_AGAIN)


def _form_of(request: HttpRequest) -> QueryDict:
    try:
        return request.POST
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return QueryDict()


def _emergencies(ticked: Iterable[str]) -> list[str]:
    """Return the flags of what was ticked at its worst: nothing is known of the patient here."""
    codes = set(ticked)
    found: list[str] = []
    for question in QUESTIONS.values():
        found += _of_question(question, codes)
    return list(dict.fromkeys(found))


def _of_question(question: Question, codes: set[str]) -> list[str]:
    answered = [answer for answer in question.answers if answer.code in codes]
    if question.code in codes and question.flag and not answered:
        return [question.flag] if question.level == "emergency" else []
    return [ANSWERS[answer.code].flags[0] for answer in answered if answer.level == "emergency"]


def _once(advice: Iterable[Advice]) -> list[Advice]:
    """Return each text once: most flags share one."""
    return list({(one.sentence, one.steps): one for one in advice}.values())


def _plain(*, status: int, number: str, **context: object) -> HttpResponse:
    whole = {"language": language(), "emergency_number": number, **context}
    return HttpResponse(
        render_to_string("emergency_plain.html", whole), status=status, headers={"Cache-Control": "no-store"}
    )
