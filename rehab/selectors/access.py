"""Who sees whom, as querysets. This file alone decides; not visible means not found."""

import uuid
from collections.abc import Collection

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import Clinic, Invitation, Membership, User
from accounts.roles import CareRole, ClinicRole
from rehab.models import CareTeamMember, ClinicResponder, Patient, QuestionnaireResponse, Summary
from rehab.reference.alert_rules import ITEM_9_MATTER


def care_roles(user: User) -> QuerySet[CareTeamMember]:
    """Return the current places of a person on care teams: as patient, caregiver or therapist."""
    return CareTeamMember.objects.filter(user=user, ended_at__isnull=True)


def patients_visible_to(user: User) -> QuerySet[Patient]:
    """Return the patients whose clinical data a person may see."""
    return Patient.objects.filter(care_team__user=user, care_team__ended_at__isnull=True)


def patients_treated_by(user: User) -> QuerySet[Patient]:
    """Return the patients whose alerts a person handles: those they are a therapist of."""
    return Patient.objects.filter(pk__in=care_roles(user).filter(role=CareRole.THERAPIST).values("patient_id"))


def treating(patient_ids: Collection[uuid.UUID]) -> QuerySet[CareTeamMember]:
    """Return the current places of the therapists of some patients, of those people who can still sign in."""
    return CareTeamMember.objects.filter(
        patient_id__in=patient_ids, role=CareRole.THERAPIST, ended_at__isnull=True, user__is_active=True
    )


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


def clinics_staffed_by(user: User) -> QuerySet[Clinic]:
    """Return the clinics that a person works for, as a therapist or as an administrator."""
    return Clinic.objects.filter(pk__in=memberships(user).values("clinic_id"))


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


def reserved_alerts() -> Q:
    """Return the condition on the alerts that reach those alone who answer item 9 for the patient's clinic."""
    rule, subject = ITEM_9_MATTER
    return Q(rule=rule, subject=subject)


def alerts_handled_by(user: User) -> Q:
    """Return the condition on the alerts that a person sees and handles: those of their patients, and, if they answer
    item 9 for a clinic, the reserved ones of every patient of that clinic."""
    answered_for = Q(patient__clinic__in=clinics_answered_for_by(user))
    return Q(patient__in=patients_treated_by(user)) & ~reserved_alerts() | answered_for & reserved_alerts()


def responders_for(patient_ids: Collection[uuid.UUID]) -> QuerySet[ClinicResponder]:
    """Return who answers item 9 for some patients: a row for each of them, the patient in ``clinic__patients``."""
    return current_responders().filter(clinic__patients__in=patient_ids)


def invitations_managed_by(user: User) -> QuerySet[Invitation]:
    """Return the invitations that a person sent, and those to staff of the clinics they administer."""
    return Invitation.objects.filter(
        Q(invited_by=user) | Q(clinic__in=clinics_administered_by(user), purpose__in=ClinicRole.values)
    )


def clinics_summarised_for(user: User) -> QuerySet[Clinic]:
    """Return the clinics whose monthly summary a person may open: where they work, whatever they do there."""
    return Clinic.objects.filter(pk__in=memberships(user).values("clinic_id"))


def summaries_visible_to(user: User) -> QuerySet[Summary]:
    """Return the summaries that a person may open, whole or in part.

    A patient's: whoever is on the care team. A caseload's: that therapist, while they work for the clinic. A clinic's:
    its administrators and therapists. Where the person belongs is read first, in two statements: with sub-selects in
    its place PostgreSQL uses no index for the alternatives.
    """
    patients = list(care_roles(user).values_list("patient_id", flat=True))
    places = list(memberships(user).values_list("clinic_id", "role"))
    clinics = {clinic for clinic, _role in places}
    treats_in = {clinic for clinic, role in places if role == ClinicRole.THERAPIST}
    return Summary.objects.filter(
        Q(audience=Summary.Audience.PATIENT, patient_id__in=patients)
        | Q(audience=Summary.Audience.THERAPIST, therapist=user, clinic_id__in=treats_in)
        | Q(audience=Summary.Audience.CLINIC, clinic_id__in=clinics)
    )
