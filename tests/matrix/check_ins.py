"""Who may read the emergency texts: everybody."""

from datetime import datetime
from typing import Any

from accounts.models import User
from tests.role_matrix import Routes, Target, everybody

API: Routes = {}
PAGES: Routes = {"emergency": {"GET": [everybody(200)]}}


def make(target: Target, *, admin: User, now: datetime) -> dict[str, Any]:
    return {}
