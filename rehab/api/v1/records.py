"""Records over HTTP: one set of views, given a kind. ``strength.py`` and its siblings name the kind and its filters."""

import uuid
from typing import Any, ClassVar

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rehab.api import queries, representation, schema
from rehab.api.queries import RecordQuery
from rehab.api.views import ApiView, etag_of, expected_version, is_unchanged, versioned
from rehab.models import Record
from rehab.selectors import records as record_selectors
from rehab.services import documents, rows
from rehab.services import records as record_services
from rehab.services.kinds import Kind


class KindView(ApiView):
    kind: ClassVar[Kind]
    query: ClassVar[type[RecordQuery]]


class RecordList(KindView):
    def get(self, request: Request) -> Response:
        query = queries.read(self.query, request)
        found = record_selectors.visible(self.kind.model, viewer=self.user(), patient_id=query.patient)
        page = record_selectors.page(
            found,
            query.filters(),
            after=query.position(),
            limit=query.limit,
            columns=representation.columns_of(self.kind),
        )
        results = [representation.from_row(self.kind, row) for row in page.rows]
        return Response(queries.page_body(request, results, page.next))

    def post(self, request: Request) -> Response:
        made = record_services.create(self.kind, request.data, by=self.user(), source=Record.Source.API, now=self.now())
        return versioned(
            representation.from_record(self.kind, made.record, red_flags=made.red_flags),
            made.record.version,
            status_code=201 if made.created else 200,
            location=f"{request.path}{made.record.pk}/",
        )


class RecordDetail(KindView):
    def get(self, request: Request, record_id: uuid.UUID) -> Response:
        record, _seen = record_selectors.get(self.kind.model, viewer=self.user(), record_id=record_id)
        if is_unchanged(request, record.version):
            return Response(status=304, headers={"ETag": etag_of(record.version)})
        return versioned(representation.from_record(self.kind, record), record.version)

    def patch(self, request: Request, record_id: uuid.UUID) -> Response:
        # Whether the record may be seen comes before everything else that could be wrong with the request.
        record_selectors.get(self.kind.model, viewer=self.user(), record_id=record_id)
        version = expected_version(request)
        amendment = documents.read(schema.Amendment, request.data)
        record = record_services.amend(
            self.kind,
            record_id,
            amendment.changes,
            reason=amendment.reason,
            expected_version=version,
            confirm=amendment.confirm,
            by=self.user(),
            now=self.now(),
        )
        return versioned(representation.from_record(self.kind, record), record.version)


class RecordInError(KindView):
    def post(self, request: Request, record_id: uuid.UUID) -> Response:
        record_selectors.get(self.kind.model, viewer=self.user(), record_id=record_id)
        version = expected_version(request)
        mark = documents.read(schema.ErrorMark, request.data)
        record = record_services.enter_in_error(
            self.kind, record_id, reason=mark.reason, expected_version=version, by=self.user(), now=self.now()
        )
        return versioned(representation.from_record(self.kind, record), record.version)


class RecordVersions(KindView):
    def get(self, request: Request, record_id: uuid.UUID) -> Response:
        record, _seen = record_selectors.get(self.kind.model, viewer=self.user(), record_id=record_id)
        earlier = [
            {
                "version": version.version,
                "record_status": version.status,
                "changed_by": {"id": version.changed_by_id, "name": version.changed_by.name},
                "reason": version.change_reason,
                "at": version.recorded_at,
                "document": version.document,
            }
            for version in record_selectors.versions(kind=self.kind.name, record_id=record_id)
        ]
        author = record.changed_by or record.recorded_by
        current = {
            "version": record.version,
            "record_status": record.status,
            "changed_by": {"id": author.pk, "name": author.name},
            "reason": record.change_reason,
            "at": record.updated_at,
            "document": {**rows.document_of(record), "derived": record.derived},
        }
        return Response([*earlier, current])


_ASKS_RED_FLAGS = (
    "Warning signs come back in `derived.red_flags`, with the `text` to show at once; the same again (200) tells those "
    "of what was sent, whatever became of the record, and a refusal has them in `red_flags` of its problem document. A "
    "document that reports an emergency is not held back to be confirmed: what is unusual in it stands in "
    "`derived.unconfirmed`."
)


def urls_for(kind: Kind, query: type[RecordQuery]) -> list[URLPattern]:
    """Return the addresses of a kind, with their OpenAPI description."""
    sent, answered = schema.shapes_of(kind)
    label = kind.name

    def view(base: type[KindView], **descriptions: dict[str, Any]) -> Any:
        made: type[APIView] = type(
            f"{label.title().replace('-', '')}{base.__name__}",
            (base,),
            {"kind": kind, "query": query, "__doc__": base.__doc__},
        )
        return extend_schema_view(
            **{
                method: extend_schema(
                    tags=[label],
                    operation_id=f"{label.replace('-', '_')}_{description.pop('name')}",
                    responses={
                        description.pop("status", 200): description.pop("answer"),
                        **description.pop("problems"),
                    },
                    **description,
                )
                for method, description in descriptions.items()
            }
        )(made).as_view()

    changed = {"answer": answered, "problems": schema.CHANGE_PROBLEMS, "parameters": [schema.IF_MATCH]}
    return [
        path(
            "",
            view(
                RecordList,
                get={
                    "name": "list",
                    "answer": schema.page_of(label, answered),
                    "problems": schema.PROBLEMS,
                    "parameters": schema.parameters_of(query),
                },
                post={
                    "name": "create",
                    "status": 201,
                    "answer": answered,
                    "request": sent,
                    "problems": schema.WRITE_PROBLEMS,
                    **({"description": _ASKS_RED_FLAGS} if kind.asks_red_flags else {}),
                },
            ),
            name=f"api-{label}-list",
        ),
        path(
            "<uuid:record_id>/",
            view(
                RecordDetail,
                get={"name": "read", "answer": answered, "problems": schema.PROBLEMS},
                patch={"name": "amend", "request": schema.Amendment, **changed},
            ),
            name=f"api-{label}-detail",
        ),
        path(
            "<uuid:record_id>/enter-in-error/",
            view(RecordInError, post={"name": "enter_in_error", "request": schema.ErrorMark, **changed}),
            name=f"api-{label}-in-error",
        ),
        path(
            "<uuid:record_id>/versions/",
            view(
                RecordVersions,
                get={
                    "name": "versions",
                    "answer": schema.list_of(schema.Version),
                    "problems": schema.PROBLEMS,
                },
            ),
            name=f"api-{label}-versions",
        ),
    ]
