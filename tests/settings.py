"""Settings of the tests: the service's own, with secrets of one run and no external server unless one is named."""

import os
import secrets
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="rehab-tests-"))
os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
os.environ.setdefault("AUDIT_KEY", secrets.token_hex(32))

from rehab.settings import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # WhiteNoise warns of a missing folder
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]  # noqa: F405  # `make check` lints migrations
