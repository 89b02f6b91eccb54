"""The summaries of the demo's last weeks, computed as workers compute them, each when it was due."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts import audit
from accounts.models import User
from rehab.management.demo import central, nerve
from rehab.models import Summary
from rehab.selectors import summary_work
from rehab.services import summaries, summary_preferences, summary_schedule

#: Who asked for summaries by e-mail, and which; they get those of the periods that end from now on.
WANTED: Mapping[str, Mapping[str, bool]] = {
    central.STROKE.key: {"weekly": True},
    nerve.CAUDA_EQUINA.key: {"weekly": True, "four_weekly": True},
}


def load(teams: Mapping[str, Mapping[str, User]], *, now: datetime) -> int:
    """Write and compute what a dispatcher would have by now; return how many summaries that is."""
    for key, choices in WANTED.items():
        if key in teams:
            summary_preferences.change(dict(choices), by=teams[key]["patient"], now=now)
    # Workers follow the audit trail from here: what the demo wrote is in its summaries, and makes none stale.
    audit.seal(now=now)
    summary_schedule.dispatch(now=now)
    computed = 0
    for due_at in sorted(set(summary_work.waiting(now=now).values_list("due_at", flat=True))):
        while (chunk := summaries.compute_some(now=due_at, enqueue=_tell_nobody)).claimed:
            computed += chunk.computed
    return computed


def _tell_nobody(rows: Sequence[Summary], *, now: datetime) -> None:
    """E-mails tell of periods that end from now on; the demo's past is no news to anybody."""
