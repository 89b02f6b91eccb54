"""The audit trail: what verify_audit finds, and that no write stands without its event."""

import uuid
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from accounts import audit
from accounts.ids import new_id
from accounts.models import Event, EventSeal
from rehab.models import CareTeamMember, Patient, RecordVersion, StrengthTest
from rehab.services import batch, patients, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

STRENGTH = KINDS["strength"]


def verify(**options: Any) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def sealed(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Events of the cast under several seals, and one that is not sealed yet."""
    monkeypatch.setattr(audit, "SEAL_SIZE", 3)
    audit.seal(now=now)
    records.create(STRENGTH, document("strength", "mrc", cast.patient.pk), by=cast.therapist, source="api", now=now)
    assert EventSeal.objects.count() >= 3
    return list(Event.objects.order_by("id"))


def test_a_whole_trail_verifies_and_is_counted(sealed: list[Event]) -> None:
    seals = EventSeal.objects.count()
    assert f"{len(sealed)} events, {seals} seals, 1 events not sealed yet" in verify()
    assert f"{len(sealed)} events, {seals + 1} seals, 0 events not sealed yet" in verify(seal=True)


@pytest.mark.parametrize("position", [0, -1], ids=["sealed", "not sealed yet"])
@pytest.mark.parametrize(
    "change",
    [{"action": "strength.forged"}, {"changes": {"forged": True}}, {"actor_id": uuid.uuid4()}, {"digest": "0" * 64}],
    ids=["action", "changes", "actor", "digest"],
)
def test_an_altered_or_forged_row_is_found(sealed: list[Event], position: int, change: dict[str, Any]) -> None:
    row = sealed[position]
    Event.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(CommandError, match=f"Event {row.pk} .* was altered"):
        verify()


def test_a_removed_sealed_row_is_found(sealed: list[Event]) -> None:
    Event.objects.filter(pk=sealed[1].pk).delete()
    with pytest.raises(CommandError, match="a row was removed"):
        verify()


@pytest.mark.parametrize("which", [0, 1, -1], ids=["first", "middle", "last"])
def test_a_removed_seal_is_found(sealed: list[Event], which: int) -> None:
    seal = list(EventSeal.objects.order_by("id"))[which]
    EventSeal.objects.filter(pk=seal.pk).delete()
    with pytest.raises(CommandError, match=r"removed|altered"):
        verify()


def test_a_removed_seal_is_found_even_if_its_rows_went_with_it(sealed: list[Event]) -> None:
    first = EventSeal.objects.order_by("id")[0]
    Event.objects.filter(sealed_in=first.pk).delete()
    EventSeal.objects.filter(pk=first.pk).delete()
    with pytest.raises(CommandError, match="does not fit the chain"):
        verify()


def test_a_forged_seal_is_found(sealed: list[Event]) -> None:
    first = EventSeal.objects.order_by("id")[0]
    EventSeal.objects.filter(pk=first.pk).update(digest="0" * 64)
    with pytest.raises(CommandError, match="does not fit the chain"):
        verify()


def test_a_row_added_to_a_seal_is_found(sealed: list[Event]) -> None:
    first = EventSeal.objects.order_by("id")[0]
    Event.objects.filter(pk=sealed[-1].pk).update(sealed_in=first.pk)
    with pytest.raises(CommandError, match=f"Seal {first.pk} covers"):
        verify()


@pytest.fixture
def events_fail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes the database refuse every further event: it gets the id of one that is there."""
    make = audit.event

    def with_a_taken_id(**content: Any) -> Event:
        row = make(**content)
        row.pk = Event.objects.order_by("id").values_list("pk", flat=True)[0]
        row.digest = audit.digest_of(row)
        return row

    return lambda: monkeypatch.setattr(audit, "event", with_a_taken_id)


def test_without_its_event_no_record_is_created(cast: Cast, now: datetime, events_fail: Callable[[], None]) -> None:
    events_fail()
    sent = document("strength", "mrc", cast.patient.pk, id=str(new_id()))
    with pytest.raises(IntegrityError):
        records.create(STRENGTH, sent, by=cast.therapist, source="api", now=now)
    assert not StrengthTest.objects.exists()


@pytest.mark.parametrize("action", ["amend", "enter_in_error"])
def test_without_its_event_no_record_is_changed(
    cast: Cast, now: datetime, events_fail: Callable[[], None], action: str
) -> None:
    sent = document("strength", "mrc", cast.patient.pk)
    made = records.create(STRENGTH, sent, by=cast.therapist, source="api", now=now).record
    events_fail()
    why: dict[str, Any] = {"reason": "typed wrong", "expected_version": 1, "by": cast.therapist, "now": now}
    change: Callable[[], object] = {
        "amend": lambda: records.amend(STRENGTH, made.pk, {"grade": "3"}, confirm=False, **why),
        "enter_in_error": lambda: records.enter_in_error(STRENGTH, made.pk, **why),
    }[action]
    with pytest.raises(IntegrityError):
        change()
    stored = StrengthTest.objects.get()
    assert (stored.version, stored.status, stored.grade) == (1, "final", "4-")
    assert not RecordVersion.objects.exists()


def test_without_its_events_no_record_of_a_batch_is_created(
    cast: Cast, now: datetime, events_fail: Callable[[], None]
) -> None:
    events_fail()
    items = [{"kind": "strength", **document("strength", "mrc", cast.patient.pk, id=str(new_id()))} for _ in range(3)]
    with pytest.raises((IntegrityError, RuntimeError)):
        batch.record_all(items, by=cast.therapist, source="batch", now=now)
    assert not StrengthTest.objects.exists()


def test_without_its_event_no_patient_is_enrolled(cast: Cast, now: datetime, events_fail: Callable[[], None]) -> None:
    before = (Patient.objects.count(), CareTeamMember.objects.count())
    events_fail()
    with pytest.raises(IntegrityError):
        patients.enrol({"name": "Nobody"}, by=cast.therapist, now=now)
    assert (Patient.objects.count(), CareTeamMember.objects.count()) == before
