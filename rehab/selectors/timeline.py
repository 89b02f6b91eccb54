"""The timeline: records of all kinds, latest first. Two steps, so that the cost does not grow with the page."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import User
from rehab.models import Record
from rehab.selectors import records
from rehab.selectors.paging import Position
from rehab.selectors.records import Filters, Page


def page(
    models: Mapping[str, type[Record]],
    *,
    viewer: User,
    patient_id: uuid.UUID,
    filters: Filters,
    after: Position | None,
    limit: int,
    columns_of: Callable[[str], list[str]],
) -> Page:
    """Return a page of rows with their ``kind``: one UNION ALL for the keys, one statement per kind for the rows."""
    keys = records.timeline_keys(
        models, viewer=viewer, patient_id=patient_id, filters=filters, after=after, limit=limit
    )
    ids: dict[str, list[uuid.UUID]] = defaultdict(list)
    for key in keys.rows:
        ids[key["kind"]].append(key["id"])
    rows: dict[tuple[str, uuid.UUID], dict[str, Any]] = {
        (kind, row_id): row
        for kind, wanted in ids.items()
        for row_id, row in records.rows_by_id(models[kind], wanted, columns_of(kind)).items()
    }
    found = [
        {**rows[key["kind"], key["id"]], "kind": key["kind"]} for key in keys.rows if (key["kind"], key["id"]) in rows
    ]
    return Page(found, keys.next)
