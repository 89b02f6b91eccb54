"""The addresses of version 1."""

from django.urls import include, path

from rehab.api.v1 import (
    analyses,
    assessments,
    baselines,
    batch,
    caseload,
    check_ins,
    girth,
    me,
    patients,
    reference,
    rom,
    series,
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
    path("timeline/", include(timeline.urlpatterns)),
    path("analytics/", include(analyses.urlpatterns)),
    path("series/", include(series.urlpatterns)),
    path("trends/", include(series.trend_urlpatterns)),
    path("baselines/", include(baselines.urlpatterns)),
    path("caseload/", include(caseload.urlpatterns)),
    path("batch/", include(batch.urlpatterns)),
    path("reference/", include(reference.urlpatterns)),
    path("me/", include(me.urlpatterns)),
]
