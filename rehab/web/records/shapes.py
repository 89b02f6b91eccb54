"""What a field of a document is, read from its type: a number, a quantity, a choice, a list …"""

from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rehab.services.inputs.base import Ui


@dataclass(frozen=True)
class Shape:
    """``core`` is the type without ``None`` and annotations; of a list, ``core`` is the type of its members."""

    name: str
    ui: Ui
    core: Any
    many: bool
    nullable: bool
    required: bool
    default: Any
    shortest: int
    longest: int

    @property
    def is_model(self) -> bool:
        return isinstance(self.core, type) and issubclass(self.core, BaseModel)

    @property
    def is_quantity(self) -> bool:
        return self.is_model and set(self.core.model_fields) == {"value", "unit"}

    @property
    def is_literal(self) -> bool:
        return get_origin(self.core) is Literal

    @property
    def values(self) -> tuple[Any, ...]:
        return get_args(self.core) if self.is_literal else ()

    @property
    def is_number(self) -> bool:
        return self.core in (int, float)


def shapes_of(model: type[BaseModel]) -> list[Shape]:
    """Return the fields that are for people, in order; what has one possible value is not asked for."""
    found = [_shape(name, field) for name, field in model.model_fields.items()]
    return [shape for shape in found if shape is not None and len(shape.values) != 1]


def shape_of(model: type[BaseModel], name: str) -> Shape | None:
    return next((shape for shape in shapes_of(model) if shape.name == name), None)


def units_of(shape: Shape) -> tuple[str, ...]:
    return get_args(shape.core.model_fields["unit"].annotation)


def _shape(name: str, field: FieldInfo) -> Shape | None:
    ui = next((item for item in field.metadata if isinstance(item, Ui)), None)
    core, nullable, constraints = _unwrapped(field.annotation)
    many = get_origin(core) is tuple
    constraints = [*field.metadata, *constraints]
    if many:
        core = _unwrapped(get_args(core)[0])[0]
    shape = Shape(
        name=name,
        ui=ui or Ui(""),
        core=core,
        many=many,
        nullable=nullable,
        required=field.is_required(),
        default=None if field.is_required() else field.get_default(),
        shortest=next((item.min_length for item in constraints if isinstance(item, annotated_types.MinLen)), 0),
        longest=next((item.max_length for item in constraints if isinstance(item, annotated_types.MaxLen)), 20),
    )
    # Without words it is for machines, unless it holds fields that have them: the details of a session.
    return shape if ui is not None or (shape.is_model and not shape.is_quantity) else None


def _unwrapped(annotation: Any) -> tuple[Any, bool, list[Any]]:
    """Return a type without ``Annotated`` and ``None``, whether it had ``None``, and its constraints."""
    constraints: list[Any] = []
    nullable = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            constraints += annotation.__metadata__
            annotation = annotation.__origin__
        elif origin in (Union, UnionType):
            members = [member for member in get_args(annotation) if member is not type(None)]
            nullable = nullable or len(members) < len(get_args(annotation))
            if len(members) != 1:
                return annotation, nullable, constraints
            annotation = members[0]
        else:
            return annotation, nullable, constraints
