"""The pages of goals: therapists write, rate, correct and end; patients read them in plain words."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Goal, GoalReview
from rehab.reference.wording import forbidden_in
from rehab.services import goals, records
from rehab.services.kinds import KINDS
from rehab.web.goals import presenters
from tests.conftest import Cast
from tests.documents import DOCUMENTS, document
from tests.goals import LEVELS, goal_document, review_document

Browser = Callable[[User | None], Client]


@pytest.fixture
def today(cast: Cast, now: datetime) -> date:
    return goals.local_today(cast.patient, now=now)


def typed(today: date, **changes: Any) -> dict[str, Any]:
    document = {
        "id": str(new_id()), "title": "I want to fetch my own newspaper", **LEVELS, "baseline_level": "-1",
        "importance": "2", "difficulty": "1", "period_start": today.isoformat(),
        "period_end": (today + timedelta(weeks=12)).isoformat(), "review_1": (today + timedelta(weeks=6)).isoformat(),
        "review_2": "", "review_3": "",
    }  # fmt: skip
    return {**document, **changes}


def write(cast: Cast, now: datetime, today: date, **changes: Any) -> Goal:
    return goals.create(goal_document(cast.patient.pk, today=today, **changes), by=cast.therapist, now=now).goal


def test_a_goal_is_written_once_and_read_by_the_patient(cast: Cast, browser_of: Browser, today: date) -> None:
    browser, url = browser_of(cast.therapist), f"/patients/{cast.patient.pk}/goals/"
    assert "No goals are written yet." in browser.get(url).content.decode()
    page = browser.get(f"{url}new/").content.decode()
    assert f'value="{today.isoformat()}"' in page
    sent = typed(today)
    assert browser.post(f"{url}new/", sent)["Location"] == url
    assert browser.post(f"{url}new/", sent).status_code == 302
    goal = Goal.objects.get()
    assert (goal.levels, goal.weight, goal.review_dates) == (LEVELS, 2, [sent["review_1"]])
    assert "Look at the list of goals first." in browser.post(f"{url}new/", {**sent, "title": "x"}).content.decode()
    own = browser_of(cast.patient_user).get(url).content.decode()
    for text in (goal.title, LEVELS["less"], LEVELS["expected"], "Not looked at yet", "What we aim for"):
        assert text in own
    for text in ("goal-review", "Goal attainment", "weight 2", f"{url}new/", f"/goals/{goal.pk}/"):
        assert text not in own
    assert goal.title in browser_of(cast.patient_user).get("/portal/").content.decode()


def test_what_is_wrong_stands_at_its_field(cast: Cast, browser_of: Browser, today: date) -> None:
    browser, url = browser_of(cast.therapist), f"/patients/{cast.patient.pk}/goals/new/"
    wrong = typed(
        today, period_start=(today - timedelta(days=1)).isoformat(), more=" ", review_2="2020-01-01",
    )  # fmt: skip
    answer = browser.post(url, wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"more"}
    answer = browser.post(url, {**wrong, "more": "Carries it home"})
    assert answer.context["form"].errors.keys() == {"review_2"}
    answer = browser.post(url, {**wrong, "more": "Carries it home", "review_2": ""})
    assert answer.context["form"].errors.keys() == {"period_start"}
    same = browser.post(url, typed(today, more=LEVELS["less"]))
    assert "must differ" in same.content.decode()
    assert Goal.objects.count() == 0


def test_a_rating_is_made_and_corrected(cast: Cast, now: datetime, browser_of: Browser, today: date) -> None:
    goal, browser = write(cast, now, today), browser_of(cast.therapist)
    url, back = f"/goals/{goal.pk}/review/", f"/patients/{cast.patient.pk}/goals/"
    assert LEVELS["more"] in browser.get(url).content.decode()
    sent = {"id": str(new_id()), "level": "-1", "rated_on": today.isoformat(), "note": "With a frame"}
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert browser.post(url, {**sent, "rated_on": tomorrow}).context["form"].errors.keys() == {"rated_on"}
    assert browser.post(url, sent)["Location"] == back
    first = GoalReview.objects.get()
    correct = f"{url}?corrects={first.pk}"
    assert correct in browser.get(back).content.decode()
    assert "With a frame" in browser.get(correct).content.decode()
    correction = {**sent, "id": str(new_id()), "level": "0"}
    assert browser.post(correct, correction).context["form"].errors.keys() == {"reason"}
    assert browser.post(correct, {**correction, "reason": "read the wrong line"}).status_code == 302
    page = browser.get(back).content.decode()
    for text in ("Goal attainment (T)", "40.0", "50.0", "+10.0", "read the wrong line"):
        assert text in page
    own = browser_of(cast.patient_user).get(back).content.decode()
    assert "You are where we expected to be." in own
    assert "Goal attainment" not in own
    for gone in (first.pk, new_id(), "x"):
        assert browser.get(f"{url}?corrects={gone}").status_code == 404


def test_before_its_period_a_goal_may_change_and_in_it_the_levels_are_not_asked(
    cast: Cast, now: datetime, browser_of: Browser, today: date
) -> None:
    browser = browser_of(cast.therapist)
    start = today + timedelta(days=5)
    ahead = write(cast, now, today, period_start=start.isoformat(), review_dates=[])
    url = f"/goals/{ahead.pk}/edit/"
    sent = typed(today, period_start=start.isoformat(), importance="1", more="Carries it home", reason="agreed anew",
                 version="1", review_1="")  # fmt: skip
    assert browser.post(url, sent).status_code == 302
    ahead.refresh_from_db()
    assert (ahead.version, ahead.levels["more"], ahead.change_reason) == (2, "Carries it home", "agreed anew")
    lost = browser.post(url, {**sent, "title": "Another"})
    assert (lost.status_code, "Somebody changed this goal" in lost.content.decode()) == (409, True)
    running = write(cast, now, today)
    page = browser.get(f"/goals/{running.pk}/edit/").content.decode()
    assert "much_more" not in page
    assert "The period has begun" in page
    sent = {"title": "The newspaper", "period_end": sent["period_end"], "reason": "said anew", "version": "1"}
    assert browser.post(f"/goals/{running.pk}/edit/", sent).status_code == 302
    running.refresh_from_db()
    assert (running.title, running.levels, running.review_dates) == ("The newspaper", LEVELS, [])


def test_a_goal_that_ended_says_why_and_takes_no_more(
    cast: Cast, now: datetime, browser_of: Browser, today: date
) -> None:
    goal, browser = write(cast, now, today), browser_of(cast.therapist)
    url = f"/goals/{goal.pk}/close/"
    sent = {"version": "1", "status": "entered_in_error", "reason": "wrong patient"}
    assert browser.post(url, {**sent, "reason": "no"}).status_code == 422
    assert browser.post(url, sent).status_code == 302
    page = browser.get(f"/patients/{cast.patient.pk}/goals/").content.decode()
    assert f"<s>{goal.title}</s>" in page
    assert "wrong patient" in page
    for action in ("close", "edit", "review"):
        assert browser.get(f"/goals/{goal.pk}/{action}/").status_code == 302
    assert goal.title not in browser_of(cast.patient_user).get("/portal/").content.decode()


@pytest.mark.parametrize(
    ("baseline", "level", "words"),
    [
        (-1, None, "not looked at yet"), (-1, 2, "beyond"), (-1, 1, "beyond"), (-1, 0, "where we expected"),
        (-2, -1, "moved on"), (-1, -1, "where you started"), (-1, -2, "harder"), (0, -1, "harder"),
    ],
)  # fmt: skip
def test_progress_in_plain_words(baseline: int, level: int | None, words: str) -> None:
    assert words in presenters.progress_of(Goal(baseline_level=baseline), level)


def test_no_page_of_goals_or_assessments_says_to_a_patient_what_may_not_be_said(
    cast: Cast, now: datetime, browser_of: Browser, today: date
) -> None:
    browser = browser_of(cast.patient_user)
    for level in (-2, -1, 0, 1):
        goal = write(cast, now, today)
        goals.review(goal.pk, review_document(on=today, level=level), by=cast.therapist, now=now)
    pages = [f"/patients/{cast.patient.pk}/goals/", "/portal/"]
    for kind, variant in DOCUMENTS:
        if kind == "assessments":
            sent = document(kind, variant, cast.patient.pk)
            made = records.create(KINDS[kind], sent, by=cast.therapist, source="portal", now=now).record
            pages.append(f"/records/{kind}/{made.pk}/")
    assert {page: forbidden_in(browser.get(page).content.decode()) for page in pages} == {page: [] for page in pages}
    assert browser.get(f"{pages[-1]}amend/").status_code == 403
    assert "Mark as entered in error" not in browser.get(pages[-1]).content.decode()


def test_the_pages_cost_the_same_however_many_goals(
    cast: Cast, now: datetime, browser_of: Browser, today: date
) -> None:
    browser = browser_of(cast.patient_user)

    def cost() -> list[int]:
        counts = []
        for path in (f"/patients/{cast.patient.pk}/goals/", "/portal/"):
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            counts.append(len(captured))
        return counts

    def add(count: int) -> None:
        for _ in range(count):
            goal = write(cast, now, today)
            for level in (0, 1):
                goals.review(goal.pk, review_document(on=today, level=level), by=cast.therapist, now=now)

    add(5)
    few = cost()
    add(20)
    assert cost() == few
    assert max(few) <= 24  # the portal shows what to read, too
