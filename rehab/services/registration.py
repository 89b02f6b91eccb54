"""The ways in that take two steps at once, each in one transaction: all of it happens or nothing does."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Clinic, Invitation, User
from rehab.services import clinics, patients, people
from rehab.services.patients import Enrolled


def register_clinic(
    *,
    email: str,
    name: str,
    password: str,
    language: str,
    clinic_name: str,
    time_zone: str,
    emergency_number: str,
    now: datetime,
) -> tuple[User, Clinic]:
    """Make an account and the clinic that it founds; raise ``Invalid`` with what is wrong with either."""
    with transaction.atomic():
        user = people.sign_up(email=email, name=name, password=password, language=language)
        clinic = clinics.found(
            name=clinic_name, time_zone=time_zone, emergency_number=emergency_number, by=user, now=now
        )
    return user, clinic


def join(invitation: Invitation, *, name: str, password: str, language: str, now: datetime) -> User:
    """Make an account for the address that was invited, and take the place that the invitation offers."""
    with transaction.atomic():
        user = people.sign_up(email=invitation.email, name=name, password=password, language=language)
        people.accept(invitation, by=user, now=now)
    return user


def enrol(document: Any, *, invite: str, language: str, by: User, now: datetime) -> Enrolled:
    """Enrol a patient and, if an address is given, invite them; sending it twice enrols and invites once."""
    with transaction.atomic():
        enrolled = patients.enrol(document, by=by, now=now)
        if invite and enrolled.created:
            people.invite_patient(patient_id=enrolled.patient.pk, email=invite, language=language, by=by, now=now)
    return enrolled
