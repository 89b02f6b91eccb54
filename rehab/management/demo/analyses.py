"""What the analyses of the stories rest on: the involved side, and what was measured before the sixteen weeks."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from rehab.management.demo.generator import Planned, record_id
from rehab.management.demo.shapes import Document, Story

#: The side that the condition is on; of those that are not here nobody has said.
INVOLVED: dict[str, str] = {
    "lin_wei": "right",
    "emma_clarke": "left",
    "wang_xiuying": "both",
    "carlos_rivera": "both",
    "li_xiaowen": "both",
    "tom_walker": "right",
    "margaret_hughes": "both",
    "ramesh_thapa": "both",
    "oliver_bennett": "both",
    "grace_adeyemi": "left",
}

#: How many days before the sixteen weeks the records of a story begin.
DAYS_BEFORE: dict[str, int] = {"emma_clarke": 44}
#: Emma Clarke's left calf: after the operation, at the end of the brace, and while she trains; by day, in cm.
_CALF = {-44: 37.4, -9: 34.0, 2: 34.1, 23: 34.9, 51: 35.6, 79: 36.2, 102: 36.6, 109: 36.7}
#: When she wrote that she was in the brace.
_BRACE = (-42, -35, -28, -21, -14, -8)


def planned(story: Story, *, seed: int | str, first: date) -> Iterator[Planned]:
    """Yield the girths and check-ins of the one who was in a brace before her sixteen weeks began."""
    if story.key != "emma_clarke":
        return
    rng = Random(f"{seed}/analyses/{story.key}")  # noqa: S311  # believable, not secret
    for day, cm in _CALF.items():
        readings = [{"value": round(cm + shift, 1), "unit": "cm"} for shift in (-0.1, 0.1)]
        tape: Document = {
            "kind": "girth", "site": "CALF_MAX", "side": "left", "readings": readings, "position": "supine"
        }  # fmt: skip
        yield _at(story, first, day, 11, tape, "therapist", rng)
    for day in _BRACE:
        said: Document = {"kind": "check-ins", "immobilised": True, "fatigue": 4}
        yield _at(story, first, day, 19, said, "patient", rng)


def _at(story: Story, first: date, day: int, hour: int, document: Document, by: str, rng: Random) -> Planned:
    moment = datetime.combine(first + timedelta(days=day), time(hour, rng.randrange(30)), ZoneInfo(story.time_zone))
    common = {"id": str(record_id(moment, rng)), "patient": str(story.id), "performed_at": moment.isoformat()}
    return Planned({**document, **common}, by)
