"""Stock Django and DRF on the service's own database: Django's default middleware, DRF's token, ModelViewSet."""

from rehab.settings import *  # noqa: F403
from rehab.settings import INSTALLED_APPS as SERVICE_APPS

INSTALLED_APPS = [app for app in SERVICE_APPS if not app.startswith("allauth")] + ["rest_framework.authtoken"]
ROOT_URLCONF = "benchmarks.stock.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "PAGE_SIZE": 50,  # type: ignore[dict-item]  # inferred from the service's own dictionary
}
LOGGING = {"version": 1}
