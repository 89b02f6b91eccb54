"""Who may read and sign off the emergency texts and rules of a clinic: those who work there."""

from datetime import datetime
from typing import Any

from accounts.models import User
from tests.role_matrix import EMPTY, Case, Routes, Target, of_clinic


def _of_staff(status: int) -> list[Case]:
    found = of_clinic(status)
    return [Case({**found.expected, "therapist": status, "colleague": status}, found.other)]


API: Routes = {}
PAGES: Routes = {"clinic-wording": {"GET": _of_staff(200), "POST": _of_staff(EMPTY)}}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    """Return nothing: a clinic is enough."""
    return {}
