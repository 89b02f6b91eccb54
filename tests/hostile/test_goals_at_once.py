"""Many therapists at one goal: one change of a version wins, one correction takes the place of a rating."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.ids import new_id
from tests.goals import goal_document, review_document
from tests.hostile.site import Site

GOALS = "/api/v1/goals/"
AT_ONCE = 30


@pytest.fixture
def goal(site: Site) -> str:
    """Return the address of a goal that began today, in Shanghai, where it is later than here."""
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    sent = goal_document(site.people["patient"], today=today)  # type: ignore[arg-type]
    status, body = site.send("POST", GOALS, sent, role="therapist")
    assert status == 201, body
    return f"{GOALS}{body['id']}/"


def today_of(site: Site, goal: str) -> Any:
    return datetime.fromisoformat(site.send("GET", goal)[1]["period_start"]).date()


def test_of_many_changes_of_one_version_one_is_made(site: Site, goal: str) -> None:
    def amend(number: int) -> tuple[int, Any]:
        body = {"reason": "said anew", "changes": {"title": f"title {number}"}}
        return site.send("PATCH", goal, body, role="therapist", etag='"1"')

    answers = site.together(amend, AT_ONCE)
    assert Counter(status for status, _ in answers) == {200: 1, 412: AT_ONCE - 1}
    won = next(body for status, body in answers if status == 200)
    read = site.send("GET", goal)[1]
    assert (read["title"], read["version"]) == (won["title"], 2)
    site.check_log()


def test_the_same_rating_sent_by_many_is_one_and_it_is_corrected_once(site: Site, goal: str) -> None:
    sent = review_document(on=today_of(site, goal), id=str(new_id()))
    answers = site.together(lambda _: site.send("POST", f"{goal}reviews/", sent, role="therapist"), AT_ONCE)
    assert Counter(status for status, _ in answers) == {201: 1, 200: AT_ONCE - 1}

    def correct(number: int) -> tuple[int, Any]:
        correction = {**sent, "id": str(new_id()), "corrects": sent["id"], "reason": f"why {number}", "level": 1}
        return site.send("POST", f"{goal}reviews/", correction, role="therapist")

    answers = site.together(correct, AT_ONCE)
    assert Counter(status for status, _ in answers) == {201: 1, 400: AT_ONCE - 1}
    listed = site.send("GET", f"{goal}reviews/")[1]["results"]
    assert [(row["level"], row["is_corrected"]) for row in listed] == [(1, False), (0, True)]
    site.check_log()
