"""Answering a questionnaire and reading what was answered. A caregiver sees neither."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.roles import Permission
from rehab.errors import EnteredInError, IdInUse, Invalid, NotFound, VersionConflict
from rehab.models import Patient, Record
from rehab.reference import red_flag_texts
from rehab.reference.questionnaires import (
    PERMISSION_NOTICE,
    QUESTIONNAIRES,
    SELF_HARM_ITEM,
    Questionnaire,
    is_offered,
    reason_not_offered,
)
from rehab.selectors import alert_messages, patients
from rehab.selectors import questionnaires as reading
from rehab.selectors.questionnaires import Offer, Shown
from rehab.services import follow_ups, questionnaires
from rehab.services.inputs.questionnaires import SHORT_OF
from rehab.web.auth.answers import CONFLICT, UNPROCESSABLE, change_of, sent
from rehab.web.errors import form_view, page, reader
from rehab.web.learn import desks
from rehab.web.questionnaires import presenters
from rehab.web.questionnaires.forms import AnswerForm, ErrorForm
from rehab.web.records import words
from rehab.web.records.presenters import zone_of


@page
@never_cache
@require_safe
def overview(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """What a patient can answer, and what was answered."""
    user = reader(request)
    patient = reading.check_patient(viewer=user, patient_id=patient_id)
    found = reading.course(viewer=user, patient_id=patient_id)
    own = patients.own_patient(user)
    is_own = own is not None and own.pk == patient_id
    context: dict[str, Any] = {
        "patient": patient,
        "is_own": is_own,
        "course": presenters.course(found),
        "in_own_care": not is_own and _treats(request, patient_id),
    }
    if is_own:
        context |= _invitation(reading.offer_of(patient.clinic_id), patient)
        context["beside"] = desks.beside(request, patients.get(viewer=user, patient_id=patient_id), "mood")
    else:
        context["profiles"] = presenters.profiles(found)
    return render(request, "questionnaires/overview.html", context)


def _treats(request: HttpRequest, patient_id: uuid.UUID) -> bool:
    try:
        return patients.get(viewer=reader(request), patient_id=patient_id).may(Permission.VIEW_QUESTIONNAIRES)
    except NotFound:
        return False


def _invitation(offer: Offer, patient: Patient) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "offered": [QUESTIONNAIRES[code] for code in offer.instruments if code not in SHORT_OF],
        "not_offered": "" if is_offered(language=language) else reason_not_offered(language=language),
        "before": _before(patient),
    }


def _before(patient: Patient) -> str:
    """Return what is said before anything is answered: that nobody watches the replies around the clock."""
    text = red_flag_texts.BEFORE_QUESTIONNAIRE.text(get_language() or "en")
    return text.replace("{emergency_number}", patient.clinic.emergency_number)


@form_view
def answer(request: HttpRequest, patient_id: uuid.UUID, instrument: str) -> HttpResponse:
    """One questionnaire. A short one with 3 points or more leads on to the long one."""
    user = reader(request)
    patient = patients.get(viewer=user, patient_id=patient_id, to=Permission.ANSWER_QUESTIONNAIRES).patient
    if instrument not in QUESTIONNAIRES:
        raise Http404
    questionnaire = QUESTIONNAIRES[instrument]
    offer = reading.offer_of(patient.clinic_id)
    posted = sent(request)
    short = _short(request, questionnaire, patient)
    carried = dict(short.answers) if short else {}
    form = AnswerForm(questionnaire, carried=carried, follows=short.id if short else None, data=posted)
    context = {
        "patient": patient,
        "questionnaire": questionnaire,
        "form": form,
        "carried": presenters.answers(short) if short else [],
        "before": _before(patient),
        "who_sees": presenters.who_sees(instrument == "phq9", offer.responders),
        "crisis": questionnaires.crisis_message(patient),
        "permission": PERMISSION_NOTICE,
        "item_9": SELF_HARM_ITEM,
        "closed": "" if posted is not None else _closed(questionnaire, offer, has_short=short is not None),
    }
    if posted is None:
        return render(request, "questionnaires/answer.html", context)
    status = UNPROCESSABLE
    if form.is_valid():
        document = form.document(patient, now=timezone.now())
        try:
            made = questionnaires.create(document, by=user, source=Record.Source.PORTAL, now=timezone.now())
            return _after(request, reading.get(viewer=user, response_id=made.response_id))
        except Invalid as error:
            form.add_problems(error.problems)
        except IdInUse:
            if (stored := _sent_before(request, document, carried)) is not None:
                return _after(request, stored)
            form.renew_id()
            if questionnaires.answers_item_9(document):  # it must not wait for somebody to send it again
                again = {**document, "id": form.data["id"]}
                made = questionnaires.create(again, by=user, source=Record.Source.PORTAL, now=timezone.now())
                return _after(request, reading.get(viewer=user, response_id=made.response_id))
            form.add_error(None, _("You sent other answers with this form before. Send again to add these as well."))
            status = CONFLICT
    # Before anything that is wrong with the form: what was answered to item 9.
    context["crisis_now"] = questionnaires.crisis_of({"answers": form.answers()}, by=user)
    return render(request, "questionnaires/answer.html", context, status=status)


def _short(request: HttpRequest, questionnaire: Questionnaire, patient: Patient) -> Shown | None:
    """Return the short form whose answers are taken over, if it opens this one now."""
    given = request.POST.get("follows") or request.GET.get("after")
    if questionnaire.code not in SHORT_OF or not given:
        return None
    try:
        short_id = uuid.UUID(given)
    except ValueError:
        return None
    if follow_ups.opened_by(questionnaire.code, short_id, patient, at=timezone.now()) is None:
        return None
    return reading.get(viewer=reader(request), response_id=short_id)


def _closed(questionnaire: Questionnaire, offer: Offer, *, has_short: bool) -> str:
    """Return why a questionnaire cannot be answered now; empty if it can."""
    language = get_language() or "en"
    if not is_offered(language=language):
        return reason_not_offered(language=language)
    if questionnaire.code not in offer.instruments:
        return _("Your clinic does not offer this questionnaire at present.")
    if questionnaire.code in SHORT_OF and not has_short:
        return _("These questions open after the two short ones, for 24 hours.")
    return ""


def _sent_before(request: HttpRequest, document: dict[str, Any], carried: dict[str, int]) -> Shown | None:
    """Return what the same form stored a moment ago with the same answers: it was sent twice."""
    try:
        stored = reading.get(viewer=reader(request), response_id=uuid.UUID(document["id"]))
    except NotFound:
        return None
    same = stored.answers == {**carried, **document["answers"]} and stored.difficulty == document["difficulty"]
    return stored if same and stored.instrument == document["instrument"] and stored.is_own else None


def _after(request: HttpRequest, shown: Shown) -> HttpResponse:
    if shown.follow_up is None:
        return redirect("questionnaire-response", shown.id)
    messages.success(request, _("Your answers are saved. A few more questions follow; you can stop here if you like."))
    url = reverse("questionnaire-answer", args=[shown.patient_id, shown.follow_up])
    return redirect(f"{url}?after={shown.id}")


@page
@never_cache
@require_safe
def response(request: HttpRequest, response_id: uuid.UUID) -> HttpResponse:
    """One answered questionnaire: the crisis message before everything else, for the patient who reads their own."""
    user = reader(request)
    shown = reading.get(viewer=user, response_id=response_id)
    patient = reading.check_patient(viewer=user, patient_id=shown.patient_id)
    treats = not shown.is_own and _treats(request, patient.pk)
    opens = shown.follow_up and not shown.is_in_error and shown.is_own
    still_open = opens and follow_ups.opened_by(str(shown.follow_up), shown.id, patient, at=timezone.now())
    crisis = questionnaires.crisis_of_shown(shown)
    context = {
        "shown": shown,
        "patient": patient,
        "title": presenters.title(shown),
        "crisis": crisis,
        "told": _told(shown) if crisis else "",
        "score": presenters.score_for_patient(shown),
        "total": presenters.total(shown),
        "band": presenters.band(shown.score.band),
        "answers": presenters.answers(shown),
        "who_sees": presenters.who_sees(shown.has_item_9, shown.responders),
        "performed_at": words.moment(shown.performed_at, zone_of(patient)),
        "changed_at": words.moment(shown.updated_at, zone_of(patient)),
        "in_own_care": treats,
        "may_mark": (shown.is_own or treats) and not shown.is_in_error,
        "more": presenters.more_questions(shown.follow_up) if still_open and shown.follow_up else "",
    }
    return render(request, "questionnaires/response.html", context)


def _told(shown: Shown) -> str:
    """Return whether whoever answers item 9 has been told of these answers: only a message that was sent tells."""
    at = alert_messages.source_told_at(source_kind=questionnaires.NAME, source_id=shown.id)
    phrase = red_flag_texts.NOT_TOLD if at is None else red_flag_texts.THERAPIST_TOLD
    return phrase.text(get_language() or "en")


@form_view
def in_error(request: HttpRequest, response_id: uuid.UUID) -> HttpResponse:
    """Mark answers as entered in error, with a reason; new ones are given with a new form."""
    user = reader(request)
    shown = reading.get(viewer=user, response_id=response_id)
    questionnaires.check_may_mark(shown, by=user)
    if shown.is_in_error:
        return _already(request, response_id)
    form = ErrorForm(sent(request), initial={"version": shown.version})
    if form.is_valid():
        try:
            questionnaires.enter_in_error(response_id, **change_of(form, by=user, now=timezone.now()))
        except Invalid as error:
            for problem in error.problems:
                form.add_error("reason", str(problem.message))
        except (EnteredInError, VersionConflict):
            return _already(request, response_id)
        else:
            messages.success(request, _("Marked as entered in error. It stays readable and counts for nothing."))
            return redirect("questionnaire-response", response_id)
    context = {"shown": shown, "title": presenters.title(shown), "form": form}
    return render(request, "questionnaires/in_error.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _already(request: HttpRequest, response_id: uuid.UUID) -> HttpResponse:
    messages.warning(request, _("This record was marked entered in error and stays as it is."))
    return redirect("questionnaire-response", response_id)
