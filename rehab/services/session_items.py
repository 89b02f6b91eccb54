"""What a session says it was done for: an item of the same patient's programme, of the same modality."""

import uuid
from collections.abc import Iterable, Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.errors import Invalid, Problem
from rehab.models import Patient
from rehab.selectors import programs
from rehab.services.inputs.base import RecordInput
from rehab.services.inputs.sessions import SessionInput

#: Patient and modality of an item.
Items = Mapping[uuid.UUID, tuple[uuid.UUID, str]]


def named_in(parsed: Iterable[RecordInput]) -> Items:
    """Return the items that sessions name, in one statement; none at all if no session names one."""
    wanted = {one.program_item for one in parsed if isinstance(one, SessionInput) and one.program_item is not None}
    return programs.items_by_id(wanted) if wanted else {}


def check(parsed: RecordInput, patient: Patient, items: Items) -> None:
    """Raise ``Invalid`` for another patient's item as for one that never was."""
    if not isinstance(parsed, SessionInput) or parsed.program_item is None:
        return
    owner, modality = items.get(parsed.program_item, (None, ""))
    if owner != patient.pk:
        message = format_lazy(
            _("Programme item: {value} is no item of this patient's programmes."), value=str(parsed.program_item)
        )
        raise Invalid([Problem("/program_item", "unknown_code", message)])
    if modality != parsed.modality:
        message = format_lazy(_("Programme item: it is for sessions of the kind {value}."), value=modality)
        raise Invalid([Problem("/program_item", "inconsistent", message)])
