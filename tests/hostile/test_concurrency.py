"""Many clients at once, against real servers with several processes; and servers that are killed while they write."""

import http.client
import json
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from accounts.ids import new_id
from tests.documents import DOCUMENTS, document
from tests.hostile.site import (
    ENGINES,
    REQUESTS,
    Site,
    empty_database,
    finished,
)

KILLS = 3
ANSWERS_BEFORE_A_KILL = 5


def doc(site: Site, kind: str = "strength", variant: str = "pinch", **changes: Any) -> dict[str, Any]:
    return document(kind, variant, site.people["patient"], id=str(new_id()), confirm=True, **changes)  # type: ignore[arg-type]


def test_of_many_equal_creates_one_creates(site: Site) -> None:
    sent = doc(site)
    answers = site.together(lambda _: site.send("POST", "/api/v1/strength/", sent))
    assert Counter(status for status, _ in answers) == {201: 1, 200: REQUESTS - 1}
    assert len({json.dumps(body, sort_keys=True) for _, body in answers}) == 1
    stored = site.act("state")
    assert stored["ids"]["strength"].count(sent["id"]) == 1
    assert stored["created"].count(sent["id"]) == 1
    site.check_log()


def test_of_many_different_creates_with_one_id_one_creates(site: Site) -> None:
    sent = doc(site)
    answers = site.together(lambda number: site.send("POST", "/api/v1/strength/", {**sent, "note": f"note {number}"}))
    assert Counter(status for status, _ in answers) == {201: 1, 409: REQUESTS - 1}
    assert site.act("state")["created"].count(sent["id"]) == 1
    won = next(body["note"] for status, body in answers if status == 201)
    assert site.send("GET", f"/api/v1/strength/{sent['id']}/")[1]["note"] == won
    site.check_log()


def test_of_many_amendments_of_one_version_one_is_made(site: Site) -> None:
    sent = doc(site)
    url = f"/api/v1/strength/{sent['id']}/"
    assert site.send("POST", "/api/v1/strength/", sent)[0] == 201

    def amend(number: int) -> tuple[int, Any]:
        body = {"reason": "typed wrongly", "changes": {"note": f"note {number}"}, "confirm": True}
        return site.send("PATCH", url, body, role="therapist", etag='"1"')

    answers = site.together(amend)
    assert Counter(status for status, _ in answers) == {200: 1, 412: REQUESTS - 1}
    won = next(body for status, body in answers if status == 200)
    assert site.send("GET", url)[1] == won
    assert won["version"] == 2
    stored = site.act("state")
    assert (stored["versions"].count(sent["id"]), stored["amended"].count(sent["id"])) == (1, 1)
    site.check_log()


@pytest.mark.parametrize("order", ["as it is", "shuffled"])
def test_of_many_equal_batches_one_set_of_rows_is_made(site: Site, order: str) -> None:
    """Shuffled: writers that take the same locks in different orders must not wait for one another in a circle."""
    items = [{"kind": kind, **doc(site, kind, variant)} for kind, variant in DOCUMENTS for _ in range(5)]
    items = [item for item in items if item["kind"] != "rom"]

    def post(number: int) -> tuple[int, Any]:
        mine = list(items)
        if order == "shuffled":
            random.Random(number).shuffle(mine)
        return site.send("POST", "/api/v1/batch/", {"records": mine}, role="therapist")

    answers = site.together(post, 25)
    assert {status for status, _ in answers} == {200}, [body for status, body in answers if status != 200][:1]
    counts: Counter[str] = Counter()
    for _status, body in answers:
        counts.update(body["counts"])
    assert counts == {"created": len(items), "same": 24 * len(items), "conflict": 0, "problem": 0}
    stored = site.act("state")
    created = Counter(stored["created"])
    assert all(created[item["id"]] == 1 for item in items)
    assert all(stored["ids"][item["kind"]].count(item["id"]) == 1 for item in items)
    site.check_log()


def test_of_many_who_follow_one_link_one_gets_in(site: Site) -> None:
    found = site.act("accept", site.people["therapist"], "20")
    assert Counter(found["answers"]) == {"in": 1, "used": 19}
    assert (found["places"], found["joined"]) == (1, 1)


def test_sealing_in_many_processes_while_others_write_leaves_a_chain_that_verifies(site: Site) -> None:
    writer = site.popen_act("write", "40")
    sealers = [site.popen_act("seal", "8") for _ in range(4)]
    requests = site.together(lambda _: site.send("POST", "/api/v1/strength/", doc(site)), 20)
    assert {status for status, _ in requests} == {201}
    assert finished(writer)["written"] == [40] * 4
    for sealer in sealers:
        finished(sealer)
    stored = site.act("state")
    assert stored["unsealed"] == 0
    assert stored["events"] >= 160 + 20
    site.check_log()


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_answered_before_a_kill_is_there_after_it(engine: str, tmp_path: Path) -> None:
    """SIGKILL at random moments of a stream of creates, of all processes of the server at once."""
    with empty_database(engine) as database_url:
        _kill_again_and_again(Site(tmp_path, database_url))


def _kill_again_and_again(made: Site) -> None:
    answered: list[str] = []
    chance = random.Random()
    for _round in range(KILLS):
        made.start()
        stopped = threading.Event()

        def stream(stopped: threading.Event = stopped) -> None:
            while not stopped.is_set():
                sent = doc(made)
                with suppress(OSError, http.client.HTTPException):
                    status, _body = made.send("POST", "/api/v1/strength/", sent)
                    assert status == 201
                    answered.append(sent["id"])

        clients = [threading.Thread(target=stream) for _ in range(4)]
        for client in clients:
            client.start()
        try:
            _wait_until_answered(answered, len(answered) + ANSWERS_BEFORE_A_KILL, made)
            time.sleep(chance.uniform(0, 0.5))
        finally:
            made.end(signal.SIGKILL)
            stopped.set()
            for client in clients:
                client.join(30)
    stored = made.act("state")
    created = Counter(stored["created"])
    rows = set(stored["ids"]["strength"])
    assert len(answered) >= KILLS * ANSWERS_BEFORE_A_KILL
    assert all(pk in rows and created[pk] == 1 for pk in answered)
    assert all(created[pk] == 1 for pk in rows), "a row without its event"
    assert rows == {pk for pk in created if pk in rows}
    made.check_log()


def _wait_until_answered(answered: list[str], count: int, made: Site) -> None:
    """Wait however long a loaded machine takes: a kill before anything was answered would prove nothing."""
    deadline = time.monotonic() + 120
    while len(answered) < count:
        assert time.monotonic() < deadline, f"{len(answered)} of {count} answered: {made.log()[-2000:]}"
        time.sleep(0.01)
