"""Roles are lists of permissions, in code. Who sees which patient is decided in ``rehab.selectors.access``."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    VIEW_RECORDS = "view_records"
    LOG_RECORDS = "log_records"
    AMEND_RECORDS = "amend_records"
    EDIT_PATIENT = "edit_patient"
    INVITE_CAREGIVER = "invite_caregiver"
    MANAGE_CARE_TEAM = "manage_care_team"
    ASSESS = "assess"  # enter what only a clinician measures
    PLAN = "plan"  # write programmes and goals, answer contraindication checklists
    TEACH = "teach"  # give articles to read, see what was read, answer questions about them
    HANDLE_ALERTS = "handle_alerts"
    VIEW_ANALYSIS = "view_analysis"  # what is meant for clinicians: pattern hints among them
    ANSWER_QUESTIONNAIRES = "answer_questionnaires"  # the patient alone answers about themself
    VIEW_QUESTIONNAIRES = "view_questionnaires"  # never a caregiver


class ClinicRole(models.TextChoices):
    THERAPIST = "therapist", _("Therapist")
    CLINIC_ADMIN = "clinic_admin", _("Clinic administrator")


class CareRole(models.TextChoices):
    PATIENT = "patient", _("Patient")
    CAREGIVER = "caregiver", _("Caregiver")
    THERAPIST = "therapist", _("Therapist")


#: What a caregiver may be granted by the patient; viewing is always part of it.
CAREGIVER_MAY_HAVE = (Permission.VIEW_RECORDS, Permission.LOG_RECORDS, Permission.AMEND_RECORDS)

CARE_ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    CareRole.PATIENT: frozenset(
        {
            Permission.VIEW_RECORDS,
            Permission.LOG_RECORDS,
            Permission.AMEND_RECORDS,
            Permission.INVITE_CAREGIVER,
            Permission.ANSWER_QUESTIONNAIRES,
            Permission.VIEW_QUESTIONNAIRES,
        }
    ),
    CareRole.THERAPIST: frozenset(
        {
            Permission.VIEW_RECORDS,
            Permission.LOG_RECORDS,
            Permission.AMEND_RECORDS,
            Permission.EDIT_PATIENT,
            Permission.MANAGE_CARE_TEAM,
            Permission.ASSESS,
            Permission.PLAN,
            Permission.TEACH,
            Permission.HANDLE_ALERTS,
            Permission.VIEW_ANALYSIS,
            Permission.VIEW_QUESTIONNAIRES,
        }
    ),
}
