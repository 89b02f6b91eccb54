"""The service's settings, and the table of DRF's own tokens, for what is made before the servers start."""

from rehab.settings import *  # noqa: F403
from rehab.settings import INSTALLED_APPS as SERVICE_APPS

INSTALLED_APPS = [*SERVICE_APPS, "rest_framework.authtoken"]
