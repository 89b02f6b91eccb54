"""The addresses of the pages."""

from django.urls import URLPattern, URLResolver, include, path

from rehab.web import emergency

urlpatterns: list[URLPattern | URLResolver] = [
    path("emergency/", emergency.texts, name="emergency"),
    path("", include("rehab.web.analysis.urls")),
    path("", include("rehab.web.auth.urls")),
    path("", include("rehab.web.dashboard.urls")),
    path("", include("rehab.web.alerts.urls")),
    path("", include("rehab.web.goals.urls")),
    path("", include("rehab.web.learn.urls")),
    path("", include("rehab.web.portal.urls")),
    path("", include("rehab.web.programs.urls")),
    path("", include("rehab.web.records.urls")),
    path("", include("rehab.web.questionnaires.urls")),
    path("", include("rehab.web.series.urls")),
    path("", include("rehab.web.wording.urls")),
    path("", include("rehab.web.summaries.urls")),
]
