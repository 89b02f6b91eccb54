"""Whatever is sent as an answered questionnaire: stored whole, or refused with a reason and the crisis message."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rehab.models import Alert, QuestionnaireResponse
from rehab.services import emergencies, questionnaires
from rehab.services.inputs.questionnaires import QuestionnaireInput
from tests.hostile.answers import CREATED, JSON, check_problem, read_moment, unambiguous
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.strategies import mutated
from tests.hostile.values import body_of
from tests.questionnaires import ITEM_9, answer, document, switch_on

URL = "/api/v1/questionnaire-responses/"
NAMES = ["answers", ITEM_9, "red_flags", "new_or_worse", "unchanged", "changes", "records", "patient", "x"]


def test_whatever_is_answered_is_kept_whole_or_refused(service: Service, now: datetime) -> None:
    cast = service.cast
    switch_on(cast.clinic, admin=cast.admin, responder=cast.colleague, now=now)
    short = answer(cast.patient, "phq2", 2, 2, by=cast.patient_user, now=now)
    seed = document(cast.patient, "phq9", 2, 2, *[1] * 7, at=now, follows=str(short), difficulty=1)
    before = QuestionnaireResponse.objects.count()

    @examples(100)
    @given(sent=mutated(QuestionnaireInput, seed))
    def check(sent: Any) -> None:
        with Undone():
            body = body_of(sent)
            response = service.patient.generic("POST", URL, body, content_type=JSON)
            if response.status_code != 201:
                check_problem(response, sent, CREATED - {200, 201, 422} | {403})
                assert QuestionnaireResponse.objects.count() == before
                assert not Alert.objects.exists()
                return
            kept, meant = response.json(), unambiguous(body)
            given_ = {code: value for code, value in meant["answers"].items() if value is not None}
            assert given_.items() <= kept["answers"].items()
            assert read_moment(kept["performed_at"]) == read_moment(meant["performed_at"])
            assert kept["instrument"] == meant["instrument"]
            assert Alert.objects.exists() == (kept["answers"].get(ITEM_9, 0) >= 1)
            assert bool(kept["crisis"]) == Alert.objects.exists()
            assert service.patient.get(f"{URL}{kept['id']}/").json() == kept

    check()


@examples(200)
@given(
    sent=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["stroke_face", "ces"]),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    )
)
def test_looking_for_an_emergency_never_fails(sent: Any) -> None:
    """It is looked for before the document is known to be one; nobody in particular is signed in here."""
    assert questionnaires.answers_item_9(sent) in (True, False)
    found = emergencies.reported_in(sent, by=None)
    assert found is None or found.flags


def test_an_emergency_is_looked_for_in_what_is_nested_without_end() -> None:
    nested: Any = []
    for _each in range(5000):
        nested = [nested, {"red_flags": {"new_or_worse": ["stroke_face"]}}]
    found = emergencies.reported_in(nested, by=None)
    assert found is not None
    assert found.flags[0]["flag"] == "STROKE"
