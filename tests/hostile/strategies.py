"""Documents that a hostile or broken client may send, derived from the shapes that the service itself reads.

Everything is taken from the JSON Schema of the pydantic documents: a new field, range or kind is covered without a
change here. Values that fit nowhere: ``values``.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel

from tests.hostile.values import CODES, NUMBERS, Raw, body_of, hostile_values, near

Path = tuple[str | int, ...]
Draw = Callable[[st.SearchStrategy[Any]], Any]


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
