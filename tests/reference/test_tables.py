from collections import Counter

import pytest

from rehab.reference import _tables


@pytest.mark.parametrize(
    ("name", "count"), [("muscle_groups", 56), ("joint_motions", 45), ("bands", 23), ("change_thresholds", 35)]
)
def test_files_have_every_row(name, count):
    assert len(_tables.rows(name=name)) == count


@pytest.mark.parametrize("name", ["muscle_groups", "joint_motions"])
def test_codes_are_unique(name):
    counts = Counter(row["code"] for row in _tables.rows(name=name))
    assert max(counts.values()) == 1


def test_how_a_figure_was_checked_is_not_shipped():
    assert "aaos_check" not in _tables.rows(name="joint_motions")[0]


@pytest.mark.parametrize("name", ["muscle_groups", "joint_motions", "bands", "change_thresholds"])
def test_no_cell_has_stray_spaces(name):
    for row in _tables.rows(name=name):
        assert all(cell == cell.strip() for cell in row.values())


def test_a_ragged_row_is_refused():
    with pytest.raises(ValueError, match=r"demo.csv row 3: 1 cells, expected 2"):
        _tables.parse(lines=["a,b\n", "1,2\n", "3\n"], name="demo")


def test_a_flag_is_y_or_n():
    with pytest.raises(ValueError, match="expected y or n"):
        _tables.flag(text="yes")
