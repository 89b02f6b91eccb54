"""Reading documents without a database: what is parsed, refused or asked back."""

from typing import Any, cast
from uuid import UUID

import orjson
import pytest

from rehab.errors import Invalid
from rehab.services import documents
from rehab.services.inputs.base import RecordInput
from rehab.services.kinds import KINDS
from tests.documents import document

PATIENT = UUID("0192a000-0000-7000-8000-000000000001")


def parsed(kind: str, variant: str, **changes: Any) -> RecordInput:
    """Read a valid document with ``changes`` on top; a ``details`` change is merged into the details."""
    return documents.parse(KINDS[kind], changed(kind, variant, **changes))


def changed(kind: str, variant: str, **changes: Any) -> dict[str, Any]:
    found = document(kind, variant, PATIENT)
    details = changes.pop("details", {})
    if details is None:
        return {**found, **changes, "details": None}
    if details:
        found["details"] = {**found["details"], **details}
    return {**found, **changes}


def refused(kind: str, variant: str, **changes: Any) -> dict[str, tuple[str, str]]:
    """Return what is refused: pointer → (code, message)."""
    with pytest.raises(Invalid) as raised:
        parsed(kind, variant, **changes)
    return {problem.pointer: (problem.code, str(problem.message)) for problem in raised.value.problems}


def asked(kind: str, variant: str, **changes: Any) -> dict[str, str]:
    """Return what asks to be confirmed: pointer → message."""
    return {odd.pointer: str(odd.message) for odd in parsed(kind, variant, **changes).oddities()}


def derived(kind: str, variant: str, **changes: Any) -> dict[str, Any]:
    return cast(dict[str, Any], orjson.loads(orjson.dumps(parsed(kind, variant, **changes).derive())))
