"""The WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")

application = get_wsgi_application()

# What is loaded now stays as long as the process: the collector need not look at it again and again.
gc.collect()
gc.freeze()
