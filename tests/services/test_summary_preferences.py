"""Which summaries a person wants by e-mail, and how they get no more."""

from datetime import datetime, time
from typing import Any

import pytest

from accounts.ids import new_id
from accounts.models import Event
from rehab.errors import Invalid, NotFound
from rehab.models import SummaryPreference
from rehab.selectors import summary_deliveries as selectors
from rehab.services import summary_preferences
from tests.conftest import Cast


def refused(cast: Cast, now: datetime, document: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        summary_preferences.change(document, by=cast.patient_user, now=now)
    return [(problem.pointer, problem.code) for problem in raised.value.problems]


def test_what_is_given_is_changed_and_told(cast: Cast, now: datetime) -> None:
    summary_preferences.change({"weekly": True}, by=cast.patient_user, now=now)
    found = summary_preferences.change({"quiet_from": "20:30", "quiet_until": "09:00"}, by=cast.patient_user, now=now)
    found.refresh_from_db()
    assert (found.weekly, found.daily, found.quiet_from, found.quiet_until) == (True, None, time(20, 30), time(9))
    told = [event.changes["fields"] for event in Event.objects.filter(action="user.summaries_chosen").order_by("id")]
    assert told == [["weekly"], ["quiet_from", "quiet_until"]]
    summary_preferences.change({"quiet_from": None, "quiet_until": None}, by=cast.patient_user, now=now)
    found.refresh_from_db()
    assert selectors.quiet_hours(found) is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, [("", "nothing_changed")]),
        ({"weekly": "yes"}, [("/weekly", "bool_type")]),
        ({"hourly": True}, [("/hourly", "extra_forbidden")]),
        ({"quiet_from": "21:00"}, [("/quiet_until", "missing")]),
        ({"quiet_until": "07:00"}, [("/quiet_from", "missing")]),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, [("/quiet_until", "same_time")]),
        ({"quiet_from": "24:00", "quiet_until": "07:00"}, [("/quiet_from", "clock_time")]),
        ({"quiet_from": "7:00", "quiet_until": 420}, [("/quiet_from", "clock_time"), ("/quiet_until", "clock_time")]),
        ({"quiet_from": "٠٧:00", "quiet_until": "07:00"}, [("/quiet_from", "clock_time")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_and_leaves_nothing(
    cast: Cast, now: datetime, document: Any, expected: list[tuple[str, str]]
) -> None:
    assert refused(cast, now, document) == expected
    assert not Event.objects.filter(action="user.summaries_chosen").exists()


def test_defaults_are_those_of_the_work(cast: Cast) -> None:
    def on(roles: set[str]) -> set[str]:
        return {choice for choice in selectors.CHOICES if selectors.chosen(None, choice, roles)}

    assert on({"patient"}) == on({"caregiver"}) == set()
    assert on({"therapist"}) == {"caseload_daily", "caseload_weekly"}
    assert on({"clinic_admin"}) == {"monthly"}
    assert selectors.roles_of(cast.therapist) == {"therapist"}
    assert selectors.roles_of(cast.admin) == {"therapist", "clinic_admin"}
    assert selectors.choices_offered(selectors.roles_of(cast.caregiver)) == ["daily", "weekly", "four_weekly"]
    assert selectors.choices_offered(selectors.roles_of(cast.admin)) == [
        "caseload_daily", "caseload_weekly", "monthly",
    ]  # fmt: skip


def test_a_link_turns_off_what_it_is_about_once(cast: Cast, now: datetime) -> None:
    mine = summary_preferences.change({"weekly": True, "daily": True}, by=cast.patient_user, now=now)
    for _ in range(2):
        found = summary_preferences.unsubscribe(key=mine.unsubscribe_key, choice="weekly", everything=False, now=now)
    assert (found.weekly, found.daily, found.monthly) == (False, True, None)
    told = Event.objects.get(action="user.summaries_unsubscribed")
    assert (told.actor_id, told.target_id, told.changes) == (None, cast.patient_user.pk, {"fields": ["weekly"]})


def test_a_link_turns_everything_off(cast: Cast, now: datetime) -> None:
    mine = summary_preferences.of(cast.admin, now=now)
    summary_preferences.unsubscribe(key=mine.unsubscribe_key, choice="monthly", everything=True, now=now)
    mine.refresh_from_db()
    assert {getattr(mine, choice) for choice in selectors.CHOICES} == {False}


def test_another_link_is_found_by_nobody(cast: Cast, now: datetime) -> None:
    mine = summary_preferences.of(cast.admin, now=now)
    for key, choice in ((new_id(), "weekly"), (mine.unsubscribe_key, "hourly")):
        with pytest.raises(NotFound):
            summary_preferences.unsubscribe(key=key, choice=choice, everything=False, now=now)
    assert SummaryPreference.objects.filter(weekly=False).count() == 0
