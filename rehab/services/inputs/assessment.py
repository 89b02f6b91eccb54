"""What every assessment by a clinician has, and the words of muscle groups."""

from typing import Any, Literal

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from rehab.reference.muscles import MUSCLES
from rehab.services.inputs.base import RecordInput

Variant = Literal["mas", "isncsci_motor", "mrc_sum", "function_scale", "respiratory"]


class AssessmentInput(RecordInput):
    """An assessment; ``assessment`` says which."""

    assessment: Variant

    def columns(self) -> dict[str, Any]:
        """``series_value`` is None where no single number can be compared."""
        return {"assessment": self.assessment, "side": "none", "series_value": None}

    def series(self) -> tuple[Any, ...]:
        return ()


def _named(code: str, before: str) -> str:
    return f"{before}{MUSCLES[code].name(get_language() or 'en')}"


def muscle_label(code: str, *, before: str = "") -> str | Promise:
    """Return the name of a muscle group in the language of whoever reads it."""
    return lazy(_named, str)(code, before)
