"""A summary in words, before anything is drawn: what pages, e-mails and PDF have in common.

Every text is in the reader's language and units. A renderer adds the form and nothing else.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from rehab.web.bars import Columns
from rehab.web.charts import Chart


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in a word or two; ``tone`` is empty, or ``success``, ``amended`` or ``error`` of the stylesheet."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``head`` names the columns; the first cell of a row names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def labelled(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return each row as its name and its cells, each cell with the name of its column."""
        return [(row[0], list(zip(self.head[1:], row[1:], strict=True))) for row in self.rows]

    @property
    def sentences(self) -> list[str]:
        """Return each row as a line of text; what is not known is left out."""
        found = []
        for name, cells in self.labelled:
            said = [_("%(what)s: %(why)s") % {"what": head, "why": cell} for head, cell in cells if cell != "–"]
            found.append(_("%(what)s: %(why)s") % {"what": name, "why": _("; ").join(said)})
        return found


@dataclass(frozen=True, slots=True)
class Graph:
    """A small drawing: ``text`` says it in words, ``table`` holds every value of it."""

    chart: Chart
    text: str
    table: Table


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar for each of some weeks or shares; ``values`` are 0 or above, None where nothing can be shown."""

    drawings: tuple[Columns, ...]
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    text: str
    table: Table

    @property
    def sentence(self) -> str:
        """Return every bar in one line of text."""
        pairs = zip(self.labels, self.texts, strict=True)
        said = _("; ").join(_("%(what)s: %(why)s") % {"what": label, "why": text} for label, text in pairs)
        return _("%(what)s: %(why)s") % {"what": self.text, "why": said}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing with what is to be said of it."""

    title: str
    tags: tuple[Tag, ...] = ()
    lines: tuple[str, ...] = ()
    more: str = ""
    url: str = ""
    graph: Graph | None = None
    details: tuple[str, ...] = ()
    """What may be left out where there is little room."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section: sentences, then a table, then a drawing, then things one by one."""

    key: str
    heading: str
    lines: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    table: Table | None = None
    bars: Bars | None = None
    note: str = ""

    @property
    def is_drawn(self) -> bool:
        return any(item.graph for item in self.items)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole summary. ``lead`` is what is read if nothing else is."""

    title: str
    subtitle: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    contact: tuple[str, ...]
    emergency: str
    made: str
    url: str
    """Path of the summary's page."""
    one_page: bool = False
    """Whether it is to fit a single page on paper."""
    name: str = ""
    """Whose sheet it is, where nothing above says so: paper is laid beside that of others."""
