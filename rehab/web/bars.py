"""Bars as inline SVG: where everything goes. Templates draw them, the stylesheet colours them.

What a bar says stands in words and in a table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TOP, BOTTOM, GAP = 22.0, 24.0, 0.3


@dataclass(frozen=True, slots=True)
class Size:
    """The drawing's own units; letters keep their size, so that there is one for phones and one for desks."""

    width: int
    height: int
    labels: int  # how many columns are named at most


SIZES = {"compact": Size(340, 170, 3), "wide": Size(760, 190, 14)}


@dataclass(frozen=True, slots=True)
class Column:
    """One bar from the base line up; ``height`` is None where the value is not known."""

    x: float
    y: float
    width: float
    height: float | None
    middle: float
    text_y: float
    label: str
    label_x: float
    anchor: str
    value: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Columns:
    name: str
    width: int
    height: int
    base: float
    top: float
    room: float
    label_y: float
    bars: tuple[Column, ...]


def columns(
    values: Sequence[float | None], *, labels: Sequence[str], texts: Sequence[str], last_is_open: bool = False
) -> tuple[Columns, ...]:
    """Return one drawing for each size. Values 0 or above; ``texts`` stand over the bars, ``labels`` below them.

    >>> [round(bar.height or 0) for bar in columns([50, 100], labels="ab", texts="xy")[0].bars]
    [62, 124]
    """
    return tuple(_columns(name, size, values, labels, texts, last_is_open) for name, size in SIZES.items())


def _columns(
    name: str,
    size: Size,
    values: Sequence[float | None],
    labels: Sequence[str],
    texts: Sequence[str],
    last_is_open: bool,
) -> Columns:
    highest = max((value for value in values if value is not None), default=0) or 1
    base, room = size.height - BOTTOM, size.height - BOTTOM - TOP
    step = size.width / max(len(values), 1)
    every = -(-len(values) // size.labels)  # counted from the last, which is always named
    bars = []
    for number, value in enumerate(values):
        height = None if value is None else room * value / highest
        named = (len(values) - 1 - number) % every == 0
        bars.append(
            Column(
                x=round(number * step + step * GAP / 2, 1),
                y=round(base - (height or 0), 1),
                width=round(step * (1 - GAP), 1),
                height=None if height is None else round(height, 1),
                middle=round((number + 0.5) * step, 1),
                text_y=round(base - (height or 0) - 6, 1),
                label=labels[number] if named else "",
                # The last name ends with the drawing: under a narrow bar it would be cut off.
                label_x=size.width if number == len(values) - 1 else round((number + 0.5) * step, 1),
                anchor="end" if number == len(values) - 1 else "middle",
                value=texts[number],
                is_open=last_is_open and number == len(values) - 1,
            )
        )
    return Columns(name, size.width, size.height, base, TOP, room, size.height - 6, tuple(bars))


def shares(left: float, right: float) -> tuple[float, float]:
    """Return two lengths in percent of the longer one; below 0 is no length.

    >>> shares(240, 180), shares(0, 0)
    ((100.0, 75.0), (0.0, 0.0))
    """
    longer = max(left, right)
    if longer <= 0:
        return 0.0, 0.0
    return round(max(left, 0) / longer * 100, 1), round(max(right, 0) / longer * 100, 1)
