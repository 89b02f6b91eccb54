"""Documents that report a warning sign, and what an answer tells of it."""

from typing import Any

from rehab.reference.wording import forbidden_in
from tests.conftest import Cast
from tests.documents import document

CALL = "Call 120 or go to an emergency department now."
UNNAMED = "Call your local emergency number or go to an emergency department now."
CRISIS = "You told us about thoughts of being better off dead or of hurting yourself."


def check_in(cast: Cast, *new: str, **changes: Any) -> dict[str, Any]:
    sent = document("check-ins", "check-ins", cast.patient.pk, red_flags={"new_or_worse": list(new)})
    return sent | changes


def told(found: Any) -> list[tuple[str, str]]:
    """Return flag and level of what an answer tells, after a look at its words."""
    flags = found.get("red_flags") or []
    for flag in flags:
        assert flag["text"]
        assert forbidden_in(" ".join(flag["text"])) == []
    return [(flag["flag"], flag["level"]) for flag in flags]


def words(found: Any) -> str:
    return " ".join(paragraph for flag in found["red_flags"] for paragraph in flag["text"])
