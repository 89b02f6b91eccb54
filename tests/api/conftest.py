"""A questionnaire that was answered, for what the API says of it."""

from datetime import datetime

import pytest

from tests.conftest import Cast
from tests.questionnaires import VALUES, answer


@pytest.fixture
def fired(on: Cast, now: datetime) -> str:
    return str(answer(on.patient, "phq9", *VALUES, by=on.patient_user, now=now))
