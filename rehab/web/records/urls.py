"""The addresses of records, and of logging them."""

from django.urls import path

from rehab.web.records import changing, views

urlpatterns = [
    path("patients/<uuid:patient_id>/log/", views.log, name="log"),
    path("patients/<uuid:patient_id>/log/<slug:kind>/<slug:variant>/", views.log_record, name="log-record"),
    path("records/<slug:kind>/<uuid:record_id>/", views.record, name="record"),
    path("records/<slug:kind>/<uuid:record_id>/amend/", changing.record_amend, name="record-amend"),
    path("records/<slug:kind>/<uuid:record_id>/in-error/", changing.record_in_error, name="record-in-error"),
    path("records/<slug:kind>/<uuid:record_id>/versions/", views.record_versions, name="record-versions"),
]
