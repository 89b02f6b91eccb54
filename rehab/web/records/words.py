"""Values in words and in the reader's units, with what was typed beside them where it differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pydantic import BaseModel

from accounts.models import User
from rehab.reference import units
from rehab.web.records.building import numbered
from rehab.web.records.choices import words_for
from rehab.web.records.fields import value_words
from rehab.web.records.shapes import Shape, shapes_of


@dataclass(frozen=True)
class Fact:
    """One line of a record; ``path`` tells the same line of two versions."""

    path: str
    label: str
    text: str


def plain(value: float) -> str:
    """Return a number as it was typed.

    >>> plain(25.0), plain(0.1)
    ('25', '0.1')
    """
    return f"{value:.12g}"


def rounded(value: float) -> str:
    """Return a computed number with as many digits as it bears: three. What is next to nothing is 0: girths that are
    alike differ in their sixteenth digit, and a slope of 1.78e-15 says nothing to anybody.

    >>> rounded(248.1082), rounded(41.3), rounded(0.83333), rounded(12345.6), rounded(-1.78e-15)
    ('248', '41.3', '0.833', '12346', '0')
    """
    if abs(value) < 1e-4:  # from here on down it would be written with an exponent
        return "0"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def in_unit(value: float, unit: str) -> str:
    """Return a number with its unit; a degree or percent sign follows closely."""
    return f"{plain(value)}{'' if unit == '°' else ' '}{words_for('unit', unit)}"


def preferred_unit(quantity: str, user: User) -> str | None:
    return {"force": user.force_unit, "length": user.length_unit, "mass": user.mass_unit}.get(quantity)


def canonical_in(quantity: str, value: float, user: User) -> str:
    """Return a canonical value in the reader's unit."""
    unit = preferred_unit(quantity, user) or units.UNITS[quantity][0]
    return f"{rounded(units.from_canonical(quantity=quantity, value=value, unit=unit))} {words_for('unit', unit)}"


def amounts(shape: Shape, values: list[Mapping[str, Any]], user: User) -> str:
    """Return quantities in the reader's unit, and as they were typed if that is another."""
    typed = _listed(values)
    quantity = getattr(shape.core, "quantity", None)
    wanted = preferred_unit(quantity, user) if quantity else None
    if wanted is None or quantity is None or all(value["unit"] == wanted for value in values):
        return typed
    own = [
        units.from_canonical(
            quantity=quantity,
            value=units.to_canonical(quantity=quantity, value=value["value"], unit=value["unit"]),
            unit=wanted,
        )
        for value in values
    ]
    text = f"{', '.join(map(rounded, own))} {words_for('unit', wanted)}"
    return _("%(value)s (typed: %(typed)s)") % {"value": text, "typed": typed}


def _listed(values: list[Mapping[str, Any]]) -> str:
    if len({value["unit"] for value in values}) == 1:
        return f"{', '.join(plain(v['value']) for v in values)} {words_for('unit', values[0]['unit'])}"
    return ", ".join(in_unit(value["value"], value["unit"]) for value in values)


def facts(model: type[BaseModel], document: Mapping[str, Any], user: User) -> list[Fact]:
    """Return every field that was given, in order, with its words."""
    return list(_facts(model, document, user, path="", prefix=""))


def _facts(
    model: type[BaseModel], document: Mapping[str, Any], user: User, *, path: str, prefix: str
) -> Iterator[Fact]:
    for shape in shapes_of(model):
        value = document.get(shape.name)
        if value in (None, "", [], ()) or (shape.name == "none_of_these" and not value):
            continue
        at = f"{path}/{shape.name}"
        if shape.is_model and not shape.is_quantity:
            for i, member in enumerate(value if shape.many else [value]):
                title = f"{prefix}{numbered(shape.name, i + 1)} · " if shape.many else prefix
                if not shape.many and shape.ui.label:
                    title = f"{prefix}{shape.ui.label} · "
                yield from _facts(shape.core, member, user, path=f"{at}/{i}", prefix=title)
        else:
            yield Fact(at, f"{prefix}{shape.ui.label}", in_words(shape, value, user))


def in_words(shape: Shape, value: Any, user: User) -> str:
    """Return a field's value in words."""
    if shape.is_quantity:
        return amounts(shape, value if shape.many else [value], user)
    if isinstance(value, bool):
        return _("Yes") if value else pgettext("answer", "No")
    members = value if shape.many else [value]
    if shape.is_number:
        text, unit = ", ".join(plain(member) for member in members), str(shape.ui.unit)
        return text + _scale(unit) if unit else text
    return ", ".join(value_words(shape.name, member) for member in members)


def _scale(unit: str) -> str:
    """Return the unit as it follows a number: of a scale only its upper end.

    >>> _scale("0-10"), _scale("°"), _scale("min")
    ('/10', '°', ' min')
    """
    if unit in ("0-10", "1-10"):
        return "/10" if unit == "0-10" else ""
    return unit if unit == "°" else f" {unit}"


def day(value: date) -> str:
    return formats.date_format(value, "DATE_FORMAT")


def moment(value: datetime, zone: ZoneInfo) -> str:
    local = value.astimezone(zone)
    return _("%(day)s, %(time)s") % {"day": formats.date_format(local, "DATE_FORMAT"), "time": f"{local:%H:%M}"}


def clock(value: datetime, zone: ZoneInfo) -> str:
    return f"{value.astimezone(zone):%H:%M}"
