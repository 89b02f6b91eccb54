"""Whatever is sent of patients and preferences: stored whole, or refused with a reason."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from accounts.ids import new_id
from rehab.services.patients import PatientInput
from rehab.services.preferences import PreferencesInput
from tests.hostile.answers import (
    CHANGED,
    CREATED,
    JSON,
    PATIENT,
    check_problem,
    stands_in,
    stands_in_strictly,
    unambiguous,
)
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.strategies import mutated
from tests.hostile.values import body_of


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
