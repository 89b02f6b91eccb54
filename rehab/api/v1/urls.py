"""The addresses of version 1."""

from django.urls import include, path

from rehab.api.v1 import (
    alert_mutes,
    alerts,
    assessments,
    batch,
    check_ins,
    girth,
    goals,
    me,
    patients,
    reference,
    rom,
    sessions,
    strength,
    timeline,
)

urlpatterns = [
    path("patients/", include(patients.urlpatterns)),
    path("strength/", include(strength.urlpatterns)),
    path("rom/", include(rom.urlpatterns)),
    path("girth/", include(girth.urlpatterns)),
    path("sessions/", include(sessions.urlpatterns)),
    path("check-ins/", include(check_ins.urlpatterns)),
    path("assessments/", include(assessments.urlpatterns)),
    path("goals/", include(goals.urlpatterns)),
    path("analytics/goal-attainment/", include(goals.attainment_urlpatterns)),
    path("alerts/", include(alerts.urlpatterns)),
    path("alert-mutes/", include(alert_mutes.urlpatterns)),
    path("timeline/", include(timeline.urlpatterns)),
    path("batch/", include(batch.urlpatterns)),
    path("reference/", include(reference.urlpatterns)),
    path("me/", include(me.urlpatterns)),
]
