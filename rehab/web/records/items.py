"""The parts of a form, one per field of a document: each knows its inputs and how to read them back as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehab.web.records.shapes import Shape


@dataclass
class Reading:
    """What reading a form yields beside the document: where each pointer stands, and what is missing.

    ``whole``: every field is written, also the empty ones (an amendment); else empty ones are left out.
    """

    cleaned: Mapping[str, Any]
    whole: bool
    names: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


@dataclass
class Item:
    shape: Shape
    key: str

    def inputs(self) -> list[str]:
        """Return the names of the inputs."""
        return [self.key]

    def parts(self) -> "Iterator[Item]":
        """Return this and every item within."""
        yield self

    def read(self, at: str, reading: Reading) -> Any:
        reading.names[at] = self.key
        value = reading.cleaned.get(self.key)
        return None if value in ("", [], None) else value

    def is_typed(self, cleaned: Mapping[str, Any]) -> bool:
        """Return whether a number or text was typed here; a choice alone says nothing."""
        if self.shape.is_literal or self.shape.core is bool:
            return False
        return any(cleaned.get(key) not in (None, "") for key in self.inputs())


class One(Item):
    """One value: text, number, choice, yes or no; or several choices of a list."""


class Amount(Item):
    """A value with its unit."""

    def inputs(self) -> list[str]:
        return [self.key, f"{self.key}-unit"]

    def read(self, at: str, reading: Reading) -> Any:
        reading.names |= {at: self.key, f"{at}/value": self.key, f"{at}/unit": f"{self.key}-unit"}
        value = reading.cleaned.get(self.key)
        return None if value is None else {"value": value, "unit": reading.cleaned.get(f"{self.key}-unit")}

    def is_typed(self, cleaned: Mapping[str, Any]) -> bool:
        return cleaned.get(self.key) is not None


@dataclass
class Several(Item):
    """A list of numbers, or of values that share a unit (``units`` 1) or each have one."""

    count: int
    units: int

    def value_inputs(self) -> list[str]:
        return [f"{self.key}-{i}" for i in range(self.count)]

    def unit_inputs(self) -> list[str]:
        return [f"{self.key}-unit" if self.units == 1 else f"{self.key}-{i}-unit" for i in range(self.units)]

    def inputs(self) -> list[str]:
        return self.value_inputs() + self.unit_inputs()

    def read(self, at: str, reading: Reading) -> Any:
        reading.names[at] = f"{self.key}-0"
        found: list[Any] = []
        for i, key in enumerate(self.value_inputs()):
            value = reading.cleaned.get(key)
            if value is None:
                continue
            reading.names[f"{at}/{len(found)}"] = key
            if self.units:
                unit_key = self.unit_inputs()[min(i, self.units - 1)]
                reading.names |= {f"{at}/{len(found)}/value": key, f"{at}/{len(found)}/unit": unit_key}
                value = {"value": value, "unit": reading.cleaned.get(unit_key)}
            found.append(value)
        return found or None

    def is_typed(self, cleaned: Mapping[str, Any]) -> bool:
        return any(cleaned.get(key) is not None for key in self.value_inputs())


class WarningSigns(Item):
    """The red-flag part: boxes of many questions under three names."""

    def inputs(self) -> list[str]:
        return [f"{self.key}-new_or_worse", f"{self.key}-unchanged", f"{self.key}-none_of_these"]

    def read(self, at: str, reading: Reading) -> Any:
        new, unchanged, none = self.inputs()
        reading.names |= {at: new, f"{at}/new_or_worse": new, f"{at}/unchanged": unchanged}
        found = {
            "new_or_worse": reading.cleaned.get(new) or [],
            "unchanged": reading.cleaned.get(unchanged) or [],
            "none_of_these": bool(reading.cleaned.get(none)),
        }
        return found if any(found.values()) else None

    def is_typed(self, cleaned: Mapping[str, Any]) -> bool:
        return any(cleaned.get(key) for key in self.inputs())


@dataclass
class Nested(Item):
    """A document within the document: what a modality adds to a session."""

    items: list[Item]

    def inputs(self) -> list[str]:
        return [key for item in self.items for key in item.inputs()]

    def parts(self) -> Iterator[Item]:
        yield self
        for item in self.items:
            yield from item.parts()

    def read(self, at: str, reading: Reading) -> Any:
        if self.items:
            reading.names[at] = self.items[0].inputs()[0]
        return read_all(self.items, at, reading)

    def is_typed(self, cleaned: Mapping[str, Any]) -> bool:
        return any(item.is_typed(cleaned) for item in self.items)


@dataclass
class Rows(Item):
    """A list of documents, each a fieldset; rows that were left empty do not count."""

    rows: list[list[Item]]

    def inputs(self) -> list[str]:
        return [key for row in self.rows for item in row for key in item.inputs()]

    def parts(self) -> Iterator[Item]:
        yield self
        for row in self.rows:
            for item in row:
                yield from item.parts()

    def read(self, at: str, reading: Reading) -> Any:
        if self.rows:
            reading.names[at] = self.rows[0][0].inputs()[0]
        kept = [row for row in self.rows if not _is_empty(row, reading.cleaned)]
        if not kept and self.shape.shortest:
            kept = self.rows[:1]
        return [read_all(row, f"{at}/{i}", reading) for i, row in enumerate(kept)] or None

    def is_typed(self, cleaned: Mapping[str, Any]) -> bool:
        return any(item.is_typed(cleaned) for row in self.rows for item in row)


def _is_empty(row: list[Item], cleaned: Mapping[str, Any]) -> bool:
    blank = Reading(cleaned, whole=False)
    return all(value == item.shape.default for item in row for value in [item.read("", blank)] if value is not None)


def read_all(items: list[Item], at: str, reading: Reading) -> dict[str, Any]:
    """Return the JSON object that items stand for, and note where each pointer is asked for."""
    found: dict[str, Any] = {}
    for item in items:
        shape = item.shape
        if isinstance(item, Nested) and _is_left_out(item, reading.cleaned):
            value = None
        else:
            value = item.read(f"{at}/{shape.name}", reading)
        if value is not None:
            found[shape.name] = value
        elif reading.whole:
            if shape.required:
                reading.missing.append(item.inputs()[0])
            else:
                found[shape.name] = [] if shape.default == () else shape.default
    return found


def _is_left_out(item: Nested, cleaned: Mapping[str, Any]) -> bool:
    """A skipped session has no details: choices that were set beforehand are dropped, what was typed is not."""
    return item.shape.nullable and cleaned.get("status") == "skipped" and not item.is_typed(cleaned)
