"""A valid goal and a valid rating, as a client would send them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

LEVELS = {
    "much_less": "Cannot stand up without help",
    "less": "Walks in the flat with a frame",
    "expected": "Walks to the corner shop with a stick",
    "more": "Walks to the shop and back without a rest",
    "much_more": "Walks to the market and back without a stick",
}


def goal_document(patient: UUID, *, today: date, **changes: Any) -> dict[str, Any]:
    """Return a goal whose period begins today and lasts twelve weeks."""
    return {
        "patient": str(patient),
        "title": "I want to fetch my own newspaper",
        "levels": dict(LEVELS),
        "period_start": today.isoformat(),
        "period_end": (today + timedelta(weeks=12)).isoformat(),
        "review_dates": [(today + timedelta(weeks=6)).isoformat()],
        **changes,
    }


def review_document(*, on: date, **changes: Any) -> dict[str, Any]:
    return {"level": 0, "rated_on": on.isoformat(), "note": "Seen at the visit", **changes}
