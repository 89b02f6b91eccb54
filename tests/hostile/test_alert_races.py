"""Alerts under many workers at once, and under workers that are killed: raised once, never lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.hostile.alert_actors import THREADS
from tests.hostile.site import ENGINES, Site, empty_database, finished

KILLS = 4


class Workers(Site):
    """A database with a patient and their therapist, and processes that work on its alerts."""

    def start_work(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.hostile.alert_actors", *arguments]
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def work(self, what: str, *more: str) -> Any:
        return finished(self.start_work(what, self.people["patient"], self.people["therapist"], *more))


@pytest.fixture(scope="module", params=ENGINES)
def workers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    folder = Path(tmp_path_factory.mktemp(f"alerts-{request.param}"))
    with empty_database(request.param) as database_url:
        yield Workers(folder, database_url)


def test_many_workers_with_one_cause_raise_one_alert(workers: Workers) -> None:
    found = workers.work("same")
    assert sorted(found["raised"]) == [0] * (THREADS - 1) + [1]
    assert (found["alerts"], found["causes"], found["messages"]) == (1, 1, 1)
    assert found["events"] == {"alert.raised": 1}


def test_many_causes_of_one_matter_make_one_alert_with_all_of_them(workers: Workers) -> None:
    found = workers.work("different")
    assert sum(found["raised"]) == THREADS
    assert (found["alerts"], found["causes"], found["messages"]) == (1, THREADS, 1)
    assert found["versions"] == [THREADS]
    assert found["events"] == {"alert.raised": 1, "alert.cause_added": THREADS - 1}


def test_no_cause_is_lost_to_somebody_who_closes_at_that_moment(workers: Workers) -> None:
    found = workers.work("closing")
    assert found["errors"] == []
    assert set(found["refused"]) <= {"VersionConflict", "AlreadyClosed"}
    assert found["causes"] == THREADS // 3 * 2 * 5
    assert (found["without_alert"], found["empty"]) == (0, 0)
    assert found["open"] <= 1


def test_of_many_who_acknowledge_one_version_one_does(workers: Workers) -> None:
    found = workers.work("answering")
    assert found["answers"] == {"acknowledged": 1, "VersionConflict": THREADS - 1}
    assert found["events"] == {"alert.raised": 1, "alert.acknowledged": 1}


def test_of_many_who_mute_one_does_and_what_is_raised_meanwhile_is_kept(workers: Workers) -> None:
    found = workers.work("muting")
    assert found["answers"] == {"muted": 1, "Invalid": THREADS // 2 - 1, "raised": THREADS // 2}
    assert found["causes"] == THREADS // 2


def test_workers_that_are_killed_lose_nothing_and_repeat_nothing(workers: Workers) -> None:
    """SIGKILL at random moments between reading an event, raising, and moving on; then several workers at once."""
    chance = random.Random()
    logged = 0
    for _round in range(KILLS):
        logged += workers.work("log_pain", "8")["logged"]
        process = workers.start_work("evaluate")
        time.sleep(chance.uniform(0.6, 2.2))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
    found = workers.work("work")
    assert found["errors"] == []
    assert len(found["painful"]) == logged
    assert found["sources"] == found["painful"]
    assert (found["alerts"], found["raised"], found["escalated"]) == (1, 1, 1)
    assert found["messages"] == {"raised": 1, "escalated": 1}
    assert found["sent"] == 2
