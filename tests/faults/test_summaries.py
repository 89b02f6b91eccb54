"""Summaries by real processes, on both engines: under a clock that jumps, and under workers and brokers that die.

Once by hand with everything: ``FAULTS_KILLS=50 FAULTS_RESTARTS=10 make test-faults``.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from rehab.services.summary_staleness import QUIET
from tests.faults.mailbox import Mailbox
from tests.faults.service import Service
from tests.hostile.site import ENGINES, empty_database

KILLS = int(os.environ.get("FAULTS_KILLS", "5"))
RESTARTS = int(os.environ.get("FAULTS_RESTARTS", "2"))
KILLS_IN_A_ROUND = 5
RECOVERED_WITHIN = 60.0

#: Berlin goes forward on 29 March 2026, Santiago (at midnight) and Chatham (45 minutes) go back on 5 April.
ZONES = [
    "Europe/Berlin", "Pacific/Chatham", "America/Santiago", "Asia/Kathmandu", "Asia/Shanghai", "America/Los_Angeles",
]  # fmt: skip
CLINICS = ["Europe/Berlin", "Pacific/Chatham"]
START = datetime(2026, 3, 27, 12, tzinfo=UTC)
END = datetime(2026, 4, 6, 21, tzinfo=UTC)

pytestmark = pytest.mark.faults


class Site(NamedTuple):
    service: Service
    mailbox: Mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as made:
        yield made


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with empty_database(request.param) as url:
        yield url


def start(service: Service, *, each: int) -> dict[str, str]:
    """Start everything; return the time zone of each patient."""
    service.start_broker()
    service.start_actor()
    people = service.act("seed", zones=ZONES, clinics=CLINICS, each=each)["patients"]
    service.start_worker()
    service.start_beat()
    return dict(people)


# --- What is to be, reckoned in another way than the service does: day by day, by what the clock on the wall says


def ends(period: str, on: date) -> bool:
    """Whether a period ends with a local date."""
    if period == "week":
        return on.isoweekday() == 7
    if period == "four_weeks":
        return (on - date(2023, 12, 31)).days % 28 == 0
    return period == "day" or (on + timedelta(days=1)).day == 1


LENGTH = {"day": 1, "week": 7, "four_weeks": 28}


def is_due(on: date, zone: str, *, now: datetime) -> bool:
    """Whether it is 04:00 or later, on the day after a date."""
    here = now.astimezone(ZoneInfo(zone))
    return (here.date(), here.hour) >= (on + timedelta(days=1), 4)


def expected(zones: dict[str, str], periods: tuple[str, ...], *, now: datetime) -> set[tuple[str, str, str]]:
    """Return subject, period and first day of every summary that there should be."""
    found = set()
    for subject, zone in zones.items():
        on = START.astimezone(ZoneInfo(zone)).date()
        while is_due(on, zone, now=now):
            for period in periods:
                if ends(period, on):
                    first = on.replace(day=1) if period == "month" else on - timedelta(days=LENGTH[period] - 1)
                    found.add((subject, period, first.isoformat()))
            on += timedelta(days=1)
    return found


def check(site: Site, zones: dict[str, str], *, copies_allowed: int) -> dict[str, Any]:
    """Hold everything that is stored and was sent against what should be; return it."""
    service, now = site.service, site.service.clock.now()
    stored = service.act("stored")
    assert (stored["not_computed"], stored["errors"], stored["verified"]) == (0, [], True)
    kept = Counter((audience, subject, period, first) for audience, subject, period, first, *_ in stored["rows"])
    assert set(kept.values()) == {1}
    of = {audience: {row[1:] for row in kept if row[0] == audience} for audience in ("patient", "therapist", "clinic")}
    assert of["patient"] == expected(zones, ("day", "week", "four_weeks"), now=now)
    assert of["clinic"] == expected(stored["clinics"], ("month",), now=now)
    assert {row[1:] for row in of["therapist"]} == {
        row[1:] for row in expected(stored["clinics"], ("day", "week"), now=now)
    }
    assert {row[5] for row in stored["rows"]} == {"computed"}
    assert {row[4] for row in stored["rows"] if row[0] == "patient"} == {1}
    # In Los Angeles it is still yesterday when a therapist in Berlin reads of it: that summary gets new versions.
    assert stored["versions"] == sum(row[4] - 1 for row in stored["rows"])
    assert all(row[6] >= 0 for row in stored["rows"]), "computed before it was due"
    assert stored["differ"] == [], "computed by somebody else, the payload is another"
    _check_mails(site.mailbox, stored, copies_allowed=copies_allowed)
    return dict(stored)


def _check_mails(mailbox: Mailbox, stored: dict[str, Any], *, copies_allowed: int) -> None:
    deliveries = stored["deliveries"]
    assert len({(summary, recipient) for summary, recipient, *_ in deliveries}) == len(deliveries)
    sent = {row[2] for row in deliveries if row[3]}
    accepted = mailbox.messages()
    ids = Counter(str(message["Message-ID"]) for message in accepted)
    assert set(ids) == sent, "an e-mail is missing, or one went out that is not noted"
    # A worker killed between the mail server's answer and the note of it sends the same e-mail again, same id.
    copies = sum(ids.values()) - len(ids)
    print(f"{len(stored['rows'])} summaries, {len(ids)} e-mails, {copies} of them accepted once more with the same id")
    assert copies <= copies_allowed, ids.most_common(3)
    assert len({(message["Message-ID"], message["To"], message.as_string()) for message in accepted}) >= len(ids)
    days = [row for row in deliveries if row[5] == "day" and row[6] != "None"]
    assert {row[4] for row in deliveries if row[6] != "None"} <= {"", "nothing"}
    assert {row[4] for row in deliveries} <= {"", "nothing", "no_address"}  # nobody vouched for the therapists' own
    assert any(row[3] for row in days)


# --- A week under a clock that jumps


def test_a_week_in_six_time_zones_is_summed_up_once(database_url: str, mailbox: Mailbox, tmp_path: Path) -> None:
    """Ten days from noon on 27 March, through both changes of the clocks, in jumps of hours."""
    service = Service(tmp_path, database_url, mail_url=mailbox.url, start=START, every=1.0)
    chance = random.Random(4)
    try:
        zones = start(service, each=2)

        def wanted() -> int:
            return len(expected(zones, ("day", "week", "four_weeks"), now=service.clock.now()))

        while service.clock.now() < END:
            service.act("log")
            service.clock.set(min(END, service.clock.now() + timedelta(minutes=chance.randint(120, 420))))
            service.wait_until_settled(wanted, 60)
        _let_what_came_late_settle(service, wanted)
        stored = check(Site(service, mailbox), zones, copies_allowed=0)
        # Whoever logs every few hours and wants every e-mail has one for each day and week, at a decent hour.
        for patient in zones:
            of_patient = Counter(row[5] for row in stored["deliveries"] if row[6] == patient and row[3])
            assert of_patient["week"] == 2
            assert of_patient["day"] >= 9
    finally:
        service.end()


def _let_what_came_late_settle(service: Service, wanted: Callable[[], int]) -> None:
    """Events that were sealed after a jump count as late: their summaries are computed anew, and say the same."""
    for _ in range(2):
        service.act("follow")
        service.clock.set(service.clock.now() + QUIET)
        service.wait_until_settled(wanted, 4 * RECOVERED_WITHIN)


# --- Workers and brokers that die


def test_whoever_is_killed_nothing_is_missing_and_nothing_twice(
    database_url: str, mailbox: Mailbox, tmp_path: Path
) -> None:
    """SIGKILL of the worker at random moments, of the broker with tasks queued, and each task sent three times."""
    service = Service(tmp_path, database_url, mail_url=mailbox.url, start=START, every=None, copies=3)
    chance = random.Random()
    took = []
    try:
        zones = start(service, each=6)

        def wanted() -> int:
            return len(expected(zones, ("day", "week", "four_weeks"), now=service.clock.now()))

        rounds = max(1, KILLS // KILLS_IN_A_ROUND)
        for number in range(rounds):
            service.act("log")
            # Half a day ahead: summaries of yesterday are due in half of the world, and e-mails of the last round.
            service.clock.set(service.clock.now() + timedelta(minutes=chance.randint(640, 800)))
            service.act("ask", task="dispatch_summaries", times=1)
            for kill in range(KILLS_IN_A_ROUND):
                service.act("ask", task="compute_summaries", times=5)
                time.sleep(chance.uniform(0.05, 3))
                if kill < RESTARTS * (number + 1) // rounds - RESTARTS * number // rounds:
                    service.kill("broker")
                    time.sleep(chance.uniform(0, 1))
                    service.kill("worker")
                    service.start_broker()
                    service.start_worker()
                elif kill % 2:  # as the kernel does when memory is short
                    service.kill_a_child("worker", chance)
                else:
                    service.kill("worker")
                    service.start_worker()
            took.append(service.wait_until_settled(wanted, 4 * RECOVERED_WITHIN))
        print("seconds from the last start of a round to the end of its work:", [round(one) for one in took])
        # What the last round computed is sent in the morning.
        service.clock.set(service.clock.now() + timedelta(hours=20))
        service.wait_until_settled(wanted, 4 * RECOVERED_WITHIN)
        _let_what_came_late_settle(service, wanted)
        check(Site(service, mailbox), zones, copies_allowed=rounds * KILLS_IN_A_ROUND)
    finally:
        service.end()
    assert max(took) <= RECOVERED_WITHIN
