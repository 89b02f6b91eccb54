"""Documents that a hostile or broken client may send, derived from the shapes that the service itself reads.

Everything is taken from the JSON Schema of the pydantic documents and from the constants beside them: a new field,
range or kind is covered without a change here.
"""

import copy
import inspect
import json
import math
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel

from rehab.reference.bands import BAND_PRODUCTS
from rehab.reference.conditions import CONDITIONS
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.red_flags import ANSWERS, BASELINE_DEFICITS, QUESTIONS
from rehab.services import inputs

Path = tuple[str | int, ...]
Draw = Callable[[st.SearchStrategy[Any]], Any]

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


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def branches(schema: dict[str, Any], root: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a field may be: itself, or each branch of a union."""
    schema = resolved(schema, root)
    options = schema.get("anyOf") or schema.get("oneOf")
    return [leaf for option in options for leaf in branches(option, root)] if options else [schema]


def paths(schema: dict[str, Any], root: dict[str, Any], at: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the path and shape of every field, at any depth; 0 stands for an item of a list."""
    for branch in branches(schema, root):
        for name, field in branch.get("properties", {}).items():
            yield (*at, name), field
            yield from paths(field, root, (*at, name))
        if "items" in branch:
            yield (*at, 0), branch["items"]
            yield from paths(branch["items"], root, (*at, 0))


@cache
def fields_of(model: type[BaseModel]) -> list[tuple[Path, dict[str, Any]]]:
    root = schema_of(model)
    return list(paths(root, root))


def bounds_of(branch: dict[str, Any]) -> tuple[float | None, float | None, bool]:
    """Return low, high and whether low itself is left out."""
    strict = "exclusiveMinimum" in branch
    return branch.get("exclusiveMinimum", branch.get("minimum")), branch.get("maximum"), strict


def fitting(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that fit a shape."""
    return st.one_of([_fitting(branch, root) for branch in branches(schema, root)])


def _fitting(branch: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "const" in branch:
        return st.just(branch["const"])
    if "enum" in branch:
        return st.sampled_from(branch["enum"])
    kind = branch.get("type")
    if kind == "object":
        fields, required = branch.get("properties", {}), branch.get("required", [])
        return st.fixed_dictionaries(
            {name: fitting(fields[name], root) for name in required},
            optional={name: fitting(field, root) for name, field in fields.items() if name not in required},
        )
    if kind == "array":
        low, high = branch.get("minItems", 0), min(branch.get("maxItems", 6), 20)
        return st.lists(fitting(branch["items"], root), min_size=low, max_size=high)
    if kind in ("integer", "number"):
        return _numbers(branch, whole=kind == "integer")
    if kind == "string":
        return _strings(branch)
    return {"boolean": st.booleans(), "null": st.none()}.get(str(kind), st.none() | st.text(max_size=5))


def _numbers(branch: dict[str, Any], *, whole: bool) -> st.SearchStrategy[Any]:
    low, high, strict = bounds_of(branch)
    if whole:
        return st.integers(None if low is None else int(low), None if high is None else int(high))
    if low is None and high is None:
        return st.sampled_from(NUMBERS) | st.floats(-200, 2000)
    return st.floats(low, high, exclude_min=strict, allow_nan=False, allow_infinity=False)


def _strings(branch: dict[str, Any]) -> st.SearchStrategy[Any]:
    if branch.get("format") == "uuid":
        return st.uuids().map(str) | st.integers(0, 2**60).map(version_7)
    if branch.get("format") == "date-time":
        return moments()
    if branch.get("format") == "date":
        return st.dates().map(str)
    if "pattern" in branch:
        return st.from_regex(branch["pattern"])
    if "maxLength" in branch or "minLength" in branch:
        longest = branch.get("maxLength", 100)
        return st.text(min_size=branch.get("minLength", 0), max_size=min(longest, 100)) | st.just("ß" * longest)
    return st.sampled_from(CODES) | st.sampled_from(["Asia/Shanghai", "UTC", "Nowhere/Land", "Ann", ""])


def version_7(number: int) -> str:
    """Return the UUIDv7 that a number stands for."""
    return str(UUID(int=(number << 80 | 0x7 << 76 | 0b10 << 62 | number & (1 << 62) - 1) & (1 << 128) - 1))


@st.composite
def moments(draw: Draw) -> str:
    """Return moments of the last years, with every way to write the offset and the fraction of a second."""
    ago = draw(st.integers(0, 4 * 365 * 86_400 * 1_000_000))
    zone = timedelta(minutes=draw(st.integers(-14 * 60, 14 * 60)))
    moment = datetime.now(UTC) - timedelta(microseconds=ago)
    local = (moment + zone).replace(tzinfo=None)
    text = local.isoformat(timespec=draw(st.sampled_from(["seconds", "milliseconds", "microseconds", "minutes"])))
    total = int(zone.total_seconds() // 60)
    offset = f"{'-' if total < 0 else '+'}{abs(total) // 60:02d}:{abs(total) % 60:02d}"
    return text + ("Z" if total == 0 else offset)


def around(schema: dict[str, Any], root: dict[str, Any]) -> list[Any]:
    """Return values at, just inside and just outside the limits of a shape."""
    found: list[Any] = []
    for branch in branches(schema, root):
        for limit in bounds_of(branch)[:2]:
            if limit is not None:
                found += [int(limit) - 1, int(limit), int(limit) + 1] if branch["type"] == "integer" else near(limit)
        if branch.get("type") == "number" and bounds_of(branch)[:2] == (None, None):
            found += NUMBERS
        for key in ("maxLength", "minLength"):
            if key in branch:
                found += ["w" * max(0, branch[key] + step) for step in (-1, 0, 1)]
        for key in ("maxItems", "minItems"):
            if key in branch and "type" in resolved(branch["items"], root):
                item = example(branch["items"], root)
                found += [[deepcopy(item) for _ in range(max(0, branch[key] + step))] for step in (-1, 0, 1)]
    return found


def example(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """Return one plain value of a shape."""
    branch = branches(schema, root)[0]
    if "enum" in branch or "const" in branch:
        return branch.get("const", branch.get("enum", [None])[0])
    kind = branch.get("type")
    if kind == "object":
        return {name: example(branch["properties"][name], root) for name in branch.get("required", [])}
    if kind in ("integer", "number"):
        low, high, _strict = bounds_of(branch)
        return 1 if (low or 0) <= 1 <= (high or 1) else high
    return {"string": "KNE_EXT", "array": [], "boolean": True}.get(str(kind))


_MISSING = object()


def _set(document: Any, path: Path, value: Any) -> None:
    """Put ``value`` at a path, making the objects on the way; where something else stands in the way, do nothing."""
    current = document
    for part, following in pairwise(path):
        fresh: Any = [{}] if following == 0 else {}
        if isinstance(current, list):
            if not current:
                return
        elif isinstance(current, dict):
            if not isinstance(current.get(str(part)), (dict, list)) or not current[str(part)]:
                current[str(part)] = fresh
        else:
            return
        current = current[0] if isinstance(current, list) else current[str(part)]
    last = path[-1]
    if isinstance(current, dict):
        if value is _MISSING:
            current.pop(str(last), None)
        else:
            current[str(last)] = value
    elif isinstance(current, list) and current and last == 0:
        current[0] = None if value is _MISSING else value


def _duplicated(draw: Draw, document: dict[str, Any]) -> None:
    if not document:
        return
    key = draw(st.sampled_from(sorted(document)))
    if not isinstance(document[key], Raw):
        first = body_of(document[key]).decode("utf-8", "surrogatepass")
        second = draw(st.sampled_from(["1", "null", first]))
        document[key] = Raw(f"{first}, {json.dumps(key)}: {second}")


@st.composite
def mutated(draw: Draw, model: type[BaseModel], base: dict[str, Any], most: int = 3) -> Any:
    """Return ``base`` with up to ``most`` changes: fitting, at a limit, hostile, missing, unknown or doubled."""
    root, document = schema_of(model), deepcopy(base)
    if draw(st.integers(0, 60)) == 60:
        return draw(hostile_values())
    if draw(st.booleans()) and "confirm" in root.get("properties", {}):
        document["confirm"] = True
    for _ in range(draw(st.integers(0, most))):
        path, shape = draw(st.sampled_from(fields_of(model)))
        how = draw(
            st.sampled_from(["fitting"] * 6 + ["around"] * 3 + ["hostile"] * 3 + ["missing", "unknown", "doubled"])
        )
        if how == "fitting":
            _set(document, path, draw(fitting(shape, root)))
        elif how == "around" and (values := around(shape, root)):
            _set(document, path, draw(st.sampled_from(values)))
        elif how == "hostile":
            _set(document, path, draw(hostile_values()))
        elif how == "missing":
            _set(document, path, _MISSING)
        elif how == "unknown":
            name = draw(
                st.text(max_size=8) | st.sampled_from(["record_status", "version", "performed_on", "__class__"])
            )
            _set(document, (*path[:-1], name), draw(hostile_values()))
        elif how == "doubled":
            _duplicated(draw, document)
    return document


def raw_in(document: Any) -> bool:
    """Return whether raw text stands anywhere in a document."""
    if isinstance(document, Raw):
        return True
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return any(raw_in(part) for part in parts)
