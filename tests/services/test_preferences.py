"""How a person likes to read."""

from datetime import datetime

import pytest

from accounts.models import Event
from rehab.errors import Invalid
from rehab.services import preferences
from tests.conftest import Cast


def test_what_is_given_is_changed_and_told(cast: Cast, now: datetime) -> None:
    user = preferences.change({"force_unit": "kgf"}, by=cast.patient_user, now=now)
    user.refresh_from_db()
    assert (user.force_unit, user.length_unit) == ("kgf", "cm")
    assert Event.objects.get(action="user.preferences_changed").changes == {"fields": ["force_unit"]}


def test_nothing_given_is_refused_and_leaves_no_event(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as raised:
        preferences.change({}, by=cast.patient_user, now=now)
    assert [(problem.pointer, problem.code) for problem in raised.value.problems] == [("", "nothing_changed")]
    assert not Event.objects.filter(action="user.preferences_changed").exists()
