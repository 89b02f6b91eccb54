"""The addresses of version 1."""

from django.urls import include, path

from rehab.api.v1 import (
    adherence,
    alert_mutes,
    alerts,
    batch,
    checklists,
    excusals,
    girth,
    me,
    patients,
    program_templates,
    programs,
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
    path("alerts/", include(alerts.urlpatterns)),
    path("alert-mutes/", include(alert_mutes.urlpatterns)),
    path("", include(adherence.urlpatterns)),
    path("programs/", include(programs.urlpatterns)),
    path("program-templates/", include(program_templates.urlpatterns)),
    path("excusals/", include(excusals.urlpatterns)),
    path("checklists/", include(checklists.urlpatterns)),
    path("timeline/", include(timeline.urlpatterns)),
    path("batch/", include(batch.urlpatterns)),
    path("reference/", include(reference.urlpatterns)),
    path("me/", include(me.urlpatterns)),
]
