"""Addresses of the questionnaires: answering, reading, and what a clinic offers."""

from django.urls import path

from rehab.web.questionnaires import clinic, views

urlpatterns = [
    path("patients/<uuid:patient_id>/questionnaires/", views.overview, name="questionnaires"),
    path("patients/<uuid:patient_id>/questionnaires/<slug:instrument>/", views.answer, name="questionnaire-answer"),
    path("questionnaires/<uuid:response_id>/", views.response, name="questionnaire-response"),
    path("questionnaires/<uuid:response_id>/in-error/", views.in_error, name="questionnaire-in-error"),
    path("clinic/<uuid:clinic_id>/questionnaires/", clinic.edit, name="clinic-questionnaires"),
    path("clinic/<uuid:clinic_id>/responders/add/", clinic.responder_add, name="responder-add"),
    path(
        "clinic/<uuid:clinic_id>/responders/<uuid:responder_user_id>/end/", clinic.responder_end, name="responder-end"
    ),
]
