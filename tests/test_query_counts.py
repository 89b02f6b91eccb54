"""No list costs more statements for more rows, and paging shows each row exactly once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import CareTeamMember, Patient, Record, RecordVersion
from rehab.services import documents, rows
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document
from tests.role_matrix import VARIANT

Api = Callable[[User | None], APIClient]
Browser = Callable[[User | None], Client]
MANY = 500


def recorded(cast: Cast, kind: str, count: int, *, apart: timedelta = timedelta(minutes=1)) -> list[Record]:
    """Store ``count`` records in a few statements."""
    now = timezone.now()
    found = KINDS[kind]
    parsed = documents.parse(found, document(kind, VARIANT[kind], cast.patient.pk))
    made = []
    for i in range(count):
        row = rows.build(found, parsed, cast.patient, digest=str(i), oddities=[], by=cast.therapist, source="api",
                            now=now)  # fmt: skip
        row.performed_at = now - timedelta(days=1) - i * apart
        made.append(row)
    found.model._default_manager.bulk_create(made)
    return made


def patients(cast: Cast, count: int) -> None:
    now = timezone.now()
    made = Patient.objects.bulk_create(
        Patient(clinic=cast.clinic, name=f"P {i}", time_zone="UTC", created_digest="", created_at=now)
        for i in range(count)
    )
    CareTeamMember.objects.bulk_create(
        CareTeamMember(patient=patient, user=cast.therapist, role="therapist", added_by=cast.therapist)
        for patient in made
    )


def cost(client: Client, path: str, **query: str) -> tuple[int, Any]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path, query)
    assert answer.status_code == 200, answer.content
    return len(captured), answer


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", ["one", "all"])
def test_lists_of_records(cast: Cast, api: Api, kind: str, of: str) -> None:
    client, path = api(cast.therapist), f"/api/v1/{kind}/"
    query = {"limit": "200", **({"patient": str(cast.patient.pk)} if of == "one" else {})}
    recorded(cast, kind, 5)
    few, answer = cost(client, path, **query)
    assert len(answer.json()["results"]) == 5
    recorded(cast, kind, MANY - 5)
    many, answer = cost(client, path, **query)
    assert len(answer.json()["results"]) == 200
    assert many == few
    assert few <= 3  # token and user, patient, page


def test_the_timeline(cast: Cast, api: Api) -> None:
    client, query = api(cast.therapist), {"patient": str(cast.patient.pk), "limit": "200"}
    for kind in KINDS:
        recorded(cast, kind, 2)
    few, answer = cost(client, "/api/v1/timeline/", **query)
    assert len(answer.json()["results"]) == 2 * len(KINDS)
    for kind in KINDS:
        recorded(cast, kind, MANY // 4, apart=timedelta(minutes=7))
    many, answer = cost(client, "/api/v1/timeline/", **query)
    assert len(answer.json()["results"]) == 200
    assert many == few
    assert few <= 3 + len(KINDS)


def test_lists_of_patients(cast: Cast, api: Api, browser_of: Browser) -> None:
    client = api(cast.therapist)
    therapist, admin = browser_of(cast.therapist), browser_of(cast.admin)
    pages = ((therapist, reverse("caseload")), (admin, reverse("clinic")))
    patients(cast, 4)
    few = cost(client, "/api/v1/patients/", limit="200")[0]
    few_pages = [cost(who, path)[0] for who, path in pages]
    patients(cast, MANY)
    many, answer = cost(client, "/api/v1/patients/", limit="200")
    assert len(answer.json()["results"]) == 200
    assert many == few
    assert few <= 2
    assert [cost(who, path)[0] for who, path in pages] == few_pages
    assert max(few_pages) <= 14


def test_pages_of_a_patient(cast: Cast, browser_of: Browser) -> None:
    client = browser_of(cast.therapist)
    own = browser_of(cast.patient_user)
    paths = [(client, reverse("patient", args=[cast.patient.pk])), (own, reverse("portal"))]
    for kind in KINDS:
        recorded(cast, kind, 2)
    few = [cost(who, path)[0] for who, path in paths]
    for kind in KINDS:
        recorded(cast, kind, MANY // 4, apart=timedelta(minutes=7))
    assert [cost(who, path)[0] for who, path in paths] == few
    assert max(few) <= 22  # the timeline, today, alerts, goals, new sites of symptoms, questionnaires, last week


def test_versions(cast: Cast, api: Api, browser_of: Browser) -> None:
    [row] = recorded(cast, "rom", 1)
    path = f"/api/v1/rom/{row.pk}/versions/"
    page = reverse("record-versions", args=["rom", row.pk])
    client, reader = api(cast.patient_user), browser_of(cast.patient_user)

    def add(first: int, last: int) -> None:
        RecordVersion.objects.bulk_create(
            RecordVersion(kind="rom", record_id=row.pk, version=version, document=rows.document_of(row),
                          status="amended", changed_by=cast.therapist, change_reason="why",
                          recorded_at=timezone.now())
            for version in range(first, last)
        )  # fmt: skip

    add(1, 6)
    few, few_page = cost(client, path)[0], cost(reader, page)[0]
    add(6, 101)
    many, answer = cost(client, path)
    assert len(answer.json()) == 101
    assert (many, cost(reader, page)[0]) == (few, few_page)
    assert few <= 4


def test_a_write_costs_little(cast: Cast, api: Api) -> None:
    client = api(cast.patient_user)
    sent = document("strength", "hhd", cast.patient.pk, id=str(new_id()))
    with CaptureQueriesContext(connection) as captured:
        assert client.post("/api/v1/strength/", sent, format="json").status_code == 201
    kinds = [query["sql"].split()[0] for query in captured]
    assert kinds.count("SELECT") == 2  # token with its user; care team with the patient
    assert kinds.count("INSERT") == 2  # the record, its event
    assert len(kinds) <= 6  # and a savepoint
    headers = {"If-Match": '"1"'}
    body = {"reason": "typing error", "changes": {"note": "x"}}
    with CaptureQueriesContext(connection) as captured:
        path = f"/api/v1/strength/{sent['id']}/"
        assert client.patch(path, body, format="json", headers=headers).status_code == 200
    assert len(captured) <= 11


# --- Paging


def walk(client: APIClient, path: str, between: Callable[[], object], **query: str) -> list[str]:
    seen, address, first = [], path, {**query, "limit": "7"}
    while address:
        answer = client.get(address, first if address == path else None).json()
        assert len(answer["results"]) <= 7
        seen += [row["id"] for row in answer["results"]]
        address = answer["next"]
        between()
    return seen


@pytest.mark.parametrize("path", ["/api/v1/rom/", "/api/v1/timeline/"])
@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=1)])
def test_each_row_is_shown_once_while_rows_are_added(cast: Cast, api: Api, path: str, apart: timedelta) -> None:
    made = recorded(cast, "rom", 30, apart=apart)
    expected = [str(row.pk) for row in sorted(made, key=lambda row: (row.performed_at, row.pk), reverse=True)]

    def add() -> None:
        [row] = recorded(cast, "rom", 1)
        type(row)._default_manager.filter(pk=row.pk).update(performed_at=timezone.now())

    seen = walk(api(cast.therapist), path, add, patient=str(cast.patient.pk))
    assert seen == expected


def test_each_patient_is_shown_once_while_patients_are_added(cast: Cast, api: Api) -> None:
    patients(cast, 30)
    before = set(map(str, Patient.objects.filter(care_team__user=cast.therapist).values_list("pk", flat=True)))
    seen = walk(api(cast.therapist), "/api/v1/patients/", lambda: patients(cast, 1))
    assert len(seen) == len(set(seen))
    assert set(seen) == before


def test_the_last_page_has_no_next(cast: Cast, api: Api) -> None:
    recorded(cast, "girth", 7)
    answer = api(cast.therapist).get("/api/v1/girth/", {"limit": "7"}).json()
    assert (len(answer["results"]), answer["next"]) == (7, None)
