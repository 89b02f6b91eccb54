"""Whatever a query or a path asks: a page, or a problem that names the parameter."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents import DOCUMENTS, document
from tests.hostile.answers import NOBODY, check_problem, check_query_refused
from tests.hostile.conftest import Service, examples

LISTS = ["patients", "strength", "rom", "girth", "sessions", "assessments", "goals", "timeline", "summaries"]
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
    "assessment",
    "scale",
    "status",
    "format",
    "audience",
    "clinic",
    "period",
    "since",
    "until",
    "payload",
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
    "week",
    "patient",
    "stale",
    "true",
    "9999-12-31",
]


def test_whatever_a_query_asks_it_gets_a_page_or_a_problem(service: Service) -> None:
    for kind, variant in DOCUMENTS:
        sent = document(kind, variant, service.cast.patient.pk, confirm=True)
        assert service.therapist.post(f"/api/v1/{kind}/", sent, format="json").status_code == 201

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
            check_query_refused(response)

    check()


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
                check_query_refused(response)


def test_a_null_byte_in_a_query_is_refused_before_the_database_sees_it(service: Service) -> None:
    for parameter in ("muscle", "record_status", "cursor", "patient", "from"):
        for value in ("%00", "a%00b"):
            check_query_refused(service.patient.get(f"/api/v1/strength/?{parameter}={value}"))


@pytest.mark.parametrize(
    "path", ["%00/", "%ff/", "0/", f"{NOBODY}/", f"{NOBODY}/versions/", "../me/", "x" * 10_000 + "/"]
)
def test_a_monstrous_path_is_not_found(service: Service, path: str) -> None:
    response = service.patient.get(f"/api/v1/strength/{path}")
    check_problem(response, {}, {404})
