"""Which questionnaires a clinic offers, and who answers item 9 for it. Only its administrators decide."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic, Membership, User
from accounts.roles import ClinicRole
from rehab.errors import Invalid, NotFound, Problem
from rehab.models import ClinicQuestionnaires, ClinicResponder
from rehab.selectors import access
from rehab.services import alert_handling, alert_messages, events

Mode = ClinicQuestionnaires.Mode


@transaction.atomic
def add(*, clinic_id: uuid.UUID, user_id: uuid.UUID, by: User, now: datetime) -> ClinicResponder:
    """Name a therapist of the clinic to answer item 9; they are told of what nobody has answered yet.

    ``NotFound`` for anybody else.
    """
    clinic = _administered(clinic_id, by=by)
    works_here = Membership.objects.filter(
        user_id=user_id, clinic=clinic, role=ClinicRole.THERAPIST, ended_at__isnull=True
    )
    member = works_here.select_related("user").first()
    if member is None:
        raise NotFound
    try:
        with transaction.atomic():
            responder = ClinicResponder.objects.create(clinic=clinic, user=member.user, added_by=by, added_at=now)
    except IntegrityError:
        raise Invalid([Problem("/user", "named_already", _("This person answers item 9 already."))]) from None
    alert_messages.tell_who_answers(clinic.pk, user_id=user_id, now=now)
    events.tell_of_clinic("responder.added", clinic, ("user", user_id), by=by, now=now)
    return responder


@transaction.atomic
def end(*, clinic_id: uuid.UUID, user_id: uuid.UUID, by: User, now: datetime) -> None:
    """End a person's answering. After the last one item 9 is not asked any more."""
    clinic = _administered(clinic_id, by=by)
    if not _end(clinic, user_id, by=by, now=now):
        raise NotFound


def leave(*, clinic: Clinic, user_id: uuid.UUID, by: User, now: datetime) -> None:
    """End the answering of somebody who stops working for the clinic. Call inside that transaction."""
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    _end(clinic, user_id, by=by, now=now)


@transaction.atomic
def offer(*, clinic_id: uuid.UUID, mode: str, by: User, now: datetime) -> None:
    """Choose which questionnaires the clinic offers; item 9 only if somebody answers for it, else ``Invalid``."""
    clinic = _administered(clinic_id, by=by)
    if mode not in Mode.values:
        raise Invalid([Problem("/mode", "unknown_code", _("Questionnaires: choose from the list."))])
    if mode == Mode.WITH_ITEM_9 and not access.current_responders().filter(clinic=clinic).exists():
        message = _("Questionnaires: name at least one therapist who answers item 9 first.")
        raise Invalid([Problem("/mode", "nobody_answers", message)])
    _set_mode(clinic, mode, by=by, now=now)


def _administered(clinic_id: uuid.UUID, *, by: User) -> Clinic:
    """Return the clinic, locked, so that the last responder cannot leave while item 9 is switched on or answered."""
    clinic = (
        access.clinics_administered_by(by).select_for_update(no_key=True, of=("self",)).filter(pk=clinic_id).first()
    )
    if clinic is None:
        raise NotFound
    return clinic


def _end(clinic: Clinic, user_id: uuid.UUID, *, by: User, now: datetime) -> bool:
    current = ClinicResponder.objects.filter(clinic=clinic, user_id=user_id, ended_at__isnull=True)
    if not current.update(ended_at=now, ended_by=by):
        return False
    events.tell_of_clinic("responder.ended", clinic, ("user", user_id), by=by, now=now)
    alert_handling.hand_back(user_id=user_id, clinic_id=clinic.pk, by=by, now=now)
    chosen = ClinicQuestionnaires.objects.filter(clinic=clinic, mode=Mode.WITH_ITEM_9)
    if chosen.exists() and not access.current_responders().filter(clinic=clinic).exists():
        _set_mode(clinic, Mode.WITHOUT_ITEM_9, by=by, now=now)
    return True


def _set_mode(clinic: Clinic, mode: str, *, by: User, now: datetime) -> None:
    stored, made = ClinicQuestionnaires.objects.get_or_create(clinic=clinic, defaults={"mode": mode})
    if not made:
        if stored.mode == mode:
            return
        ClinicQuestionnaires.objects.filter(pk=stored.pk).update(mode=mode)
    events.tell_of_clinic(
        "clinic.questionnaires_changed", clinic, ("clinic", clinic.pk), by=by, now=now, changes={"mode": mode}
    )
