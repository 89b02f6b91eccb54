"""The URL map. ``tests/test_role_matrix.py`` holds who may do what at each of these addresses."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

from rehab.api.description import Description
from rehab.api.errors import not_found
from rehab.web import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("rehab.api.v1.urls")),
    path(
        "api/openapi.yaml",
        Description.as_view(authentication_classes=[], permission_classes=[]),
        name="api-schema",
    ),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", authentication_classes=[], permission_classes=[]),
        name="api-docs",
    ),
    re_path(r"^api/(?P<path>.*)$", not_found, name="api-not-found"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("rehab.web.urls")),
]
