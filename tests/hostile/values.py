"""Values that fit nowhere, or only just: text that is no JSON, far moments, numbers at every limit of the documents."""

import copy
import inspect
import json
import math
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from hypothesis import strategies as st

from rehab.reference.bands import BAND_PRODUCTS
from rehab.reference.conditions import CONDITIONS
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.red_flags import ANSWERS, BASELINE_DEFICITS, QUESTIONS
from rehab.services import inputs

CODES = sorted(
    {*MUSCLES, *MOTIONS, *GIRTH_SITES, *BAND_PRODUCTS, *CONDITIONS, *ANSWERS, *QUESTIONS, *BASELINE_DEFICITS}
)


class Raw:
    """JSON text that stands in a document as it is, well-formed or not."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Raw({self.text[:60]!r})"


def body_of(document: Any) -> bytes:
    """Return a document as JSON, with what JSON itself does not allow: NaN, lone surrogates, raw text."""
    raws: list[str] = []

    def placeholder(value: Any) -> str:
        if not isinstance(value, Raw):
            raise TypeError(type(value))
        raws.append(value.text)
        return f"RAW<{len(raws) - 1}>"

    text = json.dumps(document, default=placeholder)
    for index, raw in enumerate(raws):
        text = text.replace(f'"RAW<{index}>"', raw)
    return text.encode("utf-8", "surrogatepass")


def _constants() -> Iterator[float]:
    """Yield the limits that stand as constants beside the documents, for checks that no schema shows."""
    for module in pkgutil.iter_modules(inputs.__path__):
        for _name, value in inspect.getmembers(import_module(f"{inputs.__name__}.{module.name}")):
            values: tuple[Any, ...] = ()
            if isinstance(value, tuple):
                values = value
            elif isinstance(value, Mapping):
                values = tuple(x for v in value.values() for x in (v if isinstance(v, tuple) else (v,)))
            elif isinstance(value, (int, float)):
                values = (value,)
            yield from (float(item) for item in values if isinstance(item, (int, float)) and not isinstance(item, bool))


def near(limit: float) -> list[float]:
    """Return a limit and its neighbours on both sides, the next floats and a hundredth away."""
    return [limit, math.nextafter(limit, -math.inf), math.nextafter(limit, math.inf), limit - 0.01, limit + 0.01]


NUMBERS = sorted({number for limit in {*_constants(), 0.0, 1.0} for number in near(limit)})

FAR_MOMENTS = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "10000-01-01T00:00:00Z",
    "1900-01-01T00:00:00Z",
    "1899-12-31T23:59:59Z",
    "2016-12-31T23:59:60Z",
    "2026-01-01T00:00:00",
    "2026-01-01",
    "2026-01-01T00:00:00+99:99",
    "2026-01-01T24:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-01-01T00:00:00.123456789Z",
    "2026-01-01T00:00:00,5Z",
    "2026-01-01 00:00:00+00:00",
    "2026-01-01T00:00Z",
    "2026-W01-1T00:00:00Z",
    "20260101T000000Z",
    "-2026-01-01T00:00:00Z",
    "٢٠٢٦-01-01T00:00:00Z",
    "1767225600",
    1767225600,
    1767225600.5,
    "2026-01-01T00:00:00+00:00[UTC]",
    "2026-01-01T00:00:00−01:00",
    "2026-01-01T00:00:00-00:00",
    "2026-01-01t00:00:00z",
]

DEEP = 1000
HOSTILE: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    -0.0,
    5e-324,
    1e308,
    -1e308,
    math.nan,
    math.inf,
    -math.inf,
    2**31,
    2**53 + 1,
    2**63,
    2**64 + 1,
    Raw("1" + "0" * 400),
    Raw("1e400"),
    Raw("-1e400"),
    Raw("0." + "1" * 5000),
    Raw("01"),
    Raw("1."),
    Raw("+1"),
    Raw("'a'"),
    Raw(r'"\x00"'),
    Raw("nul"),
    Raw(""),
    Raw("[" * DEEP + "]" * DEEP),
    Raw('{"a":' * DEEP + "1" + "}" * DEEP),
    Raw("[" * 300 + "]" * 300),
    Raw("[" * 100_000),
    Raw("[" + "0," * 9_999 + "0]"),
    "",
    " ",
    "0",
    "1",
    "1.5",
    "NaN",
    "true",
    "null",
    "\x00",
    "a\x00b",
    "\x07",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\uffff",
    "\u202eabc",
    "\u2028",
    "é" * 81,
    "ΐ" * 80,
    "x" * 2001,
    Raw(f'"{"x" * 100_000}"'),
    "👩‍👩‍👧‍👦" * 20,
    "１２",
    "٣",
    "KNE_EXT\n",
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": 1},
    {"a/b~c": 1},
    {"__proto__": {}},
    {"value": 1},
    {"value": None, "unit": None},
    {"value": 1, "unit": "kg"},
    [1, "1", None],
    [[]] * 300,
    ["left"] * 21,
    "left",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "'; DROP TABLE x; --",
    *FAR_MOMENTS,
]


def hostile_values() -> st.SearchStrategy[Any]:
    """One of ``HOSTILE``, copied: a shared list that is changed within a document would come to hold itself."""
    return st.sampled_from(HOSTILE).map(copy.copy)


def raw_in(document: Any) -> bool:
    """Return whether raw text stands anywhere in a document."""
    if isinstance(document, Raw):
        return True
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return any(raw_in(part) for part in parts)
