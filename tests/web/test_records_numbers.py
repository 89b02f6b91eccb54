"""Numbers as people write them."""

import pytest
from django.forms import ValidationError

from rehab.web.records.fields import NumberField


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("１２．５", 12.5),
        ("１２，５", 12.5),
        ("\u00a0 8 ", 8.0),
        ("−5", -5.0),
        ("0,125", 0.125),
        ("", None),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed: str, read: float | None) -> None:
    assert NumberField(whole=False).clean(typed) == read


@pytest.mark.parametrize("typed", ["strong", "1,500", "1 2", "1e3", "nan", "inf", "--5", "12.5.1", "١٢"])
def test_what_is_not_clearly_a_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        NumberField(whole=False).clean(typed)


def test_a_whole_number_has_no_fraction() -> None:
    assert NumberField(whole=True).clean("８") == 8
    with pytest.raises(ValidationError, match="whole number"):
        NumberField(whole=True).clean("8.5")
