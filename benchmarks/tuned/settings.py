"""Django with what a tuned endpoint needs: no session, no messages, only the database pool of the service."""

from rehab.settings import *  # noqa: F403
from rehab.settings import INSTALLED_APPS as SERVICE_APPS

INSTALLED_APPS = [app for app in SERVICE_APPS if not app.startswith("allauth")]
ROOT_URLCONF = "benchmarks.tuned.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
LOGGING = {"version": 1}
