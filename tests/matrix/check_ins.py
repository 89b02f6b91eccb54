"""Who may do what with check-ins, and with the emergency texts."""

from datetime import datetime
from typing import Any

from accounts.models import User
from tests.role_matrix import Routes, Target, everybody, records_of

API: Routes = records_of("check-ins")
PAGES: Routes = {"emergency": {"GET": [everybody(200)]}}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    return {}
