"""A series as an inline SVG: where everything goes. ``templates/series/_chart.html`` draws it, the stylesheet colours.

Values are in the reader's unit and only placed here; what they say stands in words and in a table beside the chart.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Name = Callable[[float], str]
DayName = Callable[[date], str]

LEFT, RIGHT, TOP, BOTTOM = 48.0, 14.0, 14.0, 30.0


@dataclass(frozen=True, slots=True)
class Size:
    """The drawing's own units; a page scales it to the room there is."""

    width: int
    height: int
    days: int  # how many days the axis names at most


#: One for phones and one for desks: letters keep their size in both.
SIZES = {"compact": Size(340, 250, 3), "wide": Size(760, 320, 6)}
#: Beside a sentence, the same for both.
SMALL = {"small": Size(340, 130, 2)}


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line from one day and value to another."""

    first_on: date
    first: float
    last_on: date
    last: float


@dataclass(frozen=True, slots=True)
class Data:
    """What is to be seen: the points, the baseline with its band of measurement error, the trend."""

    points: Sequence[tuple[date, float]]
    baseline: Line | None = None
    threshold: float | None = None
    trend: Line | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    name: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Segment:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates in the units of ``size``, rounded to a tenth."""

    name: str
    size: Size
    left: float
    right: float
    top: float
    bottom: float
    values: list[Tick]
    days: list[Tick]
    dots: list[Dot]
    path: str
    baseline: Segment | None
    band: Box | None
    trend: Segment | None


def draw(data: Data, *, name: str, value_name: Name, day_name: DayName, whole: bool = False) -> Chart:
    """Place the data in the size of that name. ``whole``: only whole numbers are named, as for grades."""
    size = {**SIZES, **SMALL}[name]
    low, high, step = scale(_extent(data), whole=whole)
    first, last = _days(data)
    left, right, top, bottom = LEFT, size.width - RIGHT, TOP, size.height - BOTTOM

    def x(on: date) -> float:
        span = (last - first).days
        return round(left + (right - left) * ((on - first).days / span if span else 0.5), 1)

    def y(value: float) -> float:
        inside = min(max(value, low), high)
        return round(bottom - (bottom - top) * (inside - low) / (high - low), 1)

    def segment(line: Line) -> Segment:
        return Segment(x(line.first_on), y(line.first), x(line.last_on), y(line.last))

    dots = [Dot(x(on), y(value)) for on, value in data.points]
    band = None
    if data.baseline is not None and data.threshold is not None:
        above, below = y(data.baseline.first + data.threshold), y(data.baseline.first - data.threshold)
        start = x(data.baseline.first_on)
        band = Box(start, above, round(max(x(last) - start, 1), 1), round(below - above, 1))
    count = round((high - low) / step)
    return Chart(
        name=name,
        size=size,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        values=[Tick(y(low + i * step), value_name(low + i * step)) for i in range(count + 1)],
        days=[Tick(x(on), day_name(on)) for on in ticks_of(first, last, most=size.days)],
        dots=dots,
        path=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        baseline=segment(data.baseline) if data.baseline else None,
        band=band,
        trend=segment(data.trend) if data.trend else None,
    )


def _extent(data: Data) -> tuple[float, float]:
    values = [value for _on, value in data.points]
    if data.baseline is not None:
        margin = data.threshold or 0.0
        values += [data.baseline.first - margin, data.baseline.first + margin]
    if data.trend is not None:
        values += [data.trend.first, data.trend.last]
    return min(values), max(values)


def _days(data: Data) -> tuple[date, date]:
    days = [on for on, _value in data.points]
    if data.baseline is not None:
        days.append(data.baseline.first_on)
    return min(days), max(days)


def scale(extent: tuple[float, float], *, whole: bool = False) -> tuple[float, float, float]:
    """Return the ends of an axis and the step between its ticks: 1, 2 or 5 times a power of ten, at most six steps.

    >>> scale((83.0, 141.0))
    (80.0, 160.0, 20.0)
    >>> scale((3.0, 3.0), whole=True)
    (2.0, 4.0, 1.0)
    """
    low, high = extent
    if high - low < 1e-9:
        margin = 1.0 if whole else max(abs(high) * 0.1, 0.5)
        low, high = low - margin, high + margin
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(share * power for share in (1, 2, 5, 10) if share * power >= rough * 0.999)
    if whole:
        step = max(1.0, step)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step


def ticks_of(first: date, last: date, *, most: int) -> list[date]:
    """Return evenly spread days, the first and the last among them.

    >>> [str(on) for on in ticks_of(date(2026, 3, 2), date(2026, 3, 16), most=3)]
    ['2026-03-02', '2026-03-09', '2026-03-16']
    """
    span = (last - first).days
    count = min(most - 1, span)
    return [first + timedelta(days=round(span * i / count)) for i in range(count + 1)] if count else [first]
