"""Whatever a client sends: never a 5xx, never half a write, never a silent change, and each refusal says where."""

import json
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from rest_framework.test import APIClient

from accounts.ids import new_id
from rehab.models import RecordVersion
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.services.kinds import KINDS
from rehab.services.patients import PatientInput
from rehab.services.preferences import PreferencesInput
from tests.documents import DOCUMENTS, document
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.strategies import (
    HOSTILE,
    Raw,
    body_of,
    bounds_of,
    branches,
    fields_of,
    mutated,
    near,
    raw_in,
    schema_of,
)

JSON = "application/json"
NOBODY_CLIENT: Any = APIClient()
NOBODY = "0193d51a-0000-7000-8000-000000000000"
CREATED = {201, 200, 400, 404, 409, 422}
CHANGED = {200, 400, 404, 409, 412, 422, 428}
#: What a sent null stands for: "left out", so that the service chooses.
CHOSEN_BY_SERVICE = {"id", "clinic", "time_zone"}


def variant_of(kind: str, variant: str) -> type[BaseModel]:
    return KINDS[kind].variants[variant]


def check_problem(response: HttpResponse, sent: Any, allowed: set[int]) -> dict[str, Any]:
    """Check a refusal: RFC 9457, and pointers that lead somewhere in what was sent."""
    assert response.status_code in allowed, (response.status_code, response.content[:500])
    assert response["Content-Type"] == "application/problem+json", response.content[:500]
    problem: dict[str, Any] = json.loads(response.content)
    assert isinstance(problem["type"], str)
    assert isinstance(problem["title"], str)
    assert problem["detail"]
    assert problem["status"] == response.status_code
    check_pointers(problem, sent)
    return problem


def check_pointers(problem: dict[str, Any], sent: Any) -> None:
    if problem["status"] == 422 or (problem["status"] == 400 and problem["type"] == "urn:rehab:problem:invalid"):
        assert problem["errors"], problem
    for error in problem.get("errors", []):
        assert error["code"]
        assert error["message"]
        assert _leads_somewhere(error["pointer"], sent), (error, sent)


def _leads_somewhere(pointer: str, sent: Any) -> bool:
    """Return whether a JSON pointer stands for something that was sent, or for a field that is missing from it."""
    if pointer == "":
        return True
    if not pointer.startswith("/"):
        return False
    current = sent
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]
    for position, part in enumerate(parts):
        if isinstance(current, Raw):
            return True
        if isinstance(current, dict):
            if part not in current:
                return position == len(parts) - 1
            current = current[part]
        elif isinstance(current, list) and part.isdigit() and int(part) < len(current):
            current = current[int(part)]
        else:
            return False
    return True


def stands_in(answer: Any, sent: Any, name: str = "") -> bool:
    """Return whether every sent value stands in the answer with the same JSON value."""
    if sent is None and name in CHOSEN_BY_SERVICE:
        return True
    if name == "performed_at":
        return read_moment(answer) == read_moment(sent)
    if name in ("id", "patient", "clinic") and isinstance(sent, str):
        return UUID(answer) == UUID(sent)
    if isinstance(sent, dict) and isinstance(answer, dict):
        return all(key in answer and stands_in(answer[key], value, key) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(answer, list):
        return len(sent) == len(answer) and all(map(stands_in, answer, sent))
    if isinstance(sent, bool) or isinstance(answer, bool):
        return sent is answer
    return bool(answer == sent)


def read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text.upper().replace(",", "."))


def without_confirm(sent: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sent.items() if key != "confirm"}


def unambiguous(body: bytes) -> Any:
    """Read JSON, refusing what two readers may read in two ways."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in found}) == len(found), f"two values for one key: {found}"
        return dict(found)

    def refuse(text: str) -> float:
        raise AssertionError(f"{text} is not JSON")

    return json.loads(body, object_pairs_hook=pairs, parse_constant=refuse)


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_whatever_is_posted_is_stored_whole_or_refused_with_a_reason(service: Service, kind: str, variant: str) -> None:
    base = document(kind, variant, service.cast.patient.pk, id=str(new_id()))
    before = service.counts()

    @examples(45)
    @given(sent=mutated(variant_of(kind, variant), base))
    def check(sent: Any) -> None:
        with Undone():
            body = body_of(sent)
            response = service.patient.generic("POST", f"/api/v1/{kind}/", body, content_type=JSON)
            if response.status_code != 201:
                check_problem(response, sent, CREATED - {200, 201})
                assert service.counts() == before
                return
            assert service.counts() == {**before, kind: before[kind] + 1, "event": before["event"] + 1}
            answer = response.json()
            assert stands_in(answer, without_confirm(unambiguous(body))), (sent, answer)
            assert service.patient.get(f"/api/v1/{kind}/{answer['id']}/").json() == answer
            timeline = service.patient.get("/api/v1/timeline/", {"patient": str(service.cast.patient.pk)})
            assert timeline.json()["results"] == [answer]

    check()


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_whatever_an_amendment_says_it_is_kept_whole_or_refused_with_a_reason(
    service: Service, kind: str, variant: str
) -> None:
    record_id = str(new_id())
    base = document(kind, variant, service.cast.patient.pk, id=record_id)
    url = f"/api/v1/{kind}/{record_id}/"
    stored = service.patient.post(f"/api/v1/{kind}/", {**base, "confirm": True}, format="json")
    assert stored.status_code == 201, stored.content
    before = service.counts()

    @examples(20)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        changed = data.draw(mutated(variant_of(kind, variant), base))
        sent = data.draw(_amendment_of(base, changed))
        etag = data.draw(st.sampled_from(['"1"'] * 9 + ['"2"']))
        body = body_of(sent)
        with Undone():
            response = service.therapist.generic("PATCH", url, body, content_type=JSON, HTTP_IF_MATCH=etag)
            if response.status_code != 200:
                check_problem(response, sent, CHANGED - {200})
                assert service.counts() == before
                assert service.patient.get(url).json() == stored.json()
                return
            assert service.counts() == {**before, "event": before["event"] + 1, "version": before["version"] + 1}
            answer = response.json()
            assert (answer["version"], answer["change"]["reason"]) == (2, sent["reason"])
            assert stands_in(answer, unambiguous(body)["changes"]), (sent, answer)
            assert service.patient.get(url).json() == answer
            kept = RecordVersion.objects.get(record_id=record_id)
            assert stands_in(stored.json(), kept.document)

    check()


def _amendment_of(base: dict[str, Any], changed: Any) -> st.SearchStrategy[Any]:
    changes = changed
    if isinstance(changed, dict):
        changes = {
            key: value
            for key, value in changed.items()
            if key != "confirm"
            and (value is not base.get(key))
            and (isinstance(value, Raw) or raw_in(value) or value != base.get(key))
        }
    usual = {"reason": "typed wrongly", "changes": changes, "confirm": True}
    odd = st.fixed_dictionaries(
        {"reason": st.sampled_from([*HOSTILE, " " * 600 + "why", "why" + " " * 600]), "changes": st.just(changes)},
        optional={"confirm": st.sampled_from(HOSTILE), "more": st.sampled_from(HOSTILE)},
    )
    return st.one_of(*[st.just(usual)] * 6, odd)


def test_whatever_stands_in_a_batch_each_item_is_answered_for_itself(service: Service) -> None:
    before = service.counts()
    bases = {(kind, variant): document(kind, variant, service.cast.patient.pk) for kind, variant in DOCUMENTS}

    @st.composite
    def items(draw: Any) -> Any:
        key = draw(st.sampled_from(sorted(bases)))
        item = draw(mutated(variant_of(*key), {**bases[key], "id": str(new_id())}, most=2))
        if isinstance(item, dict):
            item["kind"] = draw(st.sampled_from([key[0]] * 20 + HOSTILE))
        return item

    @examples(60)
    @given(sent=st.lists(items(), min_size=1, max_size=5))
    def check(sent: list[Any]) -> None:
        with Undone():
            body = body_of({"records": sent})
            response = service.patient.generic("POST", "/api/v1/batch/", body, content_type=JSON)
            if response.status_code != 200:
                check_problem(response, {"records": sent}, {400})
                assert service.counts() == before
                return
            created = dict.fromkeys(KINDS, 0)
            parsed = unambiguous(body)["records"]
            for item, outcome in zip(parsed, response.json()["results"], strict=True):
                if outcome["outcome"] == "problem":
                    check_pointers(outcome["problem"], item)
                elif outcome["outcome"] == "created":
                    created[item["kind"]] += 1
                    read = service.patient.get(f"/api/v1/{item['kind']}/{outcome['id']}/").json()
                    assert stands_in(read, without_confirm(item)), (item, read)
            counts = service.counts()
            assert {name: counts[name] - before[name] for name in KINDS} == created
            assert counts["event"] == before["event"] + sum(created.values())

    check()


def test_whatever_a_batch_is_it_is_answered(service: Service) -> None:
    before = service.counts()
    for records in [*HOSTILE, [None] * 1001, [{}] * 1000]:
        response = service.patient.generic("POST", "/api/v1/batch/", body_of({"records": records}), content_type=JSON)
        if response.status_code != 200:
            check_problem(response, {"records": records}, {400})
        else:
            assert response.json()["counts"]["problem"] == len(json.loads(body_of(records)))
    assert service.counts() == before


PATIENT = {
    "name": "Li Wei",
    "birth_date": "1960-02-29",
    "sex": "female",
    "dominant_hand": "left",
    "conditions": [],
    "time_zone": "Asia/Shanghai",
}


def test_whoever_is_enrolled_is_stored_whole_or_refused_with_a_reason(service: Service) -> None:
    before = service.counts()

    @examples(80)
    @given(sent=mutated(PatientInput, {**PATIENT, "id": str(new_id())}))
    def check(sent: Any) -> None:
        with Undone():
            body = body_of(sent)
            response = service.therapist.generic("POST", "/api/v1/patients/", body, content_type=JSON)
            if response.status_code != 201:
                check_problem(response, sent, CREATED - {200, 201})
                assert service.counts() == before
                return
            assert service.counts() == {**before, "patient": before["patient"] + 1, "event": before["event"] + 1}
            assert stands_in(response.json(), unambiguous(body)), (sent, response.json())
            assert service.therapist.get(f"/api/v1/patients/{response.json()['id']}/").json() == response.json()

    check()


def test_whatever_is_changed_of_a_patient_is_kept_whole_or_refused(service: Service) -> None:
    made = service.therapist.post("/api/v1/patients/", PATIENT, format="json").json()
    url = f"/api/v1/patients/{made['id']}/"
    before = service.counts()

    @examples(60)
    @given(changes=mutated(PatientInput, {}), etag=st.sampled_from(['"1"', '"1"', '"1"', '"7"']))
    def check(changes: Any, etag: str) -> None:
        with Undone():
            body = body_of({"changes": changes})
            response = service.therapist.generic("PATCH", url, body, content_type=JSON, HTTP_IF_MATCH=etag)
            if response.status_code != 200:
                check_problem(response, {"changes": changes}, CHANGED - {200})
                assert service.counts() == before
                assert service.therapist.get(url).json() == made
                return
            assert stands_in_strictly(response.json(), unambiguous(body)["changes"]), (changes, response.json())
            assert response.json()["version"] == 2
            assert service.therapist.get(url).json() == response.json()

    check()


def stands_in_strictly(answer: dict[str, Any], sent: dict[str, Any]) -> bool:
    """As ``stands_in``, and a null is a null: nothing is chosen by the service when a row is changed."""
    return stands_in(answer, sent) and all(answer[key] is None for key, value in sent.items() if value is None)


def test_whatever_is_preferred_is_kept_whole_or_refused(service: Service) -> None:
    made = service.patient.get("/api/v1/me/").json()
    before = service.counts()

    @examples(60)
    @given(sent=mutated(PreferencesInput, {"name": "Ann", "force_unit": "kgf"}))
    def check(sent: Any) -> None:
        with Undone():
            body = body_of(sent)
            response = service.patient.generic("PATCH", "/api/v1/me/", body, content_type=JSON)
            if response.status_code != 200:
                check_problem(response, sent, {400})
                assert service.counts() == before
                assert service.patient.get("/api/v1/me/").json() == made
                return
            assert stands_in_strictly(response.json(), unambiguous(body)), (sent, response.json())
            assert service.patient.get("/api/v1/me/").json() == response.json()

    check()


RAW_PLACES = [
    ("POST", "/api/v1/strength/"),
    ("POST", "/api/v1/batch/"),
    ("PATCH", "/api/v1/me/"),
    ("POST", "/api/v1/patients/"),
]
GOOD = body_of({"method": "pinch"})


@st.composite
def raw_bodies(draw: Any, whole: bytes) -> bytes:
    how = draw(st.sampled_from(["bytes", "cut", "flip", "prefix", "utf"]))
    if how == "bytes":
        return bytes(draw(st.binary(max_size=200)))
    if how == "cut":
        return whole[: draw(st.integers(0, len(whole) - 1))]
    if how == "flip":
        at = draw(st.integers(0, len(whole) - 1))
        return whole[:at] + bytes([draw(st.integers(0, 255))]) + whole[at + 1 :]
    if how == "prefix":
        return (
            bytes(draw(st.sampled_from([b"\xef\xbb\xbf", b"\x1f\x8b\x08\x00", b"\x00", b"\xff\xfe", b")]}'\n"])))
            + whole
        )
    return whole.decode().encode(draw(st.sampled_from(["utf-16", "utf-32", "utf-16-le", "utf-7"])))


CONTENT_TYPES = [
    JSON,
    JSON,
    JSON,
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "text/plain",
    "",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/xml",
    "*/*",
    "application/json;;;=",
    "garbage",
    "\u00ff/\u00ff",
    "application/merge-patch+json",
    "application/json, text/html",
]


@pytest.mark.parametrize(("method", "url"), RAW_PLACES)
def test_whatever_bytes_come_they_are_refused_with_a_problem(service: Service, method: str, url: str) -> None:
    base = document("strength", "pinch", service.cast.patient.pk)
    before = service.counts()

    @examples(25)
    @given(
        body=raw_bodies(body_of(base)),
        content_type=st.sampled_from(CONTENT_TYPES),
        encoding=st.sampled_from([None, None, "gzip", "br", "\u00ff"]),
    )
    def check(body: bytes, content_type: str, encoding: str | None) -> None:
        headers = {} if encoding is None else {"HTTP_CONTENT_ENCODING": encoding}
        with Undone():
            response = service.therapist.generic(method, url, body, content_type=content_type, **headers)
            if response.status_code in (200, 201):
                assert isinstance(json.loads(body or b"{}"), dict)
                return
            _plain(response)
            assert service.counts() == before

    check()


def _plain(response: HttpResponse) -> None:
    assert response.status_code in (400, 404, 409, 413, 415, 422), (response.status_code, response.content[:300])
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused_unread(service: Service) -> None:
    body = b'{"note": "' + b"x" * (11 * 1024 * 1024) + b'"}'
    response = service.patient.generic("POST", "/api/v1/rom/", body, content_type=JSON)
    check_problem(response, {"note": ""}, {413})


def test_a_note_of_a_megabyte_is_refused_shortly(service: Service) -> None:
    sent = document("rom", "rom", service.cast.patient.pk, note="n" * 1_000_000)
    response = service.patient.post("/api/v1/rom/", sent, format="json")
    check_problem(response, sent, {400})
    assert len(response.content) < 1000


HEADERS = {
    "HTTP_IF_MATCH": [
        "",
        "*",
        '"',
        '"1',
        'W/"1"',
        '"1", "2"',
        '"-1"',
        '"' + "9" * 100 + '"',
        '"١"',
        '"\u00ff"',
        "1" * 100_000,
    ],
    "HTTP_X_REQUEST_ID": ["a\r\nSet-Cookie: x=1", "a\nb", "x" * 1_000_000, "", "\x00", "\u00ff", "'; --", "a" * 65],
    "HTTP_ACCEPT": [
        "",
        "*",
        "*/*;q=x",
        "text/html",
        "application/xml",
        "a/b/c;;;",
        "application/json; indent=999999999",
        "\x00",
        "\u00ff",
        "," * 10_000,
        "application/json;version=\u00ff",
    ],
    "HTTP_ACCEPT_LANGUAGE": [
        "",
        "*",
        "zh-hans;q=9",
        "x" * 100_000,
        "en-" * 1_000,
        "\u00ff",
        "../../etc",
        "zh_CN.UTF-8",
        ",;q=",
        "\x00",
    ],
    "HTTP_AUTHORIZATION": [
        "",
        "Token",
        "Token ",
        "Token x y",
        "Token \u00ff\u00fe",
        "Token \x00",
        "Bearer x",
        "Basic ====",
        "Token " + "0" * 100_000,
        "\u00ff",
        "Token é",
        "Token " + "\x00" * 64,
        "token zz",
        "Token abcdefgh\x00",
    ],
    "HTTP_IF_NONE_MATCH": ["", "*", '"\u00ff"', '"1"' * 1_000],
    "HTTP_COOKIE": [
        "sessionid=x",
        "sessionid=\u00ff",
        'sessionid="\\000abcdefghij"',
        "=;=;",
        "django_language=../../x",
        "django_language=\u00ff",
        "csrftoken=" + "x" * 10_000,
        "\x00",
    ],
    "HTTP_REFERER": ["\u00ff", "http://[::1"],
    "HTTP_ORIGIN": ["null", "http://[", "\u00ff"],
    "CONTENT_LENGTH": ["-1", "x", "99999999999999999999", ""],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE", "\u00ff"],
    "HTTP_RANGE": ["bytes=0-", "x"],
    "HTTP_TRANSFER_ENCODING": ["chunked", "gzip"],
}


def test_whatever_headers_come_the_answer_is_json_and_never_a_5xx(service: Service) -> None:
    made = service.patient.post("/api/v1/rom/", document("rom", "rom", service.cast.patient.pk), format="json").json()
    record = f"/api/v1/rom/{made['id']}/"
    strange = st.text(st.characters(max_codepoint=255), max_size=30)

    @examples(120)
    @given(
        headers=st.dictionaries(st.sampled_from(sorted(HEADERS)), st.none() | strange, min_size=1, max_size=3),
        data=st.data(),
        place=st.sampled_from(
            [
                *((method, record) for method in ("GET", "PATCH", "PUT", "DELETE", "TRACE")),
                *((method, "/api/v1/rom/") for method in ("POST", "OPTIONS")),
                *(("GET", url) for url in ("/api/v1/me/", "/api/v1/reference/muscles/", "/api/x")),
            ]
        ),
    )
    def check(headers: dict[str, str | None], data: st.DataObject, place: tuple[str, str]) -> None:
        sent = {
            name: data.draw(st.sampled_from(HEADERS[name])) if value is None else value
            for name, value in headers.items()
        }
        with Undone():
            client = NOBODY_CLIENT if "HTTP_AUTHORIZATION" in sent else service.therapist
            response = client.generic(place[0], place[1], b"{}", content_type=JSON, **sent)
            assert response.status_code < 500, response.content[:300]
            assert response["X-Request-ID"].isascii()
            assert len(response["X-Request-ID"]) <= 64
            assert not {"\r", "\n"} & set(response["X-Request-ID"])
            if response.status_code >= 400:
                assert response["Content-Type"] == "application/problem+json", response.content[:300]

    check()


def test_a_token_that_never_was_ours_is_401(service: Service) -> None:
    for value in HEADERS["HTTP_AUTHORIZATION"]:
        response = NOBODY_CLIENT.generic("GET", "/api/v1/me/", HTTP_AUTHORIZATION=value)
        check_problem(response, {}, {401})


LISTS = ["patients", "strength", "rom", "girth", "sessions", "timeline"]
PARAMETERS = [
    "limit",
    "cursor",
    "patient",
    "from",
    "to",
    "updated_since",
    "record_status",
    "muscle",
    "motion",
    "site",
    "side",
    "modality",
    "kind",
    "search",
    "method",
    "session_status",
    "rom_type",
    "format",
    "x",
    "",
]
VALUES = [
    "",
    "0",
    "1",
    "-1",
    "201",
    "1e9",
    "1_0",
    "９",
    " 5",
    "9" * 5000,
    "NaN",
    "null",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u00ff",
    "' OR 1=1 --",
    "x" * 10_000,
    "%",
    "_",
    "\\",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-01-01",
    "1e400",
    "0",
    "1767225600",
    "MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMHwwMTkzZDUxYS0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA=",
    "AAAA",
    "====",
    "fA==",
    "é",
    "OTk5OS0xMi0zMVQyMzo1OTo1OS0xNDowMHwwMTkzZDUxYS0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA=",
    "strength,rom",
    "strength,strength",
    ",",
    "json",
    "xml",
    "api",
    "final",
]


def test_whatever_a_query_asks_it_gets_a_page_or_a_problem(service: Service) -> None:
    for kind, variant in DOCUMENTS:
        sent = document(kind, variant, service.cast.patient.pk, confirm=True)
        assert service.patient.post(f"/api/v1/{kind}/", sent, format="json").status_code == 201

    @examples(150)
    @given(
        name=st.sampled_from(LISTS),
        pairs=st.lists(
            st.tuples(
                st.sampled_from(PARAMETERS),
                st.sampled_from([*VALUES, str(service.cast.patient.pk)]) | st.text(max_size=20),
            ),
            min_size=1,
            max_size=4,
        ),
    )
    def check(name: str, pairs: list[tuple[str, str]]) -> None:
        given_patient = [("patient", str(service.cast.patient.pk))] if name == "timeline" else []
        query = "&".join(
            f"{quote(key)}={quote(value.encode('utf-8', 'surrogatepass'))}" for key, value in [*given_patient, *pairs]
        )
        response = service.patient.get(f"/api/v1/{name}/?{query}")
        if response.status_code == 200:
            assert set(response.json()) == {"next", "results"}
            keys = [key for key, _ in [*given_patient, *pairs]]
            assert len(keys) == len(set(keys)), "a parameter given twice was read as one"
        else:
            _refused_query(response)

    check()


def _refused_query(response: HttpResponse) -> None:
    assert response.status_code in (400, 404), (response.status_code, response.content[:300])
    assert response["Content-Type"] == "application/problem+json"
    for error in json.loads(response.content).get("errors", []):
        assert error["pointer"].startswith("?")


MONSTERS = [
    "a=1&" * 2000,
    "limit=1&limit=2",
    "limit=" + "1" * 100_000,
    "&&&==&",
    "%ff%fe=%00",
    "search=%00",
    "search=%ED%A0%80",
]


def test_a_monstrous_query_is_a_problem(service: Service) -> None:
    for name in LISTS:
        for query in MONSTERS:
            response = service.therapist.get(f"/api/v1/{name}/?{query}")
            if name == "patients" and query.endswith("%ED%A0%80"):
                assert response.status_code == 200  # WSGI reads what is not UTF-8 as U+FFFD: a name that nobody has
            else:
                _refused_query(response)


def test_a_null_byte_in_a_query_is_refused_before_the_database_sees_it(service: Service) -> None:
    for parameter in ("muscle", "record_status", "cursor", "patient", "from"):
        for value in ("%00", "a%00b"):
            _refused_query(service.patient.get(f"/api/v1/strength/?{parameter}={value}"))


@pytest.mark.parametrize(
    "path", ["%00/", "%ff/", "0/", f"{NOBODY}/", f"{NOBODY}/versions/", "../me/", "x" * 10_000 + "/"]
)
def test_a_monstrous_path_is_not_found(service: Service, path: str) -> None:
    response = service.patient.get(f"/api/v1/strength/{path}")
    check_problem(response, {}, {404})


# --- Limits, exactly ---


def _limits(kind: str, variant: str) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    model = variant_of(kind, variant)
    return [
        (path, branch)
        for path, shape in fields_of(model)
        for branch in branches(shape, schema_of(model))
        if branch.get("type") in ("integer", "number") and bounds_of(branch)[1] is not None
    ]


def _nudged(branch: dict[str, Any], limit: float, direction: int) -> float:
    if branch["type"] == "integer":
        return int(limit) + direction
    at, below, above, *_ = near(limit)
    return {-1: below, 0: at, 1: above}[direction]


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
def test_every_limit_of_a_field_is_kept_to_the_last_digit(service: Service, kind: str, variant: str) -> None:
    for path, branch in _limits(kind, variant):
        low, high, strict = bounds_of(branch)
        assert low is not None
        assert high is not None
        at_low = [(low, -1, False), (low, 0, not strict), (low, 1, True)]
        for limit, direction, allowed in [*at_low, (high, -1, True), (high, 0, True), (high, 1, False)]:
            sent = document(kind, variant, service.cast.patient.pk, confirm=True)
            value = _nudged(branch, limit, direction)
            assert _put(sent, path, value), path
            with Undone():
                response = service.patient.post(f"/api/v1/{kind}/", sent, format="json")
                assert response.status_code in CREATED, response.content
                errors = response.json().get("errors", [])
                told = [error["pointer"] for error in errors if error["code"].startswith(("less", "greater"))]
                assert ("/" + "/".join(map(str, path)) in told) is not allowed, (path, value, response.content)


def _put(sent: Any, path: tuple[str | int, ...], value: Any) -> bool:
    current = sent
    for part, following in pairwise(path):
        if isinstance(current, dict):
            current.setdefault(str(part), [1] if following == 0 else {})
            current = current[str(part)]
        elif isinstance(current, list) and current:
            current = current[0]
        else:
            return False
    if isinstance(current, dict):
        current[str(path[-1])] = value
    else:
        current[0] = value
    return True


def test_the_limits_of_every_motion_are_kept_to_the_last_digit(service: Service) -> None:
    limits = [(code, m, *side) for code, m in MOTIONS.items() for side in ((m.hard_min, 1), (m.hard_max, 2))]
    for code, motion, limit, outwards in limits:
        values = near(limit)
        for value, allowed in ((values[0], True), (values[outwards], False), (values[3 - outwards], True)):
            sent = document(
                "rom", "rom", service.cast.patient.pk, confirm=True, motion=code, value_deg=value,
                side="left" if motion.has_side else "none", digit="index" if motion.needs_digit else None,
            )  # fmt: skip
            with Undone():
                response = service.patient.post("/api/v1/rom/", sent, format="json")
                assert response.status_code == (201 if allowed else 400), (value, response.content)


def test_the_limits_of_every_site_are_kept_to_the_last_digit(service: Service) -> None:
    limits = [(code, *side) for code, s in GIRTH_SITES.items() for side in ((s.hard_min_cm, 1), (s.hard_max_cm, 2))]
    for code, limit, outwards in limits:
        values = near(limit)
        for value, allowed in ((values[0], True), (values[outwards], False), (values[3 - outwards], True)):
            readings = [{"value": value, "unit": "cm"}] * 3
            sent = document("girth", "girth", service.cast.patient.pk, confirm=True, site=code, readings=readings)
            with Undone():
                response = service.patient.post("/api/v1/girth/", sent, format="json")
                assert response.status_code == (201 if allowed else 400), (value, response.content)


# --- What was found, kept as it was found ---


def test_one_key_with_two_values_is_refused(service: Service) -> None:
    text = json.dumps(document("rom", "rom", service.cast.patient.pk))
    body = text[:-1] + ', "value_deg": 90}'
    check_problem(service.patient.generic("POST", "/api/v1/rom/", body, content_type=JSON), {}, {400})


def test_a_walk_faster_than_anybody_is_refused_not_a_500(service: Service) -> None:
    sent = document("sessions", "balance_gait", service.cast.patient.pk)
    sent["details"] = {"task": "walk", "distance_m": 50_000, "time_s": 5e-324}
    check_problem(service.patient.post("/api/v1/sessions/", sent, format="json"), sent, {400})


@pytest.mark.parametrize("reason", ["why" + " " * 600, " " * 600 + "why"])
def test_a_reason_is_counted_with_its_spaces(service: Service, reason: str) -> None:
    made = service.patient.post("/api/v1/rom/", document("rom", "rom", service.cast.patient.pk), format="json").json()
    url = f"/api/v1/rom/{made['id']}/"
    for method, address, body in (
        ("PATCH", url, {"reason": reason, "changes": {"value_deg": 90}}),
        ("POST", f"{url}enter-in-error/", {"reason": reason}),
    ):
        response = service.therapist.generic(method, address, body_of(body), content_type=JSON, HTTP_IF_MATCH='"1"')
        check_problem(response, body, {400})


def test_a_series_key_fits_its_column_whatever_the_free_text(service: Service) -> None:
    """``ΐ`` becomes three letters when its case is folded; PostgreSQL keeps to the column's length, SQLite does not."""
    keys = set()
    for ending in ("a", "b"):
        sent = document(
            "strength",
            "hhd",
            service.cast.patient.pk,
            pad_site="ΐ" * 80,
            device="ΐ" * 79 + ending,
            joint_angle_degrees=12.345678901234567,
        )
        response = service.patient.post("/api/v1/strength/", sent, format="json")
        assert response.status_code == 201
        keys.add(response.json()["series_key"])
    assert len(keys) == 2
    assert max(map(len, keys)) <= 512


@pytest.mark.parametrize(
    "birth_date",
    [
        "0",
        "86400",
        86400,
        "1970-01-01T00:00:00",
        "1970-01-01T00:00:00Z",
        "１９７０-01-01",
    ],
)
def test_a_birth_date_is_a_date_only(service: Service, birth_date: Any) -> None:
    sent = {"name": "Li Wei", "birth_date": birth_date}
    check_problem(service.therapist.post("/api/v1/patients/", sent, format="json"), sent, {400})


def test_problems_of_an_amended_patient_point_into_changes(service: Service) -> None:
    made = service.therapist.post("/api/v1/patients/", PATIENT, format="json").json()
    sent = {"changes": {"sex": "x"}}
    response = service.therapist.patch(f"/api/v1/patients/{made['id']}/", sent, format="json", HTTP_IF_MATCH='"1"')
    check_problem(response, sent, {400})
    assert response.json()["errors"][0]["pointer"] == "/changes/sex"


def test_a_time_zone_is_not_taken_away_without_a_word(service: Service) -> None:
    made = service.therapist.post("/api/v1/patients/", PATIENT, format="json").json()
    sent = {"changes": {"time_zone": None}}
    response = service.therapist.patch(f"/api/v1/patients/{made['id']}/", sent, format="json", HTTP_IF_MATCH='"1"')
    check_problem(response, sent, {400})
