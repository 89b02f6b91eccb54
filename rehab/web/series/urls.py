"""Addresses of a patient's series."""

from django.urls import path

from rehab.web.series import views

urlpatterns = [
    path("patients/<uuid:patient_id>/series/", views.series_list, name="series-list"),
    path("patients/<uuid:patient_id>/series/<str:series>/", views.series, name="series"),
    path("patients/<uuid:patient_id>/series/<str:series>/baseline/", views.baseline_set, name="baseline-set"),
    path("baselines/<uuid:baseline_id>/end/", views.baseline_end, name="baseline-end"),
]
