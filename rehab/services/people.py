"""Invitations and care teams: who comes in, as what, and who leaves."""

import uuid
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import addresses, invitations
from accounts.errors import InvitationUnusable
from accounts.models import Invitation, Membership, User
from accounts.roles import CAREGIVER_MAY_HAVE, CareRole, ClinicRole, Permission
from rehab.errors import Invalid, NotFound, NotPermitted, Problem
from rehab.models import CareTeamMember, Patient
from rehab.selectors import access, patients
from rehab.services import alert_handling, alert_messages, events, mailings, responders

LONGEST_EMAIL = 254


def sign_up(*, email: str, name: str, password: str, language: str) -> User:
    """Make an account, or raise ``Invalid``. Call inside a transaction, with what gives the person a place."""
    problems = _problems_of_email(email)
    if not 1 <= len(name.strip()) <= 120:
        problems.append(Problem("/name", "out_of_range", _("Name: 1 to 120 characters.")))
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        problems += [Problem("/password", "too_weak", message) for message in error.messages]
    if problems:
        raise Invalid(problems)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name.strip(), language=language)
            addresses.of(user)
    except IntegrityError:
        message = _("E-mail address: there is an account with it already. Sign in first, then follow the link again.")
        raise Invalid([Problem("/email", "in_use", message)]) from None
    return user


@transaction.atomic
def invite_staff(*, clinic_id: uuid.UUID, email: str, role: str, language: str, by: User, now: datetime) -> Invitation:
    """Invite a therapist or administrator; only administrators of the clinic may."""
    clinic = access.clinics_administered_by(by).filter(pk=clinic_id).first()
    if clinic is None:
        raise NotFound
    if role not in ClinicRole.values:
        raise Invalid([Problem("/role", "unknown_code", _("Role: choose therapist or clinic administrator."))])
    _check_email(email)
    mailings.hurry_invitations()
    return invitations.create(clinic=clinic, purpose=role, email=email, by=by, now=now, language=language)


@transaction.atomic
def invite_patient(*, patient_id: uuid.UUID, email: str, language: str, by: User, now: datetime) -> Invitation:
    """Invite the patient to their own record; a therapist of the team may."""
    seen = patients.get(viewer=by, patient_id=patient_id, to=Permission.MANAGE_CARE_TEAM)
    _check_email(email)
    if patients.care_team(patient=seen.patient).filter(role=CareRole.PATIENT).exists():
        raise Invalid([Problem("/email", "has_account", _("This patient has an account already."))])
    mailings.hurry_invitations()
    return invitations.create(
        clinic=seen.patient.clinic,
        purpose=CareRole.PATIENT,
        email=email,
        by=by,
        now=now,
        language=language,
        patient_id=patient_id,
    )


@transaction.atomic
def invite_caregiver(
    *, patient_id: uuid.UUID, email: str, permissions: list[str], language: str, by: User, now: datetime
) -> Invitation:
    """Invite a caregiver; only the patient may, and says what the caregiver may do."""
    seen = patients.get(viewer=by, patient_id=patient_id, to=Permission.INVITE_CAREGIVER)
    _check_email(email)
    if not set(permissions) <= set(CAREGIVER_MAY_HAVE):
        raise Invalid([Problem("/permissions", "unknown_code", _("Permissions: choose from the list."))])
    mailings.hurry_invitations()
    return invitations.create(
        clinic=seen.patient.clinic,
        purpose=CareRole.CAREGIVER,
        email=email,
        by=by,
        now=now,
        language=language,
        patient_id=patient_id,
        permissions=sorted({Permission.VIEW_RECORDS, *permissions}),
    )


@transaction.atomic
def accept(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Take the place that the invitation offers, and use the invitation up.

    Who follows a link that was sent to their own address has shown that the address is theirs.
    """
    invitations.claim(invitation, by=by, now=now)
    if invitation.email.lower() == by.email.lower():
        addresses.of(by).set_verified()
    if invitation.purpose in ClinicRole.values:
        Membership.objects.get_or_create(
            user=by,
            clinic=invitation.clinic,
            role=invitation.purpose,
            ended_at=None,
            defaults={"joined_at": now},
        )
        return
    patient = Patient.objects.select_related("clinic").get(pk=str(invitation.patient_id))
    if access.care_roles(by).filter(patient=patient).exists():
        raise InvitationUnusable("already_on_team")
    if invitation.purpose == CareRole.PATIENT and patients.own_patient(by) is not None:
        raise InvitationUnusable("already_a_patient")
    try:
        with transaction.atomic():
            CareTeamMember.objects.create(
                patient=patient,
                user=by,
                role=invitation.purpose,
                permissions=invitation.permissions,
                added_by=invitation.invited_by,
                added_at=now,
            )
    except IntegrityError:
        raise InvitationUnusable("place_taken") from None
    events.tell_of_patient(
        "care_team.joined", patient, ("user", by.pk), by=by, now=now, changes={"role": invitation.purpose}
    )


@transaction.atomic
def add_therapist(*, patient_id: uuid.UUID, therapist_id: uuid.UUID, by: User, now: datetime) -> None:
    """Put a therapist of the patient's own clinic on the team; a therapist of the team or an administrator may."""
    patient = _patient_whose_team_is_managed(patient_id, by=by)
    member = (
        Membership.objects.filter(
            user_id=therapist_id, clinic=patient.clinic, role=ClinicRole.THERAPIST, ended_at__isnull=True
        )
        .select_related("user")
        .first()
    )
    if member is None:
        raise NotFound
    try:
        with transaction.atomic():
            CareTeamMember.objects.create(
                patient=patient, user=member.user, role=CareRole.THERAPIST, added_by=by, added_at=now
            )
    except IntegrityError:
        raise Invalid(
            [Problem("/therapist", "on_team_already", _("This person is on the care team already."))]
        ) from None
    events.tell_of_patient(
        "care_team.added", patient, ("user", therapist_id), by=by, now=now, changes={"role": CareRole.THERAPIST}
    )
    alert_messages.tell_who_joined(patient_id, user_id=therapist_id, now=now)


@transaction.atomic
def end_care_role(*, patient_id: uuid.UUID, user_id: uuid.UUID, by: User, now: datetime) -> None:
    """End a person's place: the patient or the caregiver a caregiver's, the team or an administrator a therapist's.

    The patient's own place is not ended here, and the last therapist stays, so that nobody is left alone.
    """
    seen = access.care_roles(by).filter(patient_id=patient_id).first()
    of_caregiver = seen is not None and (seen.role == CareRole.PATIENT or _leaves_as_caregiver(seen, user_id))
    patient = seen.patient if seen and of_caregiver else _patient_whose_team_is_managed(patient_id, by=by)
    team = CareTeamMember.objects.select_for_update().filter(patient=patient, ended_at__isnull=True)
    member = team.filter(user_id=user_id).first()
    if member is None:
        raise NotFound
    if member.role != (CareRole.CAREGIVER if of_caregiver else CareRole.THERAPIST):
        raise NotPermitted
    if member.role == CareRole.THERAPIST and team.filter(role=CareRole.THERAPIST).count() == 1:
        raise Invalid([Problem("/therapist", "last_one", _("The last therapist stays on the care team."))])
    team.filter(pk=member.pk).update(ended_at=now, ended_by=by)
    invitations.withdraw_of(
        member.user, purposes=[CareRole.PATIENT], clinic_id=patient.clinic_id, patient_id=patient.pk, by=by, now=now
    )
    events.tell_of_patient("care_team.ended", patient, ("user", user_id), by=by, now=now, changes={"role": member.role})
    if member.role == CareRole.THERAPIST:
        alert_handling.hand_back(user_id=user_id, clinic_id=patient.clinic_id, by=by, now=now)


def _leaves_as_caregiver(place: CareTeamMember, user_id: uuid.UUID) -> bool:
    return place.role == CareRole.CAREGIVER and place.user_id == user_id


def _patient_whose_team_is_managed(patient_id: uuid.UUID, *, by: User) -> Patient:
    administered = Patient.objects.filter(pk=patient_id, clinic__in=access.clinics_administered_by(by)).first()
    return administered or patients.get(viewer=by, patient_id=patient_id, to=Permission.MANAGE_CARE_TEAM).patient


@transaction.atomic
def end_membership(*, clinic_id: uuid.UUID, membership_id: uuid.UUID, by: User, now: datetime) -> None:
    """End a person's work for a clinic, and with a therapist's their places on its care teams."""
    clinic = access.clinics_administered_by(by).filter(pk=clinic_id).first()
    if clinic is None:
        raise NotFound
    current = Membership.objects.select_for_update().filter(clinic=clinic, ended_at__isnull=True)
    membership = current.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound
    if membership.role == ClinicRole.CLINIC_ADMIN and current.filter(role=ClinicRole.CLINIC_ADMIN).count() == 1:
        raise Invalid([Problem("/membership", "last_one", _("The last administrator stays."))])
    current.filter(pk=membership_id).update(ended_at=now)
    left_open = [CareRole.PATIENT] if membership.role == ClinicRole.THERAPIST else ClinicRole.values
    invitations.withdraw_of(membership.user, purposes=left_open, clinic_id=clinic.pk, by=by, now=now)
    if membership.role == ClinicRole.THERAPIST:
        CareTeamMember.objects.filter(
            user=membership.user, patient__clinic=clinic, role=CareRole.THERAPIST, ended_at__isnull=True
        ).update(ended_at=now, ended_by=by)
        responders.leave(clinic=clinic, user_id=membership.user_id, by=by, now=now)
        alert_handling.hand_back(user_id=membership.user_id, clinic_id=clinic.pk, by=by, now=now)
    events.tell_of_clinic(
        "membership.ended", clinic, ("user", membership.user_id), by=by, now=now, changes={"role": membership.role}
    )


@transaction.atomic
def withdraw_invitation(*, invitation_id: uuid.UUID, by: User, now: datetime) -> None:
    """Withdraw an invitation: whoever sent it, or an administrator of its clinic for staff."""
    found = access.invitations_managed_by(by).filter(pk=invitation_id).first()
    if found is None:
        raise NotFound
    invitations.withdraw(found, by=by, now=now)


def _check_email(email: str) -> None:
    if problems := _problems_of_email(email):
        raise Invalid(problems)


def _problems_of_email(email: str) -> list[Problem]:
    try:
        validate_email(email)
    except ValidationError:
        return [Problem("/email", "invalid", _("E-mail address: it is not valid."))]
    if len(email) > LONGEST_EMAIL:
        return [Problem("/email", "out_of_range", _("E-mail address: up to 254 characters."))]
    return []
