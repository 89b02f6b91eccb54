"""Every limit of every field, motion and site, kept to the last digit."""

from itertools import pairwise
from typing import Any

import pytest

from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from tests.documents import DOCUMENTS, document
from tests.hostile.answers import CREATED, variant_of
from tests.hostile.conftest import Service, Undone
from tests.hostile.strategies import bounds_of, branches, fields_of, schema_of
from tests.hostile.values import near


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
                response = service.recorder(kind).post(f"/api/v1/{kind}/", sent, format="json")
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
