"""Addresses of the caseload, care teams and clinics."""

from django.urls import path

from rehab.web.dashboard import caseload, clinic, team

urlpatterns = [
    path("dashboard/", caseload.caseload, name="caseload"),
    path("dashboard/patients/new/", caseload.enrol, name="patient-enrol"),
    path("patients/<uuid:patient_id>/edit/", caseload.edit, name="patient-edit"),
    path("patients/<uuid:patient_id>/care-team/", team.care_team, name="care-team"),
    path("patients/<uuid:patient_id>/care-team/add/", team.therapist_add, name="therapist-add"),
    path("patients/<uuid:patient_id>/care-team/invite-patient/", team.patient_invite, name="patient-invite"),
    path("patients/<uuid:patient_id>/care-team/invite-caregiver/", team.caregiver_invite, name="caregiver-invite"),
    path("patients/<uuid:patient_id>/care-team/<uuid:user_id>/end/", team.care_role_end, name="care-role-end"),
    path("clinic/", clinic.clinic, name="clinic"),
    path("clinic/<uuid:clinic_id>/edit/", clinic.edit, name="clinic-edit"),
    path("clinic/<uuid:clinic_id>/invite/", clinic.staff_invite, name="staff-invite"),
    path("clinic/<uuid:clinic_id>/staff/<uuid:membership_id>/end/", clinic.membership_end, name="membership-end"),
    path("invitations/<uuid:invitation_id>/withdraw/", team.invitation_withdraw, name="invitation-withdraw"),
]
