"""Makes the inputs of a document's fields: once declared in ``rehab.services.inputs``, shown here."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from accounts.models import User
from rehab.services.inputs.red_flags import CODES
from rehab.web.records import fields
from rehab.web.records.choices import words_for
from rehab.web.records.items import Amount, Item, Nested, One, Rows, Several, WarningSigns
from rehab.web.records.shapes import Shape, shapes_of, units_of

MOST_RADIOS = 5
MOST_RADIOS_WITH_BLANK = 4
#: How many inputs a list of values gets; the stored record may have more. A longer list is typed into one input.
MOST_INPUTS = 20
INPUTS = {"trials": 3, "readings": 3, "reps": 4, "trials_deg": 3}
ONE_OF_MANY: Mapping[str, Any] = {
    "trials": _("Trial {n}"),
    "trials_deg": _("Trial {n}"),
    "readings": _("Reading {n}"),
    "reps": _("Set {n}"),
    "exercises": _("Exercise {n}"),
    "channels": _("Channel {n}"),
    "target_muscles": _("Muscle {n}"),
    "pain": _("Pain {n}"),
    "symptoms": _("Symptom {n}"),
}
#: Asked for after what was measured or done.
LAST = ("status", "not_testable_reason", "reason")
#: May be below zero, which the decimal keypad of a phone cannot type.
SIGNED = frozenset(
    {"value_deg", "trials_deg", "joint_angle_degrees", "painful_arc_from_deg", "painful_arc_to_deg", "water_temp"}
)


#: Shown by a template of its own.
WARNING_SIGNS = "red_flags"


def numbered(name: str, n: int) -> str | Promise:
    return format_lazy(ONE_OF_MANY[name], n=n) if name in ONE_OF_MANY else str(n)


def with_unit(shape: Shape) -> str | Promise:
    return format_lazy("{} ({})", shape.ui.label, shape.ui.unit) if shape.ui.unit else shape.ui.label


def _text_input(shape: Shape) -> forms.Widget:
    return forms.Textarea(attrs={"rows": shape.ui.rows}) if shape.ui.rows > 1 else forms.TextInput()


def _is_nested(shape: Shape) -> bool:
    return shape.is_model and not shape.many and not shape.is_quantity and shape.name != WARNING_SIGNS


class Builder:
    """Collects ``fields``, ``initial`` values and ``defaults`` by input name while it walks a document's fields."""

    def __init__(
        self, variant: type[BaseModel], *, user: User, rows: Mapping[str, int], left_out: Collection[str] = ()
    ) -> None:
        self._left_out = left_out
        self.fields: dict[str, forms.Field] = {}
        self.initial: dict[str, Any] = {}
        self.defaults: dict[str, Any] = {}
        self._method: str | None = getattr(variant, "method_code", None)
        self._limbs: frozenset[str] = getattr(variant, "limbs", frozenset())
        # A result that may be left out only with a reason is not called optional.
        self._results = {*getattr(variant, "result_fields", ()), "value_deg"}
        self._rows = rows
        self._units = {user.force_unit, user.length_unit, user.mass_unit}

    def build(self, model: type[BaseModel], document: Mapping[str, Any], prefix: str = "") -> list[Item]:
        shapes = [shape for shape in shapes_of(model) if prefix or shape.name not in self._left_out]
        ordered = [
            *(s for s in shapes if _is_nested(s)),
            *(s for s in shapes if s.name not in LAST and not _is_nested(s)),
            *(s for s in shapes if s.name in LAST),
        ]
        return [self._item(shape, f"{prefix}{shape.name}", document.get(shape.name)) for shape in ordered]

    def _item(self, shape: Shape, key: str, value: Any) -> Item:
        if shape.name == WARNING_SIGNS:
            return self._warning_signs(shape, key, value or {})
        if shape.is_model and not shape.is_quantity:
            if not shape.many:
                nested = Nested(shape, key, self.build(shape.core, value or {}, f"{key}-"))
                if shape.ui.label:  # the same field stands in another part too, as with the right and the left side
                    for name in nested.inputs():
                        self.fields[name].label = format_lazy("{} · {}", self.fields[name].label, shape.ui.label)
                return nested
            return self._rows_of(shape, key, value or [])
        if shape.many and shape.is_number and shape.longest > MOST_INPUTS:
            self._add(
                key, fields.NumbersField(widget=_text_input(shape), **self._options(shape, shape.ui.label)), value
            )
            return One(shape, key)
        if shape.many and (shape.is_quantity or shape.is_number):
            return self._several(shape, key, value or [])
        if shape.is_quantity:
            stored = value or {}
            self._add(key, self._number(shape, shape.ui.label), stored.get("value"))
            self._add(f"{key}-unit", self._unit(shape), stored.get("unit"), default=self._preferred(shape))
            return Amount(shape, key)
        self._add(key, self._single(shape, value), value, default=shape.default)
        return One(shape, key)

    def _warning_signs(self, shape: Shape, key: str, stored: Mapping[str, Any]) -> Item:
        item = WarningSigns(shape, key)
        label: Any = shape.ui.label
        new, unchanged, none = item.inputs()
        for name, part in ((new, "new_or_worse"), (unchanged, "unchanged")):
            choices = [(code, code) for code in sorted(CODES)]
            made = fields.SomeOf(choices=choices, widget=forms.CheckboxSelectMultiple(), label=label)
            self._add(name, made, stored.get(part), default=[])
        self._add(none, forms.BooleanField(label=label, required=False), stored.get("none_of_these"))
        return item

    def _rows_of(self, shape: Shape, key: str, stored: list[Any]) -> Item:
        count = min(max(self._rows.get(key, 0), len(stored), 1), shape.longest)
        rows = []
        for i in range(count):
            rows.append(self.build(shape.core, stored[i] if i < len(stored) else {}, f"{key}-{i}-"))
        return Rows(shape, key, rows)

    def _several(self, shape: Shape, key: str, stored: list[Any]) -> Item:
        count = min(max(INPUTS.get(shape.name, 3), len(stored)), shape.longest)
        units = [value["unit"] for value in stored] if shape.is_quantity else []
        item = Several(shape, key, count, units=0 if not shape.is_quantity else count if len(set(units)) > 1 else 1)
        for i, value_key in enumerate(item.value_inputs()):
            value = stored[i] if i < len(stored) else None
            number = value["value"] if isinstance(value, dict) else value
            self._add(value_key, self._number(shape, numbered(shape.name, i + 1)), number)
        for i, unit_key in enumerate(item.unit_inputs()):
            unit = units[i] if i < len(units) else None
            self._add(unit_key, self._unit(shape), unit, default=self._preferred(shape))
        return item

    def _add(self, key: str, made: forms.Field, value: Any, *, default: Any = None) -> None:
        self.fields[key] = made
        shown = default if value is None else value
        if isinstance(made, fields.YesNo) and isinstance(shown, bool):
            shown = "yes" if shown else "no"
        if isinstance(shown, float):
            shown = f"{shown:.12g}"
        if isinstance(made, fields.NumbersField) and shown:
            shown = " ".join(f"{number:.12g}" for number in shown)
        self.initial[key] = shown
        self.defaults[key] = default

    def _options(self, shape: Shape, label: str | Promise) -> dict[str, Any]:
        # ``required`` only tells the label not to say "optional"; the service judges what is missing.
        needed = shape.required or shape.name in self._results or shape.ui.more or shape.default not in (None, "")
        needed = needed or (shape.many and shape.shortest > 0)
        return {"label": label, "help_text": shape.ui.hint, "required": needed}

    def _number(self, shape: Shape, label: str | Promise) -> forms.Field:
        options = self._options(shape, label)
        if shape.many:
            options["help_text"] = ""  # stands at the group
        return fields.NumberField(whole=shape.core is int, signed=shape.name in SIGNED, **options)

    def _unit(self, shape: Shape) -> forms.Field:
        made = fields.OneOf(label=_("Unit"), choices=[(unit, words_for("unit", unit)) for unit in units_of(shape)])
        if not shape.many:
            made.widget.attrs["aria-label"] = format_lazy("{}: {}", shape.ui.label, _("Unit"))
        return made

    def _preferred(self, shape: Shape) -> str:
        units = units_of(shape)
        return next((unit for unit in units if unit in self._units), units[0])

    def _single(self, shape: Shape, value: Any) -> forms.Field:
        options = self._options(shape, with_unit(shape))
        if shape.many:
            choices = [(code, words_for(shape.name, code)) for code in shape.values]
            return fields.SomeOf(choices=choices, widget=forms.CheckboxSelectMultiple(), **options)
        if shape.core is bool:
            return fields.YesNo(**options) if shape.nullable else forms.BooleanField(**{**options, "required": False})
        if shape.is_number:
            return self._number(shape, with_unit(shape))
        if shape.is_literal:
            return self._choice(shape, options)
        if shape.name in fields.NAMES:
            return fields.OneOf(choices=[("", "–"), *self._codes(shape.name, value)], **options)
        return fields.TextField(widget=_text_input(shape), **options)

    def _codes(self, name: str, value: Any) -> fields.Options:
        if name == "muscle":
            return fields.muscle_options(self._method, value, self._limbs)
        return {"motion": fields.motion_options, "site": fields.site_options, "product": fields.band_options}[name]()

    def _choice(self, shape: Shape, options: dict[str, Any]) -> forms.Field:
        choices: list[tuple[Any, Any]] = [(code, fields.option_words(shape.name, code)) for code in shape.values]
        has_blank = shape.nullable and shape.name not in self._results
        options["whole"] = all(isinstance(code, int) for code in shape.values)
        if len(choices) + has_blank <= (MOST_RADIOS_WITH_BLANK if has_blank else MOST_RADIOS):
            blank = [("", _("Not stated"))] if has_blank else []
            return fields.OneOf(choices=[*choices, *blank], widget=forms.RadioSelect(), **options)
        return fields.OneOf(choices=[("", "–"), *choices], **options)
