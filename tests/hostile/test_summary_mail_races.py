"""E-mails with summaries under many workers at once, and under workers that are killed: none missing, none twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.hostile.site import ENGINES, Site, empty_database, finished
from tests.hostile.summary_mail_actors import THREADS

PEOPLE, KILLS = 60, 6


class Workers(Site):
    """A database with people who want their week by e-mail, and processes that send it into a folder."""

    def start_work(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.hostile.summary_mail_actors", *arguments]
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def prepare(self, count: int) -> Any:
        return finished(self.start_work("prepare", self.people["patient"], self.people["therapist"], str(count)))

    def ask_again(self) -> Any:
        return finished(self.start_work("ask_again", self.people["patient"], self.people["therapist"]))


@pytest.fixture(params=ENGINES)
def workers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workers]:
    with empty_database(request.param) as database_url:
        yield Workers(tmp_path, database_url)


def sent_to(folder: Path) -> dict[str, list[str]]:
    """Return the Message-IDs of what lies in a folder, by recipient."""
    found: dict[str, list[str]] = {}
    for file in folder.glob("*.log"):
        for text in file.read_text().split("-" * 79 + "\n"):
            message = message_from_string(text)
            if message["To"] and message["Message-ID"]:  # the last one of a killed worker may be cut off
                found.setdefault(message["To"], []).append(message["Message-ID"])
    return found


def test_many_workers_write_one_e_mail_and_send_it_once(workers: Workers, tmp_path: Path) -> None:
    prepared = workers.prepare(PEOPLE)
    assert prepared["answers"] == [PEOPLE] * THREADS
    assert prepared["deliveries"] == PEOPLE
    mail = tmp_path / "mail"
    processes = [workers.start_work("send", str(mail), "0") for _ in range(3)]
    found = [finished(process) for process in processes]
    assert [one["errors"] for one in found] == [[], [], []]
    assert sum(one["sent"] for one in found) == PEOPLE
    assert sent_to(mail) == {address: [number] for address, number in found[0]["ids"].items()}
    again = workers.ask_again()
    assert set(again["answers"]) == {1}
    assert again["made"] == 1


def test_killed_workers_lose_nothing_and_what_is_sent_again_is_the_same(workers: Workers, tmp_path: Path) -> None:
    """SIGKILL at random moments between the claim, the mail server and the note that it was sent."""
    workers.prepare(PEOPLE)
    mail, chance = tmp_path / "mail", random.Random()
    for number in range(KILLS):
        process = workers.start_work("send_alone", str(mail), str(number * 60))
        # Wait until it is at work: a kill before that would prove nothing.
        before, deadline = sum(map(len, sent_to(mail).values())), time.monotonic() + 60
        while sum(map(len, sent_to(mail).values())) == before and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.1))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
    found = finished(workers.start_work("send", str(mail), str(KILLS * 60)))
    assert found["errors"] == []
    assert found["state"] == [["", False, PEOPLE]], "every one is noted as sent"
    letters = sent_to(mail)
    assert set(letters) == set(found["ids"])
    assert {address: set(numbers) for address, numbers in letters.items()} == {
        address: {number} for address, number in found["ids"].items()
    }
    repeated = Counter(len(numbers) for numbers in letters.values())
    assert sum((times - 1) * count for times, count in repeated.items()) <= KILLS
