"""What the tests of programme pages share."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Program
from tests.conftest import Cast
from tests.programs import ITEM, written

Browser = Callable[[User | None], Client]
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAILY = {**ITEM, "weekdays": EVERY_DAY}


@pytest.fixture
def started(cast: Cast) -> Program:
    """A programme that began ten days ago, a Knee band every day."""
    return written(cast.patient, DAILY, by=cast.therapist, on=today(cast) - timedelta(days=10))


def today(cast: Cast) -> Any:
    return datetime.now(ZoneInfo(cast.patient.time_zone)).date()


def text_of(answer: Any) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).split())


def typed_item(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()), "modality": "resistance_band", "name": "Knee band", "muscle": "KNE_EXT", "side": "left",
        "sets": "3", "reps": "10", "weekdays": ["mon", "wed"], "start_on": "2026-03-02", "end_on": "",
        "instructions": "", "precautions": "", "progression": "", **changes,
    }  # fmt: skip
