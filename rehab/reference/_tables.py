"""Reading the package's own CSV files; private to ``rehab.reference``."""

import csv
from pathlib import Path

_DATA = Path(__file__).parent / "data"


def rows(*, name: str) -> list[dict[str, str]]:
    """All rows of ``data/<name>.csv``, in file order. A row too long or too short is a ``ValueError``."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return parse(lines=list(file), name=name)


def parse(*, lines: list[str], name: str) -> list[dict[str, str]]:
    """Rows of a CSV text as dicts.

    >>> parse(lines=["code,name\\n", "A,first\\n"], name="demo")
    [{'code': 'A', 'name': 'first'}]
    """
    header, *body = csv.reader(lines, strict=True)
    for number, cells in enumerate(body, start=2):
        if len(cells) != len(header):
            raise ValueError(f"{name}.csv row {number}: {len(cells)} cells, expected {len(header)}")
    return [dict(zip(header, cells, strict=True)) for cells in body]


def split(*, text: str, separator: str) -> tuple[str, ...]:
    """Non-empty, stripped parts of a cell.

    >>> split(text="median; ulnar", separator=";")
    ('median', 'ulnar')
    >>> split(text="", separator=";")
    ()
    """
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def number_or_none(*, text: str) -> float | None:
    """A cell as a number; an empty cell is ``None``.

    >>> number_or_none(text="9.4"), number_or_none(text="")
    (9.4, None)
    """
    return float(text) if text else None


def flag(*, text: str) -> bool:
    """``y`` or ``n``; anything else is a ``ValueError``.

    >>> flag(text="y"), flag(text="n")
    (True, False)
    """
    if text not in {"y", "n"}:
        raise ValueError(f"expected y or n, found {text!r}")
    return text == "y"


def localized(*, en: str, zh: str, language: str) -> str:
    """The Chinese text for any ``zh`` language code, else the English one.

    >>> localized(en="Knee", zh="膝", language="zh-hans"), localized(en="Knee", zh="膝", language="en-gb")
    ('膝', 'Knee')
    """
    return zh if language.lower().startswith("zh") else en
