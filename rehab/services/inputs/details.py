"""The base of what one modality adds to a session."""

from typing import Any

from rehab.errors import Problem
from rehab.services.inputs.base import Document


class SessionDetails(Document):
    """Pointers of problems are given from the whole document: ``/details/…``."""

    def problems(self) -> list[Problem]:
        return []

    def oddities(self) -> list[Problem]:
        return []

    def sums(self, *, duration_min: float | None) -> dict[str, float | None]:
        """Return the columns that are summed over sessions: volume_load, pulses, charge_millicoulombs."""
        return {}

    def repetitions(self) -> int | None:
        """Return how many repetitions were done in all sets together; None where none are counted."""
        return None

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        return {}
