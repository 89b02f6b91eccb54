"""What the database refuses of dismissed hints."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from rehab.models import HintDismissal
from tests.conftest import Cast


def dismissal(cast: Cast, **changes: Any) -> HintDismissal:
    fields = {
        "patient": cast.patient,
        "hint_key": "DISUSE",
        "reason": "known",
        "seen_ids": [],
        "method": "hints/1",
        "created_digest": "d",
        "dismissed_by": cast.therapist,
        "dismissed_at": timezone.now(),
        **changes,
    }
    return HintDismissal.objects.create(**fields)


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "hint_dismissal_names_hint": lambda cast: dismissal(cast, hint_key=""),
    "hint_dismissal_has_reason": lambda cast: dismissal(cast, reason=""),
}
