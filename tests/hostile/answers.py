"""What every answer must be: a whole record, or a problem (RFC 9457) whose pointers lead into what was sent."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from pydantic import BaseModel
from rest_framework.test import APIClient

from rehab.services.kinds import KINDS
from tests.hostile.values import Raw

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


def stands_in_strictly(answer: dict[str, Any], sent: dict[str, Any]) -> bool:
    """As ``stands_in``, and a null is a null: nothing is chosen by the service when a row is changed."""
    return stands_in(answer, sent) and all(answer[key] is None for key, value in sent.items() if value is None)


PATIENT = {
    "name": "Li Wei",
    "birth_date": "1960-02-29",
    "sex": "female",
    "dominant_hand": "left",
    "conditions": [],
    "time_zone": "Asia/Shanghai",
}


def check_query_refused(response: HttpResponse) -> None:
    assert response.status_code in (400, 404), (response.status_code, response.content[:300])
    assert response["Content-Type"] == "application/problem+json"
    for error in json.loads(response.content).get("errors", []):
        assert error["pointer"].startswith("?")
