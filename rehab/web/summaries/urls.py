"""Addresses of summaries."""

from django.urls import path

from rehab.web.summaries import sending, views

urlpatterns = [
    path("patients/<uuid:patient_id>/summaries/", views.of_patient, name="patient-summaries"),
    path("dashboard/summaries/", views.of_caseload, name="caseload-summaries"),
    path("clinic/<uuid:clinic_id>/summaries/", views.of_clinic, name="clinic-summaries"),
    path("summaries/<uuid:summary_id>/", views.summary, name="summary"),
    path("summaries/<uuid:summary_id>/versions/<int:version>/", views.summary, name="summary-version"),
    path("summaries/<uuid:summary_id>/pdf/", views.summary_pdf, name="summary-pdf"),
    path("summaries/<uuid:summary_id>/send/", sending.send, name="summary-send"),
]
