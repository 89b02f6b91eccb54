"""Makes Celery find its application whenever Django starts."""

from rehab.celery import app as celery_app

__all__ = ["celery_app"]
