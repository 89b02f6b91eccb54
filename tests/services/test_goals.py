"""Goals: written before their period, standing still within it, rated by therapists, never overwritten."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event
from rehab.errors import AlreadyClosed, EnteredInError, IdInUse, Invalid, NotFound, NotPermitted, VersionConflict
from rehab.models import Goal, GoalReview, RecordVersion
from rehab.selectors import goals as selectors
from rehab.services import goals
from tests.conftest import Cast
from tests.goals import LEVELS, goal_document, review_document

Write = Callable[..., Goal]


@pytest.fixture
def today(cast: Cast, now: datetime) -> date:
    return goals.local_today(cast.patient, now=now)


@pytest.fixture
def write(cast: Cast, now: datetime, today: date) -> Write:
    def make(**changes: Any) -> Goal:
        return goals.create(goal_document(cast.patient.pk, today=today, **changes), by=cast.therapist, now=now).goal

    return make


def refused(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        act()
    assert all(str(problem.message) for problem in raised.value.problems)
    return {problem.pointer: problem.code for problem in raised.value.problems}


# --- Writing


def test_a_goal_is_written_and_read_back(cast: Cast, write: Write, today: date) -> None:
    goal = Goal.objects.get(pk=write(importance=3, difficulty=2).pk)
    assert (goal.levels, goal.baseline_level, goal.weight, goal.status) == (LEVELS, -1, 6, "active")
    assert (goal.levels_written_on, goal.version, goal.created_by) == (today, 1, cast.therapist)
    assert Event.objects.get(target_id=goal.pk).action == "goal.created"
    assert str(goal) == goal.title


def test_the_same_id_again_is_the_same_goal_even_when_its_period_has_begun(
    cast: Cast, now: datetime, today: date
) -> None:
    sent = goal_document(cast.patient.pk, today=today, id=str(new_id()))
    first = goals.create(sent, by=cast.therapist, now=now)
    again = goals.create(sent, by=cast.therapist, now=now + timedelta(days=3))
    assert (first.created, again.created, again.goal.pk) == (True, False, first.goal.pk)
    with pytest.raises(IdInUse):
        goals.create({**sent, "title": "Another"}, by=cast.therapist, now=now)
    assert Goal.objects.count() == 1


def test_levels_are_written_before_the_period(write: Write, today: date) -> None:
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    assert refused(lambda: write(period_start=yesterday.isoformat())) == {"/period_start": "out_of_range"}
    assert write(period_start=tomorrow.isoformat()).levels_written_on == today


def test_today_is_the_patients_own(cast: Cast, now: datetime) -> None:
    midnight = datetime(2026, 3, 1, 16, 30, tzinfo=now.tzinfo)  # 00:30 on 2 March in Shanghai
    sent = goal_document(cast.patient.pk, today=date(2026, 3, 2))
    assert goals.create(sent, by=cast.therapist, now=midnight).goal.levels_written_on == date(2026, 3, 2)
    sent = goal_document(cast.patient.pk, today=date(2026, 3, 1))
    assert refused(lambda: goals.create(sent, by=cast.therapist, now=midnight)).keys() == {"/period_start"}


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"title": ""}, {"/title"}),
        ({"title": "  "}, {"/title"}),
        ({"levels": {**LEVELS, "more": ""}}, {"/levels/more"}),
        ({"levels": {**LEVELS, "more": " "}}, {"/levels/more"}),
        ({"levels": {**LEVELS, "more": f" {LEVELS['less'].upper()}"}}, {"/levels"}),
        ({"levels": {"less": "x"}}, {"/levels/much_less", "/levels/expected", "/levels/more", "/levels/much_more"}),
        ({"baseline_level": 1}, {"/baseline_level"}),
        ({"importance": 4, "difficulty": 0}, {"/importance", "/difficulty"}),
        ({"period_end": "2020-01-01", "review_dates": []}, {"/period_end"}),
        ({"period_start": "9999-12-31"}, {"/period_start"}),
        ({"period_end": "9999-12-31"}, {"/period_end"}),
        ({"review_dates": ["2020-01-01"]}, {"/review_dates/0"}),
        ({"weight": 2}, {"/weight"}),
    ],
)
def test_what_cannot_be_is_refused(write: Write, changes: dict[str, Any], pointers: set[str]) -> None:
    assert refused(lambda: write(**changes)).keys() == pointers
    assert Goal.objects.count() == 0


@pytest.mark.parametrize(("role", "error"), [("patient_user", NotPermitted), ("caregiver", NotPermitted),
                                            ("colleague", NotFound), ("other_therapist", NotFound)])  # fmt: skip
def test_only_therapists_of_the_team_write_change_end_and_rate(
    cast: Cast, now: datetime, today: date, write: Write, role: str, error: type[Exception]
) -> None:
    goal, by = write(), cast.user(role)
    acts: list[Callable[[], object]] = [
        lambda: goals.create(goal_document(cast.patient.pk, today=today), by=by, now=now),
        lambda: goals.amend(goal.pk, {"title": "x"}, reason="because", expected_version=1, by=by, now=now),
        lambda: goals.close(goal.pk, status="stopped", reason="because", expected_version=1, by=by, now=now),
        lambda: goals.review(goal.pk, review_document(on=today), by=by, now=now),
    ]
    for act in acts:
        with pytest.raises(error):
            act()


def test_a_goal_and_its_event_are_written_together_or_not_at_all(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_events: object) -> None:
        raise RuntimeError("no audit, no write")

    monkeypatch.setattr(audit, "write", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
    assert Goal.objects.count() == 0


# --- Changing


def test_before_the_period_everything_may_change_and_the_version_before_is_kept(
    cast: Cast, now: datetime, today: date, write: Write
) -> None:
    start = today + timedelta(days=7)
    goal = write(period_start=start.isoformat(), review_dates=[])
    later = now + timedelta(days=2)
    changes = {"levels": {"more": "Carries it home too"}, "importance": 3}
    changed = goals.amend(goal.pk, changes, reason="agreed anew", expected_version=1, by=cast.therapist, now=later)
    assert (changed.version, changed.importance, changed.levels["more"]) == (2, 3, "Carries it home too")
    assert changed.levels["less"] == LEVELS["less"]
    assert changed.levels_written_on == today + timedelta(days=2)
    [before] = selectors.versions(goal)
    assert (before.version, before.document["levels"], before.document["importance"]) == (1, LEVELS, 1)
    with pytest.raises(VersionConflict):
        goals.amend(goal.pk, changes, reason="agreed anew", expected_version=1, by=cast.therapist, now=later)


@pytest.mark.parametrize(
    "changes",
    [{"levels": {"more": "Easier"}}, {"baseline_level": -2}, {"importance": 2}, {"difficulty": 2},
     {"period_start": "2030-01-01"}],
)  # fmt: skip
def test_once_the_period_began_the_goalposts_stand_still(
    cast: Cast, now: datetime, write: Write, changes: dict[str, Any]
) -> None:
    goal = write()

    def amend(**more: Any) -> Goal:
        return goals.amend(goal.pk, more, reason="agreed anew", expected_version=1, by=cast.therapist, now=now)

    if "period_start" in changes:
        changes = {**changes, "period_end": "2030-03-01", "review_dates": []}
    assert set(refused(lambda: amend(**changes)).values()) == {"period_begun"}
    assert amend(title="I want to fetch the newspaper").version == 2
    assert RecordVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({}, "/changes"), ("x", "/changes"), ({"patient": "x"}, "/changes/patient"), ({"more": 1}, "/changes/more"),
     ({"title": None}, "/changes/title"), ({"importance": 1}, "/changes")],
)  # fmt: skip
def test_changes_that_are_none(cast: Cast, now: datetime, write: Write, changes: Any, pointer: str) -> None:
    goal = write()
    found = refused(
        lambda: goals.amend(goal.pk, changes, reason="because", expected_version=1, by=cast.therapist, now=now)
    )
    assert found.keys() == {pointer}


@pytest.mark.parametrize("status", ["stopped", "entered_in_error"])
def test_a_goal_that_ended_stays_as_it_is(cast: Cast, now: datetime, write: Write, status: str) -> None:
    goal = write()
    by = cast.therapist
    assert refused(
        lambda: goals.close(goal.pk, status=status, reason="no", expected_version=1, by=by, now=now)
    ).keys() == {"/reason"}
    ended = goals.close(goal.pk, status=status, reason="moved away", expected_version=1, by=by, now=now)
    assert (ended.status, ended.version, ended.change_reason) == (status, 2, "moved away")
    with pytest.raises(AlreadyClosed):
        goals.close(goal.pk, status=status, reason="moved away", expected_version=2, by=by, now=now)
    with pytest.raises(AlreadyClosed):
        goals.amend(goal.pk, {"title": "x"}, reason="because", expected_version=2, by=by, now=now)
    assert Event.objects.filter(action=f"goal.{status}", target_id=goal.pk).count() == 1


# --- Rating


def test_a_rating_is_kept_and_corrected_by_another_with_a_reason(
    cast: Cast, now: datetime, today: date, write: Write
) -> None:
    goal = write()
    sent = review_document(on=today, level=1, id=str(new_id()))
    first = goals.review(goal.pk, sent, by=cast.therapist, now=now)
    assert goals.review(goal.pk, sent, by=cast.therapist, now=now).created is False
    with pytest.raises(IdInUse):
        goals.review(goal.pk, {**sent, "level": 2}, by=cast.therapist, now=now)
    correction = review_document(on=today, level=0, corrects=str(first.review.pk), reason="read the wrong line")
    second = goals.review(goal.pk, correction, by=cast.therapist, now=now).review
    rated = selectors.rated(goal)
    assert [rating.pk for rating in rated.ratings] == [second.pk]
    assert GoalReview.objects.count() == 2
    again = refused(lambda: goals.review(goal.pk, correction, by=cast.therapist, now=now))
    assert again == {"/corrects": "not_correctable"}
    assert str(second) == f"{goal.pk} +0 {today}"
    assert Event.objects.filter(action="goal_review.created").count() == 2


def test_the_latest_day_counts_not_the_latest_entry(cast: Cast, now: datetime, today: date, write: Write) -> None:
    goal, later = write(), now + timedelta(days=10)
    for days, level in ((10, 1), (3, -1)):
        sent = review_document(on=today + timedelta(days=days), level=level)
        goals.review(goal.pk, sent, by=cast.therapist, now=later)
    latest = selectors.rated(goal).latest
    assert latest is not None
    assert latest.level == 1


def test_a_rating_lies_in_the_period_and_not_in_the_future(
    cast: Cast, now: datetime, today: date, write: Write
) -> None:
    goal = write()

    def rate(**changes: Any) -> dict[str, str]:
        sent = {**review_document(on=today), **changes}
        return refused(lambda: goals.review(goal.pk, sent, by=cast.therapist, now=now))

    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        assert rate(rated_on=day.isoformat()) == {"/rated_on": "out_of_range"}
    assert rate(level=3).keys() == {"/level"}
    assert rate(level="1").keys() == {"/level"}
    assert rate(reason="why").keys() == {"/reason"}
    assert rate(corrects=str(new_id())).keys() == {"/reason"}
    assert rate(corrects=str(new_id()), reason="because").keys() == {"/corrects"}
    ahead = write(period_start=(today + timedelta(days=3)).isoformat(), review_dates=[])
    sent = review_document(on=today)
    assert refused(lambda: goals.review(ahead.pk, sent, by=cast.therapist, now=now)).keys() == {"/rated_on"}
    # The last rating often comes after the last day.
    after = now + timedelta(weeks=13)
    late = review_document(on=today + timedelta(weeks=13))
    assert goals.review(goal.pk, late, by=cast.therapist, now=after).created


def test_a_goal_in_error_is_not_rated_and_a_rating_of_another_goal_not_corrected(
    cast: Cast, now: datetime, today: date, write: Write
) -> None:
    goal, other = write(), write()
    rating = goals.review(other.pk, review_document(on=today), by=cast.therapist, now=now).review
    correction = review_document(on=today, corrects=str(rating.pk), reason="because")
    assert refused(lambda: goals.review(goal.pk, correction, by=cast.therapist, now=now)).keys() == {"/corrects"}
    goals.close(goal.pk, status="entered_in_error", reason="wrong patient", expected_version=1, by=cast.therapist,
                now=now)  # fmt: skip
    with pytest.raises(EnteredInError):
        goals.review(goal.pk, review_document(on=today), by=cast.therapist, now=now)


# --- Attainment


def rate_all(cast: Cast, write: Write, now: datetime, today: date, *rows: tuple[int, int, int]) -> list[Goal]:
    """Write goals of a weight (as importance, difficulty) and rate each at a level."""
    found = []
    for importance, difficulty, level in rows:
        goal = write(importance=importance, difficulty=difficulty)
        goals.review(goal.pk, review_document(on=today, level=level), by=cast.therapist, now=now)
        found.append(goal)
    return found


@pytest.mark.parametrize(
    ("rows", "t_end"),
    [
        ([(1, 1, 1), (1, 1, 0), (1, 1, 2)], 63.69),
        ([(2, 1, 1), (1, 1, -1)], 54.02),
        ([(3, 3, 0), (1, 1, 0)], 50),
    ],
)
def test_worked_values_of_t(
    cast: Cast, now: datetime, today: date, write: Write, rows: list[tuple[int, int, int]], t_end: float
) -> None:
    made = rate_all(cast, write, now, today, *rows)
    attained = selectors.attainment_of(viewer=cast.patient_user, patient_id=cast.patient.pk, first=None, last=None)
    found = attained.found
    assert found.t_end == pytest.approx(t_end, abs=0.005)
    assert found.t_start is not None
    assert found.change == pytest.approx(t_end - found.t_start, abs=0.005)
    assert (found.n, set(found.ids)) == (len(rows), {str(goal.pk) for goal in made})
    assert set(attained.reviews) == set(GoalReview.objects.values_list("pk", flat=True))
    assert (found.first_on, found.last_on) == (today, today)


def test_goals_without_a_rating_or_in_error_do_not_count(cast: Cast, now: datetime, today: date, write: Write) -> None:
    def attained(**span: Any) -> Any:
        span = {"first": None, "last": None, **span}
        return selectors.attainment_of(viewer=cast.therapist, patient_id=cast.patient.pk, **span).found

    unrated = write()
    assert (attained().n, attained().t_start, attained().t_end, attained().change) == (0, None, None, None)
    [wrong, right] = rate_all(cast, write, now, today, (1, 1, 2), (1, 1, 1))
    goals.close(wrong.pk, status="entered_in_error", reason="wrong patient", expected_version=1, by=cast.therapist,
                now=now)  # fmt: skip
    goals.close(right.pk, status="stopped", reason="moved away", expected_version=1, by=cast.therapist, now=now)
    assert (attained().n, attained().t_start, attained().t_end, attained().left_out) == (1, 40, 60, (str(unrated.pk),))
    assert attained(first=today + timedelta(days=1)).n == 0
    assert attained(last=today - timedelta(days=1)).n == 0
    assert attained(first=today, last=today).n == 1
