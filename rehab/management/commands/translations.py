"""Keep the Chinese catalogue in step with the code, without gettext's programs: Babel reads, merges and compiles.

``translations`` collects what is to be translated and compiles; ``translations --check`` changes nothing and fails if a
message is missing, fuzzy, untranslated, obsolete, loses a placeholder, or if the compiled file is stale.
"""

import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
PACKAGES = ("accounts", "content", "rehab")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "N_")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


class Command(BaseCommand):
    help = "Collect and compile the translations, or --check that they are complete."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail if something is missing.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / LOCALE / "LC_MESSAGES"
        po, mo = folder / "django.po", folder / "django.mo"
        catalog = _read(po)
        before = {_key(message) for message in catalog if message.id}
        template = _collect(settings.BASE_DIR)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        if not options["check"]:
            folder.mkdir(parents=True, exist_ok=True)
            po.write_bytes(_po(catalog))
            mo.write_bytes(_mo(catalog))
            missing = sum(1 for message in catalog if message.id and not _translated(message))
            self.stdout.write(f"{len(catalog)} messages, {missing} without a translation.")
            return
        problems = [*_incomplete(catalog), *_changed(before, catalog)]
        if not mo.is_file() or mo.read_bytes() != _mo(_read(po)):
            problems.append("The compiled file is stale: run `make messages`.")
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{len(catalog)} messages, all translated.")


def _read(po: Path) -> Catalog:
    if not po.is_file():
        return Catalog(locale=LOCALE, project="rehab", charset="utf-8")
    with po.open("rb") as file:
        return read_po(file, locale=LOCALE)


def _collect(root: Path) -> Catalog:
    catalog = Catalog(project="rehab", charset="utf-8")
    for method, path in _sources(root):
        text = path.read_text("utf-8")
        if method == "javascript":
            # Django turns a template into text with calls of gettext; Babel's tolerant reader then finds those.
            text = templatize(text, origin=str(path))
        for _line, message, _comments, context in extract(method, io.BytesIO(text.encode()), KEYWORDS):
            catalog.add(message, locations=[(path.relative_to(root).as_posix(), 0)], context=context)
    return catalog


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield "python", path
            elif path.suffix in (".html", ".txt") and "templates" in path.parts:
                yield "javascript", path


def _po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=120, omit_header=False, sort_output=True, include_lineno=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    # Dates and tool versions would change the file at every run.
    return "".join(line for line in lines if not re.match(r'"(POT-Creation|PO-Revision|Generated)', line)).encode()


def _mo(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    undated = read_po(io.BytesIO(_po(catalog)), locale=LOCALE)
    # Babel would write the minute of compiling into the file.
    undated.creation_date = undated.revision_date = NO_DATE
    write_mo(file, undated)
    return file.getvalue()


def _key(message: Message) -> tuple[Any, Any]:
    return message.id, message.context


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _translated(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(texts) and all(texts) and not message.fuzzy


def _incomplete(catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        if not message.id:
            continue
        if not _translated(message):
            yield f"Not translated: {message.id!r}"
            continue
        wanted = set(PLACEHOLDER.findall(_texts(message.id)[-1]))
        for text in _texts(message.string):
            if set(PLACEHOLDER.findall(text)) != wanted:
                yield f"Placeholders differ: {message.id!r}"


def _changed(before: set[tuple[Any, Any]], catalog: Catalog) -> Iterator[str]:
    now = {_key(message) for message in catalog if message.id}
    for kind, keys in (("New", now - before), ("No longer used", before - now)):
        for message_id, _context in sorted(keys, key=str):
            yield f"{kind}: {message_id!r} (run `make messages`)"
