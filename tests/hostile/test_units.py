"""What was typed is what is read back, to the last bit, in every unit; how a person likes to read changes nothing."""

import math
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.ids import new_id
from rehab.reference.units import UNITS, from_canonical, to_canonical
from rehab.services.kinds import KINDS
from tests.documents import DOCUMENTS, document
from tests.hostile.conftest import Service, Undone, examples

#: Where a quantity of each kind is typed, and the canonical limits that the service keeps there.
PLACES: dict[str, tuple[str, str, tuple[str | int, ...], float, float]] = {
    "force": ("strength", "pinch", ("trials", 0), 1e-6, 1500.0),
    "mass": ("sessions", "weight_bearing", ("details", "body_mass"), 2.0, 400.0),
    "length": ("girth", "girth", ("readings", 0), 30.0, 60.0),
    "temperature": ("sessions", "aquatic", ("details", "water_temp"), 20.0, 40.0),
}
CASES = [(quantity, unit) for quantity in PLACES for unit in UNITS[quantity]]


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        document = document[part]
    return document


@pytest.mark.parametrize(("quantity", "unit"), CASES)
def test_a_typed_value_is_read_back_bit_for_bit(service: Service, quantity: str, unit: str) -> None:
    kind, variant, path, low, high = PLACES[quantity]
    inside = [from_canonical(quantity=quantity, value=limit, unit=unit) for limit in (low, high)]
    base = document(kind, variant, service.cast.patient.pk, confirm=True)
    model: Any = KINDS[kind].model

    @examples(20)
    @given(value=st.floats(*inside, exclude_min=True, exclude_max=True))
    def check(value: float) -> None:
        sent = {**base, "id": str(new_id())}
        place = at(sent, path)
        place["value"], place["unit"] = value, unit
        with Undone():
            made = service.patient.post(f"/api/v1/{kind}/", sent, format="json")
            assert made.status_code == 201, (value, made.content)
            read = at(service.patient.get(f"/api/v1/{kind}/{sent['id']}/").json(), path)
            stored = at(model.objects.get(pk=sent["id"]).details, path)
            for found in (read, stored):
                assert (float(found["value"]).hex(), found["unit"]) == (value.hex(), unit)

    check()


@pytest.mark.parametrize(("quantity", "unit"), CASES)
def test_canonical_to_typed_and_back_is_within_a_few_ulp(quantity: str, unit: str) -> None:
    """One rounding each way: at most one unit in the last place per conversion, twice that where 32 °F is added."""
    offset = 32.0 if unit == "degF" else 0.0

    @examples(50)
    @given(value=st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda value: value == 0 or abs(value) > 1e-9))
    def check(value: float) -> None:
        canonical = to_canonical(quantity=quantity, value=value, unit=unit)
        again = from_canonical(quantity=quantity, value=canonical, unit=unit)
        assert abs(again - value) <= 2 * math.ulp(max(abs(value), offset))
        if unit == UNITS[quantity][0]:
            assert again == canonical == value

    check()


@pytest.mark.parametrize(("kind", "variant"), DOCUMENTS)
@pytest.mark.parametrize(
    "preference", [{"force_unit": "lbf", "length_unit": "in", "mass_unit": "lb", "language": "zh-hans"}]
)
def test_how_a_person_likes_to_read_changes_nothing_stored(
    service: Service, kind: str, variant: str, preference: dict[str, str]
) -> None:
    sent = document(kind, variant, service.cast.patient.pk, id=str(new_id()), confirm=True)
    made = service.recorder(kind).post(f"/api/v1/{kind}/", sent, format="json")
    assert made.status_code == 201, made.content
    table = KINDS[kind].model._meta.db_table

    def rows() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            return list(cursor.fetchall())

    before = rows()
    assert service.patient.patch("/api/v1/me/", preference, format="json").status_code == 200
    assert rows() == before
    assert service.patient.get(f"/api/v1/{kind}/{sent['id']}/").json() == made.json()


@pytest.mark.parametrize(("quantity", "unit"), CASES)
def test_amending_another_field_leaves_the_typed_value_alone(service: Service, quantity: str, unit: str) -> None:
    kind, variant, path, low, high = PLACES[quantity]
    sent = document(kind, variant, service.cast.patient.pk, id=str(new_id()), confirm=True)
    place = at(sent, path)
    middle = from_canonical(quantity=quantity, value=(low + high) / 3, unit=unit)
    place["value"], place["unit"] = math.nextafter(middle, math.inf), unit
    made = service.patient.post(f"/api/v1/{kind}/", sent, format="json")
    assert made.status_code == 201, made.content
    url = f"/api/v1/{kind}/{sent['id']}/"
    body = {"reason": "the note was wrong", "changes": {"note": "other"}, "confirm": True}
    changed = service.therapist.patch(url, body, format="json", HTTP_IF_MATCH='"1"')
    assert changed.status_code == 200, changed.content
    assert at(changed.json(), path) == at(made.json(), path)
    assert changed.json()["derived"] == made.json()["derived"]
