"""The addresses of the pages."""

from django.urls import URLResolver, include, path

urlpatterns: list[URLResolver] = [
    path("", include("rehab.web.auth.urls")),
    path("", include("rehab.web.dashboard.urls")),
    path("", include("rehab.web.alerts.urls")),
    path("", include("rehab.web.portal.urls")),
    path("", include("rehab.web.programs.urls")),
    path("", include("rehab.web.records.urls")),
]
