"""OpenAPI from the pydantic documents themselves: what is described is what is checked."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union
from uuid import UUID

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.plumbing import ComponentIdentity, ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel, create_model
from pydantic.json_schema import models_json_schema

from rehab.api.queries import Query
from rehab.services.inputs.base import Document, RecordInput
from rehab.services.kinds import Kind


class PydanticDocument(OpenApiSerializerExtension):
    """Maps a pydantic model to a component; the models within it become components of their own."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1  # before the library's own, which emits OpenAPI 3.1

    def get_name(self, auto_schema: Any, direction: str) -> str:
        return str(self.target.__name__)

    def get_identity(self, auto_schema: Any, direction: str) -> ComponentIdentity:
        return ComponentIdentity(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        keys, schema = models_json_schema([(self.target, "validation")], ref_template="#/components/schemas/{model}")
        definitions = schema["$defs"]
        own = keys[self.target, "validation"]["$ref"].rsplit("/", 1)[-1]
        for name, definition in definitions.items():
            if name != own:
                component = ResolvedComponent(
                    name, ResolvedComponent.SCHEMA, as_openapi_3_0(definition), ComponentIdentity(name)
                )
                auto_schema.registry.register_on_missing(component)
        found: dict[str, Any] = as_openapi_3_0(definitions[own])
        return found


def as_openapi_3_0(schema: Any) -> Any:
    """Turn a JSON Schema 2020-12 into OpenAPI 3.0.3: nullable, enum for const, flags for exclusive bounds."""
    if isinstance(schema, list):
        return [as_openapi_3_0(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: value for key, value in schema.items() if key not in ("const", "anyOf", "title", "additionalItems")}
    if "const" in schema:
        found["enum"] = [schema["const"]]
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if flag in found and not isinstance(found[flag], bool):
            found[bound], found[flag] = found[flag], True
    if "anyOf" in schema:
        options = [as_openapi_3_0(option) for option in schema["anyOf"] if option != {"type": "null"}]
        nullable = len(options) < len(schema["anyOf"])
        if len(options) == 1:
            found = {**found, **({"allOf": options} if "$ref" in options[0] else options[0])}
        else:
            found["anyOf"] = options
        if nullable:
            found["nullable"] = True
            if "enum" in found and None not in found["enum"]:
                found["enum"] = [*found["enum"], None]
    if "prefixItems" in found:  # a tuple: an array of that length, of whatever its places hold
        places = found.pop("prefixItems")
        kinds = [place for i, place in enumerate(places) if place not in places[:i]]
        found["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if found.get("type") == "null":
        return {"nullable": True}
    if "$ref" in found and len(found) > 1:
        found["allOf"] = [{"$ref": found.pop("$ref")}]
    if found.get("default", 0) is None:
        del found["default"]
    if "properties" in found:
        found["properties"] = {
            name: as_openapi_3_0(part)
            for name, part in found["properties"].items()
            if not (name == "confirm" and "record_status" in found["properties"])
        }
    return {key: value if key == "properties" else as_openapi_3_0(value) for key, value in found.items()}


class Person(Document):
    id: UUID
    name: str


class Change(Document):
    by: UUID
    reason: str


class ConfirmedOddity(Document):
    pointer: str
    code: str


class FieldError(Document):
    pointer: str
    code: str
    message: str


class ProblemDocument(Document):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None


class RecordMeta(RecordInput):
    """What the service adds to a record."""

    id: UUID
    kind: str
    performed_on: str
    recorded_by: Person
    source: str
    record_status: Literal["final", "amended", "entered_in_error"]
    version: int
    change: Change | None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    confirmed: list[ConfirmedOddity]
    derived: dict[str, Any]
    series_key: str | None = None
    series_value: float | None = None


class Amendment(Document):
    """``changes`` is merged into the record (RFC 7396); lists are replaced whole."""

    reason: str
    changes: dict[str, Any]
    confirm: bool = False


class ErrorMark(Document):
    reason: str


class Version(Document):
    """A record as it stood, with who had written it, when and why."""

    version: int
    record_status: str
    changed_by: Person
    reason: str
    at: AwareDatetime
    document: dict[str, Any]


PROBLEM = OpenApiResponse(ProblemDocument, description="A problem document (RFC 9457)")
PROBLEMS = {(code, "application/problem+json"): PROBLEM for code in (400, 401, 403, 404)}
WRITE_PROBLEMS = {**PROBLEMS, **{(code, "application/problem+json"): PROBLEM for code in (409, 422)}}
CHANGE_PROBLEMS = {
    **WRITE_PROBLEMS,
    **{(code, "application/problem+json"): PROBLEM for code in (412, 428)},
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='ETag of the version you read, e.g. `"1"`.',
)


def parameters_of(query: type[Query]) -> list[OpenApiParameter]:
    """Return the OpenAPI parameters of a query's fields."""
    schema = as_openapi_3_0(query.model_json_schema(by_alias=True))
    return [
        OpenApiParameter(
            name,
            {key: value for key, value in part.items() if key not in ("nullable", "description")},
            OpenApiParameter.QUERY,
            description=part.get("description", ""),
        )
        for name, part in schema["properties"].items()
    ]


def shapes_of(kind: Kind) -> tuple[type[BaseModel], type[BaseModel]]:
    """Return the shapes of a kind's documents: as sent, and as answered."""
    sent = list(kind.variants.values())
    answered = [
        create_model(f"{variant.__name__.removesuffix('Input')}Record", __base__=(RecordMeta, variant))
        for variant in sent
    ]
    name = kind.name.removesuffix("s").title().replace("-", "")
    return _one_of(f"{name}Document", sent, kind.discriminator), _one_of(f"{name}Record", answered, kind.discriminator)


def _one_of(name: str, models: Sequence[type[BaseModel]], discriminator: str | None) -> type[BaseModel]:
    if discriminator is None:
        return models[0]
    union: Any = Annotated[Union[tuple(models)], Field(discriminator=discriminator)]  # noqa: UP007  # made at run time
    return create_model(name, __base__=RootModel[union])


def list_of(model: type[BaseModel]) -> type[BaseModel]:
    return create_model(f"{model.__name__}List", __base__=RootModel[list[model]])  # type: ignore[valid-type]


def page_of(name: str, answer: type[BaseModel]) -> type[BaseModel]:
    """Return the shape of a page of a list."""
    return create_model(f"{name.title().replace('-', '')}Page", next=(str | None, ...), results=(list[answer], ...))  # type: ignore[valid-type]


class TimelineRecord(RecordMeta):
    """A record of any kind; ``kind`` says which, and the fields of that kind stand beside these."""

    model_config = ConfigDict(extra="allow")


class TimelinePage(Document):
    next: str | None
    results: list[TimelineRecord]


class BatchItem(BaseModel):
    """A document of any kind with its ``kind`` and an ``id`` of the client's own (UUIDv7)."""

    model_config = ConfigDict(extra="allow")
    kind: Literal["strength", "rom", "girth", "sessions", "check-ins", "assessments"]
    id: UUID
    patient: UUID
    performed_at: AwareDatetime


class BatchDocument(Document):
    records: Annotated[list[BatchItem], Field(min_length=1, max_length=1000)]


class BatchResult(Document):
    index: int
    kind: str
    id: UUID | None
    outcome: Literal["created", "same", "conflict", "problem"]
    problem: ProblemDocument | None = None
    red_flags: list[dict[str, Any]] | None = None


class BatchAnswer(Document):
    counts: dict[str, int]
    results: list[BatchResult]


class JsonSchema(RootModel[dict[str, Any]]):
    """A JSON Schema."""


class Addresses(RootModel[dict[str, str]]):
    """Addresses by name."""


class ReferenceRows(Document):
    results: list[dict[str, Any]]
