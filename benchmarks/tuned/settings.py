"""Django's default middleware and DRF, tuned: a cached token, raw SQL, orjson."""

from benchmarks.stock.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.tuned.urls"
