"""Addresses of alerts and mutes."""

from django.urls import path

from rehab.web.alerts import views

urlpatterns = [
    path("dashboard/alerts/", views.alerts, name="alerts"),
    path("dashboard/alerts/<uuid:alert_id>/", views.alert, name="alert"),
    path("dashboard/alerts/<uuid:alert_id>/acknowledge/", views.acknowledge, name="alert-acknowledge"),
    path("dashboard/alerts/<uuid:alert_id>/assign/", views.assign, name="alert-assign"),
    path("dashboard/alerts/<uuid:alert_id>/close/", views.close, name="alert-close"),
    path("dashboard/alerts/<uuid:alert_id>/mute/", views.mute, name="alert-mute"),
    path("patients/<uuid:patient_id>/alert-mutes/", views.mutes, name="alert-mutes"),
    path("alert-mutes/<uuid:mute_id>/end/", views.mute_end, name="alert-mute-end"),
]
