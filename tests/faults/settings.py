"""Settings of worker and beat under test: the service's own. Where the clock jumps, beat looks every second."""

import os

from rehab.settings import *  # noqa: F403

if os.environ.get("FAULTS_EVERY"):
    _every = float(os.environ["FAULTS_EVERY"])
    CELERY_BEAT_SCHEDULE = {
        name: entry if name == "dispatch-summaries" else {**entry, "schedule": _every}
        for name, entry in CELERY_BEAT_SCHEDULE.items()  # noqa: F405
        if "summar" in name or name == "seal-audit"
    }
