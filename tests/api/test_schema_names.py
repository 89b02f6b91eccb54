"""Shapes of the API's answers have names of their own: of two with one name, the OpenAPI document holds only one."""

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from pydantic import BaseModel

import rehab.api.v1


def _under(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for below in model.__subclasses__():
        yield below
        yield from _under(below)


def test_no_two_shapes_share_a_name() -> None:
    for module in iter_modules(rehab.api.v1.__path__, "rehab.api.v1."):
        import_module(module.name)
    places: dict[str, set[str]] = defaultdict(set)
    for model in _under(BaseModel):
        if model.__module__.startswith("rehab."):
            places[model.__name__].add(model.__module__)
    assert len(places) > 50
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
