"""Filling a page's form from a document, as a person would type it."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any


class _Inputs(HTMLParser):
    """Collects what a browser would send of the form of a record."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.names: set[str] = set()
        self._inside = False
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag == "form":
            self._inside = at.get("id") == "record-form"
        if not self._inside:
            return
        name, value = at.get("name") or "", at.get("value") or ""
        if tag == "input":
            self.names.add(name)
            if at.get("type") in ("checkbox", "radio"):
                if "checked" in at:
                    self.values[name] = "on" if at.get("value") is None else value
            else:
                self.values[name] = value
        elif tag == "select":
            self.names.add(name)
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in at or self._select not in self.values:
                self.values[self._select] = value
        elif tag == "textarea":
            self.names.add(name)
            self._textarea = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:  # as browsers do, without the newline that Django puts first
            before = self.values[self._textarea]
            self.values[self._textarea] = before + data if before else data.removeprefix("\n")


def inputs_of(html: str) -> dict[str, Any]:
    """Return the names and values that the form of a record would send as it stands."""
    parser = _Inputs()
    parser.feed(html)
    return {name: value for name, value in parser.values.items() if name}


def names_of(html: str) -> set[str]:
    parser = _Inputs()
    parser.feed(html)
    return parser.names


def typed(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return what a person types for a document."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        found |= _typed(f"{prefix}{name}", value)
    return found


def _typed(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        if set(value) == {"value", "unit"}:
            return {key: str(value["value"]), f"{key}-unit": value["unit"]}
        return typed(value, f"{key}-")
    if isinstance(value, list):
        found: dict[str, Any] = {}
        for i, member in enumerate(value):
            if isinstance(member, Mapping) and set(member) == {"value", "unit"}:
                found |= {f"{key}-{i}": str(member["value"]), f"{key}-unit": member["unit"]}
            else:
                found |= _typed(f"{key}-{i}", member)
        return found
    return {key: str(value)}


def problems_of(html: str) -> str:
    """Return the text of the error summary and of the notices, for messages of failed tests."""
    found = re.findall(r'<(?:div class="error-summary"|section class="notice).*?</(?:div|section)>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(found)).split())
