"""The base of every document that can be recorded: types, and what a form needs to know about a field.

A field's ``Ui`` gives its label, unit and hint once; error messages, HTML forms and the OpenAPI description read it.
"""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Interval, MaxLen, MinLen
from django.utils.functional import Promise
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, PydanticCustomError

from accounts.zones import is_time_zone
from rehab.errors import Problem
from rehab.reference import units


@dataclass(frozen=True)
class Ui:
    """How a field is shown: ``more`` fields stand behind "More details" in a form."""

    label: str | Promise
    unit: str = ""
    hint: str | Promise = ""
    more: bool = False
    rows: int = 1

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core_schema)
        unit = f" ({self.unit})" if self.unit else ""
        schema["description"] = f"{self.label}{unit}. {self.hint}".strip()
        return schema


def _check_text(value: str) -> str:
    if any((ord(letter) < 32 and letter not in "\n\t\r") or ord(letter) == 127 for letter in value):
        raise PydanticCustomError("control_character", "contains a control character")
    return value


def _check_id(value: uuid.UUID) -> uuid.UUID:
    if value.version != 7:
        raise PydanticCustomError("uuid_version", "is not a UUIDv7")
    return value


_ISO_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)


def _read_datetime(value: Any) -> datetime:
    # Nine digits of a second would be cut to six without a word; a number would be taken for a Unix time.
    if isinstance(value, str) and _ISO_DATETIME.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper().replace(",", ".")).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # the thirteenth month, or outside the calendar
    raise PydanticCustomError("datetime_format", "is not an ISO 8601 date and time with an offset")


_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _read_date(value: Any) -> date:
    # A number, even one in text, would be taken for a Unix time.
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # the thirtieth of February
    raise PydanticCustomError("date_parsing", "is not an ISO 8601 date")


def _check_zone(value: str) -> str:
    if not is_time_zone(value):
        raise PydanticCustomError("unknown_time_zone", "unknown time zone")
    return value


def _check_name(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("string_too_short", "1 to 120 characters", {"min_length": 1})
    if len(value) > 120:
        raise PydanticCustomError("string_too_long", "1 to 120 characters", {"max_length": 120})
    return value


Text = Annotated[str, AfterValidator(_check_text)]
Note = Annotated[Text, MaxLen(2000)]
Name = Annotated[Text, MinLen(1), MaxLen(80)]
PersonName = Annotated[Text, AfterValidator(_check_name)]
TimeZone = Annotated[str, AfterValidator(_check_zone)]
RecordId = Annotated[uuid.UUID, AfterValidator(_check_id)]
Moment = Annotated[AwareDatetime, BeforeValidator(_read_datetime)]
Day = Annotated[date, BeforeValidator(_read_date)]
Nrs = Annotated[int, Interval(ge=0, le=10)]
Side = Literal["left", "right"]
AnySide = Literal["left", "right", "both", "none"]


class Document(BaseModel):
    """Base of everything that is read from outside: unknown fields, numbers as text and NaN are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Quantity(Document):
    """A value as it was typed, with its unit; ``quantity`` names the row of ``reference.units``."""

    quantity: ClassVar[str]
    value: float
    unit: str

    @property
    def canonical(self) -> float:
        return units.to_canonical(quantity=self.quantity, value=self.value, unit=self.unit)


def canonical(quantity: Quantity | None) -> float | None:
    """Return a quantity in its canonical unit, if it is given."""
    return None if quantity is None else quantity.canonical


class Force(Quantity):
    """A force; canonical N."""

    quantity = "force"
    unit: Literal["N", "kgf", "lbf"]


class Mass(Quantity):
    """A mass; canonical kg."""

    quantity = "mass"
    unit: Literal["kg", "lb"]


class Length(Quantity):
    """A length; canonical cm."""

    quantity = "length"
    unit: Literal["cm", "mm", "in"]


class Temperature(Quantity):
    """A temperature; canonical °C (UCUM Cel)."""

    quantity = "temperature"
    unit: Literal["Cel", "degF"]


class RecordInput(Document):
    """What every record has: the id (optional, chosen by the client), the patient, the moment, a note."""

    id: RecordId | None = None
    patient: uuid.UUID
    performed_at: Moment
    note: Note = ""
    confirm: bool = False

    def problems(self) -> list[Problem]:
        """Return what cannot be, beyond types and ranges of single fields."""
        return []

    def oddities(self) -> list[Problem]:
        """Return what is possible but odd, and asks to be confirmed."""
        return []

    def oddities_with(self, conditions: Collection[str]) -> list[Problem]:
        """Return what is odd in a patient with these conditions (codes of ``reference.conditions``)."""
        return []

    def columns(self) -> dict[str, Any]:
        """Return the typed columns of the kind's table, in canonical units."""
        raise NotImplementedError(type(self))

    def derive(self) -> dict[str, Any]:
        """Return what is computed from the document and shown beside it."""
        return {}

    def series(self) -> tuple[Any, ...] | None:
        """Return what must match for two readings to be comparable; None where nothing is compared."""
        return None
