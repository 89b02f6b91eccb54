"""What the database refuses of signatures under the emergency texts and rules."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from rehab.models import WordingSignOff
from tests.conftest import Cast


def signature(cast: Cast, **changes: Any) -> WordingSignOff:
    fields: dict[str, Any] = {
        "clinic": cast.clinic,
        "version": "1",
        "signed_by": cast.therapist,
        "signed_name": "Therapist",
        "signed_at": timezone.now(),
        **changes,
    }
    return WordingSignOff.objects.create(**fields)


VIOLATIONS: dict[str, Callable[[Cast], Any]] = {
    "wording_sign_off_once_per_version": lambda cast: [signature(cast), signature(cast, signed_by=cast.colleague)],
    "wording_sign_off_says_what_and_who": lambda cast: signature(cast, signed_name=""),
}
