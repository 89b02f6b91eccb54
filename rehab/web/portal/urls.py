"""The start page, a patient's home and a patient's page."""

from django.urls import path

from rehab.web.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("portal/", views.portal, name="portal"),
    path("patients/<uuid:patient_id>/", views.patient, name="patient"),
]
