"""Which readings share a series: how free text was typed does not tell them apart, how it was measured does."""

from rehab.services.rows import series_key
from tests.services.reading import parsed


def key(**changes: object) -> str:
    series = parsed("strength", "hhd", **changes).series()
    assert series is not None
    return series_key("strength", "hhd", *series)


def test_case_and_spacing_of_free_text_do_not_matter() -> None:
    assert (
        key(device="Jamar  Plus") == key(device="jamar plus") == key(device="JAMAR PLUS") == key(device=" Jamar plus ")
    )
    assert key(device="JAMAR") != key(device="microFET")


def test_free_text_cannot_pose_as_another_part() -> None:
    assert key(pad_site="A|B", device="C") != key(pad_site="A", device="B|C")
    assert key(pad_site="A|B", device=None) != key(pad_site="A", device="B")


def test_make_and_break_share_no_key() -> None:
    assert key(test_type="make") != key(test_type="break")


def test_a_key_fits_its_column_and_long_text_still_tells_apart() -> None:
    one, other = (key(device="ΐ" * 79 + end, pad_site="ΐ" * 80) for end in "ab")
    assert len(one) <= 512
    assert one != other
