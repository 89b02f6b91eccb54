"""Whatever is said about a goal: it is kept whole, or refused with a reason; nothing breaks the service."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from accounts.ids import new_id
from rehab.models import Goal, GoalReview
from rehab.services import goals
from rehab.services.inputs.goals import GoalInput, GoalState, ReviewInput
from tests.goals import goal_document, review_document
from tests.hostile.answers import CHANGED, CREATED, JSON, check_problem, stands_in, stands_in_strictly, unambiguous
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.strategies import mutated
from tests.hostile.values import body_of

GOALS = "/api/v1/goals/"


def counts() -> tuple[int, int]:
    return Goal.objects.count(), GoalReview.objects.count()


def test_whatever_goal_is_written_is_stored_whole_or_refused_with_a_reason(service: Service, now: datetime) -> None:
    today = goals.local_today(service.cast.patient, now=now)
    base = goal_document(service.cast.patient.pk, today=today, id=str(new_id()))

    @examples(80)
    @given(sent=mutated(GoalInput, base))
    def check(sent: Any) -> None:
        with Undone():
            body = body_of(sent)
            response = service.therapist.generic("POST", GOALS, body, content_type=JSON)
            if response.status_code != 201:
                check_problem(response, sent, CREATED - {200, 201, 422})
                assert counts() == (0, 0)
                return
            assert counts() == (1, 0)
            assert stands_in(response.json(), unambiguous(body)), (sent, response.json())
            assert service.patient.get(f"{GOALS}{response.json()['id']}/").json() == response.json()

    check()


def test_whatever_is_changed_of_a_goal_is_kept_whole_or_refused(service: Service, now: datetime) -> None:
    today = goals.local_today(service.cast.patient, now=now)
    sent = goal_document(service.cast.patient.pk, today=today)
    made = service.therapist.post(GOALS, sent, format="json").json()
    url = f"{GOALS}{made['id']}/"

    @examples(60)
    @given(changes=mutated(GoalState, {}), etag=st.sampled_from(['"1"', '"1"', '"1"', '"7"']))
    def check(changes: Any, etag: str) -> None:
        with Undone():
            body = body_of({"changes": changes, "reason": "said anew"})
            response = service.therapist.generic("PATCH", url, body, content_type=JSON, HTTP_IF_MATCH=etag)
            if response.status_code != 200:
                check_problem(response, {"changes": changes}, CHANGED - {200})
                assert service.therapist.get(url).json() == made
                return
            assert stands_in_strictly(response.json(), unambiguous(body)["changes"]), (changes, response.json())
            assert service.patient.get(url).json() == response.json()

    check()


def test_whatever_rating_is_given_is_kept_whole_or_refused(service: Service, now: datetime) -> None:
    today = goals.local_today(service.cast.patient, now=now)
    sent = goal_document(service.cast.patient.pk, today=today)
    made = service.therapist.post(GOALS, sent, format="json").json()
    url = f"{GOALS}{made['id']}/reviews/"

    @examples(60)
    @given(sent=mutated(ReviewInput, review_document(on=today, id=str(new_id()))))
    def check(sent: Any) -> None:
        with Undone():
            body = body_of(sent)
            response = service.therapist.generic("POST", url, body, content_type=JSON)
            if response.status_code != 201:
                check_problem(response, sent, CREATED - {200, 201, 422})
                assert counts() == (1, 0)
                return
            assert stands_in(response.json(), unambiguous(body)), (sent, response.json())
            assert service.patient.get(url).json()["results"] == [response.json()]

    check()
