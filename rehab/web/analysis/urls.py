"""Addresses of the analyses of a patient."""

from django.urls import path

from rehab.web.analysis import views

urlpatterns = [
    path("patients/<uuid:patient_id>/analysis/", views.analysis, name="analysis"),
    path("patients/<uuid:patient_id>/analysis/hints/<slug:hint_key>/dismiss/", views.hint_dismiss, name="hint-dismiss"),
]
