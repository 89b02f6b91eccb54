"""No page, answer, e-mail, article or message says a phrase of the "may not" column, in either language.

``tests/reference/test_wording.py`` tests the list itself. Here every text that the service can show is walked: the
messages of the catalogue and their translations, every template, every text of the clinical tables, every string of
the code that people may read, and the API's own description.
"""

import ast
import csv
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from rehab import reference
from rehab.reference.wording import FORBIDDEN, forbidden_in

ROOT = Path(__file__).parents[1]
PACKAGES = ("rehab", "accounts", "content")
#: The list of phrases itself, and its own tests.
EXEMPT = frozenset({"rehab/reference/wording.py"})


def wrong_in(texts: Iterator[tuple[str, str]]) -> tuple[int, list[tuple[str, list[str]]]]:
    """Return how many texts there were, and those that say what may not be said, with where they stand."""
    count, wrong = 0, []
    for where, text in texts:
        count += 1
        if found := forbidden_in(text):
            wrong.append((where, found))
    return count, wrong


def test_every_message_of_the_catalogue_and_its_translation() -> None:
    def messages() -> Iterator[tuple[str, str]]:
        for path in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")):
            with path.open("rb") as file:
                catalogue = read_po(file)
            for message in catalogue:
                for text in (message.id, message.string):
                    for one in text if isinstance(text, (list, tuple)) else [text]:
                        if one:
                            yield f"{path.relative_to(ROOT)}: {message.id}", one

    count, wrong = wrong_in(messages())
    assert count > 1000
    assert wrong == []


def files(*suffixes: str) -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes and "migrations" not in path.parts
    )


@pytest.mark.parametrize("suffix", [".html", ".txt", ".md"])
def test_every_template_email_and_article(suffix: str) -> None:
    found = files(suffix)
    assert found or suffix == ".md"
    assert wrong_in((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in found)[1] == []


def test_every_cell_of_the_clinical_tables() -> None:
    def cells() -> Iterator[tuple[str, str]]:
        for path in files(".csv"):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file):
                    yield from ((f"{path.name}: {row[0]}", cell) for cell in row)

    count, wrong = wrong_in(cells())
    assert count > 500
    assert wrong == []


def _strings(value: Any, *, seen: set[int]) -> Iterator[str]:
    """Yield every text within a value of the reference modules, however deep."""
    if isinstance(value, str):
        yield value
    elif id(value) in seen:
        return
    elif is_dataclass(value) and not isinstance(value, type):
        seen.add(id(value))
        for field in fields(value):
            yield from _strings(getattr(value, field.name), seen=seen)
    elif isinstance(value, Mapping):
        seen.add(id(value))
        for member in value.values():
            yield from _strings(member, seen=seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        seen.add(id(value))
        for member in value:
            yield from _strings(member, seen=seen)


def test_every_text_of_the_reference_modules() -> None:
    def texts() -> Iterator[tuple[str, str]]:
        for module in pkgutil.iter_modules(reference.__path__):
            if f"rehab/reference/{module.name}.py" in EXEMPT:
                continue
            loaded = importlib.import_module(f"rehab.reference.{module.name}")
            for name, value in vars(loaded).items():
                if not name.startswith("__"):
                    yield from ((f"{module.name}.{name}", text) for text in _strings(value, seen=set()))

    count, wrong = wrong_in(texts())
    assert count > 2000
    assert wrong == []


def _literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that are not documentation; adjoining ones are one text already."""
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def test_every_text_in_the_code() -> None:
    def texts() -> Iterator[tuple[str, str]]:
        for path in files(".py"):
            name = str(path.relative_to(ROOT))
            if name not in EXEMPT:
                for line, text in _literals(ast.parse(path.read_text(encoding="utf-8"))):
                    yield f"{name}:{line}", text

    count, wrong = wrong_in(texts())
    assert count > 5000
    assert wrong == []


def test_the_description_of_the_api() -> None:
    described = (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")
    assert forbidden_in(described) == []


def test_a_slip_would_be_found() -> None:
    """The walk itself is tested with every phrase of the list, as a literal and within a nested table."""
    for phrase in FORBIDDEN:
        tree = ast.parse(f"message = _({phrase.example!r})")
        assert any(forbidden_in(text) for _line, text in _literals(tree)), phrase.example
        nested = {"a": ({"b": [phrase.example]},)}
        assert any(forbidden_in(text) for text in _strings(nested, seen=set())), phrase.example
