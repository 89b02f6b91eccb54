"""Excused days through the services."""

from datetime import date
from typing import Any

import pytest

from accounts.ids import new_id
from rehab.errors import IdInUse, Invalid, VersionConflict
from rehab.selectors import programs as selectors
from rehab.services import excusals
from tests.conftest import Cast
from tests.programs import pointers, start


def test_excused_days_are_withdrawn_not_deleted(cast: Cast) -> None:
    sent = {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-04", "reason": "unwell"}
    made = excusals.excuse({**sent, "id": str(new_id())}, by=cast.therapist, now=start(cast))
    again = excusals.excuse({**sent, "id": str(made.excusal.pk)}, by=cast.therapist, now=start(cast))
    assert (again.created, again.excusal.pk) == (False, made.excusal.pk)
    with pytest.raises(IdInUse):
        excusals.excuse({**sent, "id": str(made.excusal.pk), "reason": "clinic closed"}, by=cast.therapist,
                        now=start(cast))  # fmt: skip
    with pytest.raises(VersionConflict):
        excusals.withdraw(made.excusal.pk, expected_version=2, by=cast.therapist, now=start(cast))
    excusals.withdraw(made.excusal.pk, expected_version=1, by=cast.therapist, now=start(cast))
    with pytest.raises(Invalid):
        excusals.withdraw(made.excusal.pk, expected_version=2, by=cast.therapist, now=start(cast))
    assert list(selectors.excusals_of(cast.patient.pk, since=date(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"last_on": "2026-03-01"}, "/last_on"),
        ({"last_on": "2028-03-01"}, "/last_on"),
        ({"reason": "x"}, "/reason"),
        ({"first_on": 20260302}, "/first_on"),
        ({"first_on": "2026-02-30"}, "/first_on"),
    ],
)
def test_excused_days_that_cannot_be(cast: Cast, changes: dict[str, Any], pointer: str) -> None:
    sent = {"patient": str(cast.patient.pk), "first_on": "2026-03-02", "last_on": "2026-03-04", "reason": "unwell"}
    with pytest.raises(Invalid) as raised:
        excusals.excuse({**sent, **changes}, by=cast.therapist, now=start(cast))
    assert pointers(raised).keys() == {pointer}
