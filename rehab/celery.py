"""The Celery application. The database row is the truth; the broker is only a hint (see docs/adr)."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")

app = Celery("rehab")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["rehab"])


@worker_ready.connect
def _catch_up(sender: Any, **_more: Any) -> None:
    """Write at once the summaries that became due while no worker ran, rather than at the next quarter of an hour."""
    sender.app.send_task("rehab.tasks.dispatch_summaries", ignore_result=True)


@worker_ready.connect
@worker_process_init.connect
def _keep_what_is_loaded(**_more: Any) -> None:
    """Take what was loaded at the start out of every later search for garbage: half of the time of computing
    summaries went into looking through it (``benchmarks.summaries``)."""
    gc.collect()
    gc.freeze()
