"""The order in which a form is shown: small numbers side by side, what is rarely needed behind "More details"."""

from typing import Any, Protocol, cast

from django.forms import BoundField

from rehab.web.records import red_flags
from rehab.web.records.building import numbered
from rehab.web.records.forms import RecordForm
from rehab.web.records.items import Amount, Item, Nested, One, Rows, Several, WarningSigns

#: Longer words need a line of their own.
_SHORT = 12

Block = dict[str, Any]


class Shown(Protocol):
    """A form that was made from a document's fields."""

    items: list[Item]
    defaults: dict[str, Any]

    def __getitem__(self, name: str) -> BoundField: ...


def essentials(form: Shown) -> list[Block]:
    return _blocks(form, form.items, more=False)


def further(form: Shown) -> list[Block]:
    return _blocks(form, form.items, more=True)


def further_is_open(form: Shown) -> bool:
    return _is_open(form, form.items)


def _blocks(form: Shown, items: list[Item], *, more: bool) -> list[Block]:
    found: list[Block] = []
    for before, item, after in zip([None, *items], items, [*items[1:], None], strict=False):
        if isinstance(item, Nested) and isinstance(after, Nested) and _are_two_sides(item, after):
            found += [_pairs(form, item, after)] if item.shape.ui.more == more else []
        elif isinstance(item, Nested) and isinstance(before, Nested) and _are_two_sides(before, item):
            continue
        elif isinstance(item, Nested):
            found += _blocks(form, item.items, more=more)
        elif item.shape.ui.more == more:
            block = _block(form, item)
            if block["type"] == "number" and found and found[-1]["type"] == "row":
                found[-1]["fields"].append(block["field"])
            elif block["type"] == "number":
                found.append({"type": "row", "fields": [block["field"]]})
            else:
                found.append(block)
    return found


def _are_two_sides(one: Nested, other: Nested) -> bool:
    """Return whether two parts ask for the same of two sides, to be shown side by side."""
    return bool(one.shape.ui.label) and one.shape.core is other.shape.core


def _pairs(form: Shown, one: Nested, other: Nested) -> Block:
    return {
        "type": "pairs",
        "labels": [one.shape.ui.label, other.shape.ui.label],
        "hint": one.shape.ui.hint,
        "rows": [
            {"label": first.shape.ui.label, "fields": [form[first.key], form[second.key]]}
            for first, second in zip(one.items, other.items, strict=True)
        ],
    }


def _block(form: Shown, item: Item) -> Block:
    shape = item.shape
    if isinstance(item, WarningSigns):
        return {"type": "warning_signs", "signs": red_flags.asked(cast(RecordForm, form), item)}
    if isinstance(item, Rows):
        return {
            "type": "rows",
            "key": item.key,
            "legend": shape.ui.label,
            "count": len(item.rows),
            "can_add": len(item.rows) < shape.longest,
            "rows": [
                {
                    "title": numbered(shape.name, i + 1),
                    "essentials": _blocks(form, row, more=False),
                    "further": _blocks(form, row, more=True),
                    "is_open": _is_open(form, row),
                }
                for i, row in enumerate(item.rows)
            ],
        }
    if isinstance(item, Several):
        values = [form[key] for key in item.value_inputs()]
        units = [form[key] for key in item.unit_inputs()]
        shared = units[0] if item.units == 1 else None
        return {
            "type": "several",
            "key": item.key,
            "legend": shape.ui.label,
            "unit_text": shape.ui.unit,
            "hint": shape.ui.hint,
            "optional": not values[0].field.required,
            "pairs": [(value, None if shared or not units else unit) for value, unit in _zipped(values, units)],
            "unit": shared,
        }
    field = form[item.key]
    if isinstance(item, Amount):
        return {"type": "amount", "field": field, "unit": form[f"{item.key}-unit"]}
    if isinstance(item, One) and shape.is_number and not shape.many and not shape.ui.hint:
        return {"type": "number", "field": field}
    return {"type": "field", "field": field, "inline": _is_short(field)}


def _zipped(values: list[BoundField], units: list[BoundField]) -> list[tuple[BoundField, BoundField | None]]:
    return [(value, units[i] if i < len(units) else None) for i, value in enumerate(values)]


def _is_short(field: BoundField) -> bool:
    choices = getattr(field.field, "choices", None)
    return choices is not None and all(len(str(label)) <= _SHORT for _value, label in choices)


def _is_open(form: Shown, items: list[Item]) -> bool:
    """Return whether what stands behind "More details" holds a value of its own, or an error."""
    parts = [part for item in items for part in item.parts() if part.shape.ui.more]
    keys = [key for part in parts for key in part.inputs()]
    return any(form[key].errors or _differs(form[key].value(), form.defaults.get(key)) for key in keys)


def _differs(shown: Any, default: Any) -> bool:
    return shown not in (None, "", False, [], ()) and str(shown) != str(default)
