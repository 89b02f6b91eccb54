"""A summary as PDF, by typst with the fonts beside this file. The sheet goes in as data, never as markup.

A summary fits one page: details, and after them what does not change, give way; what is left out is said and stands
on the summary's own page.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from rehab.web.summaries import phrases
from rehab.web.summaries.sheet import Part, Sheet

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "summary.typ"
_FONTS = _HERE / "fonts"


@dataclass(frozen=True, slots=True)
class _Room:
    """How much a page shows: letters and drawings in points, things of a part at most, whether figures stand there."""

    size: float
    chart: int
    items: int
    details: bool


#: From everything in large letters to what still reads well on one page.
_ROOMS = (
    _Room(10.5, 150, 1000, True),
    _Room(9.5, 130, 1000, True),
    _Room(9.0, 110, 1000, True),
    _Room(8.5, 84, 1000, False),
    *(_Room(8.0, 76, items, False) for items in (24, 20, 16, 14, 12, 10, 8)),
    _Room(7.5, 70, 6, False),
    _Room(7.5, 70, 4, False),
    _Room(7.5, 70, 2, False),
)
#: Sections that take the whole width.
_WIDE = frozenset({"plan", "series", "first", "better", "counts", "adherence", "outcomes"})


@cache
def _fonts() -> typst.Fonts:
    """Read the fonts once: nothing that the machine has installed changes how a summary looks."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])


def render(sheet: Sheet, *, language: str) -> bytes:
    """Return a sheet as tagged PDF; of one page if it asks for that and can be. ``language``: ``en``, ``zh-hans``."""
    compiler = typst.Compiler(_TEMPLATE, root=_HERE, font_paths=_fonts())
    found = b""
    for room in _ROOMS if sheet.one_page else _ROOMS[1:2]:
        data = json.dumps(_data(sheet, room, language), ensure_ascii=False)
        made = compiler.compile(format="pdf", sys_inputs={"sheet": data})
        found = made if isinstance(made, bytes) else b"".join(made or ())
        if json.loads(compiler.query("<pages>", field="value", one=True)) == 1:
            break
    return found


def _data(sheet: Sheet, room: _Room, language: str) -> dict[str, Any]:
    tag, _sep, script = language.partition("-")
    return {
        **asdict(sheet),
        "parts": [_part(part, room) for part in sheet.parts],
        "size": room.size,
        "chart": room.chart,
        "lang": tag,
        "region": "CN" if script == "hans" else None,
    }


def _part(part: Part, room: _Room) -> dict[str, Any]:
    left_out = len(part.items) - room.items
    items = [asdict(item) for item in part.items[: room.items]]
    if not room.details:
        items = [{**item, "details": ()} for item in items]
    more = phrases.more(left_out) if left_out > 0 else ""
    table = asdict(part.table) if part.table else None
    if table and table["caption"] == part.heading:
        table["caption"] = ""
    return {**asdict(part), "table": table, "items": items, "wide": part.key in _WIDE, "more": more}
