"""Who sees whom, as querysets. This file alone decides; not visible means not found."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import Clinic, Invitation, Membership, User
from accounts.roles import CareRole, ClinicRole
from rehab.models import CareTeamMember, ClinicResponder, Patient, QuestionnaireResponse


def care_roles(user: User) -> QuerySet[CareTeamMember]:
    """Return the current places of a person on care teams: as patient, caregiver or therapist."""
    return CareTeamMember.objects.filter(user=user, ended_at__isnull=True)


def patients_visible_to(user: User) -> QuerySet[Patient]:
    """Return the patients whose clinical data a person may see."""
    return Patient.objects.filter(care_team__user=user, care_team__ended_at__isnull=True)


def memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, ended_at__isnull=True)


def clinics_administered_by(user: User) -> QuerySet[Clinic]:
    """Return the clinics whose people and settings a person looks after; no clinical data comes with it."""
    return Clinic.objects.filter(
        memberships__user=user,
        memberships__role=ClinicRole.CLINIC_ADMIN,
        memberships__ended_at__isnull=True,
    )


def clinics_worked_for_by(user: User) -> QuerySet[Clinic]:
    """Return the clinics where a person is a therapist, and so may enrol patients."""
    return Clinic.objects.filter(
        memberships__user=user,
        memberships__role=ClinicRole.THERAPIST,
        memberships__ended_at__isnull=True,
    )


def current_responders() -> QuerySet[ClinicResponder]:
    """Return who answers item 9, for all clinics: named, and still a therapist of that clinic."""
    working = Membership.objects.filter(
        user=OuterRef("user"), clinic=OuterRef("clinic"), role=ClinicRole.THERAPIST, ended_at__isnull=True
    )
    return ClinicResponder.objects.filter(Exists(working), ended_at__isnull=True, user__is_active=True)


def clinics_answered_for_by(user: User) -> QuerySet[Clinic]:
    """Return the clinics for which a person answers item 9."""
    return Clinic.objects.filter(pk__in=current_responders().filter(user=user).values("clinic_id"))


def questionnaire_responses_visible_to(user: User) -> QuerySet[QuestionnaireResponse]:
    """Return the questionnaire answers that a person may see; ``shows_item_9`` says of each whether item 9 too.

    The patient and their therapists see answers; a caregiver sees none. Item 9 of the PHQ-9 is seen by the patient and
    by those who answer it for the patient's clinic. These also see, of any patient of that clinic, the answers whose
    item 9 is 1 or more, on the care team or not: they must be able to act.
    """
    places = care_roles(user)
    own = places.filter(role=CareRole.PATIENT).values("patient_id")
    treated = places.filter(role=CareRole.THERAPIST).values("patient_id")
    answered_for = Q(patient__clinic__in=clinics_answered_for_by(user))
    return QuestionnaireResponse.objects.annotate(
        is_own=ExpressionWrapper(Q(patient__in=own), output_field=BooleanField()),
        shows_item_9=ExpressionWrapper(Q(patient__in=own) | answered_for, output_field=BooleanField()),
    ).filter(Q(patient__in=own) | Q(patient__in=treated) | answered_for & Q(self_harm_answer__gte=1))


def invitations_managed_by(user: User) -> QuerySet[Invitation]:
    """Return the invitations that a person sent, and those to staff of the clinics they administer."""
    return Invitation.objects.filter(
        Q(invited_by=user) | Q(clinic__in=clinics_administered_by(user), purpose__in=ClinicRole.values)
    )
