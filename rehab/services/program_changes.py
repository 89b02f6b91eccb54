"""Amending what belongs to a programme: the reason, and merging changes into a document."""

from typing import Any, TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.errors import Invalid, Problem, pointer_to
from rehab.services import documents, rows
from rehab.services.inputs.base import Document
from rehab.services.records import Reason, in_changes

State = TypeVar("State", bound=Document)


def check_reason(reason: str) -> None:
    documents.read(Reason, {"reason": reason})
    if len(reason.strip()) < 3 or len(reason) > 500:
        raise Invalid([Problem("/reason", "out_of_range", _("Reason: say why, in 3 to 500 characters."))])


def merged(model: type[State], current: dict[str, Any], changes: Any, *, fixed: tuple[str, ...] = ()) -> State:
    """Return a document with changes merged in as RFC 7396, checked; problems point into ``changes``."""
    if not isinstance(changes, dict) or not changes:
        raise Invalid([Problem("/changes", "missing", _("Changes: an object with at least one field."))])
    if refused := [
        Problem(pointer_to("changes", name), "not_allowed", format_lazy(_("{label}: cannot be amended."), label=name))
        for name in changes
        if name in fixed
    ]:
        raise Invalid(refused)
    try:
        parsed = documents.read(model, rows.merge_patch(current, changes))
        problems = parsed.problems() if hasattr(parsed, "problems") else []
        if problems:
            raise Invalid(problems)
    except Invalid as error:
        raise Invalid(in_changes(error.problems)) from None
    if parsed.model_dump(mode="json") == current:
        raise Invalid([Problem("/changes", "nothing_changed", _("Changes: they change nothing."))])
    return parsed
