"""Query parameters: one typed shape per list; unknown or malformed ones are refused like unknown fields of a body."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from annotated_types import Interval
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rest_framework.request import Request

from rehab.errors import Invalid, Problem
from rehab.selectors.paging import Position
from rehab.selectors.records import Filters
from rehab.services import documents
from rehab.services.inputs.base import Moment

Q = TypeVar("Q", bound=BaseModel)
P = TypeVar("P", bound=Position)


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PageQuery(Query):
    limit: Annotated[int, Interval(ge=1, le=200), Field(description="Rows in a page.")] = 50
    cursor: Annotated[str, Field(description="Where the page starts; taken from `next`.")] = ""

    def position(self) -> Position | None:
        return decode(self.cursor, Position.decode) if self.cursor else None


class RecordQuery(PageQuery):
    """What every list of records may be narrowed to."""

    patient: uuid.UUID | None = None
    performed_from: Annotated[Moment | None, Field(alias="from", description="Performed at or after.")] = None
    performed_to: Annotated[Moment | None, Field(alias="to", description="Performed before.")] = None
    updated_since: Annotated[Moment | None, Field(description="Recorded or changed at or after.")] = None
    record_status: Literal["final", "amended", "entered_in_error"] | None = None

    def filters(self) -> Filters:
        columns = self.model_dump(exclude_none=True, exclude=set(RecordQuery.model_fields))
        if self.record_status is not None:
            columns["status"] = self.record_status
        return Filters(
            performed_from=self.performed_from,
            performed_to=self.performed_to,
            updated_since=self.updated_since,
            columns=columns,
        )


def read(model: type[Q], request: Request) -> Q:
    """Read the query string, or raise ``Invalid`` naming the parameter."""
    if problems := [
        Problem(f"?{name}", "repeated" if len(values) > 1 else "null_character", _("Give it once, as text."))
        for name, values in request.query_params.lists()
        if len(values) > 1 or "\0" in values[0]
    ]:
        raise Invalid(problems)
    try:
        return model.model_validate(request.query_params.dict())
    except ValidationError as error:
        problems = documents.problems_of(model, error)
        raise Invalid([replace(problem, pointer=f"?{problem.pointer[1:]}") for problem in problems]) from None


def decode(cursor: str, read: Callable[[str], P]) -> P:
    """Return where a page starts; ``Invalid`` for a cursor that was never ours."""
    try:
        return read(cursor)
    except (ValueError, OverflowError):
        raise Invalid([Problem("?cursor", "invalid", _("cursor: take it from `next` of the page before."))]) from None


def page_body(request: Request, results: list[Any], position: Position | None) -> dict[str, Any]:
    """Return a page as it is sent: ``next`` is the address of the page after, or null."""
    if position is None:
        return {"next": None, "results": results}
    params = request.query_params.copy()
    params["cursor"] = position.encode()
    return {"next": request.build_absolute_uri(f"{request.path}?{params.urlencode()}"), "results": results}
