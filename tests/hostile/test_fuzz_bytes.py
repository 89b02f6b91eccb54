"""Whatever bytes and headers come: the answer is JSON and never a 5xx."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import document
from tests.hostile.answers import JSON, NOBODY_CLIENT, check_problem
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.values import body_of

RAW_PLACES = [
    ("POST", "/api/v1/strength/"),
    ("POST", "/api/v1/batch/"),
    ("PATCH", "/api/v1/me/"),
    ("POST", "/api/v1/patients/"),
]


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
