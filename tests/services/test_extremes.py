"""Whatever passes the check can be computed, compared and written down: no number breaks the service."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import orjson
import pytest

from rehab.errors import Invalid
from rehab.services import documents
from rehab.services.inputs.base import RecordInput
from rehab.services.kinds import KINDS
from rehab.services.rows import series_key
from tests.documents import DOCUMENTS, document
from tests.services.reading import PATIENT

EXTREMES = (0, 1, -1, 0.1, 5e-324, -5e-324, 1e-300, 1e15, 1e300, 1.7976931348623157e308, 18446744073709551615)
WEIRD: tuple[Any, ...] = (None, "", "x", "\x00", "９", True, [], {}, [[]], "𝒳" * 90, "{value}", -0.0)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from leaves(part, (*path, i))
    if path:
        yield path


def replaced(sent: Any, path: tuple[Any, ...], value: Any) -> Any:
    found = deepcopy(sent)
    part = found
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return found


def computable(kind: str, parsed: RecordInput) -> None:
    assert b"null" in orjson.dumps([parsed.columns(), parsed.derive(), parsed.model_dump(mode="json"), None])
    if (series := parsed.series()) is not None:
        assert len(series_key(kind, *series)) <= 512
    assert documents.digest_of(parsed)


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_any_value_anywhere_is_either_refused_with_a_message_or_computed(kind: str, variant: str) -> None:
    sent = document(kind, variant, PATIENT)
    for path in leaves(sent):
        for value in (*EXTREMES, *WEIRD):
            try:
                parsed = documents.parse(KINDS[kind], replaced(sent, path, value))
            except Invalid as error:
                messages = [str(problem.message) for problem in error.problems]
            else:
                messages = [str(odd.message) for odd in parsed.oddities()]
                computable(kind, parsed)
                continue
            assert messages
            assert all(messages)
