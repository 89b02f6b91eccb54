"""The types that every document is made of."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from rehab.services.inputs.base import Day, Moment, Text, TimeZone
from rehab.services.inputs.movement import WeightBearingDetails
from rehab.services.patients import PatientInput


def test_a_field_is_described_by_its_label_and_unit() -> None:
    fields = WeightBearingDetails.model_json_schema()["properties"]
    assert fields["distance_m"]["description"] == "Distance (m)."
    assert fields["target_pct_bw"]["description"] == "Target (% of body weight)."
    assert PatientInput.model_json_schema()["properties"]["birth_date"]["description"] == "Date of birth."


def test_a_day_is_described_as_a_date() -> None:
    assert TypeAdapter(Day).json_schema() == {"type": "string", "format": "date"}
    assert TypeAdapter(Day).validate_json('"2024-02-29"', strict=True) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (Day, "2023-02-29", "date_parsing"),
        (Day, "0", "date_parsing"),
        (Moment, "2026-13-01T00:00:00Z", "datetime_format"),
        (Moment, 0, "datetime_format"),
        (Text, "a\x7fb", "control_character"),
        (TimeZone, "Nowhere/Land", "unknown_time_zone"),
    ],
)
def test_what_is_refused(kind: Any, value: Any, code: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(kind).validate_python(value)
    assert [error["type"] for error in raised.value.errors()] == [code]
