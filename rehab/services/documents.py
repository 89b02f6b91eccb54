"""Reading documents: the one check that API, forms, batch and demo data all reach."""

import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar

import annotated_types
import orjson
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rehab.errors import Invalid, Problem, pointer_to
from rehab.services.inputs.base import Document, RecordInput, Ui
from rehab.services.kinds import Kind

Read = TypeVar("Read", bound=Document)

#: What every record has beside the fields of its kind.
COMMON_FIELDS = frozenset({"id", "patient", "performed_at", "note", "confirm"})

_SHOWN_VALUE_LENGTH = 80
_OUT_OF_RANGE = _("{label}: {value} {unit} is not possible. Allowed: {range} {unit}.")
_MESSAGES: dict[str, Any] = {
    "missing": _("{label}: missing. It is required."),
    "extra_forbidden": _("{label}: unknown field."),
    "literal_error": _("{label}: {value} is not one of the allowed values: {expected}."),
    "string_too_long": _("{label}: too long. Allowed: up to {max_length} characters."),
    "string_too_short": _("{label}: too short. Allowed: at least {min_length} characters."),
    "too_long": _("{label}: too many. Allowed: up to {max_length}."),
    "too_short": _("{label}: too few. Allowed: at least {min_length}."),
    "control_character": _("{label}: contains a control character."),
    "string_unicode": _("{label}: contains a character that is not valid text."),
    "string_pattern_mismatch": _("{label}: {value} has the wrong form."),
    "uuid_version": _("{label}: {value} is not a UUIDv7."),
    "uuid_parsing": _("{label}: {value} is not a UUID."),
    "uuid_type": _("{label}: {value} is not a UUID."),
    "datetime_format": _("{label}: {value} is not an ISO 8601 date and time with an offset from UTC."),
    "timezone_aware": _("{label}: {value} has no offset from UTC."),
    "finite_number": _("{label}: {value} is not a finite number."),
    "clock_time": _("{label}: {value} is not a time of day. Write it as 21:00."),
    "unknown_time_zone": _("{label}: {value} is not a time zone of the IANA list."),
    "unknown_code": _("{label}: {value} is not a known code."),
    "repeated": _("{label}: {value} holds something twice."),
    "date_out_of_range": _("{label}: {value} is not possible. Allowed: 1900-01-01 to 2200-01-01."),
    "greater_than": _OUT_OF_RANGE,
    "greater_than_equal": _OUT_OF_RANGE,
    "less_than": _OUT_OF_RANGE,
    "less_than_equal": _OUT_OF_RANGE,
}
_WITHOUT_UNIT = _("{label}: {value} is not possible. Allowed: {range}.")
_FALLBACK = _("{label}: {value} has the wrong type or form. Expected: {expected}.")
_EXPECTED: dict[str, Promise] = {
    "float_type": _("a number"),
    "int_type": _("a whole number"),
    "int_from_float": _("a whole number"),
    "int_parsing": _("a whole number"),
    "int_parsing_size": _("a whole number"),
    "bool_type": _("true or false"),
    "string_type": _("text"),
    "tuple_type": _("a list"),
    "model_type": _("an object"),
    "model_attributes_type": _("an object"),
    "datetime_type": _("a date and time"),
    "date_type": _("a date"),
    "date_from_datetime_parsing": _("a date"),
    "date_parsing": _("a date"),
}


def parse(kind: Kind, document: Any) -> RecordInput:
    """Read one record's document; raise ``Invalid`` with a pointer for each thing that cannot be."""
    parsed = read(_variant_of(kind, document), document)
    if problems := parsed.problems():
        raise Invalid(problems)
    return parsed


def read(model: type[Read], document: Any) -> Read:
    """Read a document of one shape, strictly: no number from text, no unknown field, no NaN."""
    try:
        return model.model_validate_json(_encoded(document), strict=True)
    except ValidationError as error:
        raise Invalid(problems_of(model, error)) from None


def _encoded(document: Any) -> bytes:
    try:
        return orjson.dumps(document)
    except (TypeError, orjson.JSONEncodeError):
        raise Invalid([Problem("", "not_json", _("The document is not valid JSON."))]) from None


def _variant_of(kind: Kind, document: Any) -> type[RecordInput]:
    if not isinstance(document, Mapping):
        raise Invalid([Problem("", "not_an_object", _("The document must be a JSON object."))])
    if kind.discriminator is None:
        return next(iter(kind.variants.values()))
    chosen = document.get(kind.discriminator)
    variant = kind.variants.get(chosen) if isinstance(chosen, str) else None
    if variant is None:
        code = "missing" if chosen is None else "literal_error"
        message = format_lazy(
            _MESSAGES[code],
            label=kind.discriminator,
            value=_shown(chosen),
            expected=", ".join(kind.variants),
        )
        raise Invalid([Problem(pointer_to(kind.discriminator), code, message)])
    return variant


def digest_of(document: RecordInput) -> str:
    """Return what tells content apart: SHA-256 of the document without its id, ``confirm`` and defaults."""
    content = document.model_dump(mode="json", exclude={"id", "confirm"}, exclude_defaults=True)
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def ui_of(model: type[BaseModel], name: str) -> Ui | None:
    """Return how a field of a document is shown, or None if it is not for people."""
    field = model.model_fields.get(name)
    return next((item for item in field.metadata if isinstance(item, Ui)), None) if field else None


def problems_of(model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """Return what pydantic found, in the service's own words."""
    return [_problem(model, details) for details in error.errors(include_url=False) if not _is_echo(details)]


def _is_echo(details: ErrorDetails) -> bool:
    """A list with a wrong item counts as empty for pydantic; the item's own error says what is wrong."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _problem(model: type[BaseModel], details: ErrorDetails) -> Problem:
    field, ui, bounds = _field_at(model, details["loc"])
    code = details["type"]
    if code in _EXPECTED or code not in _MESSAGES:
        template: Any = _FALLBACK
        expected: Any = _EXPECTED.get(code, details["msg"])
    else:
        template = _MESSAGES[code]
        if template is _OUT_OF_RANGE and not _unit_of(ui):
            template = _WITHOUT_UNIT
        expected = details.get("ctx", {}).get("expected", "")
    return Problem(
        pointer_to(*details["loc"]),
        code,
        format_lazy(
            template,
            **{
                "max_length": "",
                "min_length": "",
                **details.get("ctx", {}),
                "label": ui.label if ui else field,
                "unit": _unit_of(ui),
                "value": _shown(details["input"]),
                "expected": expected,
                "range": bounds,
            },
        ),
    )


def _unit_of(ui: Ui | None) -> str | Promise:
    """Return the unit of a field; a scale such as 0-10, which forms show in its place, is none."""
    return "" if ui is None or str(ui.unit)[:1].isdigit() else ui.unit


def _field_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, Ui | None, str]:
    """Return the name, the display and the allowed range of the field that an error points to."""
    current: Any = model
    name, ui, bounds = "", None, ""
    for part in loc:
        if isinstance(part, int):
            continue
        name, ui, bounds = part, None, ""
        field = current.model_fields.get(part) if _is_model(current) else None
        if field is None:
            break
        ui = next((item for item in field.metadata if isinstance(item, Ui)), None)
        bounds = _bounds(field.metadata) or _bounds(_nested_metadata(field.annotation))
        current = _model_within(field.annotation)
    return name, ui, bounds


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def _model_within(annotation: Any) -> Any:
    if _is_model(annotation):
        return annotation
    return next((found for arg in getattr(annotation, "__args__", ()) if (found := _model_within(arg))), None)


def _nested_metadata(annotation: Any) -> list[Any]:
    found = list(getattr(annotation, "__metadata__", ()))
    for arg in getattr(annotation, "__args__", ()):
        found += _nested_metadata(arg)
    return found


def _bounds(metadata: list[Any]) -> str:
    low: Any = None
    high: Any = None
    strict_low = False
    for item in metadata:
        for constraint in item if isinstance(item, annotated_types.GroupedMetadata) else (item,):
            if isinstance(constraint, annotated_types.Ge):
                low = constraint.ge
            elif isinstance(constraint, annotated_types.Gt):
                low, strict_low = constraint.gt, True
            elif isinstance(constraint, annotated_types.Le):
                high = constraint.le
    if low is None or high is None:
        return ""
    return f"{'>' if strict_low else ''}{low:.12g} – {high:.12g}"


def _shown(value: Any) -> str:
    try:
        text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    except orjson.JSONEncodeError:
        text = "…"  # nested too deeply to be written
    text = "".join(letter for letter in text if letter.isprintable())
    return text if len(text) <= _SHOWN_VALUE_LENGTH else text[: _SHOWN_VALUE_LENGTH - 1] + "…"
